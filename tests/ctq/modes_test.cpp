// SPDX-License-Identifier: GPL-3.0-or-later
// Modes and rules that no golden run covers: names of outputs, odd inputs, what is kept and what is refused.
#include "tests/ctq/ctq_harness.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

using namespace mantissa;
using namespace mantissa::test;

namespace {

using Args = std::vector<std::string>;

struct Tensor {
    std::string name, dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;
};

/// Writes a safetensors file by hand.
void write(
    const std::filesystem::path& path, const std::vector<Tensor>& tensors, const std::string& metadata = "{}")
{
    std::string header = "{\"__metadata__\":" + metadata, data;
    for (const Tensor& tensor : tensors) {
        header += fmt::format(",\"{}\":{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
            tensor.name, tensor.dtype, fmt::join(tensor.shape, ","), data.size(),
            data.size() + tensor.bytes.size());
        data.append(tensor.bytes.begin(), tensor.bytes.end());
    }
    header += '}';
    const std::uint64_t size = header.size();
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(&size), sizeof size);
    file << header << data;
}

std::vector<std::uint8_t> floats(const std::vector<float>& values)
{
    std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

Tensor matrix(const std::string& name, std::int64_t rows, std::int64_t columns)
{
    std::vector<float> values(static_cast<std::size_t>(rows * columns));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(static_cast<int>(i * 2654435761u % 2001u) - 1000) * 1e-3f;
    return {name, "F32", {rows, columns}, floats(values)};
}

Tensor text(const std::string& name, const std::string& json)
{
    return {name, "U8", {static_cast<std::int64_t>(json.size())},
        std::vector<std::uint8_t>(json.begin(), json.end())};
}

Tensor zeros(const std::string& name, const std::string& dtype, std::vector<std::int64_t> shape)
{
    std::size_t count = dtype == "F32" ? 4 : 1;
    for (const std::int64_t dimension : shape)
        count *= static_cast<std::size_t>(dimension);
    return {name, dtype, std::move(shape), std::vector<std::uint8_t>(count)};
}

CtqOutcome run(const ScratchFolder& folder, const Args& args)
{
    auto outcome = runIn(folder, args);
    if (!outcome)
        FAIL(outcome.error().message << " (" << outcome.error().where << ")");
    return *outcome;
}

Error refused(const ScratchFolder& folder, const Args& args)
{
    const auto outcome = runIn(folder, args);
    REQUIRE(!outcome);
    return outcome.error();
}

} // namespace

TEST_CASE("outputs without a name get that of the Python tool")
{
    const std::vector<std::pair<Args, std::string>> cases = {{{"--simple"}, "simple_fp8_tensor"},
        {{"--simple", "--scaling_mode", "block2d"}, "simple_fp8_block2d"},
        {{"--simple", "--int8"}, "simple_int8_tensorwise"},
        {{"--simple", "--int8", "--scaling_mode", "row", "--flux2"}, "simple_int8mixed_rowwise"},
        {{"--simple", "--int8", "--scaling_mode", "block"}, "simple_int8_bs128"},
        {{"--simple", "--int8", "--scaling_mode", "block", "--block_size", "64"}, "simple_int8_bs64"},
        {{"--simple", "--nvfp4"}, "simple_nvfp4"}, {{"--simple", "--mxfp8", "--wan"}, "simple_mxfp8mixed"},
        {{"--simple", "--nvfp4", "--fallback", "fp8"}, "nvfp4_mixed"}};
    for (const auto& [options, suffix] : cases) {
        const ScratchFolder folder;
        write(folder.path() / "m.safetensors", {matrix("a.weight", 128, 128)});
        Args args = {"-i", "m.safetensors", "--calib_samples", "8"};
        args.insert(args.end(), options.begin(), options.end());
        CHECK(run(folder, args).written == folder.path() / ("m_" + suffix + ".safetensors"));
    }
}

TEST_CASE("relative paths are those of the working folder, also into folders that are made")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors", {matrix("a.weight", 16, 16)});
    CHECK(run(folder, {"-i", "m.safetensors", "-o", "new/deep/out.safetensors", "--simple"}).written
        == folder.path() / "new/deep/out.safetensors");
    CHECK(folder.has("new/deep/out.safetensors"));
    const std::string absolute = (folder.path() / "abs.safetensors").string();
    run(folder, {"-i", "m.safetensors", "-o", absolute, "--simple"});
    CHECK(folder.has("abs.safetensors"));
    // As the Python tool, a second run replaces the file.
    run(folder, {"-i", "m.safetensors", "-o", absolute, "--simple", "--int8"});
    CHECK(folder.read("abs.safetensors").at("a.weight").dtype == "I8");
}

