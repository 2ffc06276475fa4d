// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/quantize/hessian.h"

namespace mantissa::quantize {

namespace {

constexpr double kMoreDamping = 10.0;
/// With this much of the diagonal's mean added, any matrix of second moments can be factored.
constexpr double kMostDamping = 1e4;

} // namespace

HessianFactor factorHessian(const at::Tensor& hessian, double damping)
{
    const at::Tensor diagonal = hessian.diagonal();
    const double mean = diagonal.mean().item<double>();
    if (!std::isfinite(mean) || !at::isfinite(hessian.sum()).item<bool>())
        raise(ErrorCode::InvalidInput, "the statistics of a layer's inputs are not finite");
    HessianFactor factor;
    factor.order = at::argsort(diagonal, /*stable=*/true, 0, /*descending=*/true);
    factor.hessian = hessian.index_select(0, factor.order).index_select(1, factor.order);
    // Inputs that are always zero: any positive weight will do.
    const double unit = mean > 0 ? mean : 1.0;
    const at::Tensor undamped = factor.hessian.diagonal().clone();
    at::Tensor upper;
    for (factor.damping = damping; factor.damping <= kMostDamping; factor.damping *= kMoreDamping) {
        factor.hessian.diagonal().copy_(undamped + factor.damping * unit);
        // Cholesky gives lower factors; turned round in both directions, one is the upper factor wanted.
        at::Tensor turned = factor.hessian.flip({0, 1});
        if (factor.damping != damping)
            turned = turned.to(at::kDouble);
        const auto [lower, info] = at::linalg_cholesky_ex(turned);
        turned.reset();
        if (info.item<int>() == 0) {
            upper = lower.flip({0, 1});
            break;
        }
    }
    if (!upper.defined())
        raise(ErrorCode::InvalidInput, "the second moments of a layer's inputs are no such thing");
    const at::Tensor roots = upper.diagonal().clone();
    factor.pivots = (roots * roots).to(at::kFloat);
    factor.feedback = upper.div_(roots).to(at::kFloat).contiguous();
    return factor;
}

at::Tensor dampedDiagonal(const at::Tensor& diagonal, double damping)
{
    return diagonal + damping * diagonal.mean();
}

at::Tensor transformHessian(const at::Tensor& hessian, const at::Tensor& factors, std::size_t rotation)
{
    at::Tensor result = hessian;
    if (factors.defined())
        result = hessian / factors / factors.unsqueeze(1);
    if (rotation != 0) {
        result = result.clone();
        rotateRows(result, rotation);
        result = result.t().contiguous();
        rotateRows(result, rotation);
    }
    return result;
}

double outputError(const at::Tensor& errors, const at::Tensor& hessian)
{
    return at::mm(hessian, errors).mul_(errors).sum(at::kDouble).item<double>();
}

} // namespace mantissa::quantize
