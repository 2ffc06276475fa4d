// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker process tells the window, one line of JSON each: {"progress": …}, {"log": …}, {"live": …},
// {"comparison": …}, {"error": …} or {"outcome": …}; and what the window says meanwhile: {"watch": …}, or
// kStopLine.
//
// Every number comes back as it was. Sentences are English, so that a line can be read as it is. Where one
// has places, its key with "_parts" stands beside it and says what a translation is made from: {"source": "{}
// has {} bytes", "arguments": [text or parts, …], "count": n}, the count only where there is one.
#pragma once

#include "ui/comparison_messages.h"
#include "ui/queued_job.h"

#include <QByteArray>

#include <variant>

namespace mantissa::ui {

/// What LiveFeed::publish() gets, and setLayers() where they changed.
struct LiveViews {
    LiveView chosen;
    std::vector<LiveView> others;
    std::optional<std::vector<std::string>> layers;
};
using JobMessage = std::variant<ProgressSnapshot, LogLine, LiveViews, ComparisonNews, Result<JobOutcome>>;

/// With the line break.
QByteArray toLine(const JobMessage& message);
/// Empty: no message of ours.
std::optional<JobMessage> fromLine(const QByteArray& line);

/// What LiveFeed::choose() gets.
struct Watched {
    std::string layer;
    std::vector<std::string> others;
    bool operator==(const Watched&) const = default;
};
inline constexpr const char* kStopLine = "stop"; ///< without the line break

/// With the line break.
QByteArray toLine(const Watched& watched);
/// Empty: it is something else.
std::optional<Watched> watchedFrom(const QByteArray& line);

} // namespace mantissa::ui
