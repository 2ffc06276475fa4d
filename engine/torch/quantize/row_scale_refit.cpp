// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/row_scale_refit.h"

namespace mantissa::quantize {

GridScales refitRowScales(
    const at::Tensor& tile, const at::Tensor& values, const HessianFactor& factor, const GridScales& scales)
{
    const at::Tensor old = viewOf(scales.scale, 1).squeeze(0);
    const at::Tensor codes = (values / old).index_select(0, factor.order);
    const at::Tensor product = at::mm(factor.hessian, codes);
    const at::Tensor weights = tile.index_select(0, factor.order);
    const at::Tensor below = (product * codes).sum(0), above = (product * weights).sum(0);
    const at::Tensor fitted = at::where((below > 0).logical_and(above > 0), above / below, old).contiguous();
    GridScales result = scales;
    const auto found = spanOf(fitted);
    result.scale.assign(found.begin(), found.end());
    return result;
}

} // namespace mantissa::quantize
