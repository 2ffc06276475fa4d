// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queued_job.h"

#include "engine/export/convert.h"
#include "engine/export/plan_export.h"
#include "engine/io/salvage.h"
#include "ui/native_model.h"
#include "ui/overrides_json.h"
#include "ui/text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

namespace mantissa::ui {

namespace {

constexpr int kQueueVersion = 1;
constexpr std::array kStates{"waiting", "running", "stopped", "interrupted", "done", "failed", "paused"};
constexpr std::array kKinds{"export", "calibrate", "convert"};
constexpr std::array kShortages{"memory", "disk", "device"};

/// The enumerator of this name; empty: none.
template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<const char*, N>& names, const QString& name)
{
    for (std::size_t idx = 0; idx < N; ++idx)
        if (name == QLatin1String(names[idx]))
            return static_cast<Enum>(idx);
    return std::nullopt;
}
template <typename Enum, std::size_t N> QString nameIn(const std::array<const char*, N>& names, Enum value)
{
    return QString::fromLatin1(names[static_cast<std::size_t>(value)]);
}

struct Queue {
    Q_DECLARE_TR_FUNCTIONS(Queue)
};

QJsonArray toArray(const std::vector<std::string>& texts)
{
    QJsonArray array;
    for (const std::string& text : texts)
        array.append(toQt(text));
    return array;
}

std::vector<std::string> textsOf(const QJsonValue& array)
{
    std::vector<std::string> texts;
    for (const auto text : array.toArray())
        texts.push_back(toStd(text.toString()));
    return texts;
}

void insertCalibration(QJsonObject& object, const CalibrationRequest& request)
{
    QJsonArray sizes;
    for (const PixelSize& size : request.sizes)
        sizes.append(QJsonArray{size.width, size.height});
    object.insert(QStringLiteral("prompts"), toArray(request.prompts));
    object.insert(QStringLiteral("steps"), request.steps);
    object.insert(QStringLiteral("seed"), QString::number(request.seed)); // 64 bits do not fit a double
    object.insert(QStringLiteral("sizes"), sizes);
    object.insert(QStringLiteral("frames"), request.frames);
    object.insert(QStringLiteral("cfg"), request.cfg);
    object.insert(QStringLiteral("sampler"), toQt(request.sampler));
    object.insert(QStringLiteral("scheduler"), toQt(request.scheduler));
    object.insert(QStringLiteral("components"), toArray(request.components));
    object.insert(QStringLiteral("random_data"), request.randomData);
}

/// What a queue of an older version does not say is as it was then: the defaults.
CalibrationRequest calibrationOf(const QJsonObject& object)
{
    CalibrationRequest request;
    request.prompts = textsOf(object.value(QLatin1String("prompts")));
    request.steps = object.value(QLatin1String("steps")).toInt();
    request.seed = object.value(QLatin1String("seed")).toString().toULongLong();
    for (const auto size : object.value(QLatin1String("sizes")).toArray())
        request.sizes.push_back({size.toArray().at(0).toInt(), size.toArray().at(1).toInt()});
    request.frames = object.value(QLatin1String("frames")).toInt();
    request.cfg = object.value(QLatin1String("cfg")).toDouble(request.cfg);
    request.sampler = toStd(object.value(QLatin1String("sampler")).toString());
    request.scheduler = toStd(object.value(QLatin1String("scheduler")).toString());
    if (object.contains(QLatin1String("components")))
        request.components = textsOf(object.value(QLatin1String("components")));
    request.randomData = object.value(QLatin1String("random_data")).toBool();
    return request;
}

QJsonObject toObject(const QueuedJob& job)
{
    QJsonObject object{{QStringLiteral("id"), job.id}, {QStringLiteral("kind"), nameIn(kKinds, job.kind)},
        {QStringLiteral("state"), nameIn(kStates, job.state)}, {QStringLiteral("source"), job.source},
        {QStringLiteral("output"), job.output}, {QStringLiteral("overwrite"), job.overwrite},
        {QStringLiteral("resume"), job.resume}, {QStringLiteral("message"), job.message},
        {QStringLiteral("memory_limit"), static_cast<qint64>(job.memoryLimit)}};
    addOverrides(object, job.overrides);
    if (job.shortage)
        object.insert(QStringLiteral("shortage"), nameIn(kShortages, *job.shortage));
    if (job.kind == QueuedJob::Kind::Export) {
        object.insert(QStringLiteral("plan"),
            QJsonDocument::fromJson(QByteArray::fromStdString(mantissa::toJson(job.plan))).object());
        object.insert(QStringLiteral("allow_nonfinite"), job.allowNonFinite);
        object.insert(QStringLiteral("measure_errors"), job.measureErrors);
        object.insert(QStringLiteral("verify"), job.verify);
        object.insert(QStringLiteral("statistics"), job.statistics);
    } else if (job.kind == QueuedJob::Kind::Calibrate) {
        object.insert(QStringLiteral("device"), toQt(job.device));
        object.insert(QStringLiteral("parts"), toObject(job.parts, QFileInfo(job.output).absolutePath()));
        insertCalibration(object, job.calibration);
    }
    return object;
}

Result<QueuedJob> fromObject(const QJsonObject& object)
{
    const auto text = [&](const char* key) { return object.value(QLatin1String(key)).toString(); };
    QueuedJob job;
    job.id = text("id");
    job.source = text("source");
    job.output = text("output");
    const auto kind = named<QueuedJob::Kind>(kKinds, text("kind"));
    if (job.id.isEmpty() || job.source.isEmpty() || job.output.isEmpty() || !kind)
        return fail(ErrorCode::InvalidInput, "a job of the queue is incomplete");
    job.kind = *kind;
    job.state = named<QueuedJob::State>(kStates, text("state")).value_or(job.state);
    job.message = text("message");
    job.shortage = named<Shortage>(kShortages, text("shortage"));
    job.memoryLimit = static_cast<std::uint64_t>(
        std::max<qint64>(0, object.value(QLatin1String("memory_limit")).toInteger()));
    if (job.state == QueuedJob::State::Running) {
        job.state = QueuedJob::State::Interrupted;
        job.message = Queue::tr("The program ended while this job ran; what was finished is kept.");
    }
    job.overrides = overridesFrom(object);
    job.overwrite = object.value(QLatin1String("overwrite")).toBool();
    job.resume = object.value(QLatin1String("resume")).toBool();
    if (job.kind == QueuedJob::Kind::Convert)
        return job;
    if (job.kind == QueuedJob::Kind::Export) {
        auto plan = parsePlan(QJsonDocument(object.value(QLatin1String("plan")).toObject())
                                  .toJson(QJsonDocument::Compact)
                                  .toStdString());
        if (!plan)
            return forward(std::move(plan));
        job.plan = std::move(*plan);
        job.allowNonFinite = object.value(QLatin1String("allow_nonfinite")).toBool();
        job.measureErrors = object.value(QLatin1String("measure_errors")).toBool();
        job.verify = object.value(QLatin1String("verify")).toBool(true);
        job.statistics = text("statistics");
        return job;
    }
    job.parts = modelPartsFrom(
        object.value(QLatin1String("parts")).toObject(), QFileInfo(job.output).absolutePath());
    job.calibration = calibrationOf(object);
    job.device = object.contains(QLatin1String("device")) ? toStd(text("device")) : "cpu";
    return job;
}

/// Opens the file that was just written as a stranger would, and decodes every layer beside its original.
/// What is wrong is in the report; a stop leaves the export as it is, unverified.
std::shared_ptr<const VerifyReport> verifyNow(const QueuedJob& job,
    const std::shared_ptr<const Model>& original, const std::string& statistics, const JobContext& context)
{
    const auto failed = [](const Error& error) {
        VerifyReport report;
        report.problems.push_back(error.message);
        return std::make_shared<const VerifyReport>(std::move(report));
    };
    auto source = openCheckpoint(toPath(job.output));
    if (!source)
        return failed(source.error());
    const std::uint64_t bytes = (*source)->info().files.front().bytes;
    const auto model = detectModel(std::move(*source));
    if (!model)
        return failed(model.error());
    auto report = verifyModel(**model, original.get(), context);
    if (!report)
        return report.error().code == ErrorCode::Cancelled ? nullptr : failed(report.error());
    QuantPlan plan = job.plan;
    plan.statistics = statistics;
    if (const auto promised = forecastFileBytes(plan, original); promised && *promised != bytes)
        report->problems.push_back(sentence("the file has {} bytes instead of {}", bytes, *promised));
    return std::make_shared<const VerifyReport>(std::move(*report));
}

Result<JobOutcome> exportNow(
    const QueuedJob& job, const std::shared_ptr<const Model>& model, const JobContext& context)
{
    ExportInputs inputs;
    const auto recipe = recipeOf(job.plan);
    if (!recipe)
        return tl::unexpected(recipe.error());
    if (needsStatistics(*recipe) && !job.statistics.isEmpty()) {
        auto opened = openStatisticsFor(toPath(job.statistics), *model, context);
        if (!opened)
            return forward(std::move(opened));
        inputs = std::move(*opened);
    }
    auto report = exportPlan(job.plan, model, toPath(job.output), job.writeOptions(), context, inputs);
    if (!report)
        return forward(std::move(report));
    JobOutcome outcome;
    outcome.written = std::make_shared<const WriteReport>(std::move(*report));
    if (job.verify)
        outcome.verified = verifyNow(
            job, model, inputs.statistics ? inputs.statistics->fingerprint() : std::string(), context);
    return outcome;
}

Result<JobOutcome> calibrateNow(
    const QueuedJob& job, const std::shared_ptr<const Model>& model, const JobContext& context)
{
    auto options = generatorOptions(job.parts);
    if (!options)
        return forward(std::move(options));
    options->device = job.device;
    options->memoryLimit = job.memoryLimit / 2; // the other half is for the matrices of the request
    auto runner = openCalibration(model, *options);
    if (!runner)
        return forward(std::move(runner));
    auto request = (*runner)->resolve(job.calibrationRequest());
    if (!request)
        return forward(std::move(request));
    auto report = (*runner)->run(*request, context, job.feed.get());
    if (!report)
        return forward(std::move(report));
    JobOutcome outcome;
    outcome.calibrated = std::make_shared<const CalibrationReport>(std::move(*report));
    return outcome;
}

Result<JobOutcome> convertNow(const QueuedJob& job, const JobContext& context)
{
    auto source = openWithoutCalls(toPath(job.source));
    if (!source)
        return forward(std::move(source));
    std::vector<Sentence> notes = (*source)->info().warnings;
    const auto model = detectModel(std::move(*source), job.overrides);
    if (!model)
        return tl::unexpected(model.error());
    auto assembly = assembleConversion(*model, {}, notes);
    if (!assembly)
        return forward(std::move(assembly));
    auto report = writeAssembly(*assembly, toPath(job.output), job.writeOptions(), context);
    if (!report)
        return forward(std::move(report));
    for (const Sentence& note : notes)
        context.progress->log(LogLevel::Warning, note);
    JobOutcome outcome;
    outcome.written = std::make_shared<const WriteReport>(std::move(*report));
    return outcome;
}

} // namespace

