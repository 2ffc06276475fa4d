// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/paused_job.h"

#include "engine/compat/machine.h"
#include "ui/text.h"

#include <QCoreApplication>

namespace mantissa::ui {

namespace {

struct PausedJob {
    Q_DECLARE_TR_FUNCTIONS(PausedJob)
};

// Below this, a block of one wide layer does not fit (engine/export: 4 MiB copies, blocks of a million
// weights); networks need the weights of a layer and its activations at least.
constexpr std::uint64_t kLeastForExports = std::uint64_t{16} << 20;
constexpr std::uint64_t kLeastForNetworks = std::uint64_t{256} << 20;

} // namespace

std::uint64_t smallerBudget(const QueuedJob& job, std::uint64_t machineBytes)
{
    const bool calibrates = job.kind == QueuedJob::Kind::Calibrate;
    const std::uint64_t now = job.memoryLimit > 0 ? job.memoryLimit
        : calibrates                              ? machineBytes
                                                  : WriteOptions().memoryLimit;
    const std::uint64_t half = now / 2;
    return half >= (calibrates ? kLeastForNetworks : kLeastForExports) ? half : 0;
}

std::vector<PausedChoice> choicesFor(const QueuedJob& job)
{
    std::vector<PausedChoice> choices;
    if (job.shortage == Shortage::Memory && smallerBudget(job, machineMemory()) > 0)
        choices.push_back(PausedChoice::SmallerBudget);
    if (job.kind == QueuedJob::Kind::Calibrate && job.device != "cpu" && job.shortage
        && *job.shortage != Shortage::Disk)
        choices.push_back(PausedChoice::UseCpu);
    choices.push_back(PausedChoice::Again);
    if (!job.shortage || *job.shortage == Shortage::Disk)
        choices.push_back(PausedChoice::Elsewhere);
    return choices;
}

QString nameOf(PausedChoice choice, const QueuedJob& job)
{
    switch (choice) {
    case PausedChoice::SmallerBudget:
        return PausedJob::tr("Try again with a smaller memory budget (%1)")
            .arg(sizeText(smallerBudget(job, machineMemory())));
    case PausedChoice::UseCpu:
        return PausedJob::tr("Use the processor instead of the GPU");
    case PausedChoice::Again:
        return PausedJob::tr("Try again");
    case PausedChoice::Elsewhere:
        return job.kind == QueuedJob::Kind::Export ? PausedJob::tr("Export elsewhere…")
                                                   : PausedJob::tr("Write elsewhere…");
    }
    return {};
}

QueuedJob withChoice(QueuedJob job, PausedChoice choice, const QString& output)
{
    job.resume = true;
    switch (choice) {
    case PausedChoice::SmallerBudget:
        if (const std::uint64_t bytes = smallerBudget(job, machineMemory()); bytes > 0)
            job.memoryLimit = bytes;
        break;
    case PausedChoice::UseCpu:
        job.device = "cpu";
        break;
    case PausedChoice::Again:
        break;
    case PausedChoice::Elsewhere:
        job.output = output;
        job.resume = false;
        job.overwrite = true; // the dialog has asked
        break;
    }
    job.state = QueuedJob::State::Waiting;
    job.shortage.reset();
    job.message.clear();
    return job;
}

} // namespace mantissa::ui
