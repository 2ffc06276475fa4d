// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/tensor_source.h"
#include "tests/io/temp_files.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/golden_file.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <random>

using namespace mantissa;
using namespace mantissa::test;
using Catch::Contains;

namespace {

std::string floatBytes(const std::vector<float>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::vector<float> readFloats(
    const TensorSource& source, std::size_t tensor, std::uint64_t first, std::size_t count)
{
    std::vector<float> values(count);
    REQUIRE(source.read(tensor, first * sizeof(float), std::as_writable_bytes(std::span(values))));
    return values;
}

/// A block of Q8_0 with the scale 1 and these codes from `first` on.
std::string q8Block(int first)
{
    std::string block = GgufBytes::le<std::uint16_t>(0x3C00);
    for (int i = 0; i < 32; ++i)
        block += static_cast<char>(first + i);
    return block;
}

} // namespace

TEST_CASE("a GGUF header gives names, shapes rows first, and values in the order of the data")
{
    const TempFolder folder;
    GgufBytes file;
    file.entry("general.architecture", "flux")
        .entry("general.file_type", gguf::kU32, GgufBytes::le<std::uint32_t>(2))
        .entry("general.quantization_version", gguf::kU32, GgufBytes::le<std::uint32_t>(2))
        .entry("a.half", gguf::kFloat, GgufBytes::le(0.5F))
        .entry("a.truth", gguf::kBool, std::string(1, '\1'))
        .entry("a.list", gguf::kList,
            GgufBytes::list(
                gguf::kU16, 2, GgufBytes::le<std::uint16_t>(3) + GgufBytes::le<std::uint16_t>(4)));
    file.tensors = {{"plain.weight", {2, 3}, gguf::kF32, floatBytes({0, 1, 2, 3, 4, 5}), {}},
        {"half", {2}, gguf::kF16, GgufBytes::le<std::uint32_t>(0x40003C00), {}},
        {"brain", {1}, gguf::kBF16, GgufBytes::le<std::uint16_t>(0x3F80), {}},
        {"blocks.weight", {2, 64}, gguf::kQ8_0, q8Block(0) + q8Block(32) + q8Block(64) + q8Block(90), {}},
        {"scalar", {}, gguf::kF32, floatBytes({9}), {}}};
    const auto opened = openCheckpoint(folder.write("m", file.bytes())); // recognised without the extension
    REQUIRE(opened);
    const TensorSource& source = **opened;
    CHECK(source.info().container == "gguf");
    CHECK(source.info().warnings.empty());
    CHECK(source.info().metadata.at("general.architecture") == "flux");
    CHECK(source.info().metadata.at("general.file_type") == "2");
    CHECK(source.info().metadata.at("a.half") == "0.5");
    CHECK(source.info().metadata.at("a.truth") == "true");
    CHECK(source.info().metadata.at("a.list") == "[3, 4]");
    REQUIRE(source.tensors().size() == 5);
    CHECK(source.tensors()[0].name == "plain.weight");
    CHECK(source.tensors()[0].shape == Shape{2, 3});
    CHECK(source.tensors()[1].dtype == DType::F16);
    CHECK(source.tensors()[2].dtype == DType::BF16);
    CHECK(source.tensors()[4].shape.empty());
    const TensorInfo& blocks = source.tensors()[3];
    REQUIRE(blocks.encoding != nullptr);
    CHECK(blocks.encoding->id == "gguf_q8_0");
    CHECK(blocks.encoding->name == "GGUF Q8_0");
    CHECK(blocks.dtype == DType::F32);
    CHECK(blocks.shape == Shape{2, 64});
    CHECK(blocks.bytes == 512);
    CHECK(blocks.storedBytes() == 4 * 34);
    CHECK(source.totalBytes() == 24 + 4 + 2 + 136 + 4);
    CHECK(readFloats(source, 0, 4, 2) == std::vector<float>{4, 5});
    CHECK(readFloats(source, 3, 62, 3) == std::vector<float>{62, 63, 64});
    CHECK(readFloats(source, 4, 0, 1) == std::vector<float>{9});
    std::vector<std::byte> tooMuch(4);
    CHECK_FALSE(source.read(3, 510, tooMuch));
    CHECK_FALSE(source.read(5, 0, {}));
}

TEST_CASE("GGUF version 2, another alignment and an original shape are read")
{
    const TempFolder folder;
    GgufBytes file;
    file.version = 2;
    file.alignment = 128;
    const std::string dims = GgufBytes::le<std::int32_t>(2) + GgufBytes::le<std::int32_t>(32)
        + GgufBytes::le<std::int32_t>(2) + GgufBytes::le<std::int32_t>(1);
    file.entry("comfy.gguf.orig_shape.conv.weight", gguf::kList, GgufBytes::list(gguf::kI32, 4, dims));
    file.tensors = {{"first", {1}, gguf::kF32, floatBytes({1}), {}},
        {"conv.weight", {1, 128}, gguf::kQ8_0, q8Block(0) + q8Block(1) + q8Block(2) + q8Block(3), {}}};
    const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes()));
    REQUIRE(opened);
    CHECK((*opened)->tensors()[1].shape == Shape{2, 32, 2, 1});
    CHECK((*opened)->tensors()[1].fileOffset % 128 == 0);
    CHECK(readFloats(**opened, 1, 96, 2) == std::vector<float>{3, 4});
    CHECK((*opened)->info().metadata.size() == 1); // the alignment; shapes of single tensors are no metadata
}

