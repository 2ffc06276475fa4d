// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of convert-to-quant's own output files: settings text in both places, and hybrid_mxfp8, which
// only exists as a whole file.
#include "tests/formats/golden_cases.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::test;

namespace {

const std::string kSettings = ".comfy_quant";

std::string text(const GoldenTensor& tensor)
{
    return {tensor.bytes.begin(), tensor.bytes.end()};
}

/// The format that a settings text names.
const StorageFormat* formatOf(const std::string& json)
{
    const std::string key = "\"format\": \"";
    const auto begin = json.find(key) + key.size();
    return findFormat(json.substr(begin, json.find('"', begin) - begin));
}

} // namespace

TEST_CASE("Settings are written as convert-to-quant writes them, in the tensor and in the header")
{
    const GoldenFile input("ctq/input.safetensors");
    int checked = 0;
    for (const char* const run : {"fp8_tensor", "fp8_row", "fp8_block64", "fp8_tensor_inputscale_fpmm",
             "int8_tensor", "int8_row", "int8_row_convrot", "int8_row_convrot64", "int8_row_dynconvrot",
             "int8_block64_heur", "nvfp4", "mxfp8", "hybrid_mxfp8", "mixed_custom_int8row",
             "mixed_custom_convrot", "mixed_custom_nvfp4", "mixed_custom_mxfp8"}) {
        const GoldenFile file(fmt::format("ctq/{}.safetensors", run));
        const std::string header = file.metadata().at("_quantization_metadata");
        for (const auto& [name, tensor] : file.tensors()) {
            if (name.size() <= kSettings.size() || name.substr(name.size() - kSettings.size()) != kSettings)
                continue;
            const std::string layer = name.substr(0, name.size() - kSettings.size());
            INFO(run << ": " << layer);
            const auto* const format = formatOf(text(tensor));
            REQUIRE(format != nullptr);
            const auto& weight = input.at(layer + ".weight");
            const MatrixShape shape{weight.shape.at(0), weight.shape.at(1)};
            const auto params = format->paramsFromSettings(text(tensor), shape);
            REQUIRE(params);
            const Arithmetic style
                = startsWith(run, "mixed_custom") ? Arithmetic::CtqCustom : Arithmetic::Default;
            const auto settings = format->settings(shape, *params, "torch.bfloat16", style);
            CHECK(settings.tensorJson == text(tensor));
            CHECK(header.find(fmt::format("\"{}\": {}", layer, settings.headerJson)) != std::string::npos);
            ++checked;
        }
    }
    CHECK(checked > 150);
}

TEST_CASE("hybrid_mxfp8 equals convert-to-quant's conversion")
{
    const GoldenFile input("ctq/input.safetensors"), golden("ctq/hybrid_mxfp8.safetensors");
    const auto* const format = findFormat("hybrid_mxfp8");
    const std::string suffix = ".weight_scalar";
    int checked = 0;
    for (const auto& [name, scalar] : golden.tensors()) {
        if (name.size() <= suffix.size() || name.substr(name.size() - suffix.size()) != suffix)
            continue;
        const std::string layer = name.substr(0, name.size() - suffix.size());
        INFO(layer);
        const auto& weight = input.at(layer + ".weight");
        EncodeRequest request;
        request.shape = {weight.shape.at(0), weight.shape.at(1)};
        request.params = resolved(*format, request.shape);
        request.arithmetic = Arithmetic::CtqSimple;
        const auto stored = encodeLayer(*format, request, weight.floats());
        REQUIRE(stored.tensors.size() == 3);
        for (std::size_t i = 0; i < stored.tensors.size(); ++i)
            CHECK(difference(
                      golden.at(layer + "." + stored.tensors[i].suffix), stored.tensors[i], stored.bytes[i])
                == "");
        ++checked;
    }
    CHECK(checked == 11);
}