WriteOptions QueuedJob::writeOptions() const
{
    WriteOptions options;
    options.overwrite = overwrite;
    options.resume = resume;
    options.allowNonFinite = allowNonFinite;
    options.measureErrors = measureErrors;
    if (memoryLimit > 0)
        options.memoryLimit = memoryLimit;
    return options;
}

CalibrationRequest QueuedJob::calibrationRequest() const
{
    CalibrationRequest request = calibration;
    request.memoryLimit = memoryLimit / 2;
    request.output = toPath(output);
    request.overwrite = overwrite;
    request.resume = resume;
    return request;
}

QString nameOf(QueuedJob::Kind kind)
{
    switch (kind) {
    case QueuedJob::Kind::Export:
        return Queue::tr("Export");
    case QueuedJob::Kind::Calibrate:
        return Queue::tr("Calibration");
    case QueuedJob::Kind::Convert:
        return Queue::tr("Conversion");
    }
    return {};
}

QString nameOf(QueuedJob::State state)
{
    switch (state) {
    case QueuedJob::State::Waiting:
        return Queue::tr("waiting");
    case QueuedJob::State::Running:
        return Queue::tr("running");
    case QueuedJob::State::Stopped:
        return Queue::tr("stopped");
    case QueuedJob::State::Interrupted:
        return Queue::tr("interrupted");
    case QueuedJob::State::Done:
        return Queue::tr("done");
    case QueuedJob::State::Failed:
        return Queue::tr("failed");
    case QueuedJob::State::Paused:
        return Queue::tr("paused, waits for you");
    }
    return {};
}

