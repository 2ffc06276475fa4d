// SPDX-License-Identifier: GPL-3.0-or-later
// The second moment H = E[x xᵀ] of a layer's inputs, made ready for the methods that go column by column.
#pragma once

#include "engine/torch/quantize/tiles.h"

namespace mantissa::quantize {

/// H in activation order: columns sorted by falling H_jj (GPTQ's "act-order"; with scales fixed in advance
/// any order can be stored). With H = M·diag(d)·Mᵀ, M unit upper triangular, the output error of a row e = ŵ
/// − w is e·H·eᵀ = Σ_i d_i·((e·M)_i)²: going through the columns in order, each code can cancel what the
/// codes before it did. That is GPTQ's recursion (equal to LDLQ, arXiv 2307.13304) without its inverse of H.
struct HessianFactor {
    at::Tensor order; ///< [N] int64: column at each place
    at::Tensor hessian; ///< [N, N] in that order, damped
    at::Tensor feedback; ///< M [N, N]
    at::Tensor pivots; ///< d [N]
    double damping = 0; ///< what was added, as a part of the mean of the diagonal
};

/// Memory beside H: at most three matrices of N² floats, two of which stay. `damping` is λ of H + λ·mean(diag
/// H)·I; where the factorization fails it is repeated in float64 with ten times more. Raises InvalidInput for
/// a matrix with NaN or infinities.
HessianFactor factorHessian(const at::Tensor& hessian, double damping);

/// diag(H) + λ·mean, in natural order.
at::Tensor dampedDiagonal(const at::Tensor& diagonal, double damping);

/// H of x·R, and of x / t (t: [N], undefined: none): Rᵀ·diag(1/t)·H·diag(1/t)·R. A copy, unless neither is
/// there.
at::Tensor transformHessian(const at::Tensor& hessian, const at::Tensor& factors, std::size_t rotation);

/// Σ over the tile's rows of e·H·eᵀ; the tile of errors is [N, R] in the order of H.
double outputError(const at::Tensor& errors, const at::Tensor& hessian);

} // namespace mantissa::quantize
