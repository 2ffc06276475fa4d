// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/native_product.h"

namespace mantissa::nn {

NativeProducts nativeProducts(const at::Device& device)
{
    NativeProducts products;
    products.int8 = device.is_cpu();
    products.float8 = !device.is_cpu() && multipliesFloat8(device);
    return products;
}

at::Tensor nativeLinear(const at::Tensor& x, const NativeWeight& weight, const at::Tensor& bias)
{
    if (const auto* integer = std::get_if<IntegerWeight>(&weight))
        return integerLinear(x, *integer, bias).to(x.scalar_type());
    return float8Linear(x, std::get<Float8Weight>(weight), bias);
}

} // namespace mantissa::nn
