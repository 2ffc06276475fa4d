// SPDX-License-Identifier: GPL-3.0-or-later
// What ours does where convert-to-quant 1.3.4 fails or writes files that do not load.
#include "tests/ctq/ctq_harness.h"

#include "engine/formats/storage_format.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

using namespace mantissa;
using namespace mantissa::test;

namespace {

using Args = std::vector<std::string>;

const Args kCommon = {"--simple", "--comfy_quant", "--save-quant-metadata", "--manual_seed", "123",
    "--calib_samples", "64", "--verbose", "MINIMAL", "--device", "cpu"};

/// Runs on a golden input and reads what came out.
class Conversion {
public:
    Conversion(const std::string& input, Args args, const Args& common = kCommon)
    {
        folder.fetch(input);
        args.insert(args.begin(), {"-i", input, "-o", "out.safetensors"});
        args.insert(args.end(), common.begin(), common.end());
        Result<CtqOutcome> result = runIn(folder, args);
        if (!result)
            FAIL(result.error().message << " (" << result.error().where << ")");
        outcome = std::move(*result);
        file = std::make_unique<GoldenFile>(folder.read("out.safetensors"));
    }

    bool says(const std::string& layer, const std::string& part) const
    {
        return std::any_of(outcome.notes.begin(), outcome.notes.end(), [&](const std::string& note) {
            return note.starts_with(layer) && note.find(part) != std::string::npos;
        });
    }

