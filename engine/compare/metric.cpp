// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/metric.h"

#include <cmath>

namespace mantissa {

const Metric& meanAbsoluteError();
const Metric& maximumError();
const Metric& peakSignalToNoise();
const Metric& structuralSimilarity();
const Metric& multiScaleSimilarity();
const Metric& flipDifference();
const Metric& histogramDistance();

namespace {

struct MetricRegistry {
    std::vector<const Metric*> all{&meanAbsoluteError(), &maximumError(), &peakSignalToNoise(),
        &structuralSimilarity(), &multiScaleSimilarity(), &flipDifference(), &histogramDistance()};
    std::vector<std::unique_ptr<const Metric>> added;
};

MetricRegistry& registry()
{
    static MetricRegistry metrics;
    return metrics;
}

} // namespace

std::span<const Metric* const> pictureMetrics()
{
    return registry().all;
}

void addMetric(std::unique_ptr<const Metric> metric)
{
    registry().all.push_back(metric.get());
    registry().added.push_back(std::move(metric));
}

const Metric* findMetric(std::string_view id)
{
    for (const Metric* metric : pictureMetrics())
        if (metric->info().id == id)
            return metric;
    return nullptr;
}

Result<std::vector<Measurement>> measurePictures(const Picture& reference, const Picture& test, bool wantMaps)
{
    if (reference.empty() || test.empty())
        return fail(ErrorCode::Usage, "an empty picture cannot be compared");
    if (reference.width != test.width || reference.height != test.height)
        return fail(ErrorCode::Usage, "pictures of {} × {} and {} × {} pixels cannot be compared",
            reference.width, reference.height, test.width, test.height);
    std::vector<Measurement> measured;
    for (const Metric* metric : pictureMetrics())
        measured.push_back(metric->measure(reference, test, wantMaps));
    return measured;
}

std::optional<double> meanOf(std::span<const std::optional<double>> values)
{
    double sum = 0;
    std::size_t finite = 0;
    std::optional<double> infinite;
    for (const auto& value : values) {
        if (!value)
            continue;
        if (std::isinf(*value)) {
            infinite = value;
            continue;
        }
        sum += *value;
        ++finite;
    }
    if (finite == 0)
        return infinite;
    return sum / static_cast<double>(finite);
}

std::string metricText(const MetricInfo& info, const std::optional<double>& value, bool withUnit)
{
    if (!value)
        return "not defined";
    std::string text = std::isinf(*value) ? "∞" : fmt::format("{:.{}f}", *value, info.decimals);
    if (withUnit && !info.unit.empty())
        text += fmt::format(" {}", info.unit);
    return text;
}

} // namespace mantissa
