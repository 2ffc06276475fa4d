// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/comparison_presenter.h"

#include "engine/calibration/calibration.h"
#include "engine/compare/lpips.h"
#include "engine/compare/pair_measurement.h"
#include "engine/compare/report.h"
#include "engine/image/png.h"
#include "ui/job_worker.h"
#include "ui/post.h"
#include "ui/presenters/picture_run.h"
#include "ui/presenters/plan_editor.h"
#include "ui/settings.h"
#include "ui/text.h"
#include "ui/viewport/picture_pair.h"

#include <QDateTime>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <set>

namespace mantissa::ui {

namespace {

constexpr std::size_t kMostSeeds = 1000;
constexpr int kThumbnailSide = 160; ///< pixels; twice what the grid shows, for fine screens

QImage thumbnailOf(const std::filesystem::path& file)
{
    const auto png = readPng(file);
    if (!png)
        return {};
    const QImage full = toImage(png->picture);
    return full.width() <= kThumbnailSide && full.height() <= kThumbnailSide
        ? full
        : full.scaled(kThumbnailSide, kThumbnailSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

/// Maps for the report, which a comparison in the window does without.
Status measureMaps(Comparison& comparison, const std::filesystem::path& folder, const JobContext& job)
{
    std::size_t pairs = 0;
    for (std::size_t v = 1; v < comparison.variants.size(); ++v)
        pairs += comparison.variants[v].pairs.size();
    job.progress->start("measuring", 0, static_cast<std::uint32_t>(pairs));
    for (std::size_t v = 1; v < comparison.variants.size(); ++v)
        for (ComparedPair& pair : comparison.variants[v].pairs) {
            if (job.cancelled())
                return fail(ErrorCode::Cancelled, "the report was not written");
            const auto a = readPng(pair.reference), b = readPng(pair.test);
            if (!a || !b)
                return tl::unexpected(a ? b.error() : a.error());
            pair.maps.clear();
            Status measured = measurePair(pair, a->picture, b->picture, folder, comparison.variants[v].name);
            if (!measured)
                return measured;
            job.progress->addItem();
        }
    return {};
}

/// The weights of the LPIPS that is registered: one for the process, as the metric is. Window's thread only.
QStringList& weightsInUse()
{
    static QStringList files;
    return files;
}

/// As it is before the first picture.
Comparison outlineOf(const ComparisonRecord& record)
{
    Comparison outline;
    for (const ComparisonRecord::Variant& variant : record.variants) {
        outline.variants.emplace_back();
        outline.variants.back().name = toStd(variant.name);
        outline.variants.back().mean.resize(pictureMetrics().size());
    }
    return outline;
}

} // namespace

QString VariantChoice::name() const
{
    switch (kind) {
    case Kind::CurrentPlan:
        return ComparisonPresenter::tr("Plan as it is now");
    case Kind::Format:
        return formatName(toStd(value));
    case Kind::File:
        return QFileInfo(value).completeBaseName();
    }
    return {};
}

std::vector<std::uint64_t> parseSeeds(const QString& text)
{
    static const QRegularExpression kPart(QStringLiteral("^(\\d+)(?:\\s*[-–]\\s*(\\d+))?$"));
    std::vector<std::uint64_t> seeds;
    std::set<std::uint64_t> known;
    for (const QString& part : text.split(QRegularExpression(QStringLiteral("[,;]")), Qt::SkipEmptyParts)) {
        const auto match = kPart.match(part.trimmed());
        bool readFirst = false, readLast = true;
        const std::uint64_t first = match.captured(1).toULongLong(&readFirst);
        const std::uint64_t last
            = match.captured(2).isEmpty() ? first : match.captured(2).toULongLong(&readLast);
        if (!match.hasMatch() || !readFirst || !readLast || last < first || last - first >= kMostSeeds
            || seeds.size() + (last - first) >= kMostSeeds)
            return {};
        for (std::uint64_t seed = first;; ++seed) {
            if (known.insert(seed).second)
                seeds.push_back(seed);
            if (seed == last)
                break;
        }
    }
    return seeds;
}

ComparisonPresenter::ComparisonPresenter(PlanDocument& document, JudgementStore& judgements, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_judgements(judgements)
    , m_choices{VariantChoice{}}
{
    connect(&m_job, &JobController::progressed, this, &ComparisonPresenter::progressed);
    connect(&m_job, &JobController::runningChanged, this, &ComparisonPresenter::runningChanged);
    connect(&m_export, &JobController::runningChanged, this,
        [this] { Q_EMIT runningChanged(isRunning()); }); // it is an obstacle
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_job.requestStop();
        m_ofDocument = false;
        m_choices = {VariantChoice{}};
        Q_EMIT choicesChanged();
    });
}

void ComparisonPresenter::add(const VariantChoice& choice)
{
    for (VariantChoice& known : m_choices)
        if (known.kind == choice.kind && known.value == choice.value) {
            known.wanted = true;
            Q_EMIT choicesChanged();
            return;
        }
    m_choices.push_back(choice);
    Q_EMIT choicesChanged();
}

void ComparisonPresenter::remove(std::size_t index)
{
    if (index >= m_choices.size())
        return;
    m_choices.erase(m_choices.begin() + static_cast<std::ptrdiff_t>(index));
    Q_EMIT choicesChanged();
}

void ComparisonPresenter::setWanted(std::size_t index, bool wanted)
{
    if (index >= m_choices.size() || m_choices[index].wanted == wanted)
        return;
    m_choices[index].wanted = wanted;
    Q_EMIT choicesChanged();
}

void ComparisonPresenter::setStatistics(const QString& file)
{
    if (m_statistics == file)
        return;
    m_statistics = file;
    Q_EMIT choicesChanged();
}

bool ComparisonPresenter::currentPlanNeedsStatistics() const
{
    return needsStatistics(PlanEditor::recipeOf(m_document.plan()))
        && std::any_of(m_choices.begin(), m_choices.end(), [](const VariantChoice& each) {
               return each.wanted && each.kind == VariantChoice::Kind::CurrentPlan;
           });
}

QString ComparisonPresenter::obstacle(const ComparisonSettings& settings) const
{
    if (m_document.isEmpty())
        return tr("Open a checkpoint first: it is what the others are compared with.");
    if (std::none_of(
            m_choices.begin(), m_choices.end(), [](const VariantChoice& each) { return each.wanted; }))
        return tr("Choose at least one variant to compare with the original.");
    if (m_statistics.isEmpty() && currentPlanNeedsStatistics())
        return tr("The recipe “%1” needs statistics: calibrate the model, or open statistics of it.")
            .arg(toQt(m_document.plan().recipe));
    if (isExporting())
        return tr("The report is being written; wait until it is done.");
    if (QString problem = promptObstacle(settings.prompts); !problem.isEmpty())
        return problem;
    if (parseSeeds(settings.seeds).empty())
        return tr("Write seeds as numbers and ranges: 0, 1, 5-8.");
    if ((settings.width > 0) != (settings.height > 0))
        return tr("Give both sides of the pictures, or neither.");
    return {};
}

void ComparisonPresenter::post(quint64 run, std::function<void()> work)
{
    ui::post(this, [this, run, work = std::move(work)] {
        if (run == m_run)
            work();
    });
}

ComparisonWatcher ComparisonPresenter::watcher(quint64 run)
{
    ComparisonWatcher watcher;
    watcher.preview = [this, run](std::size_t variant, std::size_t pair, const Picture& picture) {
        post(run, [this, variant, pair, image = toImage(picture)] {
            m_preview = image;
            Q_EMIT previewed(variant, pair);
        });
    };
    watcher.pairDone = [this, run](std::size_t variant, std::size_t, const ComparedPair& pair) {
        const QString file = fromPath(pair.test);
        post(run, [this, variant, pair, file, small = thumbnailOf(pair.test)] {
            m_thumbnails.insert(file, small);
            m_preview = {};
            auto& pairs = m_comparison.variants[variant].pairs;
            pairs.push_back(pair);
            Q_EMIT pairDone(variant, pairs.size() - 1);
        });
    };
    watcher.variantDone = [this, run](std::size_t index, const ComparedVariant& variant) {
        post(run, [this, index, variant] {
            m_comparison.variants[index] = variant;
            Q_EMIT variantDone(index);
        });
    };
    return watcher;
}

void ComparisonPresenter::begin(Comparison outline)
{
    m_comparison = std::move(outline);
    m_thumbnails.clear();
    m_preview = {};
    Q_EMIT started();
}

void ComparisonPresenter::withMetrics(std::function<void()> next)
{
    const QStringList wanted = settingValue(Setting::LpipsWeights).toStringList();
    if (wanted == weightsInUse() && wanted.isEmpty() == (findMetric("lpips") == nullptr)) {
        next();
        return;
    }
    begin({}); // what is shown has as many values as there are metrics
    if (wanted.isEmpty()) {
        removeMetric("lpips");
        weightsInUse().clear();
        begin({});
        next();
        return;
    }
    std::vector<std::filesystem::path> files;
    for (const QString& file : wanted)
        files.push_back(toPath(file));
    using Read = std::unique_ptr<const Metric>;
    m_job.start<Read>(
        [files](const JobContext& job) -> Result<Read> {
            auto metric = readLpips(files);
            if (metric && job.cancelled())
                return fail(ErrorCode::Cancelled, "the comparison was cancelled");
            return metric;
        },
        [this, wanted, next = std::move(next)](Result<Read> metric) {
            if (!metric) {
                Q_EMIT failed(metric.error());
                return;
            }
            addMetric(std::move(*metric));
            weightsInUse() = wanted;
            begin({});
            next();
        });
}

void ComparisonPresenter::start(const ComparisonSettings& settings)
{
    if (!isRunning() && obstacle(settings).isEmpty())
        withMetrics([this, settings] { makePictures(settings); });
}

void ComparisonPresenter::makePictures(const ComparisonSettings& settings)
{
    const quint64 run = ++m_run;
    m_prompts.clear();
    m_seeds = parseSeeds(settings.seeds);
    m_ofDocument = true;
    begin({});
    PictureRun input{settings, m_document.model(), m_document.overrides(),
        std::make_shared<const QuantPlan>(m_document.plan()), {}, m_seeds, m_document.file(),
        currentPlanNeedsStatistics() ? m_statistics : QString(), weightsInUse(), m_document.parts()};
    std::copy_if(m_choices.begin(), m_choices.end(), std::back_inserter(input.wanted),
        [](const VariantChoice& each) { return each.wanted; });
    m_job.start<Comparison>(
        [this, run, input = std::move(input), apart = settingValue(Setting::JobsApart).toBool()](
            const JobContext& job) -> Result<Comparison> {
            const auto pictures = pictureJobOf(input);
            if (!pictures)
                return tl::unexpected(pictures.error());
            post(run, [this, pictures = *pictures] {
                m_prompts = pictures.record.prompts;
                m_sampling = samplingOf(pictures);
                m_record = pictures.record;
                begin(outlineOf(pictures.record));
            });
            return (apart ? compareInWorker : comparePictures)(*pictures, job, watcher(run));
        },
        [this](Result<Comparison> result) { finish(std::move(result)); });
}

void ComparisonPresenter::startFolders(const QStringList& folders)
{
    if (isRunning() || isExporting())
        return;
    std::vector<FolderSpec> specs;
    for (const QString& folder : folders) {
        std::string name = toStd(QFileInfo(folder).fileName());
        const auto same = std::count_if(
            specs.begin(), specs.end(), [&](const FolderSpec& spec) { return spec.name == name; });
        specs.push_back({same == 0 ? name : fmt::format("{} ({})", name, specs.size() + 1), toPath(folder)});
    }
    withMetrics([this, specs] { compareFolders(specs); });
}

void ComparisonPresenter::compareFolders(const std::vector<FolderSpec>& specs)
{
    const quint64 run = ++m_run;
    m_prompts.clear();
    m_seeds.clear();
    m_ofDocument = false;
    begin({});
    m_record = {};
    m_record.folders = true;
    m_record.lpips = weightsInUse();
    for (const FolderSpec& spec : specs)
        m_record.variants.push_back({toQt(spec.name), fromPath(spec.folder), {}, nullptr});
    m_job.start<Comparison>(
        [this, run, specs](const JobContext& job) -> Result<Comparison> {
            auto compared = mantissa::compareFolders(specs, {}, job);
            if (!compared)
                return compared;
            for (const ComparedVariant& variant : compared->variants)
                for (const ComparedPair& pair : variant.pairs) {
                    if (job.cancelled())
                        return compared;
                    post(run, [this, file = fromPath(pair.test), small = thumbnailOf(pair.test)] {
                        m_thumbnails.insert(file, small);
                        Q_EMIT thumbnailMade();
                    });
                }
            return compared;
        },
        [this](Result<Comparison> result) { finish(std::move(result)); });
}

void ComparisonPresenter::finish(Result<Comparison> result)
{
    m_preview = {};
    if (!result) {
        Q_EMIT failed(result.error());
        return;
    }
    m_comparison = std::move(*result);
    Q_EMIT finished();
}

void ComparisonPresenter::stop()
{
    m_job.requestStop();
}

const ComparedPair* ComparisonPresenter::pair(std::size_t variant, std::size_t index) const
{
    if (variant >= m_comparison.variants.size() || index >= m_comparison.variants[variant].pairs.size())
        return nullptr;
    return &m_comparison.variants[variant].pairs[index];
}

QImage ComparisonPresenter::thumbnail(const std::filesystem::path& file) const
{
    return m_thumbnails.value(fromPath(file));
}

void ComparisonPresenter::exportReport(const QString& folder)
{
    if (isEmpty() || isExporting())
        return;
    Report report;
    report.comparison = m_comparison;
    m_judgements.fillIn(report.comparison);
    report.made = toStd(QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd hh:mm 'UTC'")));
    m_export.start<QString>(
        [report, folder, copies = m_ofDocument, record = m_record](
            const JobContext& job) mutable -> Result<QString> {
            const auto path = toPath(folder);
            if (Status done = writeComparisonInputs(record, folder); !done)
                return forward(std::move(done));
            report.command = toStd(comparisonCommand(record, folder));
            if (Status done = measureMaps(report.comparison, path / "maps", job); !done)
                return forward(std::move(done));
            report.environment = environmentFacts();
            auto files = writeReport(report, path, true, true, copies);
            if (!files)
                return tl::unexpected(files.error());
            return fromPath(files->html);
        },
        [this](Result<QString> written) {
            if (written)
                Q_EMIT reportWritten(*written);
            else
                Q_EMIT reportFailed(written.error());
        });
}

} // namespace mantissa::ui
