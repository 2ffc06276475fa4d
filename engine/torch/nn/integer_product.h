// SPDX-License-Identifier: GPL-3.0-or-later
// Products of int8_tensorwise layers in INT8, as the GPU runtimes run them: the input is rotated where the
// weight is, then rounded to 8 bits with one scale a row, and multiplied by oneDNN's integer kernels. On CPUs
// with VNNI this is several times as fast as float32.
#pragma once

#include "engine/torch/prelude.h"

#include <cstdint>

namespace mantissa::nn {

struct IntegerWeight {
    at::Tensor codes; ///< int8 [out, in]
    at::Tensor scales; ///< float32 [out]
    std::int64_t rotation = 0; ///< ConvRot group; 0: none
};

/// x · Wᵀ + bias for x [..., in] on the CPU, in bfloat16 where x is, else float32. `bias` may be undefined.
at::Tensor integerLinear(const at::Tensor& x, const IntegerWeight& weight, const at::Tensor& bias);

} // namespace mantissa::nn
