// SPDX-License-Identifier: GPL-3.0-or-later
// GPTQ (arXiv 2210.17323) with activation order and scales that are fixed before: columns are rounded one
// after the other, and each takes over what the ones before it did to the layer's output.
#pragma once

#include "engine/torch/quantize/hessian.h"

namespace mantissa::quantize {

/// The values for a tile of weights. 2·R·N² operations and four tiles of memory.
at::Tensor gptq(
    const at::Tensor& tile, const HessianFactor& factor, const CodeGrid& grid, const GridScales& scales);

} // namespace mantissa::quantize