TEST_CASE("vocabularies and long texts are not dragged along")
{
    const TempFolder folder;
    GgufBytes file;
    std::string tokens, scores;
    for (int i = 0; i < 50'000; ++i) {
        tokens += GgufBytes::text("token" + std::to_string(i));
        scores += GgufBytes::le(static_cast<float>(i));
    }
    file.entry("tokenizer.ggml.tokens", gguf::kList, GgufBytes::list(gguf::kText, 50'000, tokens))
        .entry("tokenizer.ggml.scores", gguf::kList, GgufBytes::list(gguf::kFloat, 50'000, scores))
        .entry("long", std::string(1 << 20, 'x'))
        .entry("no.text", std::string("\xff\xfe", 2))
        .entry(
            "few", gguf::kList, GgufBytes::list(gguf::kText, 2, GgufBytes::text("a") + GgufBytes::text("b")))
        .entry("after", "still read");
    file.tensors = {{"t", {1}, gguf::kF32, floatBytes({7}), {}}};
    const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes()));
    REQUIRE(opened);
    const auto& metadata = (*opened)->info().metadata;
    CHECK(metadata.at("tokenizer.ggml.tokens") == "(50000 entries)");
    CHECK(metadata.at("tokenizer.ggml.scores") == "(50000 values)");
    CHECK(metadata.at("long") == "(a text of 1048576 bytes)");
    CHECK(metadata.at("no.text") == "(2 bytes that are not UTF-8 text)");
    CHECK(metadata.at("few") == "[a, b]");
    CHECK(metadata.at("after") == "still read");
    CHECK(readFloats(**opened, 0, 0, 1) == std::vector<float>{7});
}

TEST_CASE("any part of an encoded tensor is that part of the whole")
{
    const GoldenFile golden("formats/gguf.safetensors");
    const std::vector<std::uint8_t>& blocks = golden.at("random_bytes/Q4_K/bytes").bytes;
    std::string data;
    for (int i = 0; i < 300; ++i) // more than is read at once
        data.append(reinterpret_cast<const char*>(blocks.data()), blocks.size());
    const TempFolder folder;
    GgufBytes file;
    file.tensors = {{"t", {1200, 512}, gguf::kQ4_K, data, {}}};
    const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes()));
    REQUIRE(opened);
    const TensorSource& source = **opened;
    REQUIRE(source.tensors()[0].bytes == 1200U * 512 * 4);
    std::vector<std::byte> whole(source.tensors()[0].bytes);
    REQUIRE(source.read(0, 0, whole));
    const std::vector<std::uint8_t>& want = golden.at("random_bytes/Q4_K/dequant_f32").bytes;
    const auto isNaN = [](const std::byte* at) {
        float value = 0;
        std::memcpy(&value, at, sizeof(value));
        return value != value;
    };
    bool same = true;
    for (std::size_t i = 0; i < whole.size(); i += 4)
        same = same
            && (std::memcmp(whole.data() + i, want.data() + i % want.size(), 4) == 0
                || isNaN(whole.data() + i));
    CHECK(same);
    std::mt19937 random(1);
    for (int i = 0; i < 200; ++i) {
        const std::size_t begin = random() % whole.size();
        std::vector<std::byte> part(std::min<std::size_t>(random() % 5000, whole.size() - begin));
        REQUIRE(source.read(0, begin, part));
        REQUIRE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(begin)));
    }
}

