// SPDX-License-Identifier: GPL-3.0-or-later
// A log file for each job of the queue, to read or to send along with a report after the window was closed.
#pragma once

#include "engine/base/job.h"

#include <QList>
#include <QString>
#include <QThreadPool>

namespace mantissa::ui {

/// Appends the lines of a job to FOLDER/ID.log, in order, on a thread of its own. A log that cannot be
/// written (a full disk) has a gap: it is no reason to disturb the job. Safe where windows share a folder,
/// since the ids of jobs are unique. Thread rule: the window's thread.
class JobLogs {
public:
    static constexpr qint64 kMostBytes = 2 << 20; ///< of one file; above, the older half makes room
    static constexpr int kMostFiles = 200; ///< the files longest untouched go first

    /// The folder is created with the first line.
    explicit JobLogs(QString folder);
    /// Waits for what is still to be written.
    ~JobLogs();

    /// With the time, the level ("warning", "info", "detail") and the layer, tabs between them.
    void append(const QString& id, const QList<LogLine>& lines);
    /// Removes the oldest files above kMostFiles.
    void prune();
    /// Whether it is there says the disk only.
    QString fileOf(const QString& id) const;
    /// Waits until everything is in the files. On any thread.
    void flush();

private:
    QString m_folder;
    QThreadPool m_writer; ///< of one thread, so that the order is kept
};

} // namespace mantissa::ui
