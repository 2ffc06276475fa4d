// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration while it runs: what a window or a terminal sees of one layer.
//
// The run only copies counters, and only when somebody looks; clip lines and forecasts are computed by
// whoever draws them, on that thread. A slow subscriber misses views and never slows the run.
#pragma once

#include "engine/calibration/range.h"
#include "engine/calibration/statistics.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mantissa {

/// Ten times a second at most.
inline constexpr std::chrono::milliseconds kLiveInterval{100};
/// Layers that are watched beside the chosen one: each costs the run a copy of some 16 KiB of counters.
inline constexpr std::size_t kMostLiveLayers = 24;

/// One layer's input, as far as the run is; the prompt under way is in it.
struct LiveView {
    std::string layer;
    std::size_t channels = 0;
    std::uint64_t tokens = 0;
    MagnitudeHistogram histogram;
    std::vector<float> bucketLargest; ///< kTimestepBuckets maxima over all channels; 0 where none was seen
    std::vector<float> channelAbsMax; ///< the largest magnitude of each channel
    double meanAbs = 0; ///< over all channels
    std::uint32_t stepsDone = 0, stepsTotal = 0; ///< of all prompts
    std::size_t prompt = 0, prompts = 0; ///< the one under way, from 1
};

/// Error that a grid would make on the values seen so far.
struct LiveForecast {
    RangeGrid grid = RangeGrid::Int8;
    double maxSnrDb = 0; ///< nothing clipped
    double mseClip = 0, mseSnrDb = 0; ///< clipped where the squared error is least
};

struct LiveSummary {
    double maxClip = 0, percentileClip = 0,
           mseClip = 0; ///< clip lines; the percentile is 99.99, MSE for int8
    std::vector<LiveForecast> forecasts;
};
/// Takes about a millisecond.
LiveSummary summarise(const LiveView& view);

/// A mailbox for the newest view. Thread-safe: the run publishes, subscribers choose and take.
class LiveFeed {
public:
    /// From now on views of this layer; empty: of the input with the largest outliers. Views of `others`, up
    /// to kMostLiveLayers of them, come along.
    void choose(std::string layer, std::vector<std::string> others = {});
    std::string chosen() const;
    std::vector<std::string> others() const;
    /// The newest view, if there is one that was not taken yet.
    std::optional<LiveView> take();
    /// Those of the others, in their order, as new as the view that take() gave last or newer; layers that no
    /// call has reached yet are missing. Empty where they were taken already.
    std::vector<LiveView> takeOthers();
    /// All layers that are watched, in the order of the computation; empty until the first call of the
    /// network.
    std::vector<std::string> layers() const;

    /// For the run: whether a view is due, and the view.
    bool due() const;
    void publish(LiveView view, std::vector<LiveView> others = {});
    void setLayers(std::vector<std::string> layers);

private:
    mutable std::mutex m_mutex;
    std::string m_chosen;
    std::optional<LiveView> m_view;
    std::vector<LiveView> m_otherViews;
    std::vector<std::string> m_layers, m_others;
    std::chrono::steady_clock::time_point m_last{};
};

} // namespace mantissa
