// SPDX-License-Identifier: GPL-3.0-or-later
// The least-squares scale of a row whose codes are fixed.
#pragma once

#include "engine/torch/quantize/hessian.h"

namespace mantissa::quantize {

/// For a grid with one float32 scale a row: given values = codes · scale, the scales that minimize e·H·eᵀ,
/// s = (c·H·wᵀ) / (c·H·cᵀ). A row of zeros keeps its scale. Values and scales are natural order.
GridScales refitRowScales(
    const at::Tensor& tile, const at::Tensor& values, const HessianFactor& factor, const GridScales& scales);

} // namespace mantissa::quantize
