// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms of magnitudes and the ranges chosen from them, against plain references.
#include "engine/calibration/magnitude_histogram.h"
#include "engine/calibration/range.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace mantissa;

namespace {

std::vector<float> heavyTailed(std::size_t count, unsigned seed, double spread)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<float> values(count);
    for (float& value : values)
        value = static_cast<float>(normal(random) * std::exp(spread * normal(random)));
    return values;
}

MagnitudeHistogram histogramOf(std::span<const float> values)
{
    MagnitudeHistogram histogram;
    histogram.add(values);
    return histogram;
}

double nearestLevel(const std::vector<double>& levels, double x)
{
    double best = levels.front();
    for (const double level : levels)
        if (std::fabs(level - x) < std::fabs(best - x))
            best = level;
    return best;
}

} // namespace

TEST_CASE("every value is in its bin, whatever came before it")
{
    for (const double spread : {0.1, 1.0, 6.0}) {
        const std::vector<float> values = heavyTailed(40000, 1, spread);
        const MagnitudeHistogram histogram = histogramOf(values);
        std::vector<std::uint64_t> reference(MagnitudeHistogram::kBins);
        for (const float value : values)
            ++reference.at(static_cast<std::size_t>(
                std::floor(std::fabs(static_cast<double>(value)) / histogram.binWidth())));
        CHECK(std::equal(reference.begin(), reference.end(), histogram.counts().begin()));
        CHECK(histogram.total() == values.size());
        // The width is the narrowest that reaches.
        CHECK(histogram.upperEdge() > histogram.binWidth() * MagnitudeHistogram::kBins / 2);
    }
}

TEST_CASE("histograms of parts add up to that of the whole, in any order")
{
    std::vector<float> values = heavyTailed(30000, 2, 3);
    values[20000] = 3e30F;
    values[5] = 1e-20F;
    const MagnitudeHistogram whole = histogramOf(values);
    const std::span<const float> all(values);
    for (const std::size_t cut : {1UL, 10000UL, 20000UL, 20001UL}) {
        MagnitudeHistogram a = histogramOf(all.first(cut)), b = histogramOf(all.subspan(cut));
        MagnitudeHistogram ab = a, ba = b;
        ab.merge(b);
        ba.merge(a);
        CHECK(ab == whole);
        CHECK(ba == whole);
    }
    MagnitudeHistogram oneByOne;
    for (const float value : values)
        oneByOne.add(std::span(&value, 1));
    CHECK(oneByOne == whole);
    std::reverse(values.begin(), values.end());
    CHECK(histogramOf(values) == whole);
}

TEST_CASE("a block of a matrix counts its own columns")
{
    const std::vector<float> values = heavyTailed(100 * 130, 3, 1);
    MagnitudeHistogram all, blocks;
    all.add(values);
    for (std::size_t first = 0; first < 130; first += 64) {
        const std::size_t columns = std::min<std::size_t>(64, 130 - first);
        float largest = 0;
        for (std::size_t r = 0; r < 100; ++r)
            for (std::size_t c = 0; c < columns; ++c)
                largest = std::max(largest, std::fabs(values[r * 130 + first + c]));
        blocks.add(values.data() + first, 100, columns, 130, largest);
    }
    CHECK(all == blocks);
}

TEST_CASE("edges of what a histogram can hold")
{
    MagnitudeHistogram histogram;
    CHECK(histogram.quantile(0.5) == 0);
    CHECK(maxRange(histogram).clip == 0);
    CHECK(mseRange(histogram, RangeGrid::Int8).clip == 0);
    CHECK(entropyRange(histogram, RangeGrid::Int8).clip == 0);
    histogram.add(std::vector<float>{0, -0.0F, std::numeric_limits<float>::denorm_min()});
    CHECK(histogram.counts()[0] == 3);
    histogram.add(std::vector<float>{std::numeric_limits<float>::max()});
    CHECK(histogram.exponent() == MagnitudeHistogram::kHighestExponent);
    CHECK(histogram.counts()[2047] == 1);
    std::array<std::uint64_t, MagnitudeHistogram::kBins> counts{};
    CHECK(MagnitudeHistogram::fromCounts(-41, counts).error().code == ErrorCode::InvalidInput);
    CHECK(MagnitudeHistogram::fromCounts(118, counts).error().code == ErrorCode::InvalidInput);
    counts[0] = counts[1] = ~std::uint64_t{0};
    CHECK(MagnitudeHistogram::fromCounts(0, counts).error().code == ErrorCode::InvalidInput);
}

TEST_CASE("quantiles are those of the values, to a bin")
{
    std::vector<float> values = heavyTailed(50000, 4, 0.5);
    const MagnitudeHistogram histogram = histogramOf(values);
    for (float& value : values)
        value = std::fabs(value);
    std::sort(values.begin(), values.end());
    for (const double p : {0.01, 0.5, 0.9, 0.999, 0.9999}) {
        const auto place = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1));
        CHECK(std::fabs(histogram.quantile(p) - static_cast<double>(values[place]))
            < 1.5 * histogram.binWidth());
        CHECK(percentileRange(histogram, p).clip == histogram.quantile(p));
    }
    CHECK(maxRange(histogram).clip >= static_cast<double>(values.back()));
    CHECK(maxRange(histogram).clip <= static_cast<double>(values.back()) + histogram.binWidth());
}

