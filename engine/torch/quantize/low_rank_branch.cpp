// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/low_rank_branch.h"

#include <algorithm>

namespace mantissa::quantize {

namespace {

/// Extra directions and rounds of the subspace iteration (Halko, Martinsson, Tropp, arXiv 0909.4061):
/// residuals after GPTQ have flat spectra, which need a few rounds.
constexpr std::int64_t kOversampling = 16;
constexpr int kRounds = 4;
constexpr std::uint64_t kSeed = 1;

struct Svd {
    at::Tensor left, right; ///< [M, r] with the singular values, [r, N] orthonormal rows
};

Svd truncatedSvd(const at::Tensor& matrix, std::int64_t rank)
{
    const std::int64_t smaller = std::min(matrix.size(0), matrix.size(1));
    const std::int64_t width = std::min(rank + kOversampling, smaller);
    const std::int64_t kept = std::min(rank, smaller);
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(kSeed);
    at::Tensor basis = at::mm(matrix, at::randn({matrix.size(1), width}, generator, matrix.options()));
    for (int round = 0; round < kRounds; ++round) {
        basis = std::get<0>(at::linalg_qr(basis));
        const at::Tensor rows = std::get<0>(at::linalg_qr(at::mm(matrix.t(), basis)));
        basis = at::mm(matrix, rows);
    }
    basis = std::get<0>(at::linalg_qr(basis));
    const auto [u, s, v] = at::linalg_svd(at::mm(basis.t(), matrix), /*full_matrices=*/false);
    return {at::mm(basis, u.narrow(1, 0, kept) * s.narrow(0, 0, kept)), v.narrow(0, 0, kept)};
}

at::Tensor toBFloat16(const at::Tensor& values)
{
    return values.to(at::kBFloat16).to(at::kFloat).contiguous();
}

} // namespace

Branch weightedBranch(const at::Tensor& residual, const HessianFactor& factor, std::int64_t rank)
{
    const at::Tensor root
        = factor.feedback * factor.pivots.sqrt(); // C, upper triangular, in activation order
    const at::Tensor ordered = residual.index_select(1, factor.order);
    const Svd svd = truncatedSvd(at::mm(ordered, root), rank);
    const at::Tensor down = at::linalg_solve_triangular(root, svd.right, /*upper=*/true, /*left=*/false);
    at::Tensor natural = at::empty_like(down);
    natural.index_copy_(1, factor.order, down);
    // Balanced factors lose least in bfloat16 and keep both in range.
    const at::Tensor balance
        = (svd.left.norm(2, 0) / natural.norm(2, 1).clamp_min(1e-30)).sqrt().clamp_min(1e-30);
    return {toBFloat16(svd.left / balance), toBFloat16(natural * balance.unsqueeze(1))};
}

Branch plainBranch(const at::Tensor& residual, std::int64_t rank)
{
    const Svd svd = truncatedSvd(residual, rank);
    const at::Tensor balance = svd.left.norm(2, 0).sqrt().clamp_min(1e-30);
    return {toBFloat16(svd.left / balance), toBFloat16(svd.right * balance.unsqueeze(1))};
}

} // namespace mantissa::quantize
