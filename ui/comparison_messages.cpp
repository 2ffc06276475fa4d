// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/comparison_messages.h"

#include "ui/message_json.h"
#include "ui/text.h"

#include <array>
#include <utility>

namespace mantissa::ui {

namespace {

using namespace wire;
using Facts = std::vector<std::pair<std::string, std::string>>;

QJsonArray toArray(const Facts& facts)
{
    QJsonArray array;
    for (const auto& [name, value] : facts)
        array.append(QJsonArray{toQt(name), toQt(value)});
    return array;
}

Facts facts(const QJsonObject& object, const char* name)
{
    Facts all;
    for (const auto fact : object.value(key(name)).toArray())
        all.emplace_back(toStd(fact.toArray().at(0).toString()), toStd(fact.toArray().at(1).toString()));
    return all;
}

QJsonArray toArray(const std::vector<std::optional<double>>& values)
{
    QJsonArray array;
    for (const auto& value : values)
        array.append(maybeReal(value));
    return array;
}

std::vector<std::optional<double>> values(const QJsonObject& object, const char* name)
{
    std::vector<std::optional<double>> all;
    for (const auto value : object.value(key(name)).toArray())
        all.push_back(maybeRealOf(value));
    return all;
}

void addCount(QJsonObject& object, const char* name, const std::optional<std::uint64_t>& value)
{
    if (value)
        object.insert(key(name), number(*value));
}

std::optional<std::uint64_t> maybeCount(const QJsonObject& object, const char* name)
{
    return object.contains(key(name)) ? std::optional(count(object, name)) : std::nullopt;
}

QJsonObject toJson(const Picture& picture)
{
    return {{key("width"), picture.width}, {key("height"), picture.height},
        {key("rgb"), packed(std::span(picture.rgb))}};
}

/// Empty: its bytes are not those of such a picture.
std::optional<Picture> pictureOf(const QJsonObject& object)
{
    Picture picture{object.value(key("width")).toInt(), object.value(key("height")).toInt(),
        unpacked<std::uint8_t>(object, "rgb")};
    const auto pixels = static_cast<std::uint64_t>(std::max(0, picture.width))
        * static_cast<std::uint64_t>(std::max(0, picture.height));
    return picture.rgb.size() == 3 * pixels ? std::optional(std::move(picture)) : std::nullopt;
}

QJsonObject toJson(const ComparedPair& pair)
{
    QJsonArray maps;
    for (const auto& [metric, file] : pair.maps)
        maps.append(QJsonArray{toQt(metric), fromPath(file)});
    std::vector<double> steps;
    for (const StepDifference& step : pair.steps)
        steps.insert(steps.end(), {step.sigma, step.cosine, step.relativeError});
    QJsonObject object{{key("name"), toQt(pair.name)}, {key("prompt"), toQt(pair.prompt)},
        {key("width"), pair.width}, {key("height"), pair.height},
        {key("reference"), fromPath(pair.reference)}, {key("test"), fromPath(pair.test)},
        {key("values"), toArray(pair.values)}, {key("maps"), maps},
        {key("steps"), packed(std::span<const double>(steps))}};
    addCount(object, "seed", pair.seed);
    return object;
}

ComparedPair pairOf(const QJsonObject& object)
{
    ComparedPair pair;
    pair.name = text(object, "name");
    pair.prompt = text(object, "prompt");
    pair.seed = maybeCount(object, "seed");
    pair.width = object.value(key("width")).toInt();
    pair.height = object.value(key("height")).toInt();
    pair.reference = toPath(object.value(key("reference")).toString());
    pair.test = toPath(object.value(key("test")).toString());
    pair.values = values(object, "values");
    for (const auto map : object.value(key("maps")).toArray())
        pair.maps.emplace_back(toStd(map.toArray().at(0).toString()), toPath(map.toArray().at(1).toString()));
    const auto steps = unpacked<double>(object, "steps");
    for (std::size_t i = 0; i + 2 < steps.size(); i += 3)
        pair.steps.push_back({steps[i], steps[i + 1], steps[i + 2]});
    return pair;
}

QJsonObject toJson(const ComparedVariant& variant)
{
    QJsonArray pairs, layers;
    for (const ComparedPair& pair : variant.pairs)
        pairs.append(toJson(pair));
    for (const LayerError& layer : variant.worstLayers)
        layers.append(QJsonArray{toQt(layer.name), toQt(layer.format), real(layer.snrDb)});
    QJsonObject object{{key("name"), toQt(variant.name)}, {key("timed_earlier"), variant.timedEarlier},
        {key("made"), number(variant.made)}, {key("reused"), number(variant.reused)},
        {key("mean"), toArray(variant.mean)}, {key("pairs"), pairs}, {key("facts"), toArray(variant.facts)},
        {key("plan"), toQt(variant.plan)}, {key("layers"), layers}};
    addCount(object, "bytes", variant.bytes);
    add(object, "seconds", variant.secondsPerStep);
    addCount(object, "peak", variant.peakBytes);
    addCount(object, "gpu_peak", variant.gpuPeakBytes);
    return object;
}

ComparedVariant variantOf(const QJsonObject& object)
{
    ComparedVariant variant;
    variant.name = text(object, "name");
    variant.bytes = maybeCount(object, "bytes");
    variant.secondsPerStep = maybe(object, "seconds");
    variant.peakBytes = maybeCount(object, "peak");
    variant.gpuPeakBytes = maybeCount(object, "gpu_peak");
    variant.timedEarlier = object.value(key("timed_earlier")).toBool();
    variant.made = static_cast<std::uint32_t>(count(object, "made"));
    variant.reused = static_cast<std::uint32_t>(count(object, "reused"));
    variant.mean = values(object, "mean");
    for (const auto pair : object.value(key("pairs")).toArray())
        variant.pairs.push_back(pairOf(pair.toObject()));
    variant.facts = facts(object, "facts");
    variant.plan = text(object, "plan");
    for (const auto value : object.value(key("layers")).toArray()) {
        const QJsonArray layer = value.toArray();
        variant.worstLayers.push_back(
            {toStd(layer.at(0).toString()), toStd(layer.at(1).toString()), realOf(layer.at(2))});
    }
    return variant;
}

} // namespace

void tell(const ComparisonWatcher& watcher, const ComparisonNews& news)
{
    if (const auto* picture = std::get_if<Picture>(&news.what)) {
        if (watcher.preview)
            watcher.preview(news.variant, news.pair, *picture);
    } else if (const auto* pair = std::get_if<ComparedPair>(&news.what)) {
        if (watcher.pairDone)
            watcher.pairDone(news.variant, news.pair, *pair);
    } else if (watcher.variantDone) {
        watcher.variantDone(news.variant, std::get<ComparedVariant>(news.what));
    }
}

QJsonObject toJson(const ComparisonNews& news)
{
    constexpr std::array kKinds{"preview", "pair_done", "variant_done"}; // as the variant has them
    return {{key("variant"), number(news.variant)}, {key("pair"), number(news.pair)},
        {key(kKinds.at(news.what.index())),
            std::visit([](const auto& what) { return toJson(what); }, news.what)}};
}

std::optional<ComparisonNews> comparisonNews(const QJsonObject& object)
{
    ComparisonNews news{count(object, "variant"), count(object, "pair"), {}};
    if (const QJsonValue preview = object.value(key("preview")); preview.isObject()) {
        auto picture = pictureOf(preview.toObject());
        if (!picture)
            return std::nullopt;
        news.what = std::move(*picture);
    } else if (const QJsonValue pair = object.value(key("pair_done")); pair.isObject()) {
        news.what = pairOf(pair.toObject());
    } else if (const QJsonValue variant = object.value(key("variant_done")); variant.isObject()) {
        news.what = variantOf(variant.toObject());
    } else {
        return std::nullopt;
    }
    return news;
}

QJsonObject toJson(const Comparison& comparison)
{
    QJsonArray variants;
    for (const ComparedVariant& variant : comparison.variants)
        variants.append(toJson(variant));
    return {{key("variants"), variants}, {key("settings"), toArray(comparison.settings)},
        {key("warnings"), partsOfAll(comparison.warnings)}};
}

Comparison comparisonOf(const QJsonObject& object)
{
    Comparison comparison;
    for (const auto variant : object.value(key("variants")).toArray())
        comparison.variants.push_back(variantOf(variant.toObject()));
    comparison.settings = facts(object, "settings");
    comparison.warnings = sentences(object, "warnings");
    return comparison;
}

} // namespace mantissa::ui