TEST_CASE("grids have the magnitudes of their formats")
{
    CHECK(gridLevels(RangeGrid::Int8).size() == 128);
    CHECK(gridLevels(RangeGrid::Float4E2M1)
        == std::vector<double>{0, 0.5 / 6, 1.0 / 6, 1.5 / 6, 2.0 / 6, 3.0 / 6, 4.0 / 6, 1});
    const auto& e4m3 = gridLevels(RangeGrid::Float8E4M3);
    CHECK(e4m3.size() == 127);
    CHECK(e4m3[1] * 448 == Approx(std::ldexp(1.0, -9)));
    const auto& e5m2 = gridLevels(RangeGrid::Float8E5M2);
    CHECK(e5m2.size() == 124);
    CHECK(e5m2[1] * 57344 == Approx(std::ldexp(1.0, -16)));
    CHECK(std::is_sorted(e4m3.begin(), e4m3.end()));
}

TEST_CASE("the squared error is that of rounding every value, and the least of the curve wins")
{
    const std::vector<float> values = heavyTailed(20000, 5, 0.8);
    const MagnitudeHistogram histogram = histogramOf(values);
    for (const RangeGrid grid :
        {RangeGrid::Int8, RangeGrid::Int4, RangeGrid::Float8E4M3, RangeGrid::Float4E2M1}) {
        CAPTURE(nameOf(grid));
        const RangeChoice choice = mseRange(histogram, grid);
        for (const double clip : {choice.clip, maxRange(histogram).clip}) {
            double error = 0, power = 0, binned = 0, binnedPower = 0;
            for (const float value : values) {
                const double x = std::fabs(static_cast<double>(value));
                const double centre = (std::floor(x / histogram.binWidth()) + 0.5) * histogram.binWidth();
                const auto off
                    = [&](double y) { return y - clip * nearestLevel(gridLevels(grid), y / clip); };
                error += off(x) * off(x);
                power += x * x;
                binned += off(centre) * off(centre);
                binnedPower += centre * centre;
            }
            CHECK(relativeSquaredError(histogram, grid, clip) == Approx(binned / binnedPower).epsilon(1e-9));
            // Bins are narrower than the steps of these grids, but not of FP8 near zero.
            if (grid == RangeGrid::Int4 || grid == RangeGrid::Float4E2M1)
                CHECK(relativeSquaredError(histogram, grid, clip) == Approx(error / power).epsilon(0.05));
        }
        REQUIRE(choice.curve.size() > 50);
        for (const RangePoint& point : choice.curve)
            CHECK(point.cost >= relativeSquaredError(histogram, grid, choice.clip));
    }
    CHECK(mseRange(histogram, RangeGrid::Int4).clip < maxRange(histogram).clip);
}

TEST_CASE("the entropy range is that of the plain definition")
{
    const MagnitudeHistogram histogram = histogramOf(heavyTailed(20000, 6, 0.6));
    const auto& levels = gridLevels(RangeGrid::Int8);
    std::vector<double> counts(histogram.counts().begin(), histogram.counts().end());
    counts[0] = counts[1];
    const RangeChoice choice = entropyRange(histogram, RangeGrid::Int8);
    REQUIRE(choice.curve.size() > 3);
    double least = std::numeric_limits<double>::infinity(), leastClip = 0;
    for (const RangePoint& point : choice.curve) {
        const auto bins = static_cast<std::size_t>(std::lround(point.clip / histogram.binWidth()));
        std::vector<double> mass(levels.size()), occupied(levels.size());
        std::vector<std::size_t> level(bins);
        double inside = 0, total = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            total += counts[i];
            if (i >= bins)
                continue;
            inside += counts[i];
            const double centre = (static_cast<double>(i) + 0.5) / static_cast<double>(bins);
            for (std::size_t k = 1; k < levels.size(); ++k) // a tie goes down
                if (levels[k] - centre < centre - levels[level[i]])
                    level[i] = k;
            mass[level[i]] += counts[i];
            occupied[level[i]] += counts[i] > 0 ? 1 : 0;
        }
        double sum = 0;
        for (std::size_t i = 0; i < bins; ++i) {
            const double p = (counts[i] + (i + 1 == bins ? total - inside : 0)) / total;
            if (p > 0)
                sum += p * std::log(p / (mass[level[i]] / occupied[level[i]] / inside));
        }
        CHECK(point.cost == Approx(sum).epsilon(1e-6).margin(1e-9));
        if (point.cost < least) {
            least = point.cost;
            leastClip = point.clip;
        }
    }
    CHECK(choice.clip == leastClip);
}
