// SPDX-License-Identifier: GPL-3.0-or-later
// One job of the queue with every setting that it needs, so that it can be run again after a crash.
#pragma once

#include "engine/base/shortage.h"
#include "engine/calibration/calibration.h"
#include "engine/compare/comparison.h"
#include "engine/export/assembly.h"
#include "engine/export/verify.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"
#include "ui/model_parts.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace mantissa::ui {

struct QueuedJob {
    enum class Kind {
        Export,
        Calibrate,
        Convert, ///< to safetensors as it is, without the calls that its pickle would make
    };
    enum class State {
        Waiting,
        Running,
        Stopped, ///< by the person; what is finished was kept
        Interrupted, ///< the program ended while it ran
        Done,
        Failed,
        Paused, ///< something ran out (`shortage`); what is finished was kept, and a person has to choose
    };

    QString id; ///< unique
    Kind kind = Kind::Export;
    State state = State::Waiting;
    QString source; ///< checkpoint, with what the user knows better of it
    DetectionOverrides overrides;
    QString output;
    bool overwrite = false, resume = false;
    QString message; ///< how it ended, as a sentence
    std::optional<Shortage> shortage; ///< why it paused
    /// Bytes; 0: the engine's own. Of exports for rows in flight, of calibrations for weights and matrices.
    std::uint64_t memoryLimit = 0;

    // Export
    QuantPlan plan;
    bool allowNonFinite = false, measureErrors = false;
    bool verify = true; ///< read the file again and decode every layer
    QString statistics; ///< file of a calibration run; may be empty

    // Calibrate
    ModelParts parts; ///< from other files
    CalibrationRequest calibration; ///< but for output, overwrite and resume, which are above
    std::string device = "cpu"; ///< or "cuda"

    // Not stored
    std::shared_ptr<const Model> model; ///< what the window has already, so that it is not opened twice
    std::shared_ptr<LiveFeed> feed; ///< of a calibration while it runs; may be null

    bool canResume() const
    {
        return state == State::Stopped || state == State::Interrupted || state == State::Failed
            || state == State::Paused;
    }
    WriteOptions writeOptions() const;
    CalibrationRequest calibrationRequest() const;
};

QString nameOf(QueuedJob::Kind kind);
QString nameOf(QueuedJob::State state);

/// JSON of all jobs, with every setting.
QByteArray toJson(const std::vector<QueuedJob>& jobs);
/// Jobs that ran when the text was written come back as interrupted. InvalidInput for what is no queue.
Result<std::vector<QueuedJob>> parseQueue(const QByteArray& json);

/// How one run of a process ended; only the report of its kind is set.
struct JobOutcome {
    std::shared_ptr<const WriteReport> written;
    std::shared_ptr<const VerifyReport> verified; ///< null where it was not asked for, or stopped
    std::shared_ptr<const CalibrationReport> calibrated;
    std::shared_ptr<const Comparison> compared; ///< of a PictureJob (picture_job.h)
};
/// Runs a job to its end, on the calling thread.
Result<JobOutcome> runQueuedJob(const QueuedJob& job, const JobContext& context);

} // namespace mantissa::ui
