// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/integer_product.h"

#include "kernels/dispatch.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mantissa::nn {

namespace {

constexpr std::int64_t kRowsPerTask = 16; ///< rows of the input that one thread takes at a time

struct QuantizedInput {
    at::Tensor codes; ///< int8 [rows, in]
    at::Tensor scales; ///< float32 [rows]
};

QuantizedInput quantizeRows(const at::Tensor& x, std::int64_t rotation)
{
    const std::int64_t rows = x.size(0), width = x.size(1);
    QuantizedInput quantized{at::empty({rows, width}, at::kChar), at::empty({rows}, at::kFloat)};
    const float* const src = x.const_data_ptr<float>();
    auto* const codes = quantized.codes.data_ptr<std::int8_t>();
    auto* const scales = quantized.scales.data_ptr<float>();
    const kernels::KernelSet& kernelSet = kernels::activeKernels();
    at::parallel_for(0, rows, kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> row(static_cast<std::size_t>(width));
        for (std::int64_t r = begin; r < end; ++r) {
            std::copy_n(src + r * width, width, row.begin());
            if (rotation > 0)
                kernelSet.rotate(
                    row.data(), row.size(), static_cast<std::size_t>(rotation), kernels::Precision::F32);
            float largest = 0;
            for (const float value : row)
                largest = std::max(largest, std::fabs(value));
            const float scale = std::max(largest / 127.0f, 1e-30f); // comfy-kitchen's row formula
            kernelSet.encodeInt8Divide(
                row.data(), row.size(), scale, kernels::Precision::F32, -128, codes + r * width);
            scales[r] = scale;
        }
    });
    return quantized;
}

/// dst[r, c] = sum · rowScale · columnScale + addend, in float32, rounded to T once.
template <typename T>
void scaleSums(const at::Tensor& sums, const at::Tensor& rowScales, const at::Tensor& columnScales,
    const at::Tensor& addends, at::Tensor& y)
{
    const std::int64_t out = sums.size(1);
    const auto* const sum = sums.const_data_ptr<std::int32_t>();
    const auto* const rowScale = rowScales.const_data_ptr<float>();
    const auto* const columnScale = columnScales.const_data_ptr<float>();
    const auto* const addend = addends.const_data_ptr<float>();
    auto* const dst = y.data_ptr<T>();
    at::parallel_for(0, sums.size(0), kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t r = begin; r < end; ++r) {
            const float scale = rowScale[r];
            for (std::int64_t c = 0; c < out; ++c)
                dst[r * out + c] = static_cast<T>(
                    static_cast<float>(sum[r * out + c]) * (scale * columnScale[c]) + addend[c]);
        }
    });
}

} // namespace

at::Tensor integerLinear(const at::Tensor& x, const IntegerWeight& weight, const at::Tensor& bias)
{
    const std::int64_t out = weight.codes.size(0);
    const at::Tensor rows = x.to(at::kFloat).reshape({-1, x.size(-1)}).contiguous();
    const QuantizedInput input = quantizeRows(rows, weight.rotation);
    const at::Tensor sums = at::_int_mm(input.codes, weight.codes.t());
    const at::Tensor added = bias.defined() ? bias.to(at::kFloat).contiguous() : at::zeros({out}, at::kFloat);
    at::Tensor y
        = at::empty({rows.size(0), out}, x.scalar_type() == at::kBFloat16 ? at::kBFloat16 : at::kFloat);
    if (y.scalar_type() == at::kBFloat16)
        scaleSums<at::BFloat16>(sums, input.scales, weight.scales, added, y);
    else
        scaleSums<float>(sums, input.scales, weight.scales, added, y);
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = out;
    return y.reshape(shape);
}

} // namespace mantissa::nn
