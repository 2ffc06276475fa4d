// SPDX-License-Identifier: GPL-3.0-or-later
// The link between an export and the methods that need a calibration run: one layer, its statistics, and the
// recipe become the bytes of its stored tensors.
#pragma once

#include "engine/calibration/statistics_file.h"
#include "engine/export/assembly.h"
#include "engine/export/shared_inputs.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <memory>

namespace mantissa {

/// Whether a layer is quantized with statistics: the recipe needs them, they are there (null: none), and the
/// format has methods for the layer's shape. Else it is encoded without data.
bool usesStatistics(
    const Layer& layer, const Choice& choice, RecipeLevel level, const StatisticsFile* statistics);

/// Quantizes `layer` of the model as `choice` says. The result's tensors are those of the format's layout
/// and, where the layer has a bias, the bias in `biasDtype`. Loads libtorch when it is first called. The
/// model must outlive it; `inputs` is what the layers of one export share.
WholeQuantizer calibratedQuantizer(const Model& model, const Layer& layer, const Choice& choice,
    RecipeLevel level, std::shared_ptr<SharedInputs> inputs, DType biasDtype);

} // namespace mantissa
