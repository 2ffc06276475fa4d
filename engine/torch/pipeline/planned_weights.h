// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that a plan would export, for a network that runs without the export.
#pragma once

#include "engine/torch/weight_store.h"

#include "engine/calibration/statistics_file.h"
#include "engine/export/calibrated_layers.h"
#include "engine/plan/plan.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace mantissa {

/// Layers that the recipe quantizes with statistics are quantized when they are first asked for, which takes
/// seconds each, and kept as they are stored, in CalibratedLayers. Calls raise what encoding a layer gives.
/// Thread-safe.
class PlannedWeights {
public:
    virtual ~PlannedWeights() = default;
    /// For WeightOptions::replace.
    virtual bool replace(const Layer& layer, LayerPart part, std::span<float> dst) = 0;
    /// What the export stores with a quantized layer under these suffixes ("pre_quant_scale"), float32 in the
    /// stored shape; undefined where its format has no such tensor.
    virtual std::vector<at::Tensor> stored(const Layer& layer, std::span<const std::string_view> suffixes)
        = 0;
};

/// `statistics` may be null. `calibrated`, where it is not null, must be of the same model and plan; else the
/// layers are kept in an object of their own. Raises what resolving the plan gives; Usage where the recipe
/// needs statistics and there are none.
std::shared_ptr<PlannedWeights> makePlannedWeights(std::shared_ptr<const Model> model, const QuantPlan& plan,
    std::shared_ptr<const StatisticsFile> statistics, std::shared_ptr<CalibratedLayers> calibrated = nullptr);

} // namespace mantissa