    ScratchFolder folder;
    CtqOutcome outcome;
    std::unique_ptr<GoldenFile> file;
};

bool allZero(const GoldenTensor& tensor)
{
    return std::all_of(tensor.bytes.begin(), tensor.bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

void checkSame(const GoldenFile& a, const GoldenFile& b, const std::string& name)
{
    INFO(name);
    CHECK(a.at(name).dtype == b.at(name).dtype);
    CHECK(a.at(name).shape == b.at(name).shape);
    CHECK(a.at(name).bytes == b.at(name).bytes);
}

/// Relative error of a layer as its format's decoder reads it, against the original weight.
double relativeError(
    const GoldenFile& file, const std::string& layer, std::string_view formatId, const GoldenTensor& original)
{
    const StorageFormat* const format = findFormat(formatId);
    REQUIRE(format);
    const MatrixShape shape{original.shape.at(0), original.shape.at(1)};
    const auto params = format->paramsFromSettings(settingsText(file, layer), shape);
    REQUIRE(params);
    std::vector<StoredTensor> stored = format->layout(shape, *params);
    for (StoredTensor& tensor : stored) {
        const GoldenTensor& found = file.at(layer + "." + tensor.suffix);
        CHECK(found.shape == tensor.shape);
        CHECK(found.dtype == nameOf(tensor.dtype));
    }
    const auto reader = [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) -> Status {
        const auto& bytes = file.at(layer + "." + stored[tensor].suffix).bytes;
        REQUIRE(offset + dst.size() <= bytes.size());
        std::memcpy(dst.data(), bytes.data() + offset, dst.size());
        return {};
    };
    const auto decoder = format->decoder(shape, *params, stored, reader);
    REQUIRE(decoder);
    const std::vector<float> weight = original.floats();
    std::vector<float> decoded(weight.size());
    REQUIRE((*decoder)->decodeRows(0, shape.rows, decoded));
    double signal = 0, noise = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
        signal += std::pow(static_cast<double>(weight[i]), 2);
        noise += std::pow(static_cast<double>(decoded[i] - weight[i]), 2);
    }
    return std::sqrt(noise / signal);
}

const Args kBf16Layers = {"double_blocks.0.img_attn.proj", "double_blocks.0.img_attn.qkv",
    "double_blocks.0.img_mlp.2", "final_layer.linear", "img_in"};

} // namespace

TEST_CASE("an all-zero INT8 layer gets codes 0 and scale 1")
{
    const Conversion tensor("input_zero.safetensors", {"--int8"});
    const GoldenFile golden("ctq/int8_tensor.safetensors"), input("ctq/input_zero.safetensors");
    CHECK(allZero(tensor.file->at("zero.proj.weight")));
    CHECK(tensor.file->at("zero.proj.weight").shape == std::vector<std::int64_t>{64, 128});
    CHECK(tensor.file->at("zero.proj.weight_scale").as<float>() == std::vector<float>{1.0f});
    CHECK(tensor.file->at("zero.proj.weight_scale").shape.empty());
    checkSame(*tensor.file, input, "zero.proj.bias");
    // The other layer is the one of input.safetensors.
    for (const char* part : {".weight", ".weight_scale", ".comfy_quant"})
        checkSame(*tensor.file, golden, std::string("double_blocks.0.img_attn.proj") + part);
    CHECK(headerEntry(*tensor.file, "zero.proj") == headerEntry(golden, "double_blocks.0.img_attn.proj"));
    CHECK(tensor.says("zero.proj", "all zeros"));

    const Conversion row("input_zero.safetensors", {"--int8", "--scaling_mode", "row"});
    CHECK(row.file->at("zero.proj.weight_scale").as<float>() == std::vector<float>(64, 1.0f));
    CHECK(row.file->at("zero.proj.weight_scale").shape == std::vector<std::int64_t>{64, 1});
    CHECK(row.says("zero.proj", "all zeros"));
    const Conversion rotated("input_zero.safetensors",
        {"--int8", "--scaling_mode", "row", "--dynamic-convrot", "--convrot-group-size", "64"});
    CHECK(allZero(rotated.file->at("zero.proj.weight")));
    CHECK(rotated.file->at("zero.proj.weight_scale").as<float>() == std::vector<float>(64, 1.0f));
}

TEST_CASE("an all-zero NVFP4 layer has no NaN")
{
    const Conversion run("input_zero.safetensors", {"--nvfp4"});
    CHECK(allZero(run.file->at("zero.proj.weight")));
    CHECK(run.file->at("zero.proj.weight").shape == std::vector<std::int64_t>{64, 64});
    CHECK(allZero(run.file->at("zero.proj.weight_scale")));
    CHECK(run.file->at("zero.proj.weight_scale_2").as<float>() == std::vector<float>{1.0f});
    checkSame(*run.file, GoldenFile("ctq/input_zero.safetensors"), "zero.proj.bias");
    CHECK(run.says("zero.proj", "all zeros"));
}

TEST_CASE("tiles that do not fit make a layer row-wise, and it says so")
{
    const Conversion run("input.safetensors", {"--scaling_mode", "block", "--block_size", "64"});
    const GoldenFile rows("ctq/fp8_row.safetensors");
    for (const char* layer : {"odd.proj", "token_embedder"}) {
        for (const char* part : {".weight", ".weight_scale", ".comfy_quant"})
            checkSame(*run.file, rows, std::string(layer) + part);
        CHECK(headerEntry(*run.file, layer) == headerEntry(rows, layer));
        CHECK(run.says(layer, "blockwise all the same"));
    }
}

TEST_CASE("a padded fallback layer with a bias works")
{
    const Conversion run(
        "input.safetensors", {"--exclude-layers", "odd\\.", "--fallback", "mxfp8", "--fallback-simple"});
    const GoldenFile plain("ctq/fp8_tensor.safetensors"), input("ctq/input.safetensors");
    const Exceptions except{
        {"odd.proj.weight", "odd.proj.weight_scale", "odd.proj.comfy_quant", "odd.proj.bias"}, {"odd.proj"}};
    for (const std::string& line : differences(*run.file, plain, except))
        FAIL_CHECK(line);
    CHECK(run.file->at("odd.proj.weight").shape == std::vector<std::int64_t>{128, 96});
    CHECK(settingsText(*run.file, "odd.proj") == R"({"format": "mxfp8", "orig_dtype": "torch.bfloat16"})");
    CHECK(headerEntry(*run.file, "odd.proj")
        == R"({"format":"mxfp8","group_size":32,"orig_dtype":"torch.bfloat16"})");
    CHECK(relativeError(*run.file, "odd.proj", "mxfp8", input.at("odd.proj.weight")) < 0.04);
    // The correction is small against the bias, and there.
    const auto before = input.at("odd.proj.bias").floats(), after = run.file->at("odd.proj.bias").floats();
    CHECK(before != after);
    for (std::size_t i = 0; i < before.size(); ++i)
        CHECK(std::abs(before[i] - after[i]) < 0.02f);
}

TEST_CASE("NVFP4 with custom layers runs on the CPU, in float32")
{
    const Conversion run("input.safetensors",
        {"--nvfp4", "--custom-layers", "double_blocks\\.0\\.img_mlp\\.0", "--custom-type", "fp8",
            "--custom-simple"});
    const GoldenFile nvfp4("ctq/nvfp4.safetensors"), fp8("ctq/fp8_tensor.safetensors"),
        input("ctq/input.safetensors");
    for (const char* part : {".weight", ".weight_scale", ".comfy_quant", ".bias"})
        checkSame(*run.file, fp8, std::string("double_blocks.0.img_mlp.0") + part);
    // A bfloat16 weight is the same with and without the rounding of the dedicated path.
    for (const std::string& layer : kBf16Layers) {
        for (const char* part : {".weight", ".weight_scale", ".weight_scale_2"})
            checkSame(*run.file, nvfp4, layer + part);
        CHECK(settingsText(*run.file, layer) == R"({"format": "nvfp4", "orig_dtype": "torch.bfloat16"})");
        CHECK(headerEntry(*run.file, layer)
            == R"({"format":"nvfp4","group_size":16,"orig_dtype":"torch.bfloat16"})");
    }
    CHECK(run.file->at("odd.proj.weight").bytes != nvfp4.at("odd.proj.weight").bytes);
    CHECK(relativeError(*run.file, "odd.proj", "nvfp4", input.at("odd.proj.weight")) < 0.15);
}

TEST_CASE("custom layers are rounded plainly where --simple was given, and it is said")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    Args args = {"-i", "input.safetensors", "-o", "o.safetensors", "--nvfp4", "--custom-layers", "img_mlp",
        "--custom-type", "fp8"};
    const auto learned = runIn(folder, args);
    REQUIRE(!learned);
    CHECK(learned.error().code == ErrorCode::Unsupported);
    CHECK_FALSE(folder.has("o.safetensors"));
    args.emplace_back("--simple");
    const auto plain = runIn(folder, args);
    REQUIRE(plain);
    CHECK(std::any_of(plain->notes.begin(), plain->notes.end(),
        [](const std::string& note) { return note.find("rounded plainly") != std::string::npos; }));
    checkSame(folder.read("o.safetensors"), GoldenFile("ctq/fp8_tensor.safetensors"),
        "double_blocks.0.img_mlp.0.weight");
}

