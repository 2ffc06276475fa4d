// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/live_display.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <fmt/format.h>
#include <mutex>
#include <numeric>
#include <unistd.h>
#include <vector>

namespace mantissa::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<const char*, 9> kBlocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::size_t kColumns = 72;
constexpr int kRows = 6;
constexpr std::chrono::seconds kPlainInterval{5};

/// Counts of equal parts of [0, top).
std::vector<double> columnsOf(const MagnitudeHistogram& histogram, double top)
{
    std::vector<double> columns(kColumns);
    for (std::size_t i = 0; i < MagnitudeHistogram::kBins; ++i) {
        const double centre = (static_cast<double>(i) + 0.5) * histogram.binWidth();
        const auto column = static_cast<std::size_t>(centre / top * static_cast<double>(kColumns));
        columns[std::min(column, kColumns - 1)] += static_cast<double>(histogram.counts()[i]);
    }
    return columns;
}

/// A row of markers below the histogram; the later one wins a column.
std::string clipLine(const LiveSummary& summary, double top)
{
    std::string line(kColumns, ' ');
    const auto mark = [&](double clip, char letter) {
        const auto column = static_cast<std::size_t>(clip / top * static_cast<double>(kColumns));
        line[std::min(column, kColumns - 1)] = letter;
    };
    mark(summary.maxClip, 'M');
    mark(summary.percentileClip, 'P');
    mark(summary.mseClip, 'E');
    return line;
}

std::string bars(const std::vector<float>& values)
{
    const float top = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    std::string line;
    for (const float value : values)
        line += value <= 0 || top <= 0
            ? "·"
            : kBlocks[static_cast<std::size_t>(std::clamp(std::lround(8 * value / top), 1L, 8L))];
    return line;
}

} // namespace

std::string drawLiveView(const LiveView& view, const LiveSummary& summary)
{
    std::string out = fmt::format("{}: {} channels, {} tokens\n", view.layer, view.channels, view.tokens);
    const double top = summary.maxClip > 0 ? summary.maxClip : 1;
    const std::vector<double> columns = columnsOf(view.histogram, top);
    const double most = std::log1p(*std::max_element(columns.begin(), columns.end()));
    for (int row = kRows - 1; row >= 0; --row) {
        out += "  ";
        for (const double count : columns) {
            const double height = most > 0 ? std::log1p(count) / most * kRows - row : 0;
            out += kBlocks[static_cast<std::size_t>(std::clamp(std::lround(height * 8), 0L, 8L))];
        }
        out += "\n";
    }
    out += "  " + clipLine(summary, top) + "\n";
    out += fmt::format("  clip at max (M) {:.4g}, 99.99 % (P) {:.4g}, least error of int8 (E) {:.4g}; "
                       "mean magnitude {:.4g}\n",
        summary.maxClip, summary.percentileClip, summary.mseClip, view.meanAbs);
    out += fmt::format("  maximum over the timesteps, clean to noisy: {}\n", bars(view.bucketLargest));
    out += "  error forecast:";
    for (const LiveForecast& forecast : summary.forecasts)
        out += fmt::format(
            " {} {:.1f} dB ({:.1f} clipped)", nameOf(forecast.grid), forecast.maxSnrDb, forecast.mseSnrDb);
    const double share = view.stepsTotal > 0 ? 100.0 * view.stepsDone / view.stepsTotal : 0;
    out += fmt::format("\n  prompt {} of {}, step {} of {} ({:.0f} %)\n", view.prompt, view.prompts,
        view.stepsDone, view.stepsTotal, share);
    return out;
}

LiveDisplay::LiveDisplay(LiveFeed& feed)
    : m_feed(feed)
    , m_terminal(::isatty(STDERR_FILENO) == 1)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{ }

LiveDisplay::~LiveDisplay()
{
    m_thread.request_stop();
    m_thread.join();
}

void LiveDisplay::run(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::string waiting; // not drawn yet
    std::ptrdiff_t drawnLines = 0;
    auto last = Clock::now() - kPlainInterval;
    while (true) {
        const bool ending = stop.stop_requested();
        if (const auto view = m_feed.take())
            waiting = drawLiveView(*view, summarise(*view));
        if (!waiting.empty() && (m_terminal || ending || Clock::now() - last >= kPlainInterval)) {
            std::string text = waiting;
            if (m_terminal && drawnLines > 0)
                text = fmt::format("\x1b[{}F\x1b[J{}", drawnLines, waiting);
            drawnLines = std::count(waiting.begin(), waiting.end(), '\n');
            std::fwrite(text.data(), 1, text.size(), stderr);
            waiting.clear();
            last = Clock::now();
        }
        if (ending)
            return;
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, kLiveInterval, [] { return false; });
    }
}

} // namespace mantissa::cli
