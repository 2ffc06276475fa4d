// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/projected_rounding.h"

#include <algorithm>

namespace mantissa::quantize {

namespace {

/// convert-to-quant's defaults (cli/main.py).
constexpr double kTopPart = 0.2;
constexpr std::int64_t kLeast = 256, kMost = 1280;

} // namespace

at::Tensor projectedTarget(const at::Tensor& weight, const at::Tensor& rounded)
{
    const std::int64_t rank = std::min(weight.size(0), weight.size(1));
    const auto wanted = static_cast<std::int64_t>(kTopPart * static_cast<double>(rank));
    const std::int64_t k = std::min(std::clamp(wanted, kLeast, kMost), rank);
    const auto [u, s, v] = at::linalg_svd(weight, /*full_matrices=*/false);
    const at::Tensor left = u.narrow(1, 0, k), right = v.narrow(0, 0, k);
    const at::Tensor inside = at::mm(at::mm(left.t(), rounded - weight), right.t());
    return rounded - at::mm(at::mm(left, inside), right);
}

} // namespace mantissa::quantize
