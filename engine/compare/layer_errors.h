// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers of a variant are furthest from the original.
#pragma once

#include "engine/compare/comparison.h"
#include "engine/export/calibrated_layers.h"

namespace mantissa {

/// How many layers a report lists.
inline constexpr std::size_t kWorstLayers = 10;

/// Lowest signal-to-noise ratio first; at most kWorstLayers. Empty for a variant without quantized layers. Of
/// an export, the errors of what it stores; of a plan, those that it would make. Reads all quantized weights.
/// `calibrated`: the layers of a plan that statistics make; null for other variants.
Result<std::vector<LayerError>> worstLayers(
    const VariantSpec& variant, const Model& original, CalibratedLayers* calibrated, const JobContext& job);

} // namespace mantissa
