// SPDX-License-Identifier: GPL-3.0-or-later
// Runs jobs one after the other and remembers them: the queue is written after every change, and comes back
// after a crash with every setting.
#pragma once

#include "ui/models/queue_model.h"
#include "ui/paused_job.h"
#include "ui/state_file.h"

#include <QLockFile>
#include <QObject>

#include <memory>
#include <optional>

namespace mantissa::ui {

class JobQueue : public QObject {
    Q_OBJECT
public:
    /// `folder` holds queue.json, or queue-2.json and so on for further windows: each file belongs to one
    /// process at a time. A window takes over what windows that ended left behind.
    explicit JobQueue(const QString& folder, QObject* parent = nullptr);
    ~JobQueue() override;

    QueueModel* model() { return &m_model; }
    /// Adds a job and starts it where nothing runs and the queue is not held. Returns its id.
    QString enqueue(QueuedJob job);
    /// Ends the running job after the block or prompt under way; it can be resumed.
    void stop();
    /// A job that was stopped, interrupted or failed waits again, to go on where it ended.
    void resume(int row);
    /// How a paused or failed job goes on. `output`: for Elsewhere.
    void choose(int row, PausedChoice choice, const QString& output = {});
    void remove(int row); ///< not the running one
    void moveBy(int row, int rows);
    void clearFinished();
    /// Held: the running job ends, no other is started.
    void setHeld(bool held);
    bool isHeld() const { return m_held; }

    bool isRunning() const { return m_job.isRunning(); }
    bool stopRequested() const { return m_job.stopRequested(); }
    /// Null where nothing runs.
    const QueuedJob* running() const;
    qint64 elapsedMs() const { return m_job.elapsedMs(); }
    /// Of all jobs since the queue last stood still, each counted as one, 0 to 1.
    double share() const;
    /// Until all waiting jobs are done, from how long those before took; empty until enough is known.
    std::optional<double> secondsLeft() const;
    int jobsDone() const { return m_done; } ///< since the queue last stood still

Q_SIGNALS:
    void loaded(int unfinished); ///< jobs of an earlier run that did not end
    void started(const mantissa::ui::QueuedJob& job);
    void progressed(const mantissa::ProgressSnapshot& snapshot);
    void logged(const QList<mantissa::LogLine>& lines);
    void succeeded(const mantissa::ui::QueuedJob& job, const mantissa::ui::JobOutcome& outcome);
    void failed(const mantissa::ui::QueuedJob& job, const mantissa::Error& error); ///< Cancelled included
    void runningChanged(bool running);
    void heldChanged(bool held);
    void allDone(); ///< the last waiting job ended by itself, well or not
    void storeFailed(const mantissa::Error& error);

private:
    struct Stored;
    void load(const QString& folder);
    void takeOver(Stored stored);
    void startNext();
    void finish(const QString& id, Result<JobOutcome> outcome);
    void store();

    QueueModel m_model;
    std::unique_ptr<StateFile> m_file; ///< set with the lock
    std::shared_ptr<QLockFile> m_lock; ///< set where the file is ours
    bool m_held = false;
    int waiting() const;

    QString m_running;
    int m_done = 0;
    qint64 m_doneMs = 0; ///< that those took
    double m_jobShare = 0; ///< of the running one
    JobController m_loader, m_job, m_cleaner;
};

} // namespace mantissa::ui
