// SPDX-License-Identifier: GPL-3.0-or-later
// Sources that hold 8-bit floats already: a plain cast without scales, and the older scaled_fp8 convention.
#include "engine/io/tensor_source.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensor_values.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

using namespace mantissa;
using namespace mantissa::test;
using nlohmann::json;

namespace {

/// Codes of finite numbers of middling size in both 8-bit float types.
TinyTensor codes(const std::string& name, const std::vector<std::int64_t>& shape, const std::string& dtype)
{
    std::mt19937 engine(static_cast<unsigned>(name.size()));
    TinyTensor tensor{name, dtype, shape, {}};
    std::size_t count = 1;
    for (const std::int64_t dim : shape)
        count *= static_cast<std::size_t>(dim);
    for (std::size_t i = 0; i < count; ++i)
        tensor.bytes.push_back(static_cast<char>((engine() & 0x80u) | (0x20u + engine() % 0x28u)));
    return tensor;
}

std::vector<TinyTensor> plainTensors()
{
    return {codes("blocks.0.attn.proj.weight", {64, 128}, "F8_E4M3"),
        codes("blocks.0.attn.proj.bias", {64}, "F8_E4M3"),
        codes("blocks.1.attn.proj.weight", {64, 128}, "F8_E5M2"),
        codes("blocks.1.norm.weight", {128}, "F8_E4M3"),
        codes("blocks.1.conv.weight", {64, 64, 3, 3}, "F8_E4M3")};
}

std::vector<TinyTensor> scaledTensors(const std::string& legacyMarker)
{
    return {codes("blocks.0.attn.proj.weight", {64, 128}, "F8_E4M3"),
        tinyF32("blocks.0.attn.proj.scale_weight", {}, {0.5f}),
        codes("blocks.1.attn.proj.weight", {64, 128}, "F8_E4M3"),
        tinyF32("blocks.1.attn.proj.scale_weight", {}, {0.25f}),
        tinyF32("blocks.1.attn.proj.scale_input", {}, {2.0f}),
        codes("blocks.2.attn.proj.weight", {64, 128}, "F8_E4M3"),
        tinyF32("blocks.2.attn.proj.bias", {64}, {1}), {legacyMarker, "F8_E4M3", {0}, {}}};
}

} // namespace

TEST_CASE("plain fp8 files are quantized, with a warning that 8 bits lose quality")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string(), out = (folder / "out").string();
    writeTiny(in, plainTensors());
    for (const std::string format : {"int8_tensorwise", "nvfp4", "float8_e4m3fn"}) {
        CAPTURE(format);
        const ProcessResult result = runMantissa(
            {"quantize", "-i", in, "-o", out, "--format", format, "--report-error", "--overwrite", "--json"});
        CAPTURE(result.err);
        REQUIRE(result.exitCode == 0);
        CHECK_THAT(result.err, Catch::Contains("8-bit floats") && Catch::Contains("loses quality"));
        CHECK(json::parse(result.out)["layers"].size() == 2);
        const ProcessResult verified = runMantissa({"verify", out, "--against", in, "--json"});
        CHECK(verified.exitCode == 0);
        const json report = json::parse(verified.out); // outlives the loop over a part of it
        for (const json& layer : report["layers"])
            if (layer.contains("snr_db"))
                CHECK(layer["snr_db"].get<double>() > (format == "nvfp4" ? 15 : 25));
    }
    const json analysis = json::parse(runMantissa({"analyze", in, "--format", "nvfp4", "--json"}).out);
    CHECK(analysis["quantized"] == 2);
    CHECK(analysis["warnings"].dump().find("8-bit floats") != std::string::npos);
    CHECK(runMantissa({"analyze", in, "--format", "nvfp4", "--errors"}).exitCode == 0);
}

TEST_CASE("A plain fp8 file verifies against itself, layers of every rank included")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string();
    writeTiny(in, plainTensors());
    const ProcessResult result = runMantissa({"verify", in, "--against", in, "--json"});
    CAPTURE(result.err);
    CHECK(result.exitCode == 0);
    CHECK(json::parse(result.out)["layers"].size() == 4);
    const json report = json::parse(result.out);
    for (const json& layer : report["layers"])
        CHECK(layer["relative_error"] == 0);

    auto broken = plainTensors();
    broken[0].bytes[5] = '\x7f'; // NaN
    writeTiny(folder / "nan", broken);
    CHECK(runMantissa({"verify", (folder / "nan").string()}).exitCode == 6);
}

