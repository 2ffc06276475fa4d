// SPDX-License-Identifier: GPL-3.0-or-later
// Exports for the window: suggests where to, puts the job into the queue, and turns its progress into what a
// person wants to read.
#pragma once

#include "engine/export/assembly.h"
#include "ui/document.h"
#include "ui/presenters/job_queue.h"
#include "ui/throughput.h"

#include <QObject>
#include <QString>

#include <optional>

namespace mantissa::ui {

/// One look at a running export.
struct ExportProgress {
    QString phase, layer;
    double share = 0; ///< 0 to 1
    std::uint64_t bytesDone = 0, bytesTotal = 0;
    std::uint32_t itemsDone = 0, itemsTotal = 0;
    std::optional<double> bytesPerSecond, secondsLeft;
};

class ExportPresenter : public QObject {
    Q_OBJECT
public:
    ExportPresenter(PlanDocument& document, JobQueue& queue, QObject* parent = nullptr);

    /// suggestedFile() that ends in the plan's format, or "mixed" where it has several.
    QString suggestedPath() const;
    /// Why this cannot be the output, as a sentence; empty if it can.
    QString obstacle(const QString& file) const;

    /// Statistics of a calibration run for recipes that need them; empty: none.
    void setStatistics(const QString& file) { m_statistics = file; }
    /// Starts at once where the queue has nothing else to do.
    void start(const QString& file, const WriteOptions& options, bool verify = true);
    void cancel();
    /// Whether the job that runs is an export.
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void started(const QString& file);
    void progressed(const mantissa::ui::ExportProgress& progress);
    void logged(const QList<mantissa::LogLine>& lines);
    void cancelling(); ///< the request was taken; the job ends within a block
    void finished(const mantissa::WriteReport& report);
    void verified(const mantissa::VerifyReport& report); ///< follows finished()
    void failed(const mantissa::Error& error); ///< Cancelled included
    void runningChanged(bool running);

private:
    QString formatInName() const;
    void showProgress(const ProgressSnapshot& snapshot);
    PlanDocument& m_document;
    JobQueue& m_queue;
    QString m_statistics;
    bool m_running = false;
    Throughput m_throughput;
    std::string m_phase;
};

} // namespace mantissa::ui
