// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace mantissa {

namespace {

constexpr std::size_t kBins = MagnitudeHistogram::kBins;

std::vector<double> integerLevels(int largest)
{
    std::vector<double> levels;
    for (int i = 0; i <= largest; ++i)
        levels.push_back(static_cast<double>(i) / largest);
    return levels;
}

/// Magnitudes of a float format with subnormals; `last` is the code of its largest finite value.
std::vector<double> floatLevels(int mantissaBits, int bias, int last)
{
    std::vector<double> levels;
    const int steps = 1 << mantissaBits;
    for (int code = 0; code <= last; ++code) {
        const int exponent = code >> mantissaBits, mantissa = code & (steps - 1);
        levels.push_back(exponent == 0
                ? std::ldexp(static_cast<double>(mantissa) / steps, 1 - bias)
                : std::ldexp(1.0 + static_cast<double>(mantissa) / steps, exponent - bias));
    }
    return levels;
}

std::vector<double> normalised(std::vector<double> levels)
{
    const double largest = levels.back();
    for (double& level : levels)
        level /= largest;
    return levels;
}

std::vector<double> makeLevels(RangeGrid grid)
{
    switch (grid) {
    case RangeGrid::Int8:
        return integerLevels(127);
    case RangeGrid::Int4:
        return integerLevels(7);
    case RangeGrid::Float8E4M3:
        return normalised(floatLevels(3, 7, 0x7E)); // 448; 0x7F is NaN
    case RangeGrid::Float8E5M2:
        return normalised(floatLevels(2, 15, 0x7B)); // 57344; infinities follow
    case RangeGrid::Float4E2M1:
        return normalised(floatLevels(1, 1, 7)); // 6
    }
    return integerLevels(127);
}

/// For each bin that is not empty, in rising order: its centre and the nearest level under `clip`.
template <typename Visit>
void eachQuantizedBin(
    const MagnitudeHistogram& histogram, const std::vector<double>& levels, double clip, const Visit& visit)
{
    const double width = histogram.binWidth();
    std::size_t level = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
        const std::uint64_t count = histogram.counts()[i];
        if (count == 0)
            continue;
        const double centre = (static_cast<double>(i) + 0.5) * width;
        while (level + 1 < levels.size() && (levels[level] + levels[level + 1]) * 0.5 * clip < centre)
            ++level;
        visit(i, count, centre, level);
    }
}

} // namespace

std::string_view nameOf(RangeGrid grid) noexcept
{
    switch (grid) {
    case RangeGrid::Int8:
        return "int8";
    case RangeGrid::Int4:
        return "int4";
    case RangeGrid::Float8E4M3:
        return "fp8_e4m3";
    case RangeGrid::Float8E5M2:
        return "fp8_e5m2";
    case RangeGrid::Float4E2M1:
        return "fp4_e2m1";
    }
    return "int8";
}

const std::vector<double>& gridLevels(RangeGrid grid)
{
    static const std::array<std::vector<double>, 5> kLevels{makeLevels(RangeGrid::Int8),
        makeLevels(RangeGrid::Int4), makeLevels(RangeGrid::Float8E4M3), makeLevels(RangeGrid::Float8E5M2),
        makeLevels(RangeGrid::Float4E2M1)};
    return kLevels[static_cast<std::size_t>(grid)];
}

double relativeSquaredError(const MagnitudeHistogram& histogram, RangeGrid grid, double clip)
{
    double error = 0, power = 0;
    const std::vector<double>& levels = gridLevels(grid);
    eachQuantizedBin(
        histogram, levels, clip, [&](std::size_t, std::uint64_t count, double centre, std::size_t level) {
            const double off = centre - levels[level] * clip;
            error += static_cast<double>(count) * off * off;
            power += static_cast<double>(count) * centre * centre;
        });
    return power > 0 ? error / power : 0;
}

RangeChoice maxRange(const MagnitudeHistogram& histogram)
{
    return {histogram.upperEdge(), {}};
}

