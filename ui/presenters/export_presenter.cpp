// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/export_presenter.h"

#include "engine/export/plan_export.h"
#include "ui/text.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace mantissa::ui {

ExportPresenter::ExportPresenter(PlanDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&m_job, &JobController::runningChanged, this, &ExportPresenter::runningChanged);
    connect(&m_job, &JobController::logged, this, &ExportPresenter::logged);
    connect(&m_job, &JobController::progressed, this, [this](const ProgressSnapshot& snapshot) {
        if (snapshot.phase != m_phase) {
            m_phase = snapshot.phase;
            m_throughput.reset();
        }
        m_throughput.add(snapshot.bytesDone, m_job.elapsedMs());
        ExportProgress progress;
        progress.phase = toQt(snapshot.phase);
        progress.layer = toQt(snapshot.current);
        progress.bytesDone = snapshot.bytesDone;
        progress.bytesTotal = snapshot.bytesTotal;
        progress.itemsDone = snapshot.itemsDone;
        progress.itemsTotal = snapshot.itemsTotal;
        if (snapshot.bytesTotal > 0)
            progress.share = std::min(
                1.0, static_cast<double>(snapshot.bytesDone) / static_cast<double>(snapshot.bytesTotal));
        progress.bytesPerSecond = m_throughput.bytesPerSecond();
        progress.secondsLeft = m_throughput.secondsLeft(snapshot.bytesTotal);
        Q_EMIT progressed(progress);
    });
}

QString ExportPresenter::suggestedPath() const
{
    if (m_document.isEmpty())
        return {};
    const QFileInfo source(fromPath(m_document.model()->source->info().path));
    const QString format = m_document.plan().base.keeps() ? tr("mixed") : toQt(m_document.plan().base.format);
    QString folder = source.absolutePath();
    if (!QFileInfo(folder).isWritable())
        folder = QDir::homePath();
    QString stem = source.isDir() ? source.fileName() : source.completeBaseName();
    stem.remove(QStringLiteral(".safetensors.index"));
    return QDir(folder).filePath(QStringLiteral("%1-%2.safetensors").arg(stem, format));
}

QString ExportPresenter::obstacle(const QString& file) const
{
    const QFileInfo info(file);
    if (file.trimmed().isEmpty())
        return tr("Say where the file shall go.");
    if (info.isDir())
        return tr("This is a folder; add a file name.");
    if (!info.absoluteDir().exists())
        return tr("The folder %1 does not exist.").arg(info.absolutePath());
    if (!QFileInfo(info.absolutePath()).isWritable())
        return tr("The folder %1 cannot be written to.").arg(info.absolutePath());
    if (!m_document.isEmpty())
        for (const SourceFile& source : m_document.model()->source->info().files)
            if (info.exists()
                && QFileInfo(fromPath(source.path)).canonicalFilePath() == info.canonicalFilePath())
                return tr("This is the file that is being read; choose another name.");
    return {};
}

void ExportPresenter::start(const QString& file, const WriteOptions& options)
{
    if (m_document.isEmpty() || isRunning())
        return;
    m_throughput.reset();
    m_phase.clear();
    Q_EMIT started(file);
    m_job.start<WriteReport>(
        [plan = m_document.plan(), model = m_document.model(), out = toPath(file), options](
            const JobContext& job) { return exportPlan(plan, model, out, options, job); },
        [this](Result<WriteReport> report) {
            if (report)
                Q_EMIT finished(*report);
            else
                Q_EMIT failed(report.error());
        });
}

void ExportPresenter::cancel()
{
    if (!isRunning())
        return;
    m_job.requestStop();
    Q_EMIT cancelling();
}

} // namespace mantissa::ui