TEST_CASE("a type that is known by name only opens, and says so when it is read")
{
    const TempFolder folder;
    GgufBytes file;
    file.tensors = {{"t", {1, 256}, gguf::kIQ2_XXS, std::string(66, 'x'), {}}};
    const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes()));
    REQUIRE(opened);
    CHECK_FALSE((*opened)->tensors()[0].encoding->readable);
    std::vector<std::byte> part(4);
    const Status status = (*opened)->read(0, 0, part);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::Unsupported);
    CHECK_THAT(status.error().message, Contains("'t'") && Contains("GGUF IQ2_XXS"));
}

TEST_CASE("a part of a split model says that the others are missing")
{
    const TempFolder folder;
    GgufBytes file;
    file.entry("split.count", gguf::kU16, GgufBytes::le<std::uint16_t>(3));
    file.tensors = {{"t", {1}, gguf::kF32, floatBytes({7}), {}}};
    const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes()));
    REQUIRE(opened);
    REQUIRE((*opened)->info().warnings.size() == 1);
    CHECK_THAT((*opened)->info().warnings[0], Contains("one of 3 files"));
}

TEST_CASE("opening a large GGUF file reads its header only")
{
    const TempFolder folder;
    GgufBytes file;
    for (int i = 0; i < 2000; ++i)
        file.tensors.push_back(
            {"blocks." + std::to_string(i) + ".weight", {5120, 4096}, gguf::kQ4_K, {}, {}});
    constexpr std::uint64_t kEach = 5120ULL * 4096 / 256 * 144; // 11.8 MB
    for (std::size_t i = 0; i < file.tensors.size(); ++i)
        file.tensors[i].offset = i * kEach;
    const auto path = folder.write("large.gguf", file.bytes());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) + 2000 * kEach); // 24 GB, a hole
    const auto begin = std::chrono::steady_clock::now();
    const auto opened = openCheckpoint(path);
    const auto took = std::chrono::steady_clock::now() - begin;
    REQUIRE(opened);
    CHECK((*opened)->totalBytes() == 2000 * kEach);
    CHECK(took < std::chrono::seconds(1));
    const auto last = readFloats(**opened, 1999, 5120ULL * 4096 - 3, 3);
    CHECK(last == std::vector<float>{0, 0, 0});
}

TEST_CASE("T5 and Qwen encoders get the names that they have in other containers")
{
    const TempFolder folder;
    const auto namesOf = [&](const std::string& architecture, const std::vector<std::string>& names) {
        GgufBytes file;
        file.entry("general.architecture", architecture);
        for (const std::string& name : names)
            file.tensors.push_back({name, {1}, gguf::kF32, floatBytes({7}), {}});
        const auto opened = openCheckpoint(folder.write("m.gguf", file.bytes()));
        REQUIRE(opened);
        std::vector<std::string> out;
        for (const TensorInfo& tensor : (*opened)->tensors())
            out.push_back(tensor.name);
        return out;
    };
    using Names = std::vector<std::string>;
    const Names t5{"token_embd.weight", "enc.blk.0.attn_q.weight", "enc.blk.11.ffn_gate.weight",
        "enc.blk.0.attn_rel_b.weight", "enc.output_norm.weight", "other.weight", "enc.blk.0.weight"};
    CHECK(namesOf("t5encoder", t5)
        == Names{"shared.weight", "encoder.block.0.layer.0.SelfAttention.q.weight",
            "encoder.block.11.layer.1.DenseReluDense.wi_0.weight",
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
            "encoder.final_layer_norm.weight", "other.weight", "enc.blk.0.weight"});
    Names both = t5;
    both.emplace_back("shared.weight"); // would be there twice
    CHECK(namesOf("t5encoder", both) == both);
    const Names qwen{
        "blk.0.attn_q.weight", "blk.0.attn_q.bias", "blk.3.ffn_norm.weight", "output_norm.weight"};
    CHECK(namesOf("qwen2vl", qwen)
        == Names{"model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.q_proj.bias",
            "model.layers.3.post_attention_layernorm.weight", "model.norm.weight"});
    CHECK(namesOf("llama", qwen) == qwen); // its values are in another order too
}
