// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/metric.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

namespace mantissa {

const Metric& meanAbsoluteError();
const Metric& maximumError();
const Metric& peakSignalToNoise();
const Metric& structuralSimilarity();
const Metric& multiScaleSimilarity();
const Metric& flipDifference();
const Metric& histogramDistance();

namespace {

using MetricList = std::vector<const Metric*>;

/// A list is never changed: a new one takes its place, so that whoever goes through the old one may finish.
class MetricRegistry {
public:
    const MetricList& all() const { return *m_all.load(); }

    void add(std::unique_ptr<const Metric> metric)
    {
        const std::lock_guard lock(m_mutex);
        MetricList list = all();
        const auto same = std::find_if(list.begin(), list.end(),
            [&](const Metric* each) { return each->info().id == metric->info().id; });
        if (same == list.end())
            list.push_back(metric.get());
        else
            *same = metric.get();
        m_added.push_back(std::move(metric));
        publish(std::move(list));
    }

    void remove(std::string_view id)
    {
        const std::lock_guard lock(m_mutex);
        MetricList list = all();
        if (std::erase_if(list, [&](const Metric* each) { return each->info().id == id; }) > 0)
            publish(std::move(list));
    }

private:
    void publish(MetricList list)
    {
        m_lists.push_back(std::make_unique<const MetricList>(std::move(list)));
        m_all.store(m_lists.back().get());
    }

    const MetricList m_own{&meanAbsoluteError(), &maximumError(), &peakSignalToNoise(),
        &structuralSimilarity(), &multiScaleSimilarity(), &flipDifference(), &histogramDistance()};
    std::atomic<const MetricList*> m_all{&m_own};
    std::mutex m_mutex; ///< guards what follows
    std::vector<std::unique_ptr<const MetricList>> m_lists;
    std::vector<std::unique_ptr<const Metric>> m_added;
};

MetricRegistry& registry()
{
    static MetricRegistry metrics;
    return metrics;
}

} // namespace

std::span<const Metric* const> pictureMetrics()
{
    return registry().all();
}

void addMetric(std::unique_ptr<const Metric> metric)
{
    registry().add(std::move(metric));
}

void removeMetric(std::string_view id)
{
    registry().remove(id);
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