TEST_CASE("a seed that is not given is new each time, and said")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors", {matrix("a.weight", 16, 16)});
    const std::string first = run(folder, {"-i", "m.safetensors", "-o", "o.safetensors", "--simple"}).text;
    const std::string second = run(folder, {"-i", "m.safetensors", "-o", "o.safetensors", "--simple"}).text;
    CHECK(first.starts_with("Using seed: "));
    CHECK(first != second);
}

TEST_CASE("the result does not depend on the number of threads")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    const Args common
        = {"-i", "input.safetensors", "--simple", "--manual_seed", "5", "--calib_samples", "33"};
    for (const char* threads : {"1", "3"}) {
        Args args = common;
        args.insert(args.end(), {"--threads", threads, "-o", std::string(threads) + ".safetensors"});
        run(folder, args);
    }
    CHECK(differences(folder.read("1.safetensors"), folder.read("3.safetensors")).empty());
}

TEST_CASE("rows of an odd shape and of a single row")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {matrix("one.weight", 1, 48), {"one.bias", "F32", {1}, floats({0.5f})}, matrix("odd.weight", 17, 5),
            {"odd.bias", "F32", {17}, floats(std::vector<float>(17, 1.0f))},
            zeros("empty.weight", "F32", {0, 8})});
    for (const Args& options : std::vector<Args>{{}, {"--scaling_mode", "row"}, {"--int8"},
             {"--int8", "--scaling_mode", "row"}, {"--nvfp4"}, {"--mxfp8"},
             {"--int8", "--scaling_mode", "row", "--convrot", "--convrot-group-size", "16"}}) {
        Args args = {"-i", "m.safetensors", "-o", "o.safetensors", "--simple", "--calib_samples", "7"};
        args.insert(args.end(), options.begin(), options.end());
        run(folder, args);
        const GoldenFile file = folder.read("o.safetensors");
        CHECK(file.at("empty.weight").shape == std::vector<std::int64_t>{0, 8});
        CHECK_FALSE(file.has("empty.comfy_quant"));
        if (!file.has("one.weight_scale_2") && file.at("one.weight_scale").dtype == "F32")
            CHECK(file.at("one.weight_scale").shape.empty()); // section 3.12
    }
}

TEST_CASE("layers that are quantized already are refused by name")
{
    const ScratchFolder folder;
    folder.fetch("fp8_tensor.safetensors");
    const Error error = refused(folder, {"-i", "fp8_tensor.safetensors", "-o", "o.safetensors", "--simple"});
    CHECK(error.code == ErrorCode::Unsupported);
    CHECK(error.where == "double_blocks.0.img_attn.proj.weight");
    CHECK_THAT(error.message, Catch::Contains("quantized already"));
    CHECK_FALSE(folder.has("o.safetensors"));
}

TEST_CASE("learned rounding is explained")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    for (const Args& options : std::vector<Args>{{}, {"--nvfp4"}, {"--int8", "--block_size", "64"}}) {
        Args args = {"-i", "input.safetensors", "-o", "o.safetensors"};
        args.insert(args.end(), options.begin(), options.end());
        const Error error = refused(folder, args);
        CHECK(error.code == ErrorCode::Unsupported);
        CHECK_THAT(error.message, Catch::Contains("learned rounding"));
        CHECK_THAT(error.hint, Catch::Contains("--simple") && Catch::Contains("mantissa quantize"));
    }
}

