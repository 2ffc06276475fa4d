// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs, and comparisons that make pictures, in a process of their own: a crash of one, or memory that runs
// out, leaves the window as it is.
//
// The worker is mantissa-studio itself, started with kWorkerOption and without a window. It gets the job as
// one line of JSON on its standard input, then lines that say what of a calibration is watched, and stops
// when it reads "stop" or when its input ends, as it does where the window dies. It writes progress, log,
// live views, pairs of pictures and outcome as lines of JSON (job_messages.h). A window that reads slowly
// misses views and previews, and never slows the job.
#pragma once

#include "ui/picture_job.h"
#include "ui/queued_job.h"

#include <QString>

namespace mantissa::ui {

inline constexpr const char* kWorkerOption = "--worker";

/// mantissa-studio beside the running program; also what opens further windows.
QString studioProgram();

/// Runs the job in a process of its own and waits for it; not on the window's thread. A worker that is killed
/// gives the error of memory that ran out, one that crashes an Internal one. The job's feed, where it has
/// one, shows what the worker does.
Result<JobOutcome> runInWorker(const QueuedJob& job, const JobContext& context);
/// The same of pictures; the watcher is called on this thread.
Result<Comparison> compareInWorker(
    const PictureJob& job, const JobContext& context, const ComparisonWatcher& watcher);

/// The worker's main(). Gives the exit code of the program.
int workerMain(int& argc, char** argv);

} // namespace mantissa::ui
