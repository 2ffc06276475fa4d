// SPDX-License-Identifier: GPL-3.0-or-later
// The low-rank branch of SVDQuant (spec/algorithms 1.10): the r strongest directions of a weight, found while
// the weight streams by in row blocks, in memory for K × (r + oversampling) numbers.
#pragma once

#include "engine/formats/format_support.h"

#include <mutex>

namespace mantissa::formats {

/// Randomized subspace iteration for W ≈ up · downᵀ with orthonormal columns in down. Round 0 finds the
/// largest magnitude, rounds 1 and 2 multiply the subspace by WᵀW; the second ends with a Rayleigh-Ritz step,
/// so that down holds the r leading right singular directions (up to the iteration's error: two applications
/// of WᵀW dampen the rest of the spectrum by (σ_r / σ_j)^4).
///
/// Deterministic whatever the order of row blocks and threads: products are summed as 64-bit integers. Blocks
/// start at multiples of kStripRows. Values that are not finite count as zero.
class LowRankBranch {
public:
    static constexpr std::int64_t kStripRows = 64;
    static constexpr int kRounds = 3;

    LowRankBranch(MatrixShape shape, int rank);

    /// Thread rule as LayerEncoder's.
    void accumulate(int round, std::span<const float> rows);
    void finishRound(int round);

    /// [K][r], rounded to bfloat16: valid after the last round.
    std::span<const float> down() const { return m_down; }
    /// One row of up: w · down, rounded to bfloat16. `up` has r values.
    void project(std::span<const float> row, std::span<float> up) const;
    /// row −= up · downᵀ, in float32, in ascending order of the rank index.
    void subtract(std::span<const float> up, std::span<float> row) const;

private:
    std::size_t cols() const { return static_cast<std::size_t>(m_shape.cols); }
    void accumulateStrip(std::span<const float> rows);
    std::vector<double> takeSums();
    void setBasis(const std::vector<double>& columns);

    MatrixShape m_shape;
    std::size_t m_rank, m_width; ///< width: columns of the subspace, a multiple of 8
    SharedMaximum m_maximum;
    float m_normalizer = 0; ///< 1 / largest magnitude; 0: the branch is empty
    double m_fixedPoint = 1; ///< units of m_sums in 1
    std::vector<float> m_basis; ///< [K][width]
    std::vector<std::int64_t> m_sums; ///< [K][width]: WᵀW · basis
    std::mutex m_mutex;
    std::vector<float> m_down;
};

/// dst[k] += Σ_r up[r] · down[k·r]: what a decoder adds for a row.
void addLowRank(std::span<const float> up, std::span<const float> down, std::span<float> dst);

} // namespace mantissa::formats
