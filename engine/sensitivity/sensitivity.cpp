// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/sensitivity.h"

#include "engine/plan/layer_bytes.h"
#include "engine/plan/findings.h"

#include <algorithm>
#include <array>
#include <set>

namespace mantissa {

namespace {

/// In the order of their bits; those that ComfyUI loads as it is, so that they may stand in one file.
constexpr std::array<std::string_view, 5> kBudgetFormats{
    "float8_e4m3fn", "int8_tensorwise", "asym_w4a8_int8", "nvfp4", "convrot_w4a4"};

/// Stock loaders read each layer by its own settings; loaders of other nodes expect one format in a file.
Status checkMixable(const std::vector<Choice>& formats)
{
    if (formats.empty())
        return fail(ErrorCode::Usage, "a budget needs at least one format to choose from");
    std::string alone;
    for (const Choice& choice : formats) {
        if (Status status = checkChoice(choice); !status)
            return status;
        if (choice.keeps())
            return fail(ErrorCode::Usage, "keeping layers is always possible and needs no format");
        const StorageFormat* format = findFormat(choice.format);
        if (format->loaderSupport(choice.params) != LoaderSupport::Stock)
            alone = choice.format;
    }
    if (!alone.empty() && formats.size() > 1)
        return tl::unexpected(
            Error{ErrorCode::Usage, sentence("{} cannot share a file with other formats", alone), {},
                "it can be mixed with layers that stay as they are; formats that stock ComfyUI loads mix "
                "freely"});
    return {};
}

/// Whether the user decided this layer, rather than the base format, a preset, or what is critical.
bool decidedByUser(const Decision& decision, const QuantPlan& plan)
{
    if (decision.provenance == Provenance::Override)
        return true;
    return decision.provenance == Provenance::Rule && decision.rule >= 0
        && !isOfPreset(plan.rules[static_cast<std::size_t>(decision.rule)]);
}

/// Ends the row of a layer: sorted, with keeping it as the last way.
LayerSensitivity rowOf(std::size_t index, std::vector<ChoiceSensitivity> choices, const QuantPlan& plan,
    const Model& model, PlannedBytes& bytes)
{
    const Layer& layer = model.layers[index];
    std::stable_sort(
        choices.begin(), choices.end(), [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
    choices.push_back({{}, bytes.of(plan, {}, layer, *model.source), {}, {}});
    LayerSensitivity row;
    row.layer = index;
    row.name = layer.name;
    row.weights = static_cast<std::uint64_t>(layer.shape[0]) * static_cast<std::uint64_t>(layer.shape[1]);
    row.choices = std::move(choices);
    return row;
}

bool listed(const std::vector<ChoiceSensitivity>& choices, const Choice& choice)
{
    return std::any_of(choices.begin(), choices.end(), [&](const auto& c) { return c.choice == choice; });
}

} // namespace

std::string_view nameOf(InputEvidence evidence) noexcept
{
    switch (evidence) {
    case InputEvidence::Moments:
        return "second moments";
    case InputEvidence::HeldOut:
        return "held-out tokens";
    case InputEvidence::None:
        break;
    }
    return "none";
}

std::string_view nameOf(HarmMeasure measure) noexcept
{
    switch (measure) {
    case HarmMeasure::DenoiserError:
        return "denoiser error";
    case HarmMeasure::OutputError:
        return "output error";
    case HarmMeasure::WeightError:
        break;
    }
    return "weight error";
}

const ChoiceSensitivity* LayerSensitivity::find(std::string_view description) const
{
    for (const ChoiceSensitivity& choice : choices)
        if (describe(choice.choice) == description)
            return &choice;
    return nullptr;
}

const ChoiceSensitivity* LayerSensitivity::smallest() const
{
    for (const ChoiceSensitivity& choice : choices)
        if (!choice.choice.keeps())
            return &choice;
    return nullptr;
}

HarmMeasure measureOf(const SensitivityTable& table)
{
    const auto all = [&](const auto& has) {
        return !table.layers.empty() && std::all_of(table.layers.begin(), table.layers.end(), has);
    };
    const auto any
        = [&](const auto& has) { return std::any_of(table.layers.begin(), table.layers.end(), has); };
    if (table.probe.calls > 0 && any([](const LayerSensitivity& layer) { return layer.probe.has_value(); }))
        return HarmMeasure::DenoiserError;
    return all([](const LayerSensitivity& layer) { return layer.evidence != InputEvidence::None; })
        ? HarmMeasure::OutputError
        : HarmMeasure::WeightError;
}

double harmOf(const LayerSensitivity& layer, const ChoiceSensitivity& choice, HarmMeasure measure)
{
    if (choice.choice.keeps())
        return 0;
    const auto error = [&](const ChoiceSensitivity& of) {
        const double weights = of.weightError.value_or(0);
        return measure == HarmMeasure::WeightError ? weights : of.outputError.value_or(weights);
    };
    const double own = error(choice);
    if (measure != HarmMeasure::DenoiserError || !layer.probe)
        return measure == HarmMeasure::DenoiserError ? 0 : own; // the denoiser does not use the layer
    const ChoiceSensitivity* probed = layer.find(layer.probe->choice);
    const double base = probed == nullptr ? 0 : error(*probed);
    return base > 0 ? layer.probe->error * own / base : own;
}

std::vector<Choice> defaultBudgetFormats()
{
    std::vector<Choice> formats;
    for (const std::string_view id : kBudgetFormats)
        if (const StorageFormat* format = findFormat(id);
            format != nullptr && format->info().loader == LoaderSupport::Stock)
            formats.push_back({std::string(id), {}});
    return formats;
}

QuantPlan withBase(const QuantPlan& plan, const Choice& base)
{
    QuantPlan changed = plan;
    changed.base = base;
    if (const Preset* preset = findPreset(plan.preset))
        applyPreset(changed, *preset);
    changed.base = base; // presets with an aim bring their own
    return changed;
}

Result<SensitivityTable> sensitivityCandidates(
    const QuantPlan& plan, const Model& model, const std::vector<Choice>& formats)
{
    if (Status status = checkMixable(formats); !status)
        return forward(std::move(status));
    const auto recipe = recipeOf(plan);
    if (!recipe)
        return tl::unexpected(recipe.error());
    SensitivityTable table;
    table.architecture = model.architecture.id;
    table.recipe = dataFreePart(*recipe);
    std::vector<std::vector<ChoiceSensitivity>> choices(model.layers.size());
    std::set<std::size_t> decided;
    for (const Choice& format : formats) {
        const QuantPlan based = withBase(plan, format);
        const auto resolved = resolvePlan(based, model);
        if (!resolved)
            return tl::unexpected(resolved.error());
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const Decision& decision = resolved->decisions[i];
            if (decidedByUser(decision, based))
                decided.insert(i);
            else if (!decision.choice.keeps() && !listed(choices[i], decision.choice))
                choices[i].push_back({decision.choice, decision.bytesAfter, {}, {}});
        }
    }
    PlannedBytes bytes;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        if (choices[i].empty() || decided.contains(i))
            continue;
        table.layers.push_back(rowOf(i, std::move(choices[i]), plan, model, bytes));
    }
    return table;
}

Result<SensitivityTable> sensitivityOfPlan(
    const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved)
{
    const auto recipe = recipeOf(plan);
    if (!recipe)
        return tl::unexpected(recipe.error());
    SensitivityTable table;
    table.architecture = model.architecture.id;
    table.recipe = dataFreePart(*recipe);
    PlannedBytes bytes;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Decision& decision = resolved.decisions[i];
        if (decision.choice.keeps())
            continue;
        const Layer& layer = model.layers[i];
        std::vector<ChoiceSensitivity> choices{{decision.choice, decision.bytesAfter, {}, {}}};
        for (const StorageFormat* format : storageFormats()) {
            if (format->info().loader != LoaderSupport::Stock || format->info().id == decision.choice.format)
                continue;
            if (const auto params = format->resolve({layer.shape[0], layer.shape[1]}, {}, table.recipe)) {
                const Choice choice{std::string(format->info().id), *params};
                choices.push_back({choice, bytes.of(plan, choice, layer, *model.source), {}, {}});
            }
        }
        table.layers.push_back(rowOf(i, std::move(choices), plan, model, bytes));
    }
    return table;
}

