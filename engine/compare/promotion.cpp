// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/promotion.h"

#include "engine/export/plan_export.h"
#include "engine/sensitivity/probe.h"

#include <algorithm>

namespace mantissa {

namespace {

/// Formats of other nodes do not share a file with those that stock loaders read (checkMixable of budgets).
bool mixes(const Choice& choice)
{
    const StorageFormat* format = findFormat(choice.format);
    return format != nullptr && format->loaderSupport(choice.params) == LoaderSupport::Stock;
}

std::vector<LayerContribution> contributionsOf(
    const SensitivityTable& table, const ResolvedPlan& resolved, HarmMeasure measure)
{
    std::vector<LayerContribution> contributions;
    for (const LayerSensitivity& row : table.layers) {
        const Choice& now = resolved.decisions[row.layer].choice;
        const ChoiceSensitivity* present = row.find(describe(now));
        if (present == nullptr)
            continue;
        LayerContribution contribution{row.name, now, present->bytes, harmOf(row, *present, measure), {}};
        for (const ChoiceSensitivity& other : row.choices)
            if (const double harm = harmOf(row, other, measure); other.bytes > present->bytes
                && harm < contribution.harm && (other.choice.keeps() || mixes(now)))
                contribution.better.push_back({other.choice, other.bytes, harm});
        contributions.push_back(std::move(contribution));
    }
    std::stable_sort(contributions.begin(), contributions.end(),
        [](const LayerContribution& a, const LayerContribution& b) { return a.harm > b.harm; });
    return contributions;
}

double totalHarm(std::span<const LayerContribution> layers)
{
    double sum = 0;
    for (const LayerContribution& layer : layers)
        sum += layer.harm;
    return sum;
}

/// From one way to store a layer to the next better one that is worth it.
struct Step {
    std::size_t layer = 0, choice = 0; ///< index of the layer, and of its better choice
    std::size_t number = 1; ///< of the layer's steps, from 1
    double gain = 0, bytes = 0;
    bool dropped = false;

    double worth() const { return gain / bytes; }
};

/// The steps along the lower convex hull of bytes and harm: each is worth less than the one before, so that
/// taking all steps by their worth takes a layer's in order.
void addSteps(std::vector<Step>& steps, std::size_t index, const LayerContribution& layer)
{
    double harm = layer.harm;
    std::uint64_t bytes = layer.bytes;
    for (std::size_t number = 1;; ++number) {
        Step best;
        for (std::size_t c = 0; c < layer.better.size(); ++c) {
            const PromotedChoice& choice = layer.better[c];
            if (choice.bytes <= bytes || choice.harm >= harm)
                continue;
            const Step step{index, c, number, harm - choice.harm, static_cast<double>(choice.bytes - bytes)};
            if (best.gain <= 0 || step.worth() > best.worth())
                best = step;
        }
        if (best.gain <= 0)
            return;
        steps.push_back(best);
        harm = layer.better[best.choice].harm;
        bytes = layer.better[best.choice].bytes;
    }
}

/// Sensitivities of the layers that the plan quantizes, each with all other ways to store it.
Result<SensitivityTable> measured(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const ResolvedPlan& resolved, const GenerationRequest& picture, const GeneratorOptions& options,
    const JobContext& job)
{
    auto table = sensitivityOfPlan(plan, *model, resolved);
    if (!table)
        return table;
    if (table->layers.empty())
        return tl::unexpected(
            Error{ErrorCode::Usage, "the plan quantizes no layer, so there is none to promote", {},
                "choose a base format, or set layers to one"});
    if (Status done = measureErrors(*table, *model, {}, job); !done)
        return forward(std::move(done));
    if (!probesByDefault(*model))
        return table;
    GeneratorOptions plain = options;
    plain.plan = nullptr; // each layer alone is changed, in the model as it is
    if (Status done = probePicture(*table, model, picture, plain, job); !done)
        return forward(std::move(done));
    return table;
}

} // namespace

std::vector<std::pair<std::size_t, std::size_t>> cheapestPromotions(
    std::span<const LayerContribution> layers, double relief)
{
    std::vector<Step> steps;
    for (std::size_t i = 0; i < layers.size(); ++i)
        addSteps(steps, i, layers[i]);
    std::stable_sort(
        steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.worth() > b.worth(); });
    const double wanted = relief * totalHarm(layers);
    double gone = 0;
    std::size_t taken = 0;
    for (; taken < steps.size() && gone < wanted; ++taken)
        gone += steps[taken].gain;
    steps.resize(taken);
    // The last step may have brought more than was missing: what it makes needless goes, the dearest first.
    // A layer's steps build on each other, so only its last one may go.
    std::vector<std::size_t> last(layers.size(), 0);
    for (const Step& step : steps)
        last[step.layer] = std::max(last[step.layer], step.number);
    for (std::size_t i = steps.size(); i-- > 0;)
        if (steps[i].number == last[steps[i].layer] && gone - steps[i].gain >= wanted) {
            gone -= steps[i].gain;
            --last[steps[i].layer];
            steps[i].dropped = true;
        }
    std::vector<std::pair<std::size_t, std::size_t>> chosen;
    for (const Step& step : steps)
        if (!step.dropped && step.number == last[step.layer])
            chosen.emplace_back(step.layer, step.choice);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

Result<Promotion> proposePromotion(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const GenerationRequest& picture, const GeneratorOptions& options, const JobContext& job)
{
    const auto resolved = resolvePlan(plan, *model);
    if (!resolved)
        return tl::unexpected(resolved.error());
    const auto table = measured(plan, model, *resolved, picture, options, job);
    if (!table)
        return tl::unexpected(table.error());
    Promotion promotion;
    promotion.measure = measureOf(*table);
    promotion.layers = contributionsOf(*table, *resolved, promotion.measure);
    promotion.chosen = cheapestPromotions(promotion.layers);
    promotion.harmBefore = promotion.harmAfter = totalHarm(promotion.layers);
    promotion.plan = plan;
    for (const auto& [layer, choice] : promotion.chosen) {
        const LayerContribution& from = promotion.layers[layer];
        promotion.harmAfter -= from.harm - from.better[choice].harm;
        promotion.plan.overrides[from.layer] = from.better[choice].choice;
    }
    const auto before = forecastFileBytes(plan, model), after = forecastFileBytes(promotion.plan, model);
    if (!before || !after)
        return tl::unexpected(before ? after.error() : before.error());
    promotion.bytesBefore = *before;
    promotion.bytesAfter = *after;
    return promotion;
}

} // namespace mantissa
