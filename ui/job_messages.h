// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker process tells the window, one line of JSON each.
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
