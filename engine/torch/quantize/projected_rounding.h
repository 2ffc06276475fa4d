// SPDX-License-Identifier: GPL-3.0-or-later
// The learned rounding of Clybius and convert-to-quant, for comparison: no recipe uses it.
#pragma once

#include "engine/torch/quantize/tiles.h"

namespace mantissa::quantize {

/// Where their optimizer ends up (spec/algorithms 0.2 and 1.6): it minimizes ‖U_kᵀ·(ŵ − w)·V_k‖ over a
/// continuous ŵ that starts at the plainly rounded weight, and reaches nearly zero, which is the point ŵ −
/// U_k·U_kᵀ·(ŵ − w)·V_k·V_kᵀ; then it rounds again. k = clamp(0.2·rank, 256, 1280), at most the rank. Returns
/// that point [M, N].
at::Tensor projectedTarget(const at::Tensor& weight, const at::Tensor& rounded);

} // namespace mantissa::quantize
