// SPDX-License-Identifier: GPL-3.0-or-later
// Whether two pictures have the same colours, wherever they are.
#include "engine/compare/metric.h"

#include <array>
#include <cmath>
#include <cstdlib>

namespace mantissa {

namespace {

/// The area between two cumulative histograms is the earth mover's (first Wasserstein) distance of one
/// dimension.
class HistogramDistance final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"histogram", "Histogram", "",
            "Earth mover's distance between the histograms of each channel, mean of the three, on the 0–1 "
            "scale",
            Better::Lower, 5, false};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool) const override
    {
        std::array<std::array<std::int64_t, 256>, 3> surplus{};
        for (std::size_t i = 0; i < reference.rgb.size(); i += 3)
            for (std::size_t c = 0; c < 3; ++c) {
                ++surplus[c][reference.rgb[i + c]];
                --surplus[c][test.rgb[i + c]];
            }
        std::int64_t moved = 0;
        for (const auto& channel : surplus) {
            std::int64_t carried = 0;
            for (const std::int64_t count : channel) {
                carried += count;
                moved += std::abs(carried);
            }
        }
        Measurement result;
        result.value = static_cast<double>(moved) / (255.0 * static_cast<double>(reference.rgb.size()));
        return result;
    }
};

} // namespace

const Metric& histogramDistance()
{
    static const HistogramDistance kMetric;
    return kMetric;
}

} // namespace mantissa
