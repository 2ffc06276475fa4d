// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/prompt.h"
#include "engine/text/token_chunks.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace mantissa;

namespace {

/// "w12" is 12, any other word 1000 plus its length: what the golden file was made with.
class WordTokenizer final : public Tokenizer {
public:
    Result<std::vector<TokenId>> encode(std::string_view text) const override
    {
        std::istringstream in{std::string(text)};
        std::vector<TokenId> ids;
        for (std::string word; in >> word;) {
            const bool numbered = word[0] == 'w' && word.size() > 1
                && word.find_first_not_of("0123456789", 1) == std::string::npos;
            ids.push_back(numbered ? std::stoi(word.substr(1)) : 1000 + static_cast<TokenId>(word.size()));
        }
        return ids;
    }
    std::size_t vocabularySize() const override { return 2000; }
};

void checkChunks(const std::vector<TokenChunk>& chunks, const nlohmann::json& expected)
{
    REQUIRE(chunks.size() == expected.size());
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        CHECK(chunks[i].ids == expected[i]["ids"].get<std::vector<TokenId>>());
        const auto weights = expected[i]["weights"].get<std::vector<double>>();
        REQUIRE(chunks[i].weights.size() == weights.size());
        for (std::size_t k = 0; k < weights.size(); ++k)
            CHECK(chunks[i].weights[k] == static_cast<float>(weights[k]));
    }
}

} // namespace

TEST_CASE("prompts are weighed and cut as ComfyUI does")
{
    std::ifstream in(std::string(MANTISSA_TEST_DATA) + "/text/prompt_chunks.json");
    const auto cases = nlohmann::json::parse(in)["cases"];
    REQUIRE(cases.size() > 30);
    const WordTokenizer tokenizer;
    for (const auto& entry : cases) {
        const std::string prompt = entry["prompt"];
        CAPTURE(prompt);
        const auto parts = parsePrompt(prompt);
        REQUIRE(parts);
        std::vector<WeightedText> expected;
        for (const auto& part : entry["parts"])
            expected.push_back({part[0], part[1]});
        CHECK(*parts == expected);
        const auto clip = tokenizePrompt(tokenizer, prompt, clipChunks(49406, 49407, 0));
        REQUIRE(clip);
        checkChunks(*clip, entry["clip"]);
        const auto t5 = tokenizePrompt(tokenizer, prompt, t5Chunks(77));
        REQUIRE(t5);
        checkChunks(*t5, entry["t5"]);
    }
}

TEST_CASE("a chunk says how many of its tokens are not padding")
{
    const auto chunks = tokenizePrompt(WordTokenizer(), "w1 w2", clipChunks(49406, 49407, 49407));
    REQUIRE(chunks);
    REQUIRE(chunks->size() == 1);
    CHECK((*chunks)[0].tokens == 4);
    CHECK((*chunks)[0].ids[76] == 49407);
}

TEST_CASE("without weights the syntax is plain text")
{
    ChunkRules rules = clipChunks(0, 1, 0);
    rules.weights = false;
    const auto chunks = tokenizePrompt(WordTokenizer(), "(w1:1.3)", rules);
    REQUIRE(chunks);
    CHECK((*chunks)[0].ids[1] == 1008);
    CHECK((*chunks)[0].weights[1] == 1.0F);
}

TEST_CASE("prompts without reason are errors")
{
    const std::string deep = std::string(5000, '(') + "a" + std::string(5000, ')');
    const auto parts = parsePrompt(deep);
    REQUIRE_FALSE(parts);
    CHECK(parts.error().code == ErrorCode::Usage);
    CHECK_FALSE(parts.error().hint.empty());
    const std::string longText(kMaximumPromptBytes + 1, 'a');
    CHECK(tokenizePrompt(WordTokenizer(), longText, t5Chunks(77)).error().code == ErrorCode::Usage);
}
