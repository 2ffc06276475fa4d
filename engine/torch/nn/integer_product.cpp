// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/integer_product.h"

#include "kernels/dispatch.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace mantissa::nn {

namespace {

constexpr std::int64_t kRowsPerTask = 16; ///< rows of the input that one thread takes at a time

struct QuantizedInput {
    at::Tensor codes; ///< int8 [rows, in]
    at::Tensor scales; ///< float32 [rows]
};

/// x [rows, in], float32 or bfloat16, contiguous.
QuantizedInput quantizeRows(const at::Tensor& x, std::int64_t rotation)
{
    const std::int64_t rows = x.size(0), width = x.size(1);
    QuantizedInput quantized{at::empty({rows, width}, at::kChar), at::empty({rows}, at::kFloat)};
    const auto* const src = static_cast<const std::byte*>(x.const_data_ptr());
    const auto rowBytes = static_cast<std::size_t>(width) * x.element_size();
    const bool narrow = x.scalar_type() == at::kBFloat16;
    auto* const codes = quantized.codes.data_ptr<std::int8_t>();
    auto* const scales = quantized.scales.data_ptr<float>();
    const kernels::KernelSet& kernelSet = kernels::activeKernels();
    at::parallel_for(0, rows, kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> row(static_cast<std::size_t>(width));
        for (std::int64_t r = begin; r < end; ++r) {
            const std::byte* const values = src + static_cast<std::size_t>(r) * rowBytes;
            if (narrow)
                kernelSet.floatFromBF16(values, row.size(), row.data());
            else
                std::memcpy(row.data(), values, rowBytes);
            if (rotation > 0)
                kernelSet.rotate(
                    row.data(), row.size(), static_cast<std::size_t>(rotation), kernels::Precision::F32);
            const float largest = kernelSet.absmax(row.data(), row.size());
            const float scale = std::max(largest / 127.0f, 1e-30f); // comfy-kitchen's row formula
            kernelSet.encodeInt8Divide(
                row.data(), row.size(), scale, kernels::Precision::F32, -128, codes + r * width);
            scales[r] = scale;
        }
    });
    return quantized;
}

/// y[r, c] = sum · rowScale · columnScale + addend, in float32, rounded to y's type once.
void scaleSums(const at::Tensor& sums, const at::Tensor& rowScales, const at::Tensor& columnScales,
    const at::Tensor& addends, const at::Tensor& y)
{
    const std::int64_t out = sums.size(1);
    const auto* const sum = sums.const_data_ptr<std::int32_t>();
    const auto* const rowScale = rowScales.const_data_ptr<float>();
    const auto* const columnScale = columnScales.const_data_ptr<float>();
    const auto* const addend = addends.const_data_ptr<float>();
    auto* const dst = static_cast<std::byte*>(y.data_ptr());
    const auto rowBytes = static_cast<std::size_t>(out) * y.element_size();
    const bool narrow = y.scalar_type() == at::kBFloat16;
    const kernels::KernelSet& kernelSet = kernels::activeKernels();
    at::parallel_for(0, sums.size(0), kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> row(static_cast<std::size_t>(out));
        for (std::int64_t r = begin; r < end; ++r) {
            const float scale = rowScale[r];
            const std::int32_t* const from = sum + r * out;
            for (std::int64_t c = 0; c < out; ++c)
                row[static_cast<std::size_t>(c)]
                    = static_cast<float>(from[c]) * (scale * columnScale[c]) + addend[c];
            std::byte* const to = dst + static_cast<std::size_t>(r) * rowBytes;
            if (narrow)
                kernelSet.bf16FromFloat(row.data(), row.size(), to);
            else
                std::memcpy(to, row.data(), rowBytes);
        }
    });
}

} // namespace

at::Tensor integerLinear(const at::Tensor& x, const IntegerWeight& weight, const at::Tensor& bias)
{
    const std::int64_t out = weight.codes.size(0);
    const at::ScalarType type = x.scalar_type() == at::kBFloat16 ? at::kBFloat16 : at::kFloat;
    const at::Tensor rows = x.to(type).reshape({-1, x.size(-1)}).contiguous();
    const QuantizedInput input = quantizeRows(rows, weight.rotation);
    const at::Tensor sums = at::_int_mm(input.codes, weight.codes.t());
    const at::Tensor added = bias.defined() ? bias.to(at::kFloat).contiguous() : at::zeros({out}, at::kFloat);
    const at::Tensor y = at::empty({rows.size(0), out}, type);
    scaleSums(sums, input.scales, weight.scales, added, y);
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = out;
    return y.reshape(shape);
}

} // namespace mantissa::nn
