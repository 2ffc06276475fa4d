// SPDX-License-Identifier: GPL-3.0-or-later
// `calibrate --watch`: the histogram of a layer on standard error, while the run goes on.
#pragma once

#include "engine/calibration/live_view.h"

#include <string>
#include <thread>

namespace mantissa::cli {

/// Several lines: the layer, its histogram (counts on a logarithmic axis) with the clip lines below, the
/// maximum over the timesteps, the errors that grids would make, the progress.
std::string drawLiveView(const LiveView& view, const LiveSummary& summary);

/// Draws what the feed has while it lives: in place on a terminal, ten times a second at most; elsewhere a
/// drawing every few seconds and a last one.
class LiveDisplay {
public:
    explicit LiveDisplay(LiveFeed& feed);
    ~LiveDisplay();
    LiveDisplay(const LiveDisplay&) = delete;
    LiveDisplay& operator=(const LiveDisplay&) = delete;

private:
    void run(const std::stop_token& stop);
    LiveFeed& m_feed;
    bool m_terminal;
    std::jthread m_thread;
};

} // namespace mantissa::cli
