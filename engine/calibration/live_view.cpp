// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/live_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mantissa {

namespace {

constexpr double kPercentile = 0.9999;
/// An error of nothing at all would be infinite; no grid reaches this.
constexpr double kMostDb = 200;

double decibels(double relativeError)
{
    return relativeError > 0 ? std::min(kMostDb, -10 * std::log10(relativeError)) : kMostDb;
}

} // namespace

LiveSummary summarise(const LiveView& view)
{
    LiveSummary summary;
    summary.maxClip = maxRange(view.histogram).clip;
    summary.percentileClip = view.histogram.quantile(kPercentile);
    for (const RangeGrid grid : {RangeGrid::Int8, RangeGrid::Float8E4M3, RangeGrid::Float4E2M1}) {
        LiveForecast forecast;
        forecast.grid = grid;
        forecast.mseClip = mseRange(view.histogram, grid).clip;
        forecast.maxSnrDb = decibels(relativeSquaredError(view.histogram, grid, summary.maxClip));
        forecast.mseSnrDb = decibels(relativeSquaredError(view.histogram, grid, forecast.mseClip));
        if (grid == RangeGrid::Int8)
            summary.mseClip = forecast.mseClip;
        summary.forecasts.push_back(forecast);
    }
    return summary;
}

void LiveFeed::choose(std::string layer, std::vector<std::string> others)
{
    others.resize(std::min(others.size(), kMostLiveLayers));
    const std::scoped_lock lock(m_mutex);
    m_chosen = std::move(layer);
    m_others = std::move(others);
}

std::vector<std::string> LiveFeed::others() const
{
    const std::scoped_lock lock(m_mutex);
    return m_others;
}

std::vector<LiveView> LiveFeed::takeOthers()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_otherViews, {});
}

std::string LiveFeed::chosen() const
{
    const std::scoped_lock lock(m_mutex);
    return m_chosen;
}

std::optional<LiveView> LiveFeed::take()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_view, std::nullopt);
}

std::vector<std::string> LiveFeed::layers() const
{
    const std::scoped_lock lock(m_mutex);
    return m_layers;
}

bool LiveFeed::due() const
{
    const std::scoped_lock lock(m_mutex);
    return std::chrono::steady_clock::now() - m_last >= kLiveInterval;
}

void LiveFeed::publish(LiveView view, std::vector<LiveView> others)
{
    const std::scoped_lock lock(m_mutex);
    m_view = std::move(view);
    m_otherViews = std::move(others);
    m_last = std::chrono::steady_clock::now();
}

void LiveFeed::setLayers(std::vector<std::string> layers)
{
    const std::scoped_lock lock(m_mutex);
    m_layers = std::move(layers);
}

} // namespace mantissa
