// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/low_rank_branch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mantissa::formats {

namespace {

/// Columns of the subspace beyond the rank, as usual for randomized SVD.
constexpr std::size_t kOversampling = 8, kWidthUnit = 8;
/// Weights below this largest magnitude get no branch: their normalized values would overflow.
constexpr float kSmallest = 1e-30f;

/// ±1 from a fixed generator (splitmix64): the same start on every machine.
float sign(std::uint64_t index)
{
    std::uint64_t bits = index * 0x9E3779B97F4A7C15u + 0x9E3779B97F4A7C15u;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return (bits >> 63) != 0 ? 1.0f : -1.0f;
}

/// Modified Gram-Schmidt, twice, on the columns of a [rows][width] matrix; columns that vanish become zero.
void orthonormalize(std::vector<double>& matrix, std::size_t width)
{
    const std::size_t rows = matrix.size() / width;
    const auto dot = [&](std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t i = 0; i < rows; ++i)
            sum += matrix[i * width + a] * matrix[i * width + b];
        return sum;
    };
    constexpr double kVanished = 1e-12;
    for (std::size_t j = 0; j < width; ++j) {
        const double before = std::sqrt(dot(j, j));
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t k = 0; k < j; ++k) {
                const double share = dot(k, j);
                for (std::size_t i = 0; i < rows; ++i)
                    matrix[i * width + j] -= share * matrix[i * width + k];
            }
        const double norm = std::sqrt(dot(j, j));
        const double factor = norm > kVanished * before && norm > 0 ? 1.0 / norm : 0.0;
        for (std::size_t i = 0; i < rows; ++i)
            matrix[i * width + j] *= factor;
    }
}

/// Eigenvectors of a symmetric matrix in the columns of the result, largest eigenvalue first (cyclic Jacobi).
std::vector<double> eigenvectors(std::vector<double> matrix, std::size_t size)
{
    std::vector<double> vectors(size * size);
    for (std::size_t i = 0; i < size; ++i)
        vectors[i * size + i] = 1;
    constexpr int kSweeps = 30;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        double off = 0, all = 0;
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j < size; ++j)
                (i == j ? all : off) += matrix[i * size + j] * matrix[i * size + j];
        if (off <= 1e-24 * all)
            break;
        for (std::size_t p = 0; p < size; ++p)
            for (std::size_t q = p + 1; q < size; ++q) {
                const double apq = matrix[p * size + q];
                if (apq == 0)
                    continue;
                const double theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * apq);
                const double t = (theta >= 0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1));
                const double c = 1 / std::sqrt(t * t + 1), s = t * c;
                for (std::size_t i = 0; i < size; ++i) {
                    const double a = matrix[i * size + p], b = matrix[i * size + q];
                    matrix[i * size + p] = c * a - s * b;
                    matrix[i * size + q] = s * a + c * b;
                }
                for (std::size_t i = 0; i < size; ++i) {
                    const double a = matrix[p * size + i], b = matrix[q * size + i];
                    matrix[p * size + i] = c * a - s * b;
                    matrix[q * size + i] = s * a + c * b;
                    const double u = vectors[i * size + p], v = vectors[i * size + q];
                    vectors[i * size + p] = c * u - s * v;
                    vectors[i * size + q] = s * u + c * v;
                }
            }
    }
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return matrix[a * size + a] > matrix[b * size + b]; });
    std::vector<double> sorted(size * size);
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t j = 0; j < size; ++j)
            sorted[i * size + j] = vectors[i * size + order[j]];
    return sorted;
}

} // namespace

LowRankBranch::LowRankBranch(MatrixShape shape, int rank)
    : m_shape(shape)
    , m_rank(static_cast<std::size_t>(rank))
    , m_width((m_rank + kOversampling + kWidthUnit - 1) / kWidthUnit * kWidthUnit)
    , m_down(cols() * m_rank)
{ }

void LowRankBranch::accumulate(int round, std::span<const float> rows)
{
    if (round == 0) {
        m_maximum.add(kernels::activeKernels().absmax(rows.data(), rows.size()));
        return;
    }
    if (m_normalizer == 0.0f)
        return;
    const std::size_t strip = cols() * static_cast<std::size_t>(kStripRows);
    for (std::size_t begin = 0; begin < rows.size(); begin += strip)
        accumulateStrip(rows.subspan(begin, std::min(strip, rows.size() - begin)));
}

