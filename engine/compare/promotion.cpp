// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/promotion.h"

#include "engine/export/plan_export.h"
#include "engine/sensitivity/probe.h"

#include <algorithm>

namespace mantissa {

namespace {

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
            if (const double harm = harmOf(row, other, measure);
                other.bytes > present->bytes && harm < contribution.harm)
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

/// Sensitivities of the layers that the plan quantizes, each with all other ways to store it.
Result<SensitivityTable> measured(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const ResolvedPlan& resolved, const ProbeSettings& probe, const GeneratorOptions& options,
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
    table->probe = probe;
    GeneratorOptions plain = options;
    plain.plan = nullptr; // each layer alone is changed, in the model as it is
    if (Status done = probeLayers(*table, model, plain, {}, job); !done)
        return forward(std::move(done));
    return table;
}

} // namespace

std::vector<std::pair<std::size_t, std::size_t>> cheapestPromotions(
    std::span<const LayerContribution> layers, double relief)
{
    struct Offer {
        std::size_t layer, choice;
        double gain, worth; ///< worth: gain a byte
    };
    std::vector<Offer> offers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        Offer best{i, 0, 0, 0};
        for (std::size_t c = 0; c < layers[i].better.size(); ++c) {
            const PromotedChoice& choice = layers[i].better[c];
            const double gain = layers[i].harm - choice.harm;
            const double worth = gain / static_cast<double>(choice.bytes - layers[i].bytes);
            if (worth > best.worth)
                best = {i, c, gain, worth};
        }
        if (best.gain > 0)
            offers.push_back(best);
    }
    std::stable_sort(
        offers.begin(), offers.end(), [](const Offer& a, const Offer& b) { return a.worth > b.worth; });
    const double wanted = relief * totalHarm(layers);
    double gone = 0;
    std::vector<std::pair<std::size_t, std::size_t>> chosen;
    for (const Offer& offer : offers) {
        if (gone >= wanted)
            break;
        gone += offer.gain;
        chosen.emplace_back(offer.layer, offer.choice);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

Result<Promotion> proposePromotion(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const std::string& prompt, std::uint64_t seed, const GeneratorOptions& options, const JobContext& job)
{
    const auto resolved = resolvePlan(plan, *model);
    if (!resolved)
        return tl::unexpected(resolved.error());
    const auto table
        = measured(plan, model, *resolved, probeSettings(kProbeCalls, {prompt}, seed), options, job);
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