TEST_CASE("wrong numbers and patterns are refused")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors", {matrix("a.weight", 16, 16)});
    const Args base = {"-i", "m.safetensors", "-o", "o.safetensors", "--simple"};
    for (const Args& options : std::vector<Args>{{"--calib_samples", "0"}, {"--block_size", "0"},
             {"--block_size", "-1"}, {"--exclude-layers", "("}, {"--preserve-layers", "["},
             {"--custom-layers", "a"}, {"--custom-layers", "*", "--custom-type", "fp8"},
             {"--int8", "--convrot", "--convrot-group-size", "128"}, {"--edit-quant"},
             {"--edit-quant", "--add-keys", "x"}, {"--actcal", "--actcal-samples", "0"},
             {"--actcal", "--actcal-percentile", "101"}, {"--nvfp4", "--input-scales", "s.txt"}}) {
        Args args = base;
        args.insert(args.end(), options.begin(), options.end());
        INFO(options[0]);
        CHECK(refused(folder, args).code == ErrorCode::Usage);
    }
    CHECK(refused(folder, {"-i", "none.safetensors", "-o", "o", "--simple"}).code == ErrorCode::System);
    Args args = base;
    args.insert(args.end(), {"--layer-config", "none.json"});
    CHECK(refused(folder, args).code == ErrorCode::System);
    CHECK(refused(folder, {"-i", "m.safetensors", "-o", "o", "--convert-fp8-scaled"}).code
        == ErrorCode::InvalidInput);
    CHECK(refused(folder, {"-i", "m.safetensors", "-o", "o", "--legacy_input_add"}).code
        == ErrorCode::InvalidInput);
    CHECK(refused(folder, {"-i", "m.safetensors", "-o", "o", "--make-hybrid-mxfp8"}).code
        == ErrorCode::InvalidInput);
}

TEST_CASE("biases that do not fit their weights are refused")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {matrix("a.weight", 16, 16), {"a.bias", "F32", {3}, floats({1, 2, 3})}});
    const Error error = refused(folder, {"-i", "m.safetensors", "-o", "o.safetensors", "--simple"});
    CHECK(error.code == ErrorCode::InvalidInput);
    CHECK(error.where == "a.bias");
    CHECK_FALSE(folder.has("o.safetensors"));
}

TEST_CASE("a stopped run leaves nothing under the final name")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    std::stop_source source;
    source.request_stop();
    const auto outcome = runCtq({"-i", "input.safetensors", "-o", "o.safetensors", "--simple"}, folder.path(),
        JobContext{source.get_token(), nullptr});
    REQUIRE(!outcome);
    CHECK(outcome.error().code == ErrorCode::Cancelled);
    CHECK_FALSE(folder.has("o.safetensors"));
}

TEST_CASE("editing keeps the rotation in the header")
{
    const ScratchFolder folder;
    folder.fetch("int8_row_convrot64.safetensors");
    const CtqOutcome outcome = run(folder,
        {"-i", "int8_row_convrot64.safetensors", "-o", "o.safetensors", "--edit-quant",
            "--save-quant-metadata"});
    const GoldenFile file = folder.read("o.safetensors");
    CHECK(headerEntry(file, "img_in")
        == R"({"convrot":true,"convrot_groupsize":64,"format":"int8_tensorwise","orig_dtype":"torch.bfloat16","per_row":true})");
    CHECK(std::any_of(outcome.notes.begin(), outcome.notes.end(),
        [](const std::string& note) { return note.find("keeps the convrot") != std::string::npos; }));
}

TEST_CASE("layers that only the header names get a settings tensor, with every key")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {zeros("a.weight", "I8", {16, 16}), zeros("a.weight_scale", "F32", {16, 1})},
        R"({"_quantization_metadata": "{\"format_version\": \"1.0\", \"layers\": {\"a\": {\"format\": \"int8_tensorwise\", \"convrot\": true, \"convrot_groupsize\": 16}, \"ghost\": {\"format\": \"nvfp4\"}}}"})");
    run(folder,
        {"-i", "m.safetensors", "-o", "o.safetensors", "--edit-quant", "--add-keys", "'x': 1.5",
            "--quant-filter", "^a$"});
    const GoldenFile file = folder.read("o.safetensors");
    CHECK(settingsText(file, "a")
        == R"({"format": "int8_tensorwise", "convrot": true, "convrot_groupsize": 16, "x": 1.5})");
    CHECK(headerEntry(file, "a")
        == R"({"convrot":true,"convrot_groupsize":16,"format":"int8_tensorwise","x":1.5})");
    CHECK(headerEntry(file, "ghost") == R"({"format":"nvfp4"})");
    CHECK_FALSE(file.has("ghost.comfy_quant"));
}

