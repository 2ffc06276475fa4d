// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files through the command line: looked at, quantized again, made ordinary files of.
#include "engine/export/cast.h"
#include "engine/io/tensor_source.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensor_values.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

using namespace mantissa;
using namespace mantissa::test;
using nlohmann::json;

namespace {

/// So many blocks of random codes behind scales of 2^-10.
std::string randomBlocks(std::size_t count, std::size_t bytes, std::size_t halves)
{
    std::mt19937 engine(static_cast<unsigned>(count + bytes));
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t half = 0; half < halves; ++half)
            out += GgufBytes::le<std::uint16_t>(0x1400);
        for (std::size_t byte = 2 * halves; byte < bytes; ++byte)
            out += static_cast<char>(engine());
    }
    return out;
}

GgufBytes tinyGguf()
{
    GgufBytes file;
    file.entry("general.architecture", "flux")
        .entry("general.file_type", gguf::kU32, GgufBytes::le<std::uint32_t>(15))
        .entry("tokenizer.ggml.model", "none");
    std::string shape;
    for (const std::int32_t side : {64, 64, 3, 3})
        shape += GgufBytes::le(side);
    file.entry(
        "comfy.gguf.orig_shape.blocks.1.conv.weight", gguf::kList, GgufBytes::list(gguf::kI32, 4, shape));
    file.tensors = {{"blocks.0.attn.proj.weight", {64, 256}, gguf::kQ4_K, randomBlocks(64, 144, 2), {}},
        {"blocks.0.attn.proj.bias", {64}, gguf::kF32, std::string(256, '\0'), {}},
        {"blocks.1.attn.proj.weight", {64, 128}, gguf::kQ8_0, randomBlocks(256, 34, 1), {}},
        {"blocks.1.norm.weight", {128}, gguf::kF32, std::string(512, '\0'), {}},
        {"blocks.1.plain.weight", {64, 64}, gguf::kF16, std::string(8192, '\x11'), {}},
        {"blocks.1.conv.weight", {144, 256}, gguf::kQ8_0, randomBlocks(1152, 34, 1), {}}};
    return file;
}

std::vector<float> roundedTo(DType dtype, const std::vector<float>& values)
{
    std::vector<std::byte> cast;
    std::vector<float> scratch, out(values.size());
    REQUIRE(castElements(DType::F32, std::as_bytes(std::span(values)), dtype, cast, scratch));
    REQUIRE(toFloats(dtype, cast, out));
    return out;
}

} // namespace

TEST_CASE("inspect says what a GGUF file is quantized as")
{
    const TempFolder folder;
    const std::string in = (folder / "in.gguf").string();
    writeFile(in, tinyGguf().bytes());
    const ProcessResult result = runMantissa({"inspect", in, "--layers", "--json"});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    const json report = json::parse(result.out);
    CHECK(report["container"] == "gguf");
    CHECK(report["quantization"]["scheme"] == "gguf");
    CHECK(report["quantization"]["layers"] == json{{"gguf_q8_0", 2}, {"gguf_q4_k", 1}});
    CHECK(report["metadata"]["general.architecture"] == "flux");
    CHECK(report["architecture"]["id"] == "unknown"); // the keys decide; what the file says is no proof
    CHECK(report["architecture"]["evidence"].back() == "the metadata entry `general.architecture` says flux");
    CHECK(report["dtypes"] == json{{"F32", 2}, {"F16", 1}, {"GGUF Q4_K", 1}, {"GGUF Q8_0", 2}});
    for (const json& layer : report["layers"])
        if (layer["name"] == "blocks.1.conv") {
            CHECK(layer["shape"] == json{64, 64, 3, 3});
            CHECK(layer["kind"] == "conv2d");
            CHECK(layer["format"] == "gguf_q8_0");
        }
    std::uint64_t bytes = 0;
    for (const json& part : report["components"])
        bytes += part["bytes"].get<std::uint64_t>();
    CHECK(bytes == 64 * 144 + 256 + 256 * 34 + 512 + 8192 + 1152 * 34);

    const ProcessResult text = runMantissa({"inspect", in, "--tree"});
    CHECK_THAT(text.out, Catch::Contains("quantized: gguf") && Catch::Contains("1 layers in GGUF Q4_K"));
    CHECK_THAT(text.out, Catch::Contains("[GGUF Q8_0]"));
}

TEST_CASE("a GGUF file is quantized again, with a warning, and what is kept becomes 16-bit floats")
{
    const TempFolder folder;
    const std::string in = (folder / "in.gguf").string(), out = (folder / "out.safetensors").string();
    writeFile(in, tinyGguf().bytes());
    const ProcessResult result = runMantissa(
        {"quantize", "-i", in, "-o", out, "--format", "float8_e4m3fn", "--report-error", "--json"});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    CHECK_THAT(result.err, Catch::Contains("2 layers are quantized already"));
    CHECK_THAT(result.err, !Catch::Contains("no smaller"));
    const auto source = openCheckpoint(in), written = openCheckpoint(out);
    REQUIRE(source);
    REQUIRE(written);
    CHECK(infoOf(**written, "blocks.0.attn.proj.weight").dtype == DType::F8E4M3);
    CHECK(infoOf(**written, "blocks.1.attn.proj.weight").dtype == DType::F8E4M3);
    CHECK(infoOf(**written, "blocks.1.norm.weight").dtype == DType::F32);
    const TensorInfo& conv = infoOf(**written, "blocks.1.conv.weight");
    CHECK(conv.dtype == DType::BF16);
    CHECK(conv.shape == Shape{64, 64, 3, 3});
    CHECK(floatsOf(**written, "blocks.1.conv.weight")
        == roundedTo(DType::BF16, floatsOf(**source, "blocks.1.conv.weight")));
    const auto& metadata = (*written)->info().metadata;
    CHECK(metadata.at("general.architecture") == "flux");
    CHECK_FALSE(metadata.contains("general.file_type"));
    CHECK_FALSE(metadata.contains("tokenizer.ggml.model"));

    const ProcessResult verified = runMantissa({"verify", out, "--against", in, "--json"});
    CAPTURE(verified.out);
    CHECK(verified.exitCode == 0);
    const json layers = json::parse(verified.out)["layers"];
    CHECK(layers.size() == 3);
    for (const json& layer : layers)
        CHECK(layer["relative_error"].get<double>() < 0.05);

    // The promised size is the size, and the errors of a plan can be measured.
    const json analysis
        = json::parse(runMantissa({"analyze", in, "--format", "float8_e4m3fn", "--errors", "--json"}).out);
    CHECK(analysis["quantized"] == 3);
    const ProcessResult half = runMantissa({"quantize", "-i", in, "-o", out, "--format", "float8_e4m3fn",
        "--output-dtype", "float16", "--overwrite"});
    REQUIRE(half.exitCode == 0);
    CHECK(infoOf(**openCheckpoint(out), "blocks.1.conv.weight").dtype == DType::F16);
}