QByteArray toJson(const std::vector<QueuedJob>& jobs)
{
    QJsonArray list;
    for (const QueuedJob& job : jobs)
        list.append(toObject(job));
    return QJsonDocument(
        QJsonObject{{QStringLiteral("mantissa_queue"), kQueueVersion}, {QStringLiteral("jobs"), list}})
        .toJson();
}

Result<std::vector<QueuedJob>> parseQueue(const QByteArray& json)
{
    const QJsonObject root = QJsonDocument::fromJson(json).object();
    if (root.value(QLatin1String("mantissa_queue")).toInt() != kQueueVersion)
        return fail(ErrorCode::InvalidInput, "the file holds no queue of this version");
    std::vector<QueuedJob> jobs;
    for (const auto value : root.value(QLatin1String("jobs")).toArray()) {
        auto job = fromObject(value.toObject());
        if (!job)
            return forward(std::move(job));
        jobs.push_back(std::move(*job));
    }
    return jobs;
}

Result<JobOutcome> runQueuedJob(const QueuedJob& job, const JobContext& context)
{
    if (job.kind == QueuedJob::Kind::Convert)
        return convertNow(job, context);
    const auto model
        = job.model ? Result<std::shared_ptr<const Model>>(job.model) : openNative(job.source, job.overrides);
    if (!model)
        return tl::unexpected(model.error());
    return job.kind == QueuedJob::Kind::Export ? exportNow(job, *model, context)
                                               : calibrateNow(job, *model, context);
}

} // namespace mantissa::ui
