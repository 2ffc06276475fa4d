// SPDX-License-Identifier: GPL-3.0-or-later
// How often which magnitude occurs: 2048 bins of equal width that start at 0. The width is a power of two and
// doubles when a value falls outside, which merges neighbouring bins. Counts are therefore exact whatever the
// order of the values: histograms of parts add up to the histogram of the whole, bin by bin.
#pragma once

#include "engine/base/error.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace mantissa {

/// Thread rule: none of its own; one thread at a time.
class MagnitudeHistogram {
public:
    static constexpr std::size_t kBins = 2048;
    /// Widths are 2^exponent. Bins start at 2^-40 (the range ends at 2e-9, below any activation that matters)
    /// and end at 2^117, where the range reaches the largest float32.
    static constexpr int kLowestExponent = -40, kHighestExponent = 117;

    /// Counts |x| of finite values; the caller leaves out what is not finite.
    void add(std::span<const float> values);
    /// The same for `columns` values in each of `rows` rows that lie `stride` values apart; `largest` is the
    /// largest magnitude among them.
    void add(const float* values, std::size_t rows, std::size_t columns, std::size_t stride, float largest);
    void merge(const MagnitudeHistogram& other);

    int exponent() const { return m_exponent; }
    double binWidth() const;
    std::span<const std::uint64_t, kBins> counts() const { return m_counts; }
    std::uint64_t total() const;
    /// The magnitude below which a share `p` (0 to 1) of the values lies, straight within a bin; 0 where
    /// there are none.
    double quantile(double p) const;
    /// Upper edge of the last bin that is not empty; 0 where there are none.
    double upperEdge() const;

    /// InvalidInput for an exponent outside of the range or counts whose sum overflows.
    static Result<MagnitudeHistogram> fromCounts(int exponent, std::span<const std::uint64_t, kBins> counts);
    bool operator==(const MagnitudeHistogram&) const = default;

private:
    void widenTo(int exponent);
    int m_exponent = kLowestExponent;
    std::array<std::uint64_t, kBins> m_counts{};
};

} // namespace mantissa
