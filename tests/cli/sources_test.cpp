// SPDX-License-Identifier: GPL-3.0-or-later
// Sources that are not plain checkpoints: 8-bit weights without scales, diffusers folders.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

using namespace mantissa::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// Codes of finite numbers in both 8-bit types: 0x00 to 0x77 and their negatives.
TinyTensor tinyCodes(const std::string& name, const std::string& dtype, std::vector<std::int64_t> shape)
{
    std::size_t count = 1;
    for (const std::int64_t dim : shape)
        count *= static_cast<std::size_t>(dim);
    std::string bytes(count, '\0');
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<char>((i * 7 % 0x78) | (i % 3 == 0 ? 0x80u : 0u));
    return {name, dtype, std::move(shape), std::move(bytes)};
}

std::string dataOf(const fs::path& file, const std::string& name)
{
    const std::string content = readFile(file);
    std::uint64_t length = 0;
    std::memcpy(&length, content.data(), 8);
    const json header = json::parse(content.substr(8, length));
    const auto offsets = header.at(name).at("data_offsets");
    const std::uint64_t begin = offsets[0], end = offsets[1];
    return content.substr(8 + length + begin, end - begin);
}

/// A small FLUX.1 as a diffusers folder: a transformer and a part of another kind.
void writeFolder(const fs::path& folder)
{
    std::vector<TinyTensor> tensors;
    unsigned seed = 0;
    const auto linear = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        tensors.push_back(tinyRandom(name + ".weight", {out, in}, ++seed));
        tensors.push_back(tinyRandom(name + ".bias", {out}, ++seed));
    };
    constexpr std::int64_t kWidth = 128;
    linear("x_embedder", kWidth, 64);
    linear("context_embedder", kWidth, 64);
    for (const char* embedder : {"timestep_embedder", "text_embedder"})
        for (const char* layer : {".linear_1", ".linear_2"})
            linear(std::string("time_text_embed.") + embedder + layer, kWidth, kWidth);
    const std::string block = "transformer_blocks.0.", single = "single_transformer_blocks.0.";
    for (const char* name :
        {"to_q", "to_k", "to_v", "add_q_proj", "add_k_proj", "add_v_proj", "to_out.0", "to_add_out"})
        linear(block + "attn." + name, kWidth, kWidth);
    for (const char* name : {"norm_q", "norm_k", "norm_added_q", "norm_added_k"})
        tensors.push_back(tinyRandom(block + "attn." + name + ".weight", {64}, ++seed));
    for (const char* name : {"norm1", "norm1_context"})
        linear(block + name + ".linear", 6 * kWidth, kWidth);
    for (const char* name : {"ff", "ff_context"}) {
        linear(block + name + ".net.0.proj", 4 * kWidth, kWidth);
        linear(block + name + ".net.2", kWidth, 4 * kWidth);
    }
    for (const char* name : {"to_q", "to_k", "to_v"})
        linear(single + "attn." + name, kWidth, kWidth);
    for (const char* name : {"norm_q", "norm_k"})
        tensors.push_back(tinyRandom(single + "attn." + name + ".weight", {64}, ++seed));
    linear(single + "norm.linear", 3 * kWidth, kWidth);
    linear(single + "proj_mlp", 4 * kWidth, kWidth);
    linear(single + "proj_out", kWidth, 5 * kWidth);
    linear("norm_out.linear", 2 * kWidth, kWidth);
    linear("proj_out", 64, kWidth);
    fs::create_directories(folder / "transformer");
    fs::create_directories(folder / "image_projection");
    writeTiny(folder / "transformer" / "diffusion_pytorch_model.safetensors", tensors);
    writeTiny(folder / "image_projection" / "diffusion_pytorch_model.safetensors",
        {tinyRandom("proj.weight", {8, 8}, 99)});
    writeFile(folder / "model_index.json",
        R"({"_class_name": "FluxPipeline", "transformer": ["diffusers", "FluxTransformer2DModel"],
            "image_projection": ["diffusers", "ImageProjection"]})");
}

} // namespace

