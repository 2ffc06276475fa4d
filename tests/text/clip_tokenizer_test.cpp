// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/clip_tokenizer.h"
#include "engine/text/shipped_vocabulary.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

using namespace mantissa;

namespace {

nlohmann::json golden()
{
    std::ifstream in(std::string(MANTISSA_TEST_DATA) + "/text/clip_tokenizer.json");
    return nlohmann::json::parse(in);
}

/// Null, with a line that says why, where the build has no vocabulary.
std::shared_ptr<const ClipTokenizer> shippedOrSkip()
{
    const auto tokenizer = ClipTokenizer::shipped();
    if (tokenizer)
        return *tokenizer;
    CHECK(tokenizer.error().code == ErrorCode::Unsupported);
    CHECK_FALSE(tokenizer.error().hint.empty());
    std::cout << "skipped: " << tokenizer.error().message << "\n";
    return nullptr;
}

void write(const std::filesystem::path& path, const std::string& text)
{
    std::ofstream(path, std::ios::binary) << text;
}

/// GPT-2's spelling of bytes, as a vocab.json has it; and one merge, "a b</w>".
nlohmann::json smallVocabulary()
{
    nlohmann::json vocabulary;
    int id = 0, next = 256;
    for (int b = 0; b < 256; ++b) {
        const bool printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
        const int c = printable ? b : next++;
        std::string spelling;
        if (c < 128)
            spelling = static_cast<char>(c);
        else
            spelling = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
        vocabulary[spelling] = id++;
        vocabulary[spelling + "</w>"] = id++;
    }
    vocabulary["ab</w>"] = 600;
    vocabulary["<|startoftext|>"] = 601;
    vocabulary["<|endoftext|>"] = 602;
    return vocabulary;
}

} // namespace

TEST_CASE("CLIP's tokenizer gives transformers' ids")
{
    const auto tokenizer = shippedOrSkip();
    if (!tokenizer)
        return;
    const nlohmann::json file = golden();
    CHECK(tokenizer->beginId() == file["bos"]);
    CHECK(tokenizer->endId() == file["eos"]);
    CHECK(tokenizer->vocabularySize() == file["vocab_size"]);
    REQUIRE(file["cases"].size() > 50);
    for (const auto& entry : file["cases"]) {
        const std::string text = entry["text"];
        CAPTURE(text);
        const auto ids = tokenizer->encode(text);
        REQUIRE(ids);
        CHECK(*ids == entry["ids"].get<std::vector<TokenId>>());
    }
}

TEST_CASE("special tokens end a run of signs, in any case")
{
    const auto tokenizer = shippedOrSkip();
    if (!tokenizer)
        return;
    CHECK(*tokenizer->encode(",<|endoftext|>,") == std::vector<TokenId>{267, 49407, 267});
    CHECK(*tokenizer->encode("<|STARTOFTEXT|>a") == std::vector<TokenId>{49406, 320});
}

TEST_CASE("a text that is no UTF-8, or too long, is an error; a long word is not slow")
{
    const auto tokenizer = shippedOrSkip();
    if (!tokenizer)
        return;
    const auto broken = tokenizer->encode("a\xFF");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == ErrorCode::Usage);
    CHECK(broken.error().where == "byte 1");
    CHECK(tokenizer->encode(std::string(kMaximumPromptBytes + 1, 'a')).error().code == ErrorCode::Usage);
    CHECK(tokenizer->encode(std::string(kMaximumPromptBytes, 'a'))->size() > 1000);
    // The last of 60 letters takes another merge than those before it (the golden file has the case).
    CHECK(tokenizer->encode(std::string(60, 'a'))->back() == 19336);
}

TEST_CASE("a vocabulary of a diffusers folder is read")
{
    test::TempFolder folder;
    const nlohmann::json vocabulary = smallVocabulary();
    write(folder / "vocab.json", vocabulary.dump());
    write(folder / "merges.txt", "#version: 0.2\na b</w>\n");
    const auto tokenizer = ClipTokenizer::fromFolder(folder.path());
    REQUIRE(tokenizer);
    CHECK((*tokenizer)->beginId() == 601);
    CHECK((*tokenizer)->vocabularySize() == 603);
    const TokenId a = vocabulary["a"];
    CHECK(*(*tokenizer)->encode("AB aab") == std::vector<TokenId>{600, a, 600});
}

TEST_CASE("a malformed vocabulary is an error that names it")
{
    test::TempFolder folder;
    CHECK(ClipTokenizer::fromFolder(folder.path()).error().code == ErrorCode::System);
    write(folder / "merges.txt", "#version: 0.2\na b</w>\n");
    for (const std::string text :
        {"", "[]", "{\"a\": -1}", "{\"a\": 1e9}", "{\"a\": \"b\"}", "{\"a\": 1}", "{"}) {
        CAPTURE(text);
        write(folder / "vocab.json", text);
        const auto tokenizer = ClipTokenizer::fromFolder(folder.path());
        REQUIRE_FALSE(tokenizer);
        CHECK(tokenizer.error().code == ErrorCode::InvalidInput);
        CHECK(tokenizer.error().where.find(folder.path().string()) == 0);
    }
    write(folder / "vocab.json", smallVocabulary().dump());
    for (const std::string text : {"a b c\n", "ab\n", "a nothing\n", "a c</w>\n"}) {
        CAPTURE(text);
        write(folder / "merges.txt", text);
        CHECK(ClipTokenizer::fromFolder(folder.path()).error().code == ErrorCode::InvalidInput);
    }
    CHECK(parseClipVocabulary("not it\n").error().code == ErrorCode::InvalidInput);
    CHECK(parseClipVocabulary("#version: 0.2\ni n\n").error().code == ErrorCode::InvalidInput);
}

TEST_CASE("packed text is bounded")
{
    CHECK(unpackGzip("not gzip", 100).error().code == ErrorCode::InvalidInput);
    const std::string_view packed = detail::embeddedClipVocabulary();
    if (packed.empty())
        return;
    CHECK(unpackGzip(packed, 1000).error().code == ErrorCode::InvalidInput);
    CHECK(unpackGzip(packed.substr(0, packed.size() / 2), 1U << 30).error().code == ErrorCode::InvalidInput);
}
