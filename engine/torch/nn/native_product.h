// SPDX-License-Identifier: GPL-3.0-or-later
// Products of weights as they are stored, the way the GPU runtimes run them: the input is rounded to the same
// kind of number, and the product is scaled. One kind of storage is one alternative here.
#pragma once

#include "engine/torch/prelude.h"

#include "engine/torch/nn/float8_product.h"
#include "engine/torch/nn/integer_product.h"

#include <variant>

namespace mantissa::nn {

using NativeWeight = std::variant<IntegerWeight, Float8Weight>;

/// Which weights are multiplied as they are stored.
struct NativeProducts {
    bool int8 = false; ///< int8_tensorwise; on the CPU only
    bool float8 = false; ///< float8_e4m3fn and float8_e5m2 with one scale
};

/// What pays on this device: INT8 on the CPU (oneDNN), FP8 on GPUs whose libtorch multiplies it, which is
/// found out by a product of 16 by 16.
NativeProducts nativeProducts(const at::Device& device);

/// x · Wᵀ + bias for x [..., in], in the type of x. `bias` may be undefined.
at::Tensor nativeLinear(const at::Tensor& x, const NativeWeight& weight, const at::Tensor& bias);

} // namespace mantissa::nn
