// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/float8_product.h"

#include "kernels/kernel_set.h"

#include <optional>
#include <vector>

namespace mantissa::nn {

namespace {

constexpr double kLargest = kernels::kE4M3Max;
constexpr double kSmallestScale = 1e-12; ///< keeps the division finite for an input of zeros

} // namespace

at::Tensor float8Linear(const at::Tensor& x, const Float8Weight& weight, const at::Tensor& bias)
{
    const at::Tensor rows = x.reshape({-1, x.size(-1)}).to(at::kFloat);
    const at::Tensor scale = weight.inputScale.defined()
        ? weight.inputScale
        : rows.abs().amax().div(kLargest).clamp_min(kSmallestScale);
    const at::Tensor codes
        = rows.mul(scale.reciprocal()).clamp(-kLargest, kLargest).to(at::kFloat8_e4m3fn).contiguous();
    // CUDA's product takes a bias in 16 bits only.
    const bool fused = bias.defined() && x.scalar_type() != at::kFloat;
    const at::Tensor sums = at::_scaled_mm(codes, weight.codes.t(), scale, weight.scale,
        fused ? std::optional(bias.to(x.scalar_type())) : std::nullopt, {}, x.scalar_type());
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = weight.codes.size(0);
    const at::Tensor y = bias.defined() && !fused ? sums.add(bias.to(at::kFloat)) : sums;
    return y.reshape(shape);
}

bool multipliesFloat8(const at::Device& device)
{
    const auto floats = at::TensorOptions(device).dtype(at::kFloat);
    const Float8Weight weight{at::zeros({kFloat8Alignment, kFloat8Alignment}, floats).to(at::kFloat8_e4m3fn),
        at::ones({}, floats), {}};
    try {
        float8Linear(at::ones({kFloat8Alignment, kFloat8Alignment}, floats.dtype(at::kBFloat16)), weight, {});
    } catch (const c10::Error&) {
        return false; // an older GPU
    }
    return true;
}

} // namespace mantissa::nn