TEST_CASE("broken settings are refused by name")
{
    const ScratchFolder folder;
    for (const std::string json : {"{", "[]", "\"x\""}) {
        write(folder.path() / "m.safetensors",
            {zeros("a.weight", "I8", {16, 16}), text("a.comfy_quant", json)});
        const Error error = refused(
            folder, {"-i", "m.safetensors", "-o", "o.safetensors", "--edit-quant", "--save-quant-metadata"});
        CHECK(error.code == ErrorCode::InvalidInput);
        CHECK(error.where == "a.comfy_quant");
    }
    write(folder.path() / "m.safetensors", {zeros("a.weight", "I8", {16, 16})},
        R"({"_quantization_metadata": "oops"})");
    CHECK(refused(folder, {"-i", "m.safetensors", "-o", "o", "--edit-quant", "--save-quant-metadata"}).code
        == ErrorCode::InvalidInput);
}

TEST_CASE("legacy INT8 is labelled after its scales")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {zeros("row.weight", "I8", {64, 128}), zeros("row.scale_weight", "F32", {64, 1}),
            zeros("one.weight", "I8", {64, 128}), zeros("one.scale_weight", "F32", {1}),
            zeros("tile.weight", "I8", {64, 128}), zeros("tile.scale_weight", "F32", {2, 4}),
            matrix("plain.weight", 4, 4), zeros("plain.scale_weight", "F32", {1}),
            zeros("tile.scale_input", "F32", {1}),
            text("old.comfy_quant", R"({"format": "x", "params": {"group_size": 8, "format": "y"}})")});
    run(folder,
        {"-i", "m.safetensors", "-o", "o.safetensors", "--convert-int8-scaled", "--save-quant-metadata"});
    const GoldenFile file = folder.read("o.safetensors");
    CHECK(settingsText(file, "row") == R"({"format": "int8_tensorwise"})");
    CHECK(settingsText(file, "one") == R"({"format": "int8_tensorwise"})");
    CHECK(settingsText(file, "tile") == R"({"format": "int8_blockwise", "group_size": 32})");
    CHECK(settingsText(file, "old") == R"({"format": "x", "group_size": 8})");
    CHECK(file.at("row.weight_scale").shape == std::vector<std::int64_t>{64, 1});
    CHECK(file.at("one.weight_scale").shape.empty());
    CHECK(file.at("tile.input_scale").shape.empty());
    CHECK_FALSE(file.has("plain.scale_weight"));
    CHECK_FALSE(file.has("row.input_scale"));
    CHECK(headerEntry(file, "tile") == R"({"format":"int8_blockwise","group_size":32})");
    CHECK(headerEntry(file, "plain").empty());
}

TEST_CASE("legacy FP8 of every kind is labelled after its scales")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {zeros("scaled_fp8", "F8_E4M3", {2}), zeros("row.weight", "F8_E4M3", {64, 128}),
            zeros("row.scale_weight", "F32", {64}), zeros("tile.weight", "F8_E4M3", {64, 128}),
            zeros("tile.scale_weight", "F32", {2, 4}), zeros("flat.weight", "F8_E4M3", {64, 128}),
            zeros("flat.scale_weight", "F32", {8}), zeros("wide.weight", "F8_E5M2", {64, 128}),
            zeros("wide.scale_weight", "F32", {1}), zeros("wide.scale_input", "F32", {1})});
    const Args args
        = {"-i", "m.safetensors", "-o", "o.safetensors", "--convert-fp8-scaled", "--full-precision-mm"};
    run(folder, args);
    const GoldenFile file = folder.read("o.safetensors");
    CHECK(settingsText(file, "row")
        == R"({"format": "float8_e4m3fn_rowwise", "full_precision_matrix_mult": true})");
    CHECK(settingsText(file, "tile")
        == R"({"format": "float8_e4m3fn_blockwise", "group_size": 32, "full_precision_matrix_mult": true})");
    CHECK(settingsText(file, "flat") == settingsText(file, "tile"));
    CHECK(settingsText(file, "wide") == R"({"format": "float8_e5m2", "full_precision_matrix_mult": true})");
    CHECK(file.has("wide.input_scale"));
    CHECK_FALSE(file.has("scaled_fp8"));
    Args filtered = args;
    filtered.insert(filtered.end(), {"--hp-filter", "ti"});
    CHECK(refused(folder, filtered).code == ErrorCode::CheckFailed);
}