TEST_CASE("convert casts and decodes plain fp8")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string(), out = (folder / "out").string();
    writeTiny(in, plainTensors());
    const auto source = openCheckpoint(in);
    REQUIRE(source);
    for (const std::string option : {"--dtype", "--dequantize"}) {
        CAPTURE(option);
        const ProcessResult result
            = runMantissa({"convert", in, "-o", out, option, "bfloat16", "--overwrite"});
        CAPTURE(result.err);
        REQUIRE(result.exitCode == 0);
        const auto written = openCheckpoint(out);
        REQUIRE(written);
        REQUIRE((*written)->tensors().size() == (*source)->tensors().size());
        for (const TensorInfo& tensor : (*source)->tensors()) {
            CAPTURE(tensor.name);
            CHECK(infoOf(**written, tensor.name).dtype == DType::BF16);
            CHECK(floatsOf(**written, tensor.name) == floatsOf(**source, tensor.name));
        }
    }
    // Without a dtype nothing changes.
    REQUIRE(runMantissa({"convert", in, "-o", out, "--overwrite"}).exitCode == 0);
    CHECK(infoOf(**openCheckpoint(out), "blocks.0.attn.proj.weight").dtype == DType::F8E4M3);
}

TEST_CASE("scaled_fp8 files are quantized where a rule asks, and the rest moves to today's convention")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string(), out = (folder / "out").string();
    writeTiny(in, scaledTensors("scaled_fp8"));
    const ProcessResult result = runMantissa({"quantize", "-i", in, "-o", out, "--format", "int8_tensorwise",
        "--set", "^blocks\\.0=int8_tensorwise"});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    CHECK_THAT(result.err, Catch::Contains("quantized again"));
    const auto written = openCheckpoint(out);
    REQUIRE(written);
    CHECK(infoOf(**written, "blocks.0.attn.proj.weight").dtype == DType::I8);
    CHECK((*written)->find("scaled_fp8") < 0);
    CHECK((*written)->find("blocks.0.attn.proj.scale_weight") < 0);
    CHECK((*written)->find("blocks.1.attn.proj.scale_weight") < 0);
    CHECK(floatsOf(**written, "blocks.1.attn.proj.weight_scale") == std::vector<float>{0.25f});
    CHECK(floatsOf(**written, "blocks.1.attn.proj.input_scale") == std::vector<float>{2.0f});
    CHECK((*written)->find("blocks.1.attn.proj.comfy_quant") >= 0);

    const ProcessResult verified = runMantissa({"verify", out, "--against", in, "--json"});
    CAPTURE(verified.out);
    CHECK(verified.exitCode == 0);
    const json layers = json::parse(verified.out)["layers"];
    for (const json& layer : layers) {
        CAPTURE(layer.dump());
        if (layer["name"] == "blocks.1.attn.proj")
            CHECK(layer["relative_error"] == 0);
        else
            CHECK(layer["snr_db"].get<double>() > 25);
    }
}

TEST_CASE("scaled_fp8 files decode and move, layers without a scale among them")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string(), out = (folder / "out").string();
    writeTiny(in, scaledTensors("scaled_fp8"));
    REQUIRE(runMantissa({"convert", in, "-o", out, "--dequantize", "float32"}).exitCode == 0);
    const auto source = openCheckpoint(in), decoded = openCheckpoint(out);
    auto wanted = floatsOf(**source, "blocks.1.attn.proj.weight");
    for (float& value : wanted)
        value *= 0.25f;
    CHECK(floatsOf(**decoded, "blocks.1.attn.proj.weight") == wanted);
    CHECK(
        floatsOf(**decoded, "blocks.2.attn.proj.weight") == floatsOf(**source, "blocks.2.attn.proj.weight"));
    CHECK((*decoded)->find("scaled_fp8") < 0);

    REQUIRE(runMantissa({"convert", in, "-o", out, "--overwrite"}).exitCode == 0);
    CHECK(runMantissa({"verify", out, "--against", in}).exitCode == 0);
    CHECK(runMantissa({"verify", in}).exitCode == 0);
}

TEST_CASE("A plan that leaves stored layers alone says how to quantize them again")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string();
    auto tensors = scaledTensors("scaled_fp8");
    tensors.erase(tensors.begin() + 5);
    writeTiny(in, tensors);
    const json analysis = json::parse(runMantissa({"analyze", in, "--format", "nvfp4", "--json"}).out);
    CHECK(analysis["quantized"] == 0);
    CHECK(analysis["warnings"].dump().find("--set") != std::string::npos);
}
