// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/error_lora.h"

#include "engine/torch/failure.h"
#include "engine/torch/quantize/low_rank_branch.h"

namespace mantissa {

namespace {

constexpr double kDamping = 0.01; // as the recipes'

std::vector<float> vectorOf(const at::Tensor& tensor)
{
    const auto values = quantize::spanOf(tensor);
    return {values.begin(), values.end()};
}

} // namespace

Result<ErrorLora> extractErrorLora(MatrixShape shape, std::span<const float> weights,
    std::span<const float> quantized, std::span<const float> hessian, int rank)
{
    return guarded([&] {
        const c10::InferenceMode noGradients;
        const auto size = static_cast<std::size_t>(shape.rows * shape.cols);
        if (rank < 1)
            raise(ErrorCode::Usage, "a LoRA of rank {} holds nothing", rank);
        if (weights.size() != size || quantized.size() != size)
            raise(ErrorCode::Internal, "the weights have another size than the layer");
        if (!hessian.empty() && hessian.size() != static_cast<std::size_t>(shape.cols * shape.cols))
            raise(ErrorCode::Internal, "the second moments have another size than the layer");
        const at::Tensor lost
            = quantize::viewOf(weights, shape.rows) - quantize::viewOf(quantized, shape.rows);
        const quantize::Branch branch = hessian.empty()
            ? quantize::plainBranch(lost, rank)
            : quantize::weightedBranch(
                lost, quantize::factorHessian(quantize::viewOf(hessian, shape.cols), kDamping), rank);
        return ErrorLora{vectorOf(branch.up), vectorOf(branch.down)};
    });
}

} // namespace mantissa
