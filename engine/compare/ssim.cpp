// SPDX-License-Identifier: GPL-3.0-or-later
// SSIM as scikit-image computes it with the paper's settings: structural_similarity(…, channel_axis=2,
// gaussian_weights=True, sigma=1.5, use_sample_covariance=False).
#include "engine/compare/metric.h"
#include "engine/compare/ssim_statistics.h"

#include <algorithm>
#include <array>

namespace mantissa {

namespace {

constexpr double kSigma = 1.5;
constexpr float kC1 = 0.01f * 0.01f, kC2 = 0.03f * 0.03f; // (K·L)² with the range L = 1

FloatPlane product(const FloatPlane& x, const FloatPlane& y)
{
    FloatPlane result(x.width, x.height);
    for (std::size_t i = 0; i < result.values.size(); ++i)
        result.values[i] = x.values[i] * y.values[i];
    return result;
}

/// Local means of x, y, x², y² and x·y, in that order.
std::array<FloatPlane, 5> localMeans(const FloatPlane& x, const FloatPlane& y)
{
    static const std::vector<float> kTaps = gaussianTaps(kSigma, kSsimWindow / 2);
    std::array<FloatPlane, 5> means;
    FloatPlane scratch;
    filterSeparable(x, kTaps, Border::Mirror, scratch, means[0]);
    filterSeparable(y, kTaps, Border::Mirror, scratch, means[1]);
    filterSeparable(product(x, x), kTaps, Border::Mirror, scratch, means[2]);
    filterSeparable(product(y, y), kTaps, Border::Mirror, scratch, means[3]);
    filterSeparable(product(x, y), kTaps, Border::Mirror, scratch, means[4]);
    return means;
}

class StructuralSimilarity final : public Metric {
public:
    const MetricInfo& info() const override
    {
        static const MetricInfo kInfo{"ssim", "SSIM", "",
            "Structural similarity (Wang et al. 2004): Gaussian window of 11 pixels, σ 1.5, mean of the "
            "channels; from 11 pixels a side",
            Better::Higher, 4, true};
        return kInfo;
    }
    Measurement measure(const Picture& reference, const Picture& test, bool wantMap) const override
    {
        Measurement result;
        if (std::min(reference.width, reference.height) < kSsimWindow)
            return result;
        FloatPlane similarity = wantMap ? FloatPlane(reference.width, reference.height) : FloatPlane();
        double sum = 0;
        for (int c = 0; c < 3; ++c)
            sum += ssimMeans(ssimPlane(reference, c), ssimPlane(test, c), wantMap ? &similarity : nullptr)
                       .ssim;
        result.value = sum / 3;
        for (float& value : similarity.values)
            value = std::clamp(1 - value / 3, 0.0f, 1.0f);
        result.map = std::move(similarity);
        return result;
    }
};

} // namespace

FloatPlane ssimPlane(const Picture& picture, int channel)
{
    static const auto kTable = [] {
        std::array<float, 256> table{};
        for (std::size_t i = 0; i < table.size(); ++i)
            table[i] = static_cast<float>(static_cast<double>(i) / 255.0 - kSsimCentre);
        return table;
    }();
    return channelPlane(picture, channel, kTable);
}

SsimMeans ssimMeans(const FloatPlane& x, const FloatPlane& y, FloatPlane* map)
{
    const auto means = localMeans(x, y);
    constexpr int kEdge = kSsimWindow / 2;
    SsimMeans sums;
    std::vector<float> ssim(static_cast<std::size_t>(x.width)), contrast(ssim.size());
    for (int row = 0; row < x.height; ++row) {
        const float *mx = means[0].row(row), *my = means[1].row(row), *mxx = means[2].row(row),
                    *myy = means[3].row(row), *mxy = means[4].row(row);
        for (std::size_t i = 0; i < ssim.size(); ++i) {
            const float vx = mxx[i] - mx[i] * mx[i], vy = myy[i] - my[i] * my[i], v = mxy[i] - mx[i] * my[i];
            const float ux = mx[i] + kSsimCentre, uy = my[i] + kSsimCentre;
            contrast[i] = (2 * v + kC2) / (vx + vy + kC2);
            ssim[i] = (2 * ux * uy + kC1) / (ux * ux + uy * uy + kC1) * contrast[i];
        }
        if (map)
            for (std::size_t i = 0; i < ssim.size(); ++i)
                map->row(row)[i] += ssim[i];
        if (row < kEdge || row >= x.height - kEdge)
            continue;
        for (std::size_t i = kEdge; i < ssim.size() - kEdge; ++i) {
            sums.ssim += static_cast<double>(ssim[i]);
            sums.contrast += static_cast<double>(contrast[i]);
        }
    }
    const double windows
        = static_cast<double>(x.width - 2 * kEdge) * static_cast<double>(x.height - 2 * kEdge);
    return {sums.ssim / windows, sums.contrast / windows};
}

const Metric& structuralSimilarity()
{
    static const StructuralSimilarity kMetric;
    return kMetric;
}

} // namespace mantissa
