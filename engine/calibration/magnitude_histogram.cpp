// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/magnitude_histogram.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mantissa {

namespace {

constexpr std::size_t kBins = MagnitudeHistogram::kBins;
/// Neighbouring values often fall into one bin; counters of their own spare the wait for the one before.
constexpr std::size_t kLanes = 4;
/// Below this many values, clearing and adding up lanes costs more than they save.
constexpr std::size_t kWorthLanes = 4 * kBins;
/// Rows counted before 32-bit counters are added up, so that none overflows.
constexpr std::size_t kMostLaneValues = std::size_t{1} << 30;

/// The narrowest width of which 2048 reach beyond `largest`.
int exponentFor(float largest)
{
    if (!(largest > 0))
        return MagnitudeHistogram::kLowestExponent;
    int exponent = 0;
    std::frexp(largest, &exponent); // largest < 2^exponent
    return std::clamp(
        exponent - 11, MagnitudeHistogram::kLowestExponent, MagnitudeHistogram::kHighestExponent);
}

/// Scales by a power of two are exact, so the bin is floor(|x| / width) without any rounding.
inline std::size_t binOf(float value, float scale)
{
    return static_cast<std::size_t>(static_cast<std::int32_t>(std::fabs(value) * scale));
}

} // namespace

double MagnitudeHistogram::binWidth() const
{
    return std::ldexp(1.0, m_exponent);
}

void MagnitudeHistogram::widenTo(int exponent)
{
    if (exponent <= m_exponent)
        return;
    const int doublings = std::min(exponent - m_exponent, 11);
    std::array<std::uint64_t, kBins> wide{};
    for (std::size_t i = 0; i < kBins; ++i)
        wide[i >> doublings] += m_counts[i];
    m_counts = wide;
    m_exponent = exponent;
}

void MagnitudeHistogram::add(std::span<const float> values)
{
    float largest = 0;
    for (const float value : values)
        largest = std::max(largest, std::fabs(value));
    add(values.data(), 1, values.size(), values.size(), largest);
}

void MagnitudeHistogram::add(
    const float* values, std::size_t rows, std::size_t columns, std::size_t stride, float largest)
{
    if (rows == 0 || columns == 0)
        return;
    widenTo(exponentFor(largest));
    const float scale = std::ldexp(1.0F, -m_exponent);
    if (rows * columns < kWorthLanes) {
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < columns; ++c)
                ++m_counts[binOf(values[r * stride + c], scale)];
        return;
    }
    thread_local std::array<std::array<std::uint32_t, kBins>, kLanes> lanes;
    const std::size_t rowsAtOnce = std::max<std::size_t>(1, kMostLaneValues / columns);
    for (std::size_t first = 0; first < rows; first += rowsAtOnce) {
        for (auto& lane : lanes)
            lane.fill(0);
        const std::size_t end = std::min(rows, first + rowsAtOnce);
        for (std::size_t r = first; r < end; ++r) {
            const float* row = values + r * stride;
            std::size_t c = 0;
            for (; c + kLanes <= columns; c += kLanes) {
                ++lanes[0][binOf(row[c], scale)];
                ++lanes[1][binOf(row[c + 1], scale)];
                ++lanes[2][binOf(row[c + 2], scale)];
                ++lanes[3][binOf(row[c + 3], scale)];
            }
            for (; c < columns; ++c)
                ++lanes[0][binOf(row[c], scale)];
        }
        for (std::size_t i = 0; i < kBins; ++i)
            m_counts[i] += std::uint64_t{lanes[0][i]} + lanes[1][i] + lanes[2][i] + lanes[3][i];
    }
}

void MagnitudeHistogram::merge(const MagnitudeHistogram& other)
{
    if (other.m_exponent <= m_exponent) {
        const int doublings = std::min(m_exponent - other.m_exponent, 11);
        for (std::size_t i = 0; i < kBins; ++i)
            m_counts[i >> doublings] += other.m_counts[i];
        return;
    }
    widenTo(other.m_exponent);
    for (std::size_t i = 0; i < kBins; ++i)
        m_counts[i] += other.m_counts[i];
}

std::uint64_t MagnitudeHistogram::total() const
{
    std::uint64_t sum = 0;
    for (const std::uint64_t count : m_counts)
        sum += count;
    return sum;
}

double MagnitudeHistogram::quantile(double p) const
{
    const double wanted = std::clamp(p, 0.0, 1.0) * static_cast<double>(total());
    double below = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
        const auto count = static_cast<double>(m_counts[i]);
        if (count > 0 && below + count >= wanted)
            return (static_cast<double>(i) + (wanted - below) / count) * binWidth();
        below += count;
    }
    return 0;
}

double MagnitudeHistogram::upperEdge() const
{
    for (std::size_t i = kBins; i > 0; --i)
        if (m_counts[i - 1] > 0)
            return static_cast<double>(i) * binWidth();
    return 0;
}

Result<MagnitudeHistogram> MagnitudeHistogram::fromCounts(
    int exponent, std::span<const std::uint64_t, kBins> counts)
{
    if (exponent < kLowestExponent || exponent > kHighestExponent)
        return fail(ErrorCode::InvalidInput, "a histogram has bins of width 2^{}", exponent);
    MagnitudeHistogram histogram;
    histogram.m_exponent = exponent;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
        histogram.m_counts[i] = counts[i];
        if (__builtin_add_overflow(sum, counts[i], &sum))
            return fail(ErrorCode::InvalidInput, "the counts of a histogram overflow");
    }
    return histogram;
}

} // namespace mantissa
