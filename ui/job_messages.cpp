// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/job_messages.h"

#include "ui/comparison_messages.h"
#include "ui/message_json.h"
#include "ui/text.h"

#include <QJsonDocument>

namespace mantissa::ui {

namespace {

using namespace wire;

/// What layers of both reports say.
template <typename AnyLayer> QJsonObject commonOf(const AnyLayer& layer)
{
    QJsonObject each{{key("name"), toQt(layer.name)}, {key("format"), toQt(layer.format)},
        {key("before"), number(layer.bytesBefore)}, {key("after"), number(layer.bytesAfter)}};
    add(each, "snr", layer.snrDb);
    add(each, "error", layer.relativeError);
    return each;
}

template <typename AnyLayer> void takeCommon(const QJsonObject& each, AnyLayer& layer)
{
    layer.name = text(each, "name");
    layer.format = text(each, "format");
    layer.bytesBefore = count(each, "before");
    layer.bytesAfter = count(each, "after");
    layer.snrDb = maybe(each, "snr");
    layer.relativeError = maybe(each, "error");
}

QJsonObject toJson(const WriteReport& report)
{
    QJsonArray layers;
    for (const LayerReport& layer : report.layers) {
        QJsonObject each = commonOf(layer);
        each.insert(key("nonfinite"), number(layer.nonFinite));
        each.insert(key("plain"), layer.keptPlain);
        add(each, "output_snr", layer.outputSnrDb);
        add(each, "output_gain", layer.outputGainDb);
        layers.append(each);
    }
    return {{key("path"), fromPath(report.path)}, {key("read"), number(report.bytesRead)},
        {key("written"), number(report.bytesWritten)}, {key("seconds"), report.seconds},
        {key("hash"), toQt(report.sourceHash)}, {key("resumed"), number(report.resumedLayers)},
        {key("layers"), layers}};
}

WriteReport writeReport(const QJsonObject& object)
{
    WriteReport report;
    report.path = toPath(object.value(key("path")).toString());
    report.bytesRead = count(object, "read");
    report.bytesWritten = count(object, "written");
    report.seconds = object.value(key("seconds")).toDouble();
    report.sourceHash = text(object, "hash");
    report.resumedLayers = static_cast<std::uint32_t>(count(object, "resumed"));
    const QJsonArray layers = object.value(key("layers")).toArray();
    for (const auto value : layers) {
        const QJsonObject each = value.toObject();
        LayerReport& layer = report.layers.emplace_back();
        takeCommon(each, layer);
        layer.nonFinite = count(each, "nonfinite");
        layer.keptPlain = each.value(key("plain")).toBool();
        layer.outputSnrDb = maybe(each, "output_snr");
        layer.outputGainDb = maybe(each, "output_gain");
    }
    return report;
}

QJsonObject toJson(const VerifyReport& report)
{
    QJsonArray layers;
    for (const VerifiedLayer& layer : report.layers) {
        QJsonObject each = commonOf(layer);
        add(each, "problem", layer.problem);
        layers.append(each);
    }
    return {{key("layers"), layers}, {key("problems"), partsOfAll(report.problems)},
        {key("failed"), number(report.failedLayers)}};
}

VerifyReport verifyReport(const QJsonObject& object)
{
    VerifyReport report;
    const QJsonArray layers = object.value(key("layers")).toArray();
    for (const auto value : layers) {
        const QJsonObject each = value.toObject();
        VerifiedLayer& layer = report.layers.emplace_back();
        takeCommon(each, layer);
        layer.problem = sentenceOf(each, "problem");
    }
    report.problems = sentences(object, "problems");
    report.failedLayers = static_cast<std::uint32_t>(count(object, "failed"));
    return report;
}

QJsonObject toJson(const CalibrationReport& report)
{
    return {{key("path"), fromPath(report.path)}, {key("layers"), number(report.layers)},
        {key("inputs"), number(report.inputs)}, {key("prompts"), number(report.prompts)},
        {key("resumed"), number(report.resumedPrompts)}, {key("tokens"), number(report.tokens)},
        {key("spilled"), number(report.spilledBytes)}, {key("seconds"), report.seconds},
        {key("watching"), report.watchingSeconds}, {key("saving"), report.savingSeconds},
        {key("live"), report.liveSeconds}, {key("warnings"), partsOfAll(report.warnings)}};
}

CalibrationReport calibrationReport(const QJsonObject& object)
{
    CalibrationReport report;
    report.path = toPath(object.value(key("path")).toString());
    report.layers = count(object, "layers");
    report.inputs = count(object, "inputs");
    report.prompts = count(object, "prompts");
    report.resumedPrompts = count(object, "resumed");
    report.tokens = count(object, "tokens");
    report.spilledBytes = count(object, "spilled");
    report.seconds = object.value(key("seconds")).toDouble();
    report.watchingSeconds = object.value(key("watching")).toDouble();
    report.savingSeconds = object.value(key("saving")).toDouble();
    report.liveSeconds = object.value(key("live")).toDouble();
    report.warnings = sentences(object, "warnings");
    return report;
}

QJsonObject toJson(const LiveView& view)
{
    return {{key("layer"), toQt(view.layer)}, {key("channels"), number(view.channels)},
        {key("tokens"), number(view.tokens)}, {key("exponent"), view.histogram.exponent()},
        {key("bins"), packed(std::span<const std::uint64_t>(view.histogram.counts()))},
        {key("buckets"), packed(std::span(view.bucketLargest))},
        {key("maxima"), packed(std::span(view.channelAbsMax))}, {key("mean"), view.meanAbs},
        {key("steps"), number(view.stepsDone)}, {key("steps_total"), number(view.stepsTotal)},
        {key("prompt"), number(view.prompt)}, {key("prompts"), number(view.prompts)}};
}

/// Empty: its histogram is none.
std::optional<LiveView> liveView(const QJsonObject& object)
{
    constexpr std::size_t kBins = MagnitudeHistogram::kBins;
    const auto bins = unpacked<std::uint64_t>(object, "bins");
    if (bins.size() != kBins)
        return std::nullopt;
    const auto histogram = MagnitudeHistogram::fromCounts(
        object.value(key("exponent")).toInt(), std::span<const std::uint64_t, kBins>(bins));
    if (!histogram)
        return std::nullopt;
    LiveView view;
    view.layer = text(object, "layer");
    view.channels = count(object, "channels");
    view.tokens = count(object, "tokens");
    view.histogram = *histogram;
    view.bucketLargest = unpacked<float>(object, "buckets");
    view.channelAbsMax = unpacked<float>(object, "maxima");
    view.meanAbs = object.value(key("mean")).toDouble();
    view.stepsDone = static_cast<std::uint32_t>(count(object, "steps"));
    view.stepsTotal = static_cast<std::uint32_t>(count(object, "steps_total"));
    view.prompt = count(object, "prompt");
    view.prompts = count(object, "prompts");
    return view;
}

QJsonObject toJson(const LiveViews& views)
{
    QJsonArray others;
    for (const LiveView& other : views.others)
        others.append(toJson(other));
    QJsonObject object{{key("chosen"), toJson(views.chosen)}, {key("others"), others}};
    if (views.layers)
        object.insert(key("layers"), toArray(*views.layers));
    return object;
}

std::optional<JobMessage> liveViews(const QJsonObject& object)
{
    auto chosen = liveView(object.value(key("chosen")).toObject());
    if (!chosen)
        return std::nullopt;
    LiveViews views{std::move(*chosen), {}, std::nullopt};
    for (const auto each : object.value(key("others")).toArray())
        if (auto other = liveView(each.toObject()))
            views.others.push_back(std::move(*other));
    if (object.contains(key("layers")))
        views.layers = texts(object, "layers");
    return views;
}

QJsonObject toJson(const ProgressSnapshot& snapshot)
{
    return {{key("phase"), toQt(snapshot.phase)}, {key("bytes"), number(snapshot.bytesDone)},
        {key("bytes_total"), number(snapshot.bytesTotal)}, {key("items"), number(snapshot.itemsDone)},
        {key("items_total"), number(snapshot.itemsTotal)}, {key("current"), toQt(snapshot.current)}};
}

ProgressSnapshot snapshotOf(const QJsonObject& object)
{
    return {text(object, "phase"), count(object, "bytes"), count(object, "bytes_total"),
        static_cast<std::uint32_t>(count(object, "items")),
        static_cast<std::uint32_t>(count(object, "items_total")), text(object, "current")};
}

QJsonObject toJson(const Error& error)
{
    QJsonObject object{{key("code"), static_cast<int>(error.code)}};
    add(object, "message", error.message);
    add(object, "where", error.where);
    add(object, "hint", error.hint);
    return object;
}

} // namespace

QByteArray toLine(const JobMessage& message)
{
    QJsonObject object;
    if (const auto* snapshot = std::get_if<ProgressSnapshot>(&message)) {
        object.insert(key("progress"), toJson(*snapshot));
    } else if (const auto* line = std::get_if<LogLine>(&message)) {
        QJsonObject each{{key("level"), static_cast<int>(line->level)}, {key("layer"), toQt(line->layer)}};
        add(each, "text", line->text);
        object.insert(key("log"), each);
    } else if (const auto* views = std::get_if<LiveViews>(&message)) {
        object.insert(key("live"), toJson(*views));
    } else if (const auto* news = std::get_if<ComparisonNews>(&message)) {
        object.insert(key("comparison"), toJson(*news));
    } else if (const auto& outcome = std::get<Result<JobOutcome>>(message); !outcome) {
        object.insert(key("error"), toJson(outcome.error()));
    } else {
        QJsonObject reports;
        if (outcome->written)
            reports.insert(key("written"), toJson(*outcome->written));
        if (outcome->verified)
            reports.insert(key("verified"), toJson(*outcome->verified));
        if (outcome->calibrated)
            reports.insert(key("calibrated"), toJson(*outcome->calibrated));
        if (outcome->compared)
            reports.insert(key("compared"), toJson(*outcome->compared));
        object.insert(key("outcome"), reports);
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<JobMessage> fromLine(const QByteArray& line)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    if (object.contains(key("progress")))
        return snapshotOf(object.value(key("progress")).toObject());
    if (object.contains(key("log"))) {
        const QJsonObject each = object.value(key("log")).toObject();
        return LogLine{static_cast<LogLevel>(each.value(key("level")).toInt()), sentenceOf(each, "text"),
            text(each, "layer")};
    }
    if (object.contains(key("live")))
        return liveViews(object.value(key("live")).toObject());
    if (object.contains(key("comparison")))
        return comparisonNews(object.value(key("comparison")).toObject());
    if (object.contains(key("error"))) {
        const QJsonObject each = object.value(key("error")).toObject();
        return Result<JobOutcome>(
            tl::unexpected(Error{static_cast<ErrorCode>(each.value(key("code")).toInt()),
                sentenceOf(each, "message"), sentenceOf(each, "where"), sentenceOf(each, "hint")}));
    }
    if (!object.contains(key("outcome")))
        return std::nullopt;
    const QJsonObject reports = object.value(key("outcome")).toObject();
    JobOutcome outcome;
    if (reports.contains(key("written")))
        outcome.written
            = std::make_shared<const WriteReport>(writeReport(reports.value(key("written")).toObject()));
    if (reports.contains(key("verified")))
        outcome.verified
            = std::make_shared<const VerifyReport>(verifyReport(reports.value(key("verified")).toObject()));
    if (reports.contains(key("calibrated")))
        outcome.calibrated = std::make_shared<const CalibrationReport>(
            calibrationReport(reports.value(key("calibrated")).toObject()));
    if (reports.contains(key("compared")))
        outcome.compared
            = std::make_shared<const Comparison>(comparisonOf(reports.value(key("compared")).toObject()));
    return Result<JobOutcome>(std::move(outcome));
}

QByteArray toLine(const Watched& watched)
{
    const QJsonObject object{{key("watch"), toQt(watched.layer)}, {key("others"), toArray(watched.others)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<Watched> watchedFrom(const QByteArray& line)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    if (!object.contains(key("watch")))
        return std::nullopt;
    return Watched{text(object, "watch"), texts(object, "others")};
}

} // namespace mantissa::ui