TEST_CASE("A diffusers folder is quantized under native names and verified against the folder")
{
    const TempFolder folder;
    const fs::path source = folder / "pipeline";
    writeFolder(source);
    const std::string out = (folder / "out").string(), kept = (folder / "kept").string();
    const ProcessResult quantized
        = runMantissa({"quantize", "-i", source.string(), "-o", out, "-f", "int8_tensorwise"});
    CAPTURE(quantized.out, quantized.err);
    REQUIRE(quantized.exitCode == 0);
    CHECK(quantized.err.find("the keys of diffusers are read as native ones: diffusion_model")
        != std::string::npos);
    CHECK(quantized.err.find("stock ComfyUI may not") == std::string::npos);
    const std::string original = (source / "transformer" / "diffusion_pytorch_model.safetensors").string();
    CHECK(dataOf(out, "double_blocks.0.img_attn.qkv.bias")
        == dataOf(original, "transformer_blocks.0.attn.to_q.bias")
            + dataOf(original, "transformer_blocks.0.attn.to_k.bias")
            + dataOf(original, "transformer_blocks.0.attn.to_v.bias"));
    const std::string shift = dataOf(original, "norm_out.linear.bias");
    CHECK(dataOf(out, "final_layer.adaLN_modulation.1.bias")
        == shift.substr(shift.size() / 2) + shift.substr(0, shift.size() / 2));
    CHECK(!dataOf(out, "single_blocks.0.linear1.comfy_quant").empty());

    const ProcessResult verified
        = runMantissa({"verify", out, "--against", source.string(), "--min-snr", "30", "--json"});
    CAPTURE(verified.out, verified.err);
    CHECK(verified.exitCode == 0);
    const json report = json::parse(verified.out);
    CHECK(report["layers"].size() > 5);
    for (const json& layer : report["layers"])
        CHECK(layer.contains("snr_db"));
    CHECK(runMantissa({"verify", out, "--against", original, "--min-snr", "30"}).exitCode == 0);

    const ProcessResult keeping = runMantissa(
        {"quantize", "-i", source.string(), "-o", kept, "-f", "int8_tensorwise", "--keep-names"});
    REQUIRE(keeping.exitCode == 0);
    CHECK(keeping.err.find("stock ComfyUI may not load") != std::string::npos);
    CHECK(!dataOf(kept, "transformer_blocks.0.attn.to_q.comfy_quant").empty());
    CHECK(runMantissa({"verify", kept, "--against", source.string(), "--min-snr", "30"}).exitCode == 0);

    const std::vector<std::string> analyze{"analyze", source.string(), "-f", "int8_tensorwise"};
    CHECK(runMantissa(analyze).err.find("the keys of diffusers are read as native ones: diffusion_model")
        != std::string::npos);
    const ProcessResult inspected = runMantissa({"inspect", original});
    CHECK(inspected.out.find("double_blocks") == std::string::npos);
}

TEST_CASE("8-bit weights without scales are quantized, decoded and compared")
{
    const TempFolder folder;
    const std::string source = (folder / "fp8.safetensors").string(), out = (folder / "out").string(),
                      plain = (folder / "plain").string();
    writeTiny(source,
        {tinyCodes("blocks.0.attn.proj.weight", "F8_E4M3", {64, 64}),
            tinyCodes("blocks.0.attn.proj.bias", "F8_E4M3", {64}),
            tinyCodes("blocks.0.mlp.fc1.weight", "F8_E5M2", {64, 64}),
            tinyCodes("blocks.0.conv.weight", "F8_E4M3", {4, 4, 3, 3}),
            tinyCodes("blocks.0.norm1.weight", "F8_E4M3", {64})});

    const ProcessResult quantized = runMantissa({"quantize", "-i", source, "-o", out, "-f", "float8_e5m2"});
    CAPTURE(quantized.err, quantized.out);
    REQUIRE(quantized.exitCode == 0);
    CHECK(quantized.err.find("2 layers hold 8-bit floats without scales") != std::string::npos);
    const ProcessResult verified
        = runMantissa({"verify", out, "--against", source, "--min-snr", "20", "--json"});
    CAPTURE(verified.out);
    CHECK(verified.exitCode == 0);
    std::size_t measured = 0;
    const json report = json::parse(verified.out);
    for (const json& layer : report["layers"])
        measured += layer["format"] == "float8_e5m2" && layer.contains("relative_error") ? 1 : 0;
    CHECK(measured == 2);

    const ProcessResult decoded = runMantissa({"convert", source, "-o", plain, "--dequantize", "float32"});
    CAPTURE(decoded.err);
    REQUIRE(decoded.exitCode == 0);
    const json inspected = json::parse(runMantissa({"inspect", plain, "--json"}).out);
    CHECK(inspected["quantization"]["scheme"].is_null());
    // Element 8 has the code 0x38, which is 1 in E4M3 and 0.5 in E5M2.
    for (const char* name : {"blocks.0.attn.proj.weight", "blocks.0.attn.proj.bias",
             "blocks.0.mlp.fc1.weight", "blocks.0.conv.weight", "blocks.0.norm1.weight"}) {
        CAPTURE(name);
        const std::string bytes = dataOf(plain, name);
        float value = 0;
        std::memcpy(&value, bytes.data() + 8 * sizeof(float), sizeof value);
        CHECK(value == (std::string(name).find("fc1") != std::string::npos ? 0.5f : 1.0f));
    }
    CHECK(dataOf(plain, "blocks.0.conv.weight").size() == 4 * 4 * 9 * sizeof(float));
}
