// SPDX-License-Identifier: GPL-3.0-or-later
// AdaRound (arXiv 2004.10568) on real inputs: learns for each weight whether to go to the grid value below or
// above it. Experimental: GPTQ is better and two orders of magnitude faster (spec/algorithms 1.6).
#pragma once

#include "engine/torch/quantize/hessian.h"

#include <functional>

namespace mantissa::quantize {

/// Minimizes Σ e·H·eᵀ over h in [0, 1], ŵ = below + h·(above − below), by Adam, while a penalty 1 − |2h −
/// 1|^β with falling β drives h to 0 or 1. Returns values of the grid, at least as good as plain rounding.
/// 2·R·N² operations a step. `cancelled` is asked before each step.
at::Tensor adaRound(const at::Tensor& tile, const HessianFactor& factor, const CodeGrid& grid,
    const GridScales& scales, int steps, const std::function<bool()>& cancelled);

/// The grid's value on the other side of each weight; the nearest value itself where there is none (past the
/// largest).
at::Tensor otherNeighbour(
    const at::Tensor& tile, const at::Tensor& nearest, const CodeGrid& grid, const GridScales& scales);

} // namespace mantissa::quantize
