// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/calibration_presenter.h"

#include "ui/text.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace mantissa::ui {

namespace { }

CalibrationPresenter::CalibrationPresenter(PlanDocument& document, JobQueue& queue, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_queue(queue)
{
    m_poll.setInterval(kLiveInterval);
    connect(&m_poll, &QTimer::timeout, this, &CalibrationPresenter::look);
    connect(&m_queue, &JobQueue::progressed, this, [this](const ProgressSnapshot& snapshot) {
        if (m_feed && m_queue.running() != nullptr && m_queue.running()->id == m_job)
            Q_EMIT progressed(snapshot);
    });
    connect(&m_queue, &JobQueue::started, this, [this](const QueuedJob& job) {
        if (job.kind != QueuedJob::Kind::Calibrate)
            return;
        m_job = job.id;
        m_feed = job.feed ? job.feed : std::make_shared<LiveFeed>();
        m_feed->choose(toStd(m_layer));
        m_poll.start();
        Q_EMIT started();
    });
    connect(&m_queue, &JobQueue::succeeded, this, [this](const QueuedJob& job, const JobOutcome& outcome) {
        if (job.kind != QueuedJob::Kind::Calibrate)
            return;
        end();
        if (job.source == m_document.file())
            openStatistics(job.output);
        Q_EMIT finished(*outcome.calibrated);
    });
    connect(&m_queue, &JobQueue::failed, this, [this](const QueuedJob& job, const Error& error) {
        if (job.kind != QueuedJob::Kind::Calibrate)
            return;
        end();
        Q_EMIT failed(error);
    });
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_layer.clear();
        openStatistics({});
    });
    // Another format rounds inputs to another grid.
    connect(&m_document, &PlanDocument::stateChanged, this, &CalibrationPresenter::showStored);
}

void CalibrationPresenter::end()
{
    m_poll.stop();
    m_feed.reset();
    m_job.clear();
    Q_EMIT ended();
}

QString CalibrationPresenter::suggestedOutput() const
{
    if (m_document.isEmpty())
        return {};
    const QFileInfo source(m_document.file());
    const QString folder
        = QFileInfo(source.absolutePath()).isWritable() ? source.absolutePath() : QDir::homePath();
    return QDir(folder).filePath(source.completeBaseName() + QStringLiteral(".statistics.safetensors"));
}

QString CalibrationPresenter::obstacle(const CalibrationSettings& settings) const
{
    if (m_document.isEmpty())
        return tr("Open a checkpoint first.");
    if (isRunning() || isPreparing())
        return tr("A calibration is running.");
    if (QString problem = promptObstacle(settings.prompts); !problem.isEmpty())
        return problem;
    if (settings.output.trimmed().isEmpty())
        return tr("Say where the statistics shall go.");
    const QFileInfo folder(QFileInfo(settings.output).absolutePath());
    if (!folder.isDir() || !folder.isWritable())
        return tr("The folder %1 cannot be written to.").arg(folder.filePath());
    return {};
}

void CalibrationPresenter::start(const CalibrationSettings& settings)
{
    if (!obstacle(settings).isEmpty())
        return;
    m_prepare.start<PromptList>(
        [settings](const JobContext&) {
            return readPrompts(settings.prompts, static_cast<std::size_t>(std::max(1, settings.count)),
                [] { return Result<PromptList>(defaultCalibrationPrompts()); });
        },
        [this, settings](Result<PromptList> prompts) {
            if (prompts)
                enqueue(settings, std::move(*prompts));
            else
                Q_EMIT failed(prompts.error());
        });
}

void CalibrationPresenter::enqueue(const CalibrationSettings& settings, std::vector<std::string> prompts)
{
    QueuedJob job;
    job.kind = QueuedJob::Kind::Calibrate;
    job.source = m_document.file();
    job.overrides = m_document.overrides();
    job.model = m_document.model();
    job.output = QFileInfo(settings.output).absoluteFilePath();
    job.overwrite = settings.overwrite;
    job.resume = settings.resume;
    job.prompts = std::move(prompts);
    job.steps = settings.steps;
    job.seed = settings.seed;
    job.feed = std::make_shared<LiveFeed>();
    m_queue.enqueue(std::move(job));
}

void CalibrationPresenter::stop()
{
    m_prepare.requestStop();
    if (isRunning())
        m_queue.stop();
}

InputGrid CalibrationPresenter::gridOf(const QString& layer) const
{
    const auto state = m_document.state();
    if (!state || m_document.isEmpty())
        return inputGridOf({});
    const auto& layers = m_document.model()->layers;
    const std::string name = toStd(layer);
    const auto found
        = std::find_if(layers.begin(), layers.end(), [&](const Layer& each) { return each.name == name; });
    if (found == layers.end())
        return inputGridOf(m_document.plan().base);
    return inputGridOf(state->resolved.decisions[static_cast<std::size_t>(found - layers.begin())].choice);
}

void CalibrationPresenter::look()
{
    if (!m_feed || m_look.isRunning())
        return;
    std::optional<LiveView> live = m_feed->take();
    if (!live)
        return;
    const InputGrid grid = gridOf(toQt(live->layer));
    m_look.start<ActivationView>(
        [live = std::move(*live), grid](
            const JobContext&) -> Result<ActivationView> { return makeView(live, grid); },
        [this](Result<ActivationView> view) {
            if (view && m_feed)
                Q_EMIT viewChanged(*view);
        });
}

void CalibrationPresenter::chooseLayer(const QString& layer)
{
    if (m_layer == layer)
        return;
    m_layer = layer;
    if (m_feed)
        m_feed->choose(toStd(layer));
    else
        showStored();
}

void CalibrationPresenter::openStatistics(const QString& file)
{
    if (file.isEmpty()) {
        m_open.requestStop();
        m_statistics.reset();
        m_info = {};
        Q_EMIT statisticsChanged();
        return;
    }
    using Opened = std::shared_ptr<const StatisticsFile>;
    m_open.start<Opened>([file](const JobContext&) { return StatisticsFile::open(toPath(file)); },
        [this, file, model = m_document.model()](Result<Opened> opened) {
            if (model != m_document.model())
                return;
            if (!opened) {
                Q_EMIT failed(opened.error());
                return;
            }
            m_statistics = std::move(*opened);
            const StatisticsHeader& header = m_statistics->header();
            m_info = {
                file, m_statistics->layers().size(), header.prompts.size(), header.steps, header.randomData};
            Q_EMIT statisticsChanged();
            showStored();
        });
}

void CalibrationPresenter::showStored()
{
    if (m_feed)
        return; // the run shows what it sees
    if (!m_statistics) {
        Q_EMIT viewMissing({});
        return;
    }
    std::string layer = toStd(m_layer);
    if (layer.empty() || !m_statistics->has(layer)) {
        Q_EMIT viewMissing(layer.empty() ? tr("Select a layer in the tree to see its inputs.")
                                         : tr("The statistics have nothing about %1.").arg(m_layer));
        return;
    }
    m_read.start<ActivationView>(
        [file = m_statistics, layer, grid = gridOf(m_layer)](const JobContext&) -> Result<ActivationView> {
            const auto statistics = file->layer(layer, MomentDetail::None);
            if (!statistics)
                return tl::unexpected(statistics.error());
            return makeView(layer, *statistics, grid);
        },
        [this](Result<ActivationView> view) {
            if (m_feed)
                return;
            if (view)
                Q_EMIT viewChanged(*view);
            else
                Q_EMIT viewMissing(errorSentence(view.error()));
        });
}

} // namespace mantissa::ui
