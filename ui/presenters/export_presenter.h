// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an export for the window: suggests where to, starts it on an engine thread, and turns its progress
// into what a person wants to read.
#pragma once

#include "engine/export/assembly.h"
#include "ui/document.h"
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
    explicit ExportPresenter(PlanDocument& document, QObject* parent = nullptr);

    /// "<folder of the source>/<name>-<format>.safetensors".
    QString suggestedPath() const;
    /// Why this cannot be the output, as a sentence; empty if it can.
    QString obstacle(const QString& file) const;

    void start(const QString& file, const WriteOptions& options);
    void cancel();
    bool isRunning() const { return m_job.isRunning(); }

Q_SIGNALS:
    void started(const QString& file);
    void progressed(const mantissa::ui::ExportProgress& progress);
    void logged(const QList<mantissa::LogLine>& lines);
    void cancelling(); ///< the request was taken; the job ends within a block
    void finished(const mantissa::WriteReport& report);
    void failed(const mantissa::Error& error); ///< Cancelled included
    void runningChanged(bool running);

private:
    PlanDocument& m_document;
    JobController m_job;
    Throughput m_throughput;
    std::string m_phase;
};

} // namespace mantissa::ui
