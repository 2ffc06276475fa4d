// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/report_json.h"

#include <cmath>

namespace mantissa {

namespace {

template <typename T> Json orNull(const std::optional<T>& value)
{
    return value ? Json(*value) : Json();
}

/// JSON has no infinity: null, as for what is not defined.
Json number(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json();
}

void addMetrics(Json& object, const std::vector<std::optional<double>>& values)
{
    for (std::size_t i = 0; i < pictureMetrics().size(); ++i)
        object[std::string(pictureMetrics()[i]->info().id)] = number(values.at(i));
}

Json factsJson(const std::vector<std::pair<std::string, std::string>>& facts)
{
    Json object = Json::object();
    for (const auto& [name, text] : facts)
        object[name] = text;
    return object;
}

std::string pathText(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    const auto relative = path.lexically_relative(folder);
    return relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

Json judgementJson(const Judgement& judgement)
{
    return {{"rating", judgement.rating > 0 ? Json(judgement.rating) : Json()}, {"bad", judgement.bad},
        {"note", judgement.note}};
}

Json blindJson(const BlindScore& score)
{
    const Interval interval = score.interval();
    return {{"variant_preferred", score.variant}, {"baseline_preferred", score.baseline},
        {"no_difference", score.undecided}, {"share", score.decided() > 0 ? Json(score.share()) : Json()},
        {"confidence_95", {interval.low, interval.high}}, {"sign_test", score.chance()}};
}

Json pairJson(const ComparedPair& pair, const std::filesystem::path& folder)
{
    Json json{{"name", pair.name}, {"prompt", pair.prompt}, {"seed", orNull(pair.seed)}};
    addMetrics(json, pair.values);
    json["size"] = {pair.width, pair.height};
    json["reference"] = pathText(pair.reference, folder);
    json["picture"] = pathText(pair.test, folder);
    Json maps = Json::object();
    for (const auto& [id, path] : pair.maps)
        maps[id] = pathText(path, folder);
    json["maps"] = std::move(maps);
    if (!pair.steps.empty()) {
        Json steps = Json::array();
        for (const StepDifference& step : pair.steps)
            steps.push_back(
                {{"sigma", step.sigma}, {"cosine", step.cosine}, {"relative_error", step.relativeError}});
        json["steps"] = std::move(steps);
        json["parting_step"] = orNull(partingStep(pair.steps));
    }
    if (!pair.judgement.isEmpty())
        json["judgement"] = judgementJson(pair.judgement);
    return json;
}

Json variantJson(
    const Comparison& comparison, const ComparedVariant& variant, const std::filesystem::path& folder)
{
    Json json{{"name", variant.name}, {"bytes", orNull(variant.bytes)},
        {"seconds_per_step", orNull(variant.secondsPerStep)}, {"peak_bytes", orNull(variant.peakBytes)},
        {"gpu_peak_bytes", orNull(variant.gpuPeakBytes)}, {"speed_up", orNull(speedUp(comparison, variant))},
        {"timed_earlier", variant.timedEarlier}, {"pictures_made", variant.made},
        {"pictures_reused", variant.reused}};
    Json mean = Json::object();
    addMetrics(mean, variant.mean);
    json["mean"] = std::move(mean);
    Json pairs = Json::array();
    for (const ComparedPair& pair : variant.pairs)
        pairs.push_back(pairJson(pair, folder));
    json["pairs"] = std::move(pairs);
    json["facts"] = factsJson(variant.facts);
    json["plan"] = variant.plan.empty() ? Json() : Json::parse(variant.plan, nullptr, false);
    Json layers = Json::array();
    for (const LayerError& layer : variant.worstLayers)
        layers.push_back({{"name", layer.name}, {"format", layer.format}, {"snr_db", layer.snrDb}});
    json["worst_layers"] = std::move(layers);
    if (!variant.judgement.isEmpty())
        json["judgement"] = judgementJson(variant.judgement);
    if (variant.blind)
        json["blind"] = blindJson(*variant.blind);
    return json;
}

} // namespace

Json reportDocument(const Report& report, const std::filesystem::path& folder)
{
    const Comparison& comparison = report.comparison;
    Json json{{"baseline", comparison.variants.front().name}, {"passed", report.problems.empty()},
        {"problems", report.problems}, {"warnings", comparison.warnings}};
    Json variants = Json::array();
    for (const ComparedVariant& variant : comparison.variants)
        variants.push_back(variantJson(comparison, variant, folder));
    json["variants"] = std::move(variants);
    Json order = Json::array();
    for (const ComparedVariant* variant : ranked(comparison))
        order.push_back(variant->name);
    json["ranking"] = std::move(order);
    json["settings"] = factsJson(comparison.settings);
    json["environment"] = factsJson(report.environment);
    json["command"] = report.command;
    json["made"] = report.made;
    Json metrics = Json::array();
    for (const Metric* metric : pictureMetrics()) {
        const MetricInfo& info = metric->info();
        metrics.push_back({{"id", info.id}, {"name", info.name}, {"unit", info.unit}, {"what", info.what},
            {"better", info.better == Better::Lower ? "lower" : "higher"}, {"decimals", info.decimals}});
    }
    json["metrics"] = std::move(metrics);
    return json;
}

std::string reportJson(const Report& report, const std::filesystem::path& folder)
{
    return reportDocument(report, folder).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace mantissa