RangeChoice percentileRange(const MagnitudeHistogram& histogram, double share)
{
    RangeChoice choice;
    choice.clip = histogram.quantile(share);
    const auto total = static_cast<double>(histogram.total());
    double below = 0;
    for (std::size_t i = 0; i < kBins && total > 0; ++i) {
        below += static_cast<double>(histogram.counts()[i]);
        if (histogram.counts()[i] > 0)
            choice.curve.push_back(
                {static_cast<double>(i + 1) * histogram.binWidth(), std::max(0.0, 1 - below / total)});
    }
    return choice;
}

RangeChoice mseRange(const MagnitudeHistogram& histogram, RangeGrid grid)
{
    RangeChoice choice;
    const double largest = histogram.upperEdge();
    if (largest <= 0)
        return choice;
    // 1/64 to 1 in 96 equal ratios of 4.4 %: finer than the cost curve has features.
    constexpr int kPoints = 96;
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= kPoints; ++i) {
        const double clip = largest * std::exp2(-6.0 * (kPoints - i) / kPoints);
        const double cost = relativeSquaredError(histogram, grid, clip);
        choice.curve.push_back({clip, cost});
        if (cost < best) {
            best = cost;
            choice.clip = clip;
        }
    }
    return choice;
}

namespace {

/// KL(P ‖ Q) of the first `bins` bins: P has what is above added to its last bin; Q is what is left of the
/// clipped histogram when all bins that share a level share their mass.
double divergence(const std::vector<double>& counts, std::size_t bins, double outside, double width,
    const std::vector<double>& levels)
{
    const double clip = static_cast<double>(bins) * width;
    double inside = 0;
    for (std::size_t i = 0; i < bins; ++i)
        inside += counts[i];
    if (inside <= 0)
        return std::numeric_limits<double>::infinity();
    const double total = inside + outside;
    double sum = 0;
    std::size_t level = 0;
    for (std::size_t begin = 0; begin < bins;) {
        while (level + 1 < levels.size()
            && (levels[level] + levels[level + 1]) * 0.5 * clip < (static_cast<double>(begin) + 0.5) * width)
            ++level;
        const double edge = level + 1 < levels.size() ? (levels[level] + levels[level + 1]) * 0.5 * clip
                                                      : std::numeric_limits<double>::infinity();
        std::size_t end = begin;
        double mass = 0, occupied = 0;
        for (; end < bins && (end == begin || (static_cast<double>(end) + 0.5) * width <= edge); ++end) {
            mass += counts[end];
            occupied += counts[end] > 0 ? 1 : 0;
        }
        for (std::size_t i = begin; i < end; ++i) {
            double p = counts[i];
            if (i + 1 == bins)
                p += outside;
            if (p <= 0)
                continue;
            if (counts[i] <= 0)
                return std::numeric_limits<double>::infinity(); // Q lacks what P has
            p /= total;
            sum += p * std::log(p / (mass / occupied / inside));
        }
        begin = end;
    }
    return sum;
}

} // namespace

RangeChoice entropyRange(const MagnitudeHistogram& histogram, RangeGrid grid)
{
    RangeChoice choice;
    const double largest = histogram.upperEdge();
    if (largest <= 0)
        return choice;
    std::vector<double> counts(histogram.counts().begin(), histogram.counts().end());
    counts[0] = counts[1]; // as the source: zeros say nothing about the range
    const auto used = static_cast<std::size_t>(std::lround(largest / histogram.binWidth()));
    const std::vector<double>& levels = gridLevels(grid);
    std::vector<double> above(used + 1, 0.0);
    for (std::size_t i = used; i > 0; --i)
        above[i - 1] = above[i] + counts[i - 1];
    double best = std::numeric_limits<double>::infinity();
    choice.clip = largest;
    // Fewer bins than levels represent everything exactly and compare nothing.
    constexpr std::size_t kStride = 4;
    for (std::size_t bins = std::min(used, levels.size()); bins <= used; bins += kStride) {
        const double cost = divergence(counts, bins, above[bins], histogram.binWidth(), levels);
        if (!std::isfinite(cost))
            continue;
        const double clip = static_cast<double>(bins) * histogram.binWidth();
        choice.curve.push_back({clip, cost});
        if (cost < best) {
            best = cost;
            choice.clip = clip;
        }
    }
    return choice;
}

} // namespace mantissa
