// SPDX-License-Identifier: GPL-3.0-or-later
// Names of other tools for storage formats: what the import and the export of rules both go by.
#pragma once

#include "engine/plan/plan.h"

#include <span>
#include <string_view>

namespace mantissa {

/// A type of GGML that stores weights (ggml/src/ggml.c, type_traits).
struct GgmlTypeName {
    std::string_view name; ///< "q8_0"
    std::string_view format; ///< what the import makes of it; empty: the layer stays as it is
    MessageSource note; ///< where the two are not the same; may be empty
};
/// By its name in any case; null where there is none.
const GgmlTypeName* findGgmlType(std::string_view name);
/// The type whose numbers are nearest to those of a choice.
std::string_view nearestGgmlType(const Choice& choice);
/// Whether it holds the same numbers as the choice, but for how scales are found.
bool isSameInGgml(const Choice& choice);

/// A format of comfy-quants (Comfy-Org/comfy-quants: src/comfy_quants/formats/).
struct ComfyQuantsName {
    std::string_view name; ///< "fp8_e4m3": target_dtype
    std::string_view format; ///< ours
    /// What its configs say beside the name; empty where configs with globs do not have it.
    std::string_view algorithm, granularity, axis;
};
/// By its name in any case; null where there is none.
const ComfyQuantsName* findComfyQuantsName(std::string_view name);
/// How a config with globs names a format of ours; null where it cannot.
const ComfyQuantsName* comfyQuantsNameOf(std::string_view format);

/// The formats that a layer config of convert-to-quant 1.3.4 may name (spec quant-formats, section 5.5).
std::span<const std::string_view> layerConfigFormats();
/// The format of ours that holds what a layer config asks for.
std::string_view formatOfLayerConfig(std::string_view name, std::string_view scaling);
/// The scaling mode that a layer config needs beside the name of the format; empty where it needs none.
std::string_view layerConfigScaling(const Choice& choice);

} // namespace mantissa