void reuseMeasurements(SensitivityTable& table, const SensitivityTable& known)
{
    if (!known.modelHash.empty() && known.modelHash == table.modelHash)
        takeMeasurements(table, known);
}

void takeMeasurements(SensitivityTable& table, const SensitivityTable& known)
{
    if (known.recipe != table.recipe || known.statistics != table.statistics)
        return;
    const bool sameProbe = known.probe == table.probe;
    for (LayerSensitivity& layer : table.layers) {
        const auto same = std::find_if(known.layers.begin(), known.layers.end(),
            [&](const LayerSensitivity& other) { return other.layer == layer.layer; });
        if (same == known.layers.end())
            continue;
        for (ChoiceSensitivity& choice : layer.choices)
            if (const ChoiceSensitivity* measured = same->find(describe(choice.choice));
                measured != nullptr && measured->weightError) {
                choice.weightError = measured->weightError;
                choice.outputError = measured->outputError;
                layer.evidence = same->evidence;
            }
        if (sameProbe && same->probe && layer.find(same->probe->choice) != nullptr)
            layer.probe = same->probe;
    }
}

std::vector<Finding> measuredFindings(const SensitivityTable& table)
{
    Finding finding;
    std::uint64_t weights = 0;
    for (const LayerSensitivity& layer : table.layers)
        if (layer.nonFinite > 0) {
            finding.layers.push_back(layer.layer);
            weights += layer.nonFinite;
        }
    if (finding.layers.empty())
        return {};
    std::sort(finding.layers.begin(), finding.layers.end());
    finding.id = "non-finite";
    finding.severity = Severity::Problem;
    finding.text
        = {countedSource("Engine",
               "%n weight(s) of %1 (is|are) NaN or infinity: the checkpoint is damaged, and an export "
               "stops there"),
            {Message(countedSource("Engine", "%n layer(s)"), {},
                static_cast<std::int64_t>(finding.layers.size()))},
            static_cast<std::int64_t>(weights)};
    finding.fixes.push_back({PlanFix::Kind::SetChoice, "keep them as they are", {}, {}, {}, {}});
    return {finding};
}

} // namespace mantissa
