// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/bias_correction.h"

namespace mantissa::quantize {

at::Tensor biasCorrection(const at::Tensor& tile, const at::Tensor& values, const at::Tensor& mean)
{
    return at::mv((tile - values).t(), mean);
}

} // namespace mantissa::quantize