TEST_CASE("layer configs store NVFP4, MXFP8 and hybrid layers as such")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    std::ofstream(folder.path() / "config.json")
        << R"({"_default": {"skip": true}, "img_attn.qkv": {"format": "nvfp4"},
        "img_attn.proj": {"format": "mxfp8"}, "img_mlp.2": {"format": "hybrid_mxfp8"},
        "final_layer": {"format": "float8_e4m3fn_rowwise"}})";
    Args args = {"-i", "input.safetensors", "-o", "o.safetensors", "--layer-config", "config.json"};
    args.insert(args.end(), kCommon.begin(), kCommon.end());
    const auto outcome = runIn(folder, args);
    REQUIRE(outcome);
    const GoldenFile file = folder.read("o.safetensors");
    const GoldenFile nvfp4("ctq/nvfp4.safetensors"), hybrid("ctq/hybrid_mxfp8.safetensors"),
        rows("ctq/fp8_row.safetensors");
    for (const char* part : {".weight", ".weight_scale", ".weight_scale_2"})
        checkSame(file, nvfp4, std::string("double_blocks.0.img_attn.qkv") + part);
    for (const char* part : {".weight", ".weight_scale"})
        checkSame(file, hybrid, std::string("double_blocks.0.img_attn.proj") + part);
    for (const char* part : {".weight", ".weight_scale", ".weight_scalar"})
        checkSame(file, hybrid, std::string("double_blocks.0.img_mlp.2") + part);
    for (const char* part : {".weight", ".weight_scale", ".comfy_quant"})
        checkSame(file, rows, std::string("final_layer.linear") + part);
    CHECK(settingsText(file, "double_blocks.0.img_mlp.2")
        == R"({"format": "hybrid_mxfp8", "orig_dtype": "torch.bfloat16"})");
    CHECK(outcome->notes.size() >= 4);
    CHECK_FALSE(file.has("img_in.weight_scale"));
}

