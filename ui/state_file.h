// SPDX-License-Identifier: GPL-3.0-or-later
// Small files that the window keeps for itself (queue, journal), written off its thread, one after the other.
#pragma once

#include "ui/job_controller.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>

namespace mantissa::ui {

/// $XDG_STATE_HOME/mantissa, or ~/.local/state/mantissa, or that of the portable mode; not created yet.
QString stateFolder();

/// Replaces a file as a whole: what was there stays until the new content is on the disk. Creates the folder.
Status writeWhole(const QString& file, const QByteArray& content);
/// At most `limit` bytes; InvalidInput for more, System for what cannot be read.
Result<QByteArray> readWhole(const QString& file, qint64 limit);

/// Writes the newest content. Contents that come while one is being written replace each other.
class StateFile : public QObject {
    Q_OBJECT
public:
    explicit StateFile(QString file, QObject* parent = nullptr);
    /// Waits for what is still to be written.
    ~StateFile() override;

    void write(QByteArray content);
    /// What is written, from what is on the disk (empty where there is nothing) and what this window has: for
    /// files that several windows share. Called off the window's thread, while no other process writes.
    using Merge = std::function<QByteArray(const QByteArray& onDisk, const QByteArray& mine)>;
    void write(QByteArray content, Merge merge);
    /// The file goes away, after what is being written.
    void remove();
    bool isBusy() const { return m_job.isRunning(); }
    const QString& path() const { return m_file; }

Q_SIGNALS:
    void failed(const mantissa::Error& error);

private:
    void next();
    QString m_file;
    std::optional<QByteArray> m_waiting; ///< null content: remove
    Merge m_merge; ///< of what waits; may be empty
    JobController m_job;
};

} // namespace mantissa::ui
