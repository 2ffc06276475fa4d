// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that a plan would export, for a network that runs without the export.
#pragma once

#include "engine/torch/weight_store.h"

#include "engine/calibration/statistics_file.h"
#include "engine/export/calibrated_layers.h"
#include "engine/plan/plan.h"

#include <memory>

namespace mantissa {

/// For WeightOptions::replace. `statistics` may be null. Layers that the recipe quantizes with them are
/// quantized when they are first asked for, which takes seconds each, and kept as they are stored: in
/// `calibrated`, which must be of the same model and plan, or where that is null, in an object of their own.
/// Raises what resolving the plan or encoding a layer gives; Usage where the recipe needs statistics and
/// there are none.
std::function<bool(const Layer&, LayerPart, std::span<float>)> plannedWeights(
    const std::shared_ptr<const Model>& model, const QuantPlan& plan,
    std::shared_ptr<const StatisticsFile> statistics, std::shared_ptr<CalibratedLayers> calibrated = nullptr);

} // namespace mantissa
