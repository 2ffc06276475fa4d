// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/picture_job.h"

#include "engine/export/plan_export.h"
#include "ui/message_json.h"
#include "ui/native_model.h"
#include "ui/overrides_json.h"
#include "ui/text.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <utility>

namespace mantissa::ui {

namespace {

using namespace wire;

constexpr int kPreviewEvery = 4; ///< steps; a preview costs one decoding

QString folderOf(const ComparisonRecord& record)
{
    return QFileInfo(record.variants.front().file).absolutePath();
}

QJsonObject toJson(const ComparisonRecord::Variant& variant)
{
    QJsonObject object{
        {key("name"), variant.name}, {key("file"), variant.file}, {key("format"), variant.format}};
    if (variant.plan)
        object.insert(key("plan"), toQt(mantissa::toJson(*variant.plan)));
    return object;
}

/// Empty: its plan is none.
std::optional<ComparisonRecord::Variant> variantOf(const QJsonObject& object)
{
    ComparisonRecord::Variant variant{object.value(key("name")).toString(),
        object.value(key("file")).toString(), object.value(key("format")).toString(), nullptr};
    if (!object.contains(key("plan")))
        return variant;
    auto plan = parsePlan(text(object, "plan"));
    if (!plan)
        return std::nullopt;
    variant.plan = std::make_shared<const QuantPlan>(std::move(*plan));
    return variant;
}

/// Opens the checkpoints and statistics.
Result<ComparisonRequest> comparisonRequest(const PictureJob& job, const JobContext& context)
{
    const ComparisonRecord& record = job.record;
    ComparisonRequest request;
    request.prompts = record.prompts;
    request.seeds = record.seeds;
    request.remake = job.remake;
    request.settings = samplingOf(job);
    auto options = generatorOptions(record.parts);
    if (!options)
        return forward(std::move(options));
    request.options = std::move(*options);
    auto model = job.model ? Result<std::shared_ptr<const Model>>(job.model)
                           : openNative(record.variants.front().file, job.overrides);
    if (!model)
        return forward(std::move(model));
    std::shared_ptr<const StatisticsFile> statistics;
    if (!record.statistics.isEmpty()) {
        auto inputs = openStatisticsFor(toPath(record.statistics), **model, context);
        if (!inputs)
            return forward(std::move(inputs));
        statistics = std::move(inputs->statistics);
    }
    for (const ComparisonRecord::Variant& variant : record.variants) {
        VariantSpec spec{toStd(variant.name), *model, variant.plan, nullptr};
        if (!variant.format.isEmpty())
            spec.plan
                = std::make_shared<const QuantPlan>(defaultPlan(**model, Choice{toStd(variant.format), {}}));
        else if (!variant.file.isEmpty() && !request.variants.empty()) {
            auto opened = openNative(variant.file);
            if (!opened)
                return forward(std::move(opened));
            spec.model = std::move(*opened);
        }
        if (spec.plan)
            spec.statistics = statistics;
        request.variants.push_back(std::move(spec));
    }
    return request;
}

} // namespace

GenerationRequest samplingOf(const PictureJob& job)
{
    GenerationRequest request;
    request.steps = job.record.steps;
    request.width = job.record.width;
    request.height = job.record.height;
    request.sampler = toStd(job.record.sampling.sampler);
    request.scheduler = toStd(job.record.sampling.scheduler);
    request.cfg = job.record.sampling.cfg;
    request.negative = toStd(job.record.negative);
    request.previewEvery = kPreviewEvery;
    return request;
}

Result<Comparison> comparePictures(
    const PictureJob& job, const JobContext& context, const ComparisonWatcher& watcher)
{
    auto request = comparisonRequest(job, context);
    if (!request)
        return forward(std::move(request));
    request->watcher = watcher;
    return runComparison(*request, context);
}

QByteArray toLine(const PictureJob& job)
{
    const ComparisonRecord& record = job.record;
    QJsonArray variants, seeds;
    for (const ComparisonRecord::Variant& variant : record.variants)
        variants.append(toJson(variant));
    for (const std::uint64_t seed : record.seeds)
        seeds.append(number(seed));
    QJsonObject object{{key("variants"), variants}, {key("prompts"), toArray(record.prompts)},
        {key("seeds"), seeds}, {key("steps"), record.steps}, {key("width"), record.width},
        {key("height"), record.height}, {key("sampler"), record.sampling.sampler},
        {key("scheduler"), record.sampling.scheduler}, {key("cfg"), record.sampling.cfg},
        {key("negative"), record.negative}, {key("statistics"), record.statistics},
        {key("lpips"), QJsonArray::fromStringList(record.lpips)},
        {key("parts"), toObject(record.parts, folderOf(record))}, {key("remake"), job.remake}};
    addOverrides(object, job.overrides);
    return QJsonDocument(QJsonObject{{key("pictures"), object}}).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<PictureJob> pictureJobFrom(const QByteArray& line)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object().value(key("pictures")).toObject();
    PictureJob job;
    ComparisonRecord& record = job.record;
    for (const auto each : object.value(key("variants")).toArray()) {
        auto variant = variantOf(each.toObject());
        if (!variant)
            return std::nullopt;
        record.variants.push_back(std::move(*variant));
    }
    if (record.variants.empty())
        return std::nullopt;
    record.prompts = texts(object, "prompts");
    for (const auto seed : object.value(key("seeds")).toArray())
        record.seeds.push_back(static_cast<std::uint64_t>(seed.toInteger()));
    record.steps = object.value(key("steps")).toInt();
    record.width = object.value(key("width")).toInt();
    record.height = object.value(key("height")).toInt();
    record.sampling = {object.value(key("sampler")).toString(), object.value(key("scheduler")).toString(),
        object.value(key("cfg")).toDouble()};
    record.negative = object.value(key("negative")).toString();
    record.statistics = object.value(key("statistics")).toString();
    for (const auto file : object.value(key("lpips")).toArray())
        record.lpips << file.toString();
    record.parts = modelPartsFrom(object.value(key("parts")).toObject(), folderOf(record));
    job.overrides = overridesFrom(object);
    job.remake = object.value(key("remake")).toBool();
    return job;
}

} // namespace mantissa::ui
