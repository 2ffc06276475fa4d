// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/prompt.h"

#include <catch2/catch.hpp>

using namespace mantissa;

namespace {

void checkParts(const std::string& prompt, const std::vector<std::pair<std::string, double>>& expected)
{
    CAPTURE(prompt);
    const auto parts = parseWeights(prompt);
    REQUIRE(parts.size() == expected.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        CHECK(parts[i].text == expected[i].first);
        CHECK(parts[i].weight == Approx(expected[i].second));
    }
}

} // namespace

TEST_CASE("parentheses weigh")
{
    checkParts("a cat", {{"a cat", 1}});
    checkParts("a (cat)", {{"a ", 1}, {"cat", 1.1}});
    checkParts("a (cat:1.3) sits", {{"a ", 1}, {"cat", 1.3}, {" sits", 1}});
    checkParts("((cat))", {{"cat", 1.21}});
    checkParts("(a (cat:0.5) sits:1.2)", {{"a ", 1.2}, {"cat", 0.5}, {" sits", 1.2}});
    checkParts("a \\(cat\\)", {{"a (cat)", 1}});
    checkParts("[cat]", {{"[cat]", 1}});
    checkParts("(ratio 16:9)", {{"ratio 16", 9}}); // as ComfyUI reads it
    checkParts("(time: now)", {{"time: now", 1.1}});
    checkParts("a (cat", {{"a ", 1}, {"(cat", 1}}); // not closed: text
    checkParts("", {});
}

TEST_CASE("nesting has an end")
{
    const std::string deep = std::string(5000, '(') + "x" + std::string(5000, ')');
    CHECK(!parseWeights(deep).empty());
}

TEST_CASE("prompts are cut into chunks")
{
    const auto tokenizer = ClipTokenizer::shipped();
    if (!tokenizer) {
        WARN("skipped: " + tokenizer.error().message);
        return;
    }
    const auto empty = chunkPrompt(**tokenizer, "", ClipTokenizer::kEnd);
    REQUIRE(empty.size() == 1);
    CHECK(empty[0].ids.size() == 77);
    CHECK(empty[0].ids[0] == ClipTokenizer::kBegin);
    CHECK(empty[0].ids[1] == ClipTokenizer::kEnd);

    std::string longPrompt;
    for (int i = 0; i < 100; ++i)
        longPrompt += "cat ";
    const auto chunks = chunkPrompt(**tokenizer, "(" + longPrompt + ":1.5)", 0);
    REQUIRE(chunks.size() == 2);
    for (const TokenChunk& chunk : chunks) {
        CHECK(chunk.ids.size() == 77);
        CHECK(chunk.weights.size() == 77);
        CHECK(chunk.weights[0] == 1.0f);
        CHECK(chunk.weights[1] == 1.5f);
    }
    CHECK(chunks[0].ids[75] == 2368); // the 75th cat
    CHECK(chunks[0].ids[76] == ClipTokenizer::kEnd);
    CHECK(chunks[1].ids[25] == 2368);
    CHECK(chunks[1].ids[26] == ClipTokenizer::kEnd);
    CHECK(chunks[1].ids[27] == 0);
    CHECK(chunks[1].weights[26] == 1.0f);
}
