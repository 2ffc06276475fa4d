// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/calibration_presenter.h"

#include "ui/settings.h"
#include "ui/suggested_file.h"
#include "ui/text.h"

#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace mantissa::ui {

namespace {

/// What a run shows at one time.
struct LiveLook {
    ActivationView chosen;
    std::vector<ActivationView> multiples;
};

QString howText(const StatisticsHeader& header)
{
    QStringList sizes, components;
    for (const CalibratedPrompt& prompt : header.prompts)
        if (const QString size = QStringLiteral("%1 × %2").arg(prompt.width).arg(prompt.height);
            !sizes.contains(size))
            sizes << size;
    for (const std::string& component : header.components)
        components << toQt(component);
    return CalibrationPresenter::tr("%1 and %2, guidance %3, sizes %4, watched: %5")
        .arg(toQt(header.sampler), toQt(header.scheduler), QLocale().toString(header.cfg, 'g', 3),
            sizes.join(QStringLiteral(", ")), components.join(QStringLiteral(", ")));
}

} // namespace

Result<std::vector<PixelSize>> parsePixelSizes(const QString& text)
{
    std::vector<PixelSize> sizes;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (part.trimmed().isEmpty())
            continue;
        const auto size = parsePixelSize(toStd(part.trimmed()));
        if (!size)
            return tl::unexpected(size.error());
        sizes.push_back(*size);
    }
    return sizes;
}

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
        m_feed = job.feed;
        chooseLive();
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
        m_current.clear();
        m_selection.clear();
        m_multiples.clear();
        m_selected = 0;
        openStatistics({});
    });
    // Another format rounds inputs to another grid.
    connect(&m_document, &PlanDocument::stateChanged, this, [this] {
        showStored();
        showStoredMultiples();
    });
}

void CalibrationPresenter::end()
{
    m_poll.stop();
    m_feed.reset();
    m_job.clear();
    Q_EMIT ended();
}

std::vector<std::string> CalibrationPresenter::roles() const
{
    return m_document.isEmpty() ? std::vector<std::string>() : calibratedRoles(*m_document.model());
}

QString CalibrationPresenter::suggestedOutput() const
{
    return m_document.isEmpty() ? QString()
                                : suggestedFile(m_document.file(), QStringLiteral(".statistics.safetensors"));
}

