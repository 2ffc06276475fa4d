// SPDX-License-Identifier: GPL-3.0-or-later
// The 16-bit low-rank branch of SVDQuant (arXiv 2411.05007), W ≈ Q + up·down, chosen for the layer's output.
#pragma once

#include "engine/torch/quantize/hessian.h"

namespace mantissa::quantize {

/// Both factors hold bfloat16 values.
struct Branch {
    at::Tensor up; ///< [M, r]
    at::Tensor down; ///< [r, N]
    bool defined() const { return up.defined(); }
    at::Tensor product() const { return at::mm(up, down); } ///< [M, N]
};

/// The best rank-r approximation of a matrix A [M, N] in the norm of the output error, tr(E·H·Eᵀ): with H =
/// C·Cᵀ it is SVD_r(A·C)·C⁻¹ (closed form; C is the factor M·√d). By subspace iteration, deterministic.
Branch weightedBranch(const at::Tensor& residual, const HessianFactor& factor, std::int64_t rank);
/// The same without statistics: SVD_r(A).
Branch plainBranch(const at::Tensor& residual, std::int64_t rank);

} // namespace mantissa::quantize