TEST_CASE("convert makes an ordinary file of a GGUF file")
{
    const TempFolder folder;
    const std::string in = (folder / "in.gguf").string(), out = (folder / "out.safetensors").string();
    writeFile(in, tinyGguf().bytes());
    const auto source = openCheckpoint(in);
    REQUIRE(source);
    for (const std::string option : {"", "--dtype", "--dequantize"}) {
        CAPTURE(option);
        std::vector<std::string> arguments{"convert", in, "-o", out, "--overwrite"};
        if (!option.empty())
            arguments.insert(arguments.end(), {option, "float32"});
        const ProcessResult result = runMantissa(arguments);
        CAPTURE(result.err);
        REQUIRE(result.exitCode == 0);
        CHECK_THAT(result.out, Catch::Contains("3 tensors were decoded"));
        const auto written = openCheckpoint(out);
        REQUIRE(written);
        REQUIRE((*written)->tensors().size() == (*source)->tensors().size());
        const DType wanted = option.empty() ? DType::BF16 : DType::F32;
        CHECK(infoOf(**written, "blocks.0.attn.proj.weight").dtype == wanted);
        for (const char* name : {"blocks.0.attn.proj.weight", "blocks.1.conv.weight"})
            CHECK(floatsOf(**written, name) == roundedTo(wanted, floatsOf(**source, name)));
        CHECK(floatsOf(**written, "blocks.1.plain.weight") == floatsOf(**source, "blocks.1.plain.weight"));
        const ProcessResult verified = runMantissa({"verify", in, "--against", out, "--json"});
        CHECK(verified.exitCode == 0);
        const json report = json::parse(verified.out);
        REQUIRE(report["layers"].size() == 3);
        for (const json& layer : report["layers"])
            CHECK(layer["relative_error"].get<double>() < (option.empty() ? 0.01 : 1e-30));
    }
}

TEST_CASE("formats lists GGUF as read only")
{
    const json listed = json::parse(runMantissa({"formats", "--json"}).out);
    CHECK(listed["formats"].dump().find("gguf") == std::string::npos);
    CHECK(listed["read_only"].dump().find("gguf_q4_k") != std::string::npos);
    CHECK_THAT(runMantissa({"formats"}).out, Catch::Contains("read, not written: GGUF Q4_0"));
    CHECK(runMantissa({"quantize", "-i", "x", "-o", "y", "--format", "gguf_q4_k"}).exitCode == 2);
}

TEST_CASE("tools that copy what they do not change refuse a GGUF file and say what to do")
{
    const TempFolder folder;
    const std::string in = (folder / "in.gguf").string(), out = (folder / "out.safetensors").string();
    writeFile(in, tinyGguf().bytes());
    for (const ProcessResult& result : {runMantissa({"edit", in, "-o", out, "--set-metadata", "a=b"}),
             runMantissa({"ctq", "-i", in, "-o", out})}) {
        CHECK(result.exitCode != 0);
        CHECK_THAT(result.err, Catch::Contains("GGUF Q4_K") && Catch::Contains("mantissa convert"));
        CHECK_FALSE(std::filesystem::exists(out));
    }
}

TEST_CASE("types that cannot be decoded are shown, and refused before anything is written")
{
    const TempFolder folder;
    const std::string in = (folder / "in.gguf").string(), out = (folder / "out.safetensors").string();
    GgufBytes file = tinyGguf();
    file.tensors.push_back(
        {"blocks.2.attn.proj.weight", {64, 256}, gguf::kIQ2_XXS, randomBlocks(64, 66, 1), {}});
    writeFile(in, file.bytes());
    const ProcessResult shown = runMantissa({"inspect", in});
    REQUIRE(shown.exitCode == 0);
    CHECK_THAT(shown.out, Catch::Contains("1 layers in GGUF IQ2_XXS"));
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"convert", in, "-o", out},
             std::vector<std::string>{"quantize", "-i", in, "-o", out, "--format", "float8_e4m3fn"}}) {
        const ProcessResult result = runMantissa(arguments);
        CAPTURE(result.err);
        CHECK(result.exitCode != 0);
        CHECK_THAT(result.err, Catch::Contains("GGUF IQ2_XXS") && Catch::Contains("cannot be decoded"));
        CHECK_FALSE(std::filesystem::exists(out));
        CHECK_FALSE(std::filesystem::exists(out + ".part"));
    }
}
