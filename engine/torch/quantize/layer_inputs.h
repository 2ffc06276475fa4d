// SPDX-License-Identifier: GPL-3.0-or-later
// What a request and its statistics ask for, checked, and made ready for the steps.
#pragma once

#include "engine/torch/layer_quantizer.h"
#include "engine/torch/quantize/hessian.h"

namespace mantissa::quantize {

/// Raises Usage where a step lacks what it needs, InvalidInput for statistics of a wrong size.
void checkRequest(const LayerRequest& request);

bool correctsBias(const LayerRequest& request);
/// No step but the choice of scales, and that without weights: the format's own encoder does it.
bool isPlain(const LayerRequest& request);
/// Something is done that data could have misled.
bool needsData(const LayerRequest& request);

/// The statistics in the grid's basis.
struct PreparedInputs {
    at::Tensor factors; ///< t [N]; undefined: none
    double alpha = 0;
    std::optional<HessianFactor> factor; ///< its tensors may be shared: only read
    std::vector<float> columnWeights; ///< for scales; empty: unweighted
};
/// Searches smoothing factors, transforms and factors the Hessian.
PreparedInputs prepareInputs(const LayerRequest& request, const CodeGrid& grid);

/// The tokens that the gate measures on: every second held-out token, at most 512. The others are for
/// searches.
at::Tensor gateTokens(std::span<const float> heldOut, std::int64_t channels);

} // namespace mantissa::quantize
