// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/export_presenter.h"

#include "ui/suggested_file.h"
#include "ui/text.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace mantissa::ui {

ExportPresenter::ExportPresenter(PlanDocument& document, JobQueue& queue, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_queue(queue)
{
    const auto isExport = [](const QueuedJob& job) { return job.kind == QueuedJob::Kind::Export; };
    connect(&m_queue, &JobQueue::started, this, [this, isExport](const QueuedJob& job) {
        m_running = isExport(job);
        if (!m_running)
            return;
        m_throughput.reset();
        m_phase.clear();
        Q_EMIT started(job.output);
        Q_EMIT runningChanged(true);
    });
    connect(&m_queue, &JobQueue::progressed, this, &ExportPresenter::showProgress);
    connect(&m_queue, &JobQueue::logged, this, [this](const QList<LogLine>& lines) {
        if (m_running)
            Q_EMIT logged(lines);
    });
    connect(&m_queue, &JobQueue::succeeded, this,
        [this, isExport](const QueuedJob& job, const JobOutcome& outcome) {
            if (!isExport(job))
                return;
            m_running = false;
            Q_EMIT finished(*outcome.written);
            if (outcome.verified)
                Q_EMIT verified(*outcome.verified);
            Q_EMIT runningChanged(false);
        });
    connect(&m_queue, &JobQueue::failed, this, [this, isExport](const QueuedJob& job, const Error& error) {
        if (!isExport(job))
            return;
        m_running = false;
        Q_EMIT failed(error);
        Q_EMIT runningChanged(false);
    });
}

void ExportPresenter::showProgress(const ProgressSnapshot& snapshot)
{
    if (!m_running)
        return;
    if (snapshot.phase != m_phase) {
        m_phase = snapshot.phase;
        m_throughput.reset();
    }
    m_throughput.add(snapshot.bytesDone, m_queue.elapsedMs());
    ExportProgress progress;
    progress.phase = engineText(snapshot.phase);
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
}

QString ExportPresenter::suggestedPath() const
{
    if (m_document.isEmpty())
        return {};
    return suggestedFile(m_document.file(), QStringLiteral("-%1.safetensors").arg(formatInName()));
}

QString ExportPresenter::formatInName() const
{
    const Choice& base = m_document.plan().base;
    const auto state = m_document.state();
    auto formats
        = state && !state->nodes.empty() ? state->nodes.front().formats : decltype(NodeSummary::formats)();
    std::erase_if(formats, [](const auto& each) { return each.first.empty(); }); // kept layers
    if (formats.size() == 1)
        return toQt(formats.front().first);
    return formats.empty() && !base.keeps() ? toQt(base.format) : tr("mixed");
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

void ExportPresenter::start(const QString& file, const WriteOptions& options, bool verify)
{
    if (m_document.isEmpty())
        return;
    QueuedJob job;
    job.kind = QueuedJob::Kind::Export;
    job.source = m_document.file();
    job.overrides = m_document.overrides();
    job.model = m_document.model();
    job.plan = m_document.plan();
    job.output = file;
    job.overwrite = options.overwrite;
    job.resume = options.resume;
    job.allowNonFinite = options.allowNonFinite;
    job.measureErrors = options.measureErrors;
    job.verify = verify;
    job.statistics = m_statistics;
    m_queue.enqueue(std::move(job));
}

void ExportPresenter::cancel()
{
    if (!isRunning())
        return;
    m_queue.stop();
    Q_EMIT cancelling();
}

} // namespace mantissa::ui