QString CalibrationPresenter::obstacle(const CalibrationSettings& settings) const
{
    if (m_document.isEmpty())
        return tr("Open a checkpoint first.");
    if (isRunning() || isPreparing())
        return tr("A calibration is running.");
    if (!settings.randomData)
        if (QString problem = promptObstacle(settings.prompts); !problem.isEmpty())
            return problem;
    if (!parsePixelSizes(settings.sizes))
        return tr("Sizes are written as 512x768, several of them with commas between.");
    if (settings.components.empty())
        return tr("Choose at least one part of the model to watch.");
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
        [settings, embeddings = toPath(m_document.parts().embeddings)](
            const JobContext&) -> Result<PromptList> {
            const auto count = static_cast<std::size_t>(std::max(1, settings.count));
            if (settings.randomData)
                return noisePrompts(count);
            auto given = givenPrompts(settings.prompts);
            if (!given)
                return given;
            return promptsToSample(std::move(*given), embeddings, count);
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
    job.parts = m_document.parts();
    job.calibration.prompts = std::move(prompts);
    job.calibration.steps = settings.steps;
    job.calibration.seed = settings.seed;
    job.calibration.sizes = parsePixelSizes(settings.sizes).value_or(std::vector<PixelSize>{}); // obstacle()
    job.calibration.cfg = settings.sampling.cfg;
    job.calibration.sampler = toStd(settings.sampling.sampler);
    job.calibration.scheduler = toStd(settings.sampling.scheduler);
    job.calibration.components = settings.components;
    job.calibration.randomData = settings.randomData;
    job.device = toStd(settingValue(Setting::CalibrationDevice).toString());
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
    std::vector<LiveView> others = m_feed->takeOthers();
    std::vector<InputGrid> grids{gridOf(toQt(live->layer))};
    for (const LiveView& other : others)
        grids.push_back(gridOf(toQt(other.layer)));
    m_look.start<LiveLook>(
        [live = std::move(*live), others = std::move(others), grids](
            const JobContext& job) -> Result<LiveLook> {
            LiveLook look{makeView(live, grids.front()), {}};
            for (std::size_t i = 0; i < others.size() && !job.cancelled(); ++i)
                look.multiples.push_back(makeView(others[i], grids[i + 1]));
            return look;
        },
        [this](Result<LiveLook> look) {
            if (!look || !m_feed)
                return;
            Q_EMIT viewChanged(look->chosen);
            if (!m_multiples.isEmpty())
                Q_EMIT multiplesChanged(look->multiples);
        });
}

void CalibrationPresenter::chooseLive()
{
    std::vector<std::string> others;
    for (const QString& layer : std::as_const(m_multiples))
        others.push_back(toStd(layer));
    m_feed->choose(toStd(m_layer), std::move(others));
}

void CalibrationPresenter::chooseLayer(const QString& layer)
{
    if (m_layer == layer)
        return;
    m_layer = layer;
    if (m_feed)
        chooseLive();
    else
        showStored();
}

void CalibrationPresenter::select(const QString& current, const QStringList& layers, std::size_t selected)
{
    if (current == m_current && layers == m_selection && selected == m_selected)
        return;
    const bool moved = current != m_current;
    m_current = current;
    m_selection = layers;
    m_selected = selected;
    const QStringList before = std::exchange(m_multiples, layers.size() < 2 ? QStringList() : layers);
    if (!current.isEmpty() && (moved || !m_multiples.contains(m_layer)))
        chooseLayer(current);
    else if (!m_multiples.isEmpty() && !m_multiples.contains(m_layer))
        chooseLayer(m_multiples.front());
    if (m_multiples == before)
        return;
    if (m_feed)
        chooseLive();
    if (m_multiples.isEmpty() || !m_feed)
        showStoredMultiples();
}

void CalibrationPresenter::openStatistics(const QString& file)
{
    if (file.isEmpty()) {
        m_open.requestStop();
        m_statistics.reset();
        m_info = {};
        Q_EMIT statisticsChanged();
        showStoredMultiples();
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
            m_info = {file, m_statistics->layers().size(), header.prompts.size(), header.steps,
                header.randomData, howText(header)};
            Q_EMIT statisticsChanged();
            showStored();
            showStoredMultiples();
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

void CalibrationPresenter::showStoredMultiples()
{
    if (m_multiples.isEmpty() || (!m_feed && !m_statistics)) {
        m_readMultiples.requestStop();
        Q_EMIT multiplesChanged({});
        return;
    }
    if (m_feed)
        return; // the run shows what it sees
    std::vector<std::pair<std::string, InputGrid>> wanted;
    for (const QString& layer : std::as_const(m_multiples))
        if (m_statistics->has(toStd(layer)))
            wanted.emplace_back(toStd(layer), gridOf(layer));
    using Views = std::vector<ActivationView>;
    m_readMultiples.start<Views>(
        [file = m_statistics, wanted = std::move(wanted)](const JobContext& job) -> Result<Views> {
            Views views;
            for (const auto& [layer, grid] : wanted) {
                if (job.cancelled())
                    return fail(ErrorCode::Cancelled, "cancelled");
                const auto statistics = file->layer(layer, MomentDetail::None);
                if (!statistics)
                    return tl::unexpected(statistics.error());
                views.push_back(makeView(layer, *statistics, grid));
            }
            return views;
        },
        [this](Result<Views> views) {
            if (m_feed || (!views && views.error().code == ErrorCode::Cancelled))
                return;
            if (views)
                Q_EMIT multiplesChanged(*views);
            else
                Q_EMIT viewMissing(errorSentence(views.error()));
        });
}

} // namespace mantissa::ui
