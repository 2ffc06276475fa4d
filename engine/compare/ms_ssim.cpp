// SPDX-License-Identifier: GPL-3.0-or-later
// MS-SSIM as pytorch-msssim computes it: ms_ssim(x, y, data_range=1).
#include "engine/compare/metric.h"
#include "engine/compare/ssim_statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mantissa {

namespace {

/// Wang, Simoncelli, Bovik: "Multiscale structural similarity for image quality assessment", Asilomar 2003,
/// section 3.2, from the finest scale to the coarsest.
constexpr std::array<double, 5> kWeights{0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
/// The window fits four times halved pictures from here.
constexpr int kSmallestSide = kSsimWindow << (kWeights.size() - 1);

/// Means of 2 × 2 pixels. An odd side gets a border of black pixels on both ends first, as pytorch-msssim's
/// avg_pool2d pads it: otherwise values would not agree.
FloatPlane halved(const FloatPlane& plane)
{
    const int padX = plane.width % 2, padY = plane.height % 2;
    FloatPlane half((plane.width + padX) / 2, (plane.height + padY) / 2);
    const auto at = [&](int x, int y) { return x < 0 || y < 0 ? -kSsimCentre : plane.row(y)[x]; };
    for (int y = 0; y < half.height; ++y) {
        const int y0 = 2 * y - padY;
        for (int x = 0; x < half.width; ++x) {
            const int x0 = 2 * x - padX;
            half.row(y)[x] = (at(x0, y0) + at(x0 + 1, y0) + at(x0, y0 + 1) + at(x0 + 1, y0 + 1)) / 4;
        }
    }
    return half;
}

double channelSimilarity(FloatPlane x, FloatPlane y)
{
    double product = 1;
    for (std::size_t scale = 0; scale < kWeights.size(); ++scale) {
        const SsimMeans means = ssimMeans(x, y, nullptr);
        const bool coarsest = scale + 1 == kWeights.size();
        product *= std::pow(std::max(0.0, coarsest ? means.ssim : means.contrast), kWeights[scale]);
        if (!coarsest) {
            x = halved(x);
            y = halved(y);
        }
    }
    return product;
}

class MultiScaleSimilarity final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"ms_ssim", "MS-SSIM", "",
            "Structural similarity at five scales (Wang et al. 2003), mean of the channels; from 176 pixels "
            "a "
            "side",
            Better::Higher, 4, false};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool) const override
    {
        Measurement result;
        if (std::min(reference.width, reference.height) < kSmallestSide)
            return result;
        double sum = 0;
        for (int c = 0; c < 3; ++c)
            sum += channelSimilarity(ssimPlane(reference, c), ssimPlane(test, c));
        result.value = sum / 3;
        return result;
    }
};

} // namespace

const Metric& multiScaleSimilarity()
{
    static const MultiScaleSimilarity kMetric;
    return kMetric;
}

} // namespace mantissa
