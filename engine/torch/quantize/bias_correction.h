// SPDX-License-Identifier: GPL-3.0-or-later
// Bias correction (arXiv 1906.04721) from real activation means.
#pragma once

#include "engine/torch/quantize/tiles.h"

namespace mantissa::quantize {

/// What to add to the bias of a tile's rows so that the mean output stays: (W − Ŵ)·E[x], [R].
at::Tensor biasCorrection(const at::Tensor& tile, const at::Tensor& values, const at::Tensor& mean);

} // namespace mantissa::quantize
