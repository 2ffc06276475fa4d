// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do about a job that something ran out for.
#pragma once

#include "ui/queued_job.h"

#include <QString>

#include <vector>

namespace mantissa::ui {

enum class PausedChoice { SmallerBudget, UseCpu, Again, Elsewhere };

/// The memory that the job is asked to make do with instead: half of what it may take now; 0 where that would
/// be too little to work with. `machineBytes` of memory count where the job has no limit.
std::uint64_t smallerBudget(const QueuedJob& job, std::uint64_t machineBytes);

/// In the order of their use; of a job that failed for another reason, to try again and to write elsewhere.
std::vector<PausedChoice> choicesFor(const QueuedJob& job);
/// "Try again with 128 MB of memory".
QString nameOf(PausedChoice choice, const QueuedJob& job);

/// The job as it was chosen, ready to go on. `output`: for Elsewhere; the job then begins anew.
QueuedJob withChoice(QueuedJob job, PausedChoice choice, const QString& output = {});

} // namespace mantissa::ui
