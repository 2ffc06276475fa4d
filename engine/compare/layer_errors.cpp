// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/layer_errors.h"

#include "engine/export/layer_error.h"
#include "engine/export/stored_layer.h"
#include "engine/export/verify.h"

#include <algorithm>
#include <cmath>

namespace mantissa {

namespace {

/// Of a layer that was quantized with statistics.
Result<ErrorSums> calibratedError(const Model& model, const Layer& layer, const Choice& choice,
    CalibratedLayers& layers, const JobContext& job)
{
    const auto source = readWholeLayer(model, layer);
    if (!source)
        return tl::unexpected(source.error());
    std::vector<float> planned(source->size());
    if (Status made = layers.weights(layer, choice, planned, job); !made)
        return forward(std::move(made));
    return sumErrors(*source, planned);
}

Result<std::vector<LayerError>> errorsOfPlan(
    const VariantSpec& variant, CalibratedLayers* calibrated, const JobContext& job)
{
    const Model& model = *variant.model;
    const auto resolved = resolvePlan(*variant.plan, model);
    if (!resolved)
        return tl::unexpected(resolved.error());
    const auto recipe = recipeOf(*variant.plan);
    if (!recipe)
        return tl::unexpected(recipe.error());
    if (job.progress)
        job.progress->start("layers of " + variant.name, 0, resolved->quantized);
    std::vector<LayerError> errors;
    for (std::size_t i = 0; i < resolved->decisions.size(); ++i) {
        const Decision& decision = resolved->decisions[i];
        if (decision.choice.keeps())
            continue;
        const Layer& layer = model.layers[i];
        const JobContext quiet{job.stop, nullptr};
        const auto sums = calibrated != nullptr && calibrated->covers(layer, decision.choice)
            ? calibratedError(model, layer, decision.choice, *calibrated, quiet)
            : encodingError(model, layer, decision.choice, dataFreePart(*recipe), quiet);
        if (!sums)
            return tl::unexpected(sums.error());
        if (job.progress)
            job.progress->addItem();
        if (sums->noise > 0 && sums->signal > 0)
            errors.push_back(
                {layer.name, describe(decision.choice), 10 * std::log10(sums->signal / sums->noise)});
    }
    return errors;
}

Result<std::vector<LayerError>> errorsOfFile(
    const VariantSpec& variant, const Model& original, const JobContext& job)
{
    const auto report = verifyModel(*variant.model, &original, job);
    if (!report)
        return tl::unexpected(report.error());
    std::vector<LayerError> errors;
    for (const VerifiedLayer& layer : report->layers)
        if (layer.snrDb)
            errors.push_back({layer.name, layer.format, *layer.snrDb});
    return errors;
}

} // namespace

Result<std::vector<LayerError>> worstLayers(
    const VariantSpec& variant, const Model& original, CalibratedLayers* calibrated, const JobContext& job)
{
    auto errors
        = variant.plan ? errorsOfPlan(variant, calibrated, job) : errorsOfFile(variant, original, job);
    if (!errors)
        return errors;
    std::stable_sort(errors->begin(), errors->end(),
        [](const LayerError& a, const LayerError& b) { return a.snrDb < b.snrDb; });
    if (errors->size() > kWorstLayers)
        errors->resize(kWorstLayers);
    return errors;
}

} // namespace mantissa
