// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker process tells the window, one line of JSON each: {"progress": …}, {"log": …}, {"error": …} or
// {"outcome": …}. Sentences are English, so that a line can be read as it is. Where one has places, its key
// with "_parts" stands beside it and says what a translation is made from: {"source": "{} has {} bytes",
// "arguments": [text or parts, …], "count": n}, the count only where there is one.
#pragma once

#include "ui/queued_job.h"

#include <QByteArray>

#include <variant>

namespace mantissa::ui {

using JobMessage = std::variant<ProgressSnapshot, LogLine, Result<JobOutcome>>;

/// With the line break.
QByteArray toLine(const JobMessage& message);
/// Empty: no message of ours.
std::optional<JobMessage> fromLine(const QByteArray& line);

} // namespace mantissa::ui
