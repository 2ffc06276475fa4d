// SPDX-License-Identifier: GPL-3.0-or-later
// With a model that the library's own trainer makes here: none may be committed.
#include "engine/io/tensor_source.h"
#include "engine/text/sentencepiece_tokenizer.h"
#include "engine/text/token_chunks.h"
#include "tests/support/temp_folder.h"
#include "tests/support/trained_tokenizer.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <iostream>
#ifdef MANTISSA_SENTENCEPIECE_TRAINER
#include <sentencepiece_processor.h>
#endif

using namespace mantissa;

namespace {

/// A checkpoint of one tensor.
class OneTensor final : public TensorSource {
public:
    OneTensor(std::string name, DType dtype, std::string bytes)
        : m_bytes(std::move(bytes))
    {
        TensorInfo info;
        info.name = std::move(name);
        info.dtype = dtype;
        info.bytes = m_bytes.size();
        info.shape = {static_cast<std::int64_t>(m_bytes.size())};
        setTensors({info});
    }
    Status read(std::size_t, std::uint64_t offset, std::span<std::byte> dst) const override
    {
        std::memcpy(dst.data(), m_bytes.data() + offset, dst.size());
        return {};
    }

private:
    std::string m_bytes;
};

} // namespace

TEST_CASE("a SentencePiece model tokenizes, from a file, a folder and a checkpoint")
{
    const std::string& model = test::trainedTokenizer();
    if (model.empty())
        return;
    const auto tokenizer = SentencePieceTokenizer::fromBytes(model);
    REQUIRE(tokenizer);
    CHECK((*tokenizer)->vocabularySize() == 50);
    CHECK((*tokenizer)->endId() == 1);
    CHECK((*tokenizer)->padId() == 0);
    CHECK_FALSE((*tokenizer)->beginId());
    const std::string prompt = "the red sphere floats";
    const auto ids = (*tokenizer)->encode(prompt);
    REQUIRE(ids);
    CHECK(ids->size() > 4);
    CHECK(ids->size() < prompt.size());
    for (const TokenId id : *ids)
        CHECK((id > 2 && id < 50));
    CHECK(*(*tokenizer)->encode("the  red sphere floats ") == *ids); // the model's own normalisation
#ifdef MANTISSA_SENTENCEPIECE_TRAINER
    sentencepiece::SentencePieceProcessor processor;
    REQUIRE(processor.LoadFromSerializedProto(model).ok());
    std::string again;
    REQUIRE(processor.Decode(std::vector<int>(ids->begin(), ids->end()), &again).ok());
    CHECK(again == prompt);
#endif

    test::TempFolder folder;
    std::ofstream(folder / "spiece.model", std::ios::binary) << model;
    for (const auto& path : {folder.path(), folder / "spiece.model"}) {
        const auto read = SentencePieceTokenizer::fromPath(path);
        REQUIRE(read);
        CHECK(*(*read)->encode(prompt) == *ids);
    }
    const auto packed = SentencePieceTokenizer::fromCheckpoint(
        OneTensor("text_encoders.umt5xxl.spiece_model", DType::U8, model));
    REQUIRE(packed);
    CHECK(*(*packed)->encode(prompt) == *ids);

    const auto chunks = tokenizePrompt(**tokenizer, prompt, t5Chunks(16));
    REQUIRE(chunks);
    CHECK((*chunks)[0].ids.size() == 16);
    CHECK((*chunks)[0].ids[(*chunks)[0].tokens - 1] == 1);
}

TEST_CASE("what is no SentencePiece model is an error with a place")
{
    for (const std::string& bytes : {std::string(), std::string("not a model"), std::string(1000, '\xFF')})
        CHECK(SentencePieceTokenizer::fromBytes(bytes).error().code == ErrorCode::InvalidInput);
    test::TempFolder folder;
    const auto none = SentencePieceTokenizer::fromPath(folder.path());
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::Unsupported);
    CHECK_FALSE(none.error().hint.empty());
    std::ofstream(folder / "spiece.model") << "nonsense";
    CHECK(
        SentencePieceTokenizer::fromPath(folder.path()).error().where == (folder / "spiece.model").string());
    CHECK(SentencePieceTokenizer::fromCheckpoint(OneTensor("spiece_model", DType::F32, "abcd")).error().code
        == ErrorCode::Unsupported);
    CHECK(SentencePieceTokenizer::fromCheckpoint(OneTensor("a.spiece_model", DType::U8, "abcd")).error().where
        == "a.spiece_model");
}

TEST_CASE("a damaged SentencePiece model never brings the program down")
{
    const std::string& model = test::trainedTokenizer();
    if (model.empty())
        return;
    std::uint64_t state = 7;
    for (int round = 0; round < 300; ++round) {
        std::string damaged = model;
        for (int k = 0; k < 3; ++k) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            damaged[(state >> 33) % damaged.size()] = static_cast<char>(state >> 25);
        }
        if (round % 3 == 0)
            damaged.resize((state >> 40) % damaged.size());
        if (const auto tokenizer = SentencePieceTokenizer::fromBytes(damaged))
            (void)(*tokenizer)->encode("the red sphere floats");
    }
}

TEST_CASE("SentencePiece refuses what is no text")
{
    const std::string& model = test::trainedTokenizer();
    if (model.empty())
        return;
    const auto tokenizer = SentencePieceTokenizer::fromBytes(model);
    REQUIRE(tokenizer);
    CHECK((*tokenizer)->encode("a\xFF").error().code == ErrorCode::Usage);
    CHECK((*tokenizer)->encode(std::string(kMaximumPromptBytes + 1, 'a')).error().code == ErrorCode::Usage);
}
