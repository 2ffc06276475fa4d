// SPDX-License-Identifier: GPL-3.0-or-later
// CLIP's tokenizer against the ids that transformers gives.
#include "engine/text/clip_tokenizer.h"
#include "engine/text/unicode.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace mantissa;

TEST_CASE("CLIP's tokenizer gives transformers' ids")
{
    const auto tokenizer = ClipTokenizer::shipped();
    if (!tokenizer) {
        WARN("skipped: " + tokenizer.error().message);
        return;
    }
    std::ifstream file(std::string(MANTISSA_TEST_DATA) + "/sampling/clip_tokenizer.json");
    const auto golden = nlohmann::json::parse(file);
    REQUIRE(golden.at("cases").size() == 61);
    for (const auto& entry : golden.at("cases")) {
        const auto text = entry.at("text").get<std::string>();
        CAPTURE(text);
        CHECK((*tokenizer)->encode(text) == entry.at("ids").get<std::vector<std::int64_t>>());
    }
}

TEST_CASE("text that is not UTF-8 is read all the same")
{
    const auto tokenizer = ClipTokenizer::shipped();
    if (!tokenizer)
        return;
    CHECK(!(*tokenizer)->encode("caf\xe9 \xff\xfe").empty());
    CHECK((*tokenizer)->encode("").empty());
    CHECK((*tokenizer)->encode(" \t\n").empty());
}

TEST_CASE("a vocabulary that is none is refused")
{
    const auto tokenizer = ClipTokenizer::open("tests/golden/sampling/README.md");
    REQUIRE(!tokenizer);
    CHECK(tokenizer.error().code == ErrorCode::InvalidInput);
    const auto missing = ClipTokenizer::open("no/such/file");
    REQUIRE(!missing);
    CHECK(missing.error().code == ErrorCode::System);
}

TEST_CASE("words of CLIP")
{
    CHECK(splitClipWords("It's 42 DOGS!!") == std::vector<std::string>{"it", "'s", "4", "2", "dogs", "!!"});
    CHECK(splitClipWords("e\xCC\x81t\xC3\xA9") == std::vector<std::string>{"\xC3\xA9t\xC3\xA9"}); // NFC
}
