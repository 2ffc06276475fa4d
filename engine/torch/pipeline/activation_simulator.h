// SPDX-License-Identifier: GPL-3.0-or-later
// What a runtime does to the inputs of quantized layers, done to a network that multiplies in floating point:
// pictures then show W8A8 and W4A4 as users will get them, not only the loss in the weights.
#pragma once

#include "engine/torch/nn/network_context.h"

#include "engine/formats/activation_grid.h"
#include "engine/plan/plan.h"

#include <map>
#include <string>

namespace mantissa {

/// Rounds the input of each quantized layer as the runtime of its format does: divided by the stored factors,
/// rotated, rounded, and brought back, so that the decoded weight can be multiplied with it. The branch of
/// SVDQuant sees the rounded inputs too, where a runtime gives it the exact ones: those results are a little
/// too bad.
class ActivationSimulator final : public LayerObserver {
public:
    /// For the component with this prefix, whose weights these are. With `plan`, as if the model were
    /// exported by it; else as stored. Both are only used here. Raises Failure for a stored layer whose
    /// settings cannot be read. Layers that the store gives as they are stored are left alone: their products
    /// round the input themselves.
    ActivationSimulator(const WeightStore& weights, const std::string& prefix, const ResolvedPlan* plan);
    at::Tensor input(std::string_view layer, const at::Tensor& x) override;
    /// Layers whose inputs are rounded.
    std::size_t size() const { return m_layers.size(); }

private:
    struct Rounding {
        ActivationGrid grid = ActivationGrid::None;
        std::size_t rotation = 0;
        at::Tensor factors; ///< float32 [K]: the runtime divides by them; undefined: none
        float inputScale = 0; ///< stored with the layer; 0: the runtime scales by itself
    };
    std::map<std::string, Rounding, std::less<>> m_layers; ///< by path below the network
};

} // namespace mantissa