/// Adds wᵀ(w · basis) of some rows: float32 within the strip, exact integers between strips.
void LowRankBranch::accumulateStrip(std::span<const float> rows)
{
    std::vector<float> sums(cols() * m_width), projection(m_width), normalized(cols());
    for (std::size_t begin = 0; begin < rows.size(); begin += cols()) {
        std::fill(projection.begin(), projection.end(), 0.0f);
        for (std::size_t k = 0; k < cols(); ++k) {
            const float value = rows[begin + k];
            normalized[k] = std::isfinite(value) ? value * m_normalizer : 0.0f;
            const float* const basis = m_basis.data() + k * m_width;
            for (std::size_t j = 0; j < m_width; ++j)
                projection[j] += normalized[k] * basis[j];
        }
        for (std::size_t k = 0; k < cols(); ++k) {
            float* const sum = sums.data() + k * m_width;
            for (std::size_t j = 0; j < m_width; ++j)
                sum[j] += normalized[k] * projection[j];
        }
    }
    const std::scoped_lock lock(m_mutex);
    for (std::size_t i = 0; i < sums.size(); ++i)
        m_sums[i] += static_cast<std::int64_t>(static_cast<double>(sums[i]) * m_fixedPoint);
}

std::vector<double> LowRankBranch::takeSums()
{
    std::vector<double> sums(m_sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = static_cast<double>(m_sums[i]) / m_fixedPoint;
    std::fill(m_sums.begin(), m_sums.end(), 0);
    return sums;
}

void LowRankBranch::setBasis(const std::vector<double>& columns)
{
    for (std::size_t i = 0; i < columns.size(); ++i)
        m_basis[i] = static_cast<float>(columns[i]);
}

void LowRankBranch::finishRound(int round)
{
    if (round == 0) {
        const float amax = finite(m_maximum.value());
        if (amax < kSmallest)
            return;
        m_normalizer = 1.0f / amax;
        // |w| ≤ 1 and the basis is ±1 or orthonormal: |w · basis| ≤ K, and a sum over all rows ≤ M · K (a
        // little more after roundings).
        m_fixedPoint = 0x1p61 / (static_cast<double>(m_shape.rows) * static_cast<double>(m_shape.cols));
        m_basis.resize(cols() * m_width);
        m_sums.resize(cols() * m_width);
        for (std::size_t i = 0; i < m_basis.size(); ++i)
            m_basis[i] = sign(i);
        return;
    }
    if (m_normalizer == 0.0f)
        return;
    std::vector<double> image = takeSums();
    if (round == 1) {
        orthonormalize(image, m_width);
        setBasis(image);
        return;
    }
    // Rayleigh-Ritz: rotate WᵀW·Q so that its columns follow the eigenvectors of QᵀWᵀWQ.
    std::vector<double> small(m_width * m_width);
    for (std::size_t k = 0; k < cols(); ++k)
        for (std::size_t a = 0; a < m_width; ++a)
            for (std::size_t b = 0; b < m_width; ++b)
                small[a * m_width + b]
                    += static_cast<double>(m_basis[k * m_width + a]) * image[k * m_width + b];
    for (std::size_t a = 0; a < m_width; ++a)
        for (std::size_t b = 0; b < a; ++b)
            small[a * m_width + b] = small[b * m_width + a]
                = (small[a * m_width + b] + small[b * m_width + a]) / 2;
    const std::vector<double> vectors = eigenvectors(std::move(small), m_width);
    std::vector<double> directions(cols() * m_rank);
    for (std::size_t k = 0; k < cols(); ++k)
        for (std::size_t r = 0; r < m_rank; ++r) {
            double sum = 0;
            for (std::size_t j = 0; j < m_width; ++j)
                sum += image[k * m_width + j] * vectors[j * m_width + r];
            directions[k * m_rank + r] = sum;
        }
    orthonormalize(directions, m_rank);
    for (std::size_t i = 0; i < directions.size(); ++i)
        m_down[i] = kernels::roundToBF16(static_cast<float>(directions[i]));
    m_basis.clear();
    m_sums.clear();
}

void LowRankBranch::project(std::span<const float> row, std::span<float> up) const
{
    std::fill(up.begin(), up.end(), 0.0f);
    if (m_normalizer == 0.0f)
        return;
    for (std::size_t k = 0; k < row.size(); ++k) {
        const float value = std::isfinite(row[k]) ? row[k] : 0.0f;
        const float* const down = m_down.data() + k * m_rank;
        for (std::size_t r = 0; r < m_rank; ++r)
            up[r] += value * down[r];
    }
    for (float& value : up)
        value = std::isfinite(value) ? kernels::roundToBF16(value) : 0.0f;
}

void LowRankBranch::subtract(std::span<const float> up, std::span<float> row) const
{
    for (std::size_t k = 0; k < row.size(); ++k) {
        const float* const down = m_down.data() + k * m_rank;
        float sum = 0;
        for (std::size_t r = 0; r < m_rank; ++r)
            sum += up[r] * down[r];
        row[k] -= sum;
    }
}

void addLowRank(std::span<const float> up, std::span<const float> down, std::span<float> dst)
{
    for (std::size_t k = 0; k < dst.size(); ++k) {
        float sum = 0;
        for (std::size_t r = 0; r < up.size(); ++r)
            sum += up[r] * down[k * up.size() + r];
        dst[k] += sum;
    }
}

} // namespace mantissa::formats
