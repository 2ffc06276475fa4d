// SPDX-License-Identifier: GPL-3.0-or-later
// Products of float8 layers in FP8, as ComfyUI runs them on Ada and later GPUs: the input is rounded to E4M3
// with one scale, and multiplied by libtorch's scaled product.
#pragma once

#include "engine/torch/prelude.h"

namespace mantissa::nn {

/// Rows and columns of an FP8 matrix are multiples of it (cuBLASLt; libtorch checks it).
constexpr std::int64_t kFloat8Alignment = 16;

struct Float8Weight {
    at::Tensor codes; ///< float8_e4m3fn or float8_e5m2 [out, in], both multiples of kFloat8Alignment
    at::Tensor scale; ///< float32, one number: what codes are multiplied with
    at::Tensor inputScale; ///< float32, one number, as stored; undefined: found from each input
};

/// x · Wᵀ + bias for x [..., in] on the weight's device, in the type of x. `bias` may be undefined.
at::Tensor float8Linear(const at::Tensor& x, const Float8Weight& weight, const at::Tensor& bias);

/// Whether libtorch multiplies FP8 on this device.
bool multipliesFloat8(const at::Device& device);

} // namespace mantissa::nn
