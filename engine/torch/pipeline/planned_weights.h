// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that a plan would export, for a network that runs without the export.
#pragma once

#include "engine/torch/weight_store.h"

#include "engine/plan/plan.h"

#include <memory>

namespace mantissa {

/// For WeightOptions::replace. Raises what resolving the plan or encoding a layer gives.
std::function<bool(const Layer&, std::span<float>)> plannedWeights(
    const std::shared_ptr<const Model>& model, const QuantPlan& plan);

} // namespace mantissa