TEST_CASE("--actcal does what its documentation says")
{
    // Made with the function of the tool's own module, which the packaged command fails to import.
    const std::map<std::string, float> expected = {{"double_blocks.0.img_attn.proj", 0x1.15f382p-9f},
        {"double_blocks.0.img_attn.qkv", 0x1.1a17acp-9f}, {"double_blocks.0.img_mlp.0", 0x1.3bd9dep-9f},
        {"double_blocks.0.img_mlp.2", 0x1.1c66d2p-8f}, {"double_blocks.0.img_mod.lin", 0x1.30de46p-9f},
        {"final_layer.linear", 0x1.4d6284p-9f}, {"img_in", 0x1.4aa01cp-9f}, {"odd.proj", 0x1.61f6dcp-9f},
        {"single_blocks.3.linear1", 0x1.35203cp-9f}, {"time_in.in_layer", 0x1.48a292p-8f},
        {"token_embedder", 0x1.29e57ep-9f}};
    const Conversion run(
        "fp8_tensor.safetensors", {"--actcal", "--actcal-device", "cpu", "--actcal-samples", "32"}, {});
    const GoldenFile before("ctq/fp8_tensor.safetensors");
    Exceptions except;
    for (const auto& [layer, scale] : expected) {
        const GoldenTensor& written = run.file->at(layer + ".input_scale");
        CHECK(written.shape.empty());
        INFO(layer);
        // A percentile picks one product; another order of summation may change its last bits.
        CHECK(written.as<float>().at(0) == Approx(scale).epsilon(1e-6));
        CHECK(settingsText(*run.file, layer)
            == R"({"format": "float8_e4m3fn", "orig_dtype": "torch.bfloat16", "input_scale_calibrated": true})");
        CHECK(headerEntry(*run.file, layer).find("\"input_scale_calibrated\":true") != std::string::npos);
        except.tensors.insert(except.tensors.end(), {layer + ".input_scale", layer + ".comfy_quant"});
        except.headerLayers.push_back(layer);
    }
    for (const std::string& line : differences(*run.file, before, except))
        FAIL_CHECK(line);
}

TEST_CASE("--dry-run analyze analyzes and writes nothing")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    Args args = {"-i", "input.safetensors", "-o", "o.safetensors", "--dry-run", "analyze", "--flux2"};
    args.insert(args.end(), kCommon.begin(), kCommon.end());
    const auto outcome = runIn(folder, args);
    REQUIRE(outcome);
    CHECK(outcome->written.empty());
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK(outcome->text.find("8 of 11 matrices would be quantized") != std::string::npos);
    CHECK(outcome->text.find("--flux2") != std::string::npos);
    const auto size = std::filesystem::file_size(
        std::filesystem::path(MANTISSA_TEST_DATA) / "ctq" / "fp8_filter.safetensors");
    const auto at = outcome->text.find(" tensors, ");
    REQUIRE(at != std::string::npos);
    const auto forecast = std::stoull(outcome->text.substr(at + 10));
    CHECK(std::abs(static_cast<std::int64_t>(forecast) - static_cast<std::int64_t>(size))
        < 16); // header padding
}

TEST_CASE("--dry-run create-template writes the template of the Python tool")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    REQUIRE(runIn(folder, {"-i", "input.safetensors", "--dry-run", "create-template"}));
    const auto slurp = [](const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    };
    const std::string expected
        = slurp(std::filesystem::path(MANTISSA_TEST_DATA) / "ctq" / "input_layer_config_template.json");
    REQUIRE_FALSE(expected.empty());
    CHECK(slurp(folder.path() / "input_layer_config_template.json") == expected);
}

TEST_CASE("--no-bias-correction leaves biases alone")
{
    const Conversion run("input.safetensors", {"--no-bias-correction"});
    const GoldenFile input("ctq/input.safetensors"), golden("ctq/fp8_tensor.safetensors");
    for (const auto& [name, tensor] : input.tensors())
        if (name.ends_with(".bias"))
            checkSame(*run.file, input, name);
    checkSame(*run.file, golden, "odd.proj.weight");
}
