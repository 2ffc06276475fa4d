// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/rule_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace mantissa {

namespace {

constexpr MessageSource kNearInt8 = messageSource("Engine", "GGML's blocks of 8 bits became INT8 by rows");
constexpr MessageSource kNearInt4
    = messageSource("Engine", "GGML's blocks of 4 bits became INT4 with blocks of 64");
constexpr MessageSource kNothingBetween
    = messageSource("Engine", "there is nothing between 4 and 8 bits; INT8 by rows loses less");
constexpr MessageSource kNothingBelow
    = messageSource("Engine", "there is nothing below 4 bits; INT4 is the smallest that any card reads");
constexpr MessageSource kFloats
    = messageSource("Engine", "float types of single layers cannot be chosen; they stay as they are");

constexpr std::array kGgmlTypes{
    GgmlTypeName{"f32", "", kFloats},
    GgmlTypeName{"f16", "", kFloats},
    GgmlTypeName{"bf16", "", kFloats},
    GgmlTypeName{"q8_0", "int8_tensorwise", kNearInt8},
    GgmlTypeName{"q8_1", "int8_tensorwise", kNearInt8},
    GgmlTypeName{"q8_k", "int8_tensorwise", kNearInt8},
    GgmlTypeName{"q6_k", "int8_tensorwise", kNothingBetween},
    GgmlTypeName{"q5_0", "int8_tensorwise", kNothingBetween},
    GgmlTypeName{"q5_1", "int8_tensorwise", kNothingBetween},
    GgmlTypeName{"q5_k", "int8_tensorwise", kNothingBetween},
    GgmlTypeName{"q4_0", "int4", kNearInt4},
    GgmlTypeName{"q4_1", "int4", kNearInt4},
    GgmlTypeName{"q4_k", "int4", kNearInt4},
    GgmlTypeName{"iq4_nl", "int4", kNearInt4},
    GgmlTypeName{"iq4_xs", "int4", kNearInt4},
    GgmlTypeName{"mxfp4", "int4", kNearInt4},
    GgmlTypeName{"nvfp4", "nvfp4", {}},
    GgmlTypeName{"q3_k", "int4", kNothingBelow},
    GgmlTypeName{"iq3_s", "int4", kNothingBelow},
    GgmlTypeName{"iq3_xxs", "int4", kNothingBelow},
    GgmlTypeName{"q2_k", "int4", kNothingBelow},
    GgmlTypeName{"iq2_s", "int4", kNothingBelow},
    GgmlTypeName{"iq2_xs", "int4", kNothingBelow},
    GgmlTypeName{"iq2_xxs", "int4", kNothingBelow},
};

/// Of formats that no type of GGML is imported as, the nearest type: as many bits, and a grid of that kind.
struct NearType {
    std::string_view format, type;
};
constexpr std::array kNearTypes{
    NearType{"asym_w4a8_int8", "q4_1"}, // a scale and an offset a block
    NearType{"awq_w4a16", "q4_1"},
    NearType{"convrot_w4a4", "q4_0"},
    NearType{"svdquant_w4a4", "q4_0"},
    NearType{"nf4", "iq4_nl"}, // a table of 16 uneven values
    NearType{"fp4", "nvfp4"}, // E2M1
    NearType{"svdquant_nvfp4", "nvfp4"},
};
constexpr std::string_view kWideType = "q8_0";

constexpr std::array kComfyTypes{
    ComfyQuantsName{"fp8_e4m3", "float8_e4m3fn", "fp8_static", "per_tensor", "null"},
    ComfyQuantsName{"fp8_e4m3fn", "float8_e4m3fn", {}, {}, {}},
    ComfyQuantsName{"fp8_e5m2", "float8_e5m2", "fp8_static", "per_tensor", "null"},
    ComfyQuantsName{"int8_w8a8", "int8_tensorwise", "int8_w8a8", "per_channel", "out_features"},
    ComfyQuantsName{"int8", "int8_tensorwise", {}, {}, {}},
    ComfyQuantsName{"mxfp8", "mxfp8", "mxfp8", "block", "in_features"},
    ComfyQuantsName{"nvfp4", "nvfp4", "nvfp4", "block", "in_features"},
};

constexpr std::array<std::string_view, 9> kLayerConfigFormats{"float8_e4m3fn", "float8_e4m3fn_rowwise",
    "float8_e4m3fn_blockwise", "float8_e4m3fn_block3d", "int8_blockwise", "int8_tensorwise", "nvfp4", "mxfp8",
    "hybrid_mxfp8"};

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

template <typename Table> auto* find(const Table& table, std::string_view name)
{
    const auto found = std::ranges::find(
        table, std::string_view(lowered(name)), [](const auto& each) { return each.name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace

const GgmlTypeName* findGgmlType(std::string_view name)
{
    return find(kGgmlTypes, name);
}

bool isSameInGgml(const Choice& choice)
{
    return choice.format == "nvfp4";
}

std::string_view nearestGgmlType(const Choice& choice)
{
    if (choice.format == "asym_w4a8_int8" && choice.params.bits == 6)
        return "q6_k";
    if (const auto* const near = std::ranges::find(kNearTypes, choice.format, &NearType::format);
        near != kNearTypes.end())
        return near->type;
    const auto* const same = std::ranges::find(kGgmlTypes, choice.format, &GgmlTypeName::format);
    return same != kGgmlTypes.end() ? same->name : kWideType;
}

const ComfyQuantsName* findComfyQuantsName(std::string_view name)
{
    return find(kComfyTypes, name);
}

const ComfyQuantsName* comfyQuantsNameOf(std::string_view format)
{
    const auto* const found = std::ranges::find_if(kComfyTypes,
        [&](const ComfyQuantsName& each) { return each.format == format && !each.algorithm.empty(); });
    return found == kComfyTypes.end() ? nullptr : found;
}

std::span<const std::string_view> layerConfigFormats()
{
    return kLayerConfigFormats;
}

std::string_view formatOfLayerConfig(std::string_view name, std::string_view scaling)
{
    if (name == "float8_e4m3fn_block3d")
        name = "float8_e4m3fn_blockwise"; // an alias in 1.3.4
    const bool block = scaling == "block" || scaling == "block2d" || scaling == "block3d";
    if (name == "float8_e4m3fn" && scaling == "row")
        return "float8_e4m3fn_rowwise";
    if (name == "float8_e4m3fn" && block)
        return "float8_e4m3fn_blockwise";
    if (name == "int8_tensorwise" && block)
        return "int8_blockwise";
    return name;
}

std::string_view layerConfigScaling(const Choice& choice)
{
    if (choice.format == "int8_tensorwise")
        return choice.params.scaling;
    if (choice.format.ends_with("_rowwise"))
        return "row";
    if (choice.format.ends_with("_blockwise"))
        return "block";
    return choice.format == "float8_e4m3fn" ? "tensor" : std::string_view();
}

} // namespace mantissa