TEST_CASE("hybrid scales come from another file where one is named")
{
    const ScratchFolder folder;
    folder.fetch("mxfp8.safetensors");
    folder.fetch("fp8_tensor.safetensors");
    run(folder,
        {"-i", "mxfp8.safetensors", "-o", "o.safetensors", "--make-hybrid-mxfp8", "--tensor-scales",
            "fp8_tensor.safetensors"});
    const GoldenFile file = folder.read("o.safetensors"), scales = folder.read("fp8_tensor.safetensors");
    for (const char* layer : {"img_in", "odd.proj"})
        CHECK(file.at(std::string(layer) + ".weight_scalar").bytes
            == scales.at(std::string(layer) + ".weight_scale").bytes);
}

TEST_CASE("input scales may come from a checkpoint")
{
    const ScratchFolder folder;
    folder.fetch("input.safetensors");
    folder.fetch("nvfp4_inputscales.safetensors");
    run(folder,
        {"-i", "input.safetensors", "-o", "o.safetensors", "--nvfp4", "--simple", "--manual_seed", "123",
            "--calib_samples", "64", "--input-scales", "nvfp4_inputscales.safetensors"});
    CHECK(differences(folder.read("o.safetensors"), GoldenFile("ctq/nvfp4_inputscales.safetensors")).empty());
}

TEST_CASE("--t5xxl removes the decoder, the NVFP4 path does not")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {matrix("encoder.q.weight", 16, 16), matrix("decoder.q.weight", 16, 16),
            matrix("lm_head.weight", 16, 16), zeros("decoder.norm", "F32", {4})});
    run(folder, {"-i", "m.safetensors", "-o", "o.safetensors", "--simple", "--t5xxl"});
    CHECK(folder.read("o.safetensors").tensors().size() == 4); // weight, two scales, settings
    run(folder, {"-i", "m.safetensors", "-o", "n.safetensors", "--simple", "--t5xxl", "--nvfp4"});
    CHECK(folder.read("n.safetensors").has("decoder.norm"));
    CHECK(folder.read("n.safetensors").at("lm_head.weight").dtype == "BF16"); // excluded, cast
}

TEST_CASE("qwen_vlm keeps the first and the last language layer")
{
    const ScratchFolder folder;
    std::vector<Tensor> tensors;
    for (const int layer : {0, 1, 2, 10})
        tensors.push_back(matrix(fmt::format("model.language_model.layers.{}.q.weight", layer), 16, 16));
    tensors.push_back(matrix("model.visual.merger.weight", 16, 16));
    write(folder.path() / "m.safetensors", tensors);
    run(folder,
        {"-i", "m.safetensors", "-o", "o.safetensors", "--simple", "--qwen_vlm", "--output-dtype",
            "float16"});
    const GoldenFile file = folder.read("o.safetensors");
    const auto dtype = [&](int layer) {
        return file.at(fmt::format("model.language_model.layers.{}.q.weight", layer)).dtype;
    };
    CHECK(dtype(0) == "BF16"); // preserved as bfloat16 at most, whatever the output dtype
    CHECK(dtype(1) == "F8_E4M3");
    CHECK(dtype(2) == "F8_E4M3");
    CHECK(dtype(10) == "BF16");
    CHECK(file.at("model.visual.merger.weight").dtype == "BF16");
    CHECK(file.at("model.language_model.layers.1.q.input_scale").bytes
        == file.at("model.language_model.layers.1.q.weight_scale").bytes);
}

TEST_CASE("krea2 keeps some weights in float32")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors",
        {matrix("first.weight", 16, 16), matrix("tmlp.1.weight", 16, 16),
            matrix("blocks.0.q.weight", 16, 16)});
    run(folder, {"-i", "m.safetensors", "-o", "o.safetensors", "--simple", "--krea2"});
    const GoldenFile file = folder.read("o.safetensors");
    CHECK(file.at("first.weight").dtype == "F32");
    CHECK(file.at("tmlp.1.weight").dtype == "BF16");
    CHECK(file.at("blocks.0.q.weight").dtype == "F8_E4M3");
}

TEST_CASE("--json prints one document")
{
    const ScratchFolder folder;
    write(folder.path() / "m.safetensors", {matrix("a.weight", 16, 16)});
    const Args args = {"-i", "m.safetensors", "-o", "o.safetensors", "--simple", "--json"};
    CHECK(ctqWantsJson(args));
    const std::string json = run(folder, args).text;
    CHECK(json.starts_with("{\"file\": \""));
    CHECK_THAT(json,
        Catch::Contains(
            R"("layers": [{"name": "a", "format": "float8_e4m3fn", "bytes_before": 1024, "bytes_after": 260}])"));
}
