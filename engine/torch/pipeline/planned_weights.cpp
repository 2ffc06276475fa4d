// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/planned_weights.h"

#include "engine/export/cast.h"
#include "engine/export/planned_layer.h"
#include "engine/export/stored_layer.h"
#include "engine/torch/failure.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace mantissa {

namespace {

/// A plain weight that the export casts: the values that are left of it.
void readCast(const Model& model, const Layer& layer, DType written, std::span<float> dst)
{
    const TensorInfo& tensor = model.source->tensors()[layer.weight];
    std::vector<std::byte> raw(static_cast<std::size_t>(tensor.bytes)), cast;
    std::vector<float> scratch;
    valueOf(model.source->read(layer.weight, 0, raw));
    valueOf(castElements(tensor.dtype, raw, written, cast, scratch, true));
    valueOf(toFloats(written, cast, dst));
}

Recipe dataFreeRecipe(const QuantPlan& plan)
{
    const RecipeLevel level = valueOf(recipeOf(plan));
    if (needsStatistics(level))
        throw Failure(Error{ErrorCode::Unsupported,
            fmt::format("a plan with the recipe {} makes its weights while it is exported", nameOf(level)),
            {}, "export it with 'mantissa quantize --plan', and use the file"});
    return dataFreePart(level);
}

} // namespace

std::function<bool(const Layer&, std::span<float>)> plannedWeights(
    const std::shared_ptr<const Model>& model, const QuantPlan& plan)
{
    struct Shared {
        std::shared_ptr<const Model> model;
        QuantPlan plan;
        ResolvedPlan resolved;
        Recipe recipe;
        std::unordered_map<const Layer*, const Decision*> decisionOf;
    };
    auto shared = std::make_shared<Shared>(
        Shared{model, plan, valueOf(resolvePlan(plan, *model)), dataFreeRecipe(plan), {}});
    for (std::size_t i = 0; i < model->layers.size(); ++i)
        shared->decisionOf.emplace(&model->layers[i], &shared->resolved.decisions[i]);
    return [shared](const Layer& layer, std::span<float> dst) {
        const auto it = shared->decisionOf.find(&layer);
        if (it == shared->decisionOf.end())
            return false;
        const Choice& choice = it->second->choice;
        if (choice.keeps()) {
            const TensorInfo& tensor = shared->model->source->tensors()[layer.weight];
            const DType written = writtenDtype(shared->plan, layer, tensor);
            if (layer.stored || written == tensor.dtype)
                return false;
            readCast(*shared->model, layer, written, dst);
            return true;
        }
        const auto columns = static_cast<std::size_t>(layer.shape.back());
        valueOf(runPlannedLayer(*shared->model, layer, choice, shared->recipe, {},
            [&](std::int64_t firstRow, std::span<const float>, std::span<const float> planned) {
                std::copy(planned.begin(), planned.end(),
                    dst.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(firstRow) * columns));
            }));
        return true;
    };
}

} // namespace mantissa
