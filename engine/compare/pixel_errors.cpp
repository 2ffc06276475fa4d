// SPDX-License-Identifier: GPL-3.0-or-later
// Mean absolute error, maximum error and PSNR: over all pixels and channels, on the 0–1 scale.
#include "engine/compare/metric.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace mantissa {

namespace {

/// How many channel values differ by how much: everything that these metrics need, exact in integers.
std::array<std::uint64_t, 256> differenceCounts(const Picture& a, const Picture& b)
{
    std::array<std::uint64_t, 256> counts{};
    for (std::size_t i = 0; i < a.rgb.size(); ++i)
        ++counts[static_cast<std::size_t>(std::abs(a.rgb[i] - b.rgb[i]))];
    return counts;
}

/// For each pixel, `combine` of the differences of its channels.
template <typename Combine> FloatPlane pixelMap(const Picture& a, const Picture& b, const Combine& combine)
{
    FloatPlane map(a.width, a.height);
    for (std::size_t i = 0; i < map.values.size(); ++i) {
        std::array<int, 3> d{};
        for (std::size_t c = 0; c < 3; ++c)
            d[c] = std::abs(a.rgb[3 * i + c] - b.rgb[3 * i + c]);
        map.values[i] = combine(d);
    }
    return map;
}

class MeanAbsoluteError final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"mae", "MAE", "",
            "Mean absolute difference of the channel values, on the 0–1 scale", Better::Lower, 5, true};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool wantMap) const override
    {
        std::uint64_t sum = 0;
        const auto counts = differenceCounts(reference, test);
        for (std::size_t d = 0; d < counts.size(); ++d)
            sum += d * counts[d];
        Measurement result;
        result.value = static_cast<double>(sum) / (255.0 * static_cast<double>(reference.rgb.size()));
        if (wantMap)
            result.map = pixelMap(reference, test, [](const std::array<int, 3>& d) {
                return static_cast<float>(d[0] + d[1] + d[2]) / (3 * 255.0f);
            });
        return result;
    }
};

class MaximumError final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"max", "Max", "",
            "Largest difference of a channel value, on the 0–1 scale", Better::Lower, 4, true};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool wantMap) const override
    {
        const auto counts = differenceCounts(reference, test);
        std::size_t largest = counts.size() - 1;
        while (largest > 0 && counts[largest] == 0)
            --largest;
        Measurement result;
        result.value = static_cast<double>(largest) / 255.0;
        if (wantMap)
            result.map = pixelMap(reference, test, [](const std::array<int, 3>& d) {
                return static_cast<float>(std::max({d[0], d[1], d[2]})) / 255.0f;
            });
        return result;
    }
};

class PeakSignalToNoise final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"psnr_db", "PSNR", "dB",
            "Peak signal-to-noise ratio: 10·log₁₀ of 1 over the mean squared error; ∞ where the pictures are "
            "equal",
            Better::Higher, 2, false};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool) const override
    {
        std::uint64_t squares = 0;
        const auto counts = differenceCounts(reference, test);
        for (std::size_t d = 0; d < counts.size(); ++d)
            squares += d * d * counts[d];
        Measurement result;
        result.value = squares == 0 ? std::numeric_limits<double>::infinity()
                                    : 10
                * std::log10(
                    255.0 * 255.0 * static_cast<double>(reference.rgb.size()) / static_cast<double>(squares));
        return result;
    }
};

} // namespace

const Metric& meanAbsoluteError()
{
    static const MeanAbsoluteError kMetric;
    return kMetric;
}

const Metric& maximumError()
{
    static const MaximumError kMetric;
    return kMetric;
}

const Metric& peakSignalToNoise()
{
    static const PeakSignalToNoise kMetric;
    return kMetric;
}

} // namespace mantissa
