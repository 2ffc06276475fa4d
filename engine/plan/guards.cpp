// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/guards.h"

namespace mantissa {

Message neverQuantized(const Layer& layer)
{
    switch (layer.kind) {
    case LayerKind::Norm:
        return messageSource("Engine", "norms are never quantized");
    case LayerKind::Parameter:
        return messageSource("Engine", "bare parameters are never quantized");
    case LayerKind::Buffer:
        return messageSource("Engine", "buffers are not weights");
    case LayerKind::Linear:
    case LayerKind::Conv1d:
    case LayerKind::Conv2d:
    case LayerKind::Conv3d:
    case LayerKind::Embedding:
        break;
    }
    return {};
}

Message refusesEveryFormat(const Layer& layer, const Component& component, bool asked)
{
    switch (layer.kind) {
    case LayerKind::Conv1d:
    case LayerKind::Conv2d:
    case LayerKind::Conv3d:
        return messageSource("Engine",
            "convolutions keep their precision: the formats that ComfyUI loads store Linear weights only");
    case LayerKind::Embedding:
        if (!asked)
            return messageSource(
                "Engine", "embeddings are kept unless a rule or an override of yours asks for one");
        break;
    case LayerKind::Linear:
        break;
    case LayerKind::Norm:
    case LayerKind::Parameter:
    case LayerKind::Buffer:
        return neverQuantized(layer);
    }
    if (component.role == "lora")
        return messageSource(
            "Engine", "adapters are added to the weights while they load and must stay floats");
    if (layer.shape.size() != 2)
        return {messageSource("Engine", "the weight has %1 dimensions, and the formats store matrices"),
            {std::to_string(layer.shape.size())}};
    if (layer.shape[0] <= 0 || layer.shape[1] <= 0)
        return messageSource("Engine", "the weight is empty");
    if (!layer.holdsPlainNumbers()) {
        if (!findFormat(layer.stored->id))
            return {messageSource("Engine", "it is stored as %1, which cannot be decoded here"),
                {std::string(nameOf(*layer.stored))}};
    } else if (!layer.stored && !isTrainingFloat(layer.dtype)) {
        return {messageSource("Engine", "its values are %1, not floats"), {std::string(nameOf(layer.dtype))}};
    }
    return {};
}

Result<FormatParams> fitFormat(const Layer& layer, const Choice& choice, RecipeLevel recipe)
{
    const StorageFormat* format = findFormat(choice.format);
    if (!format)
        return fail(ErrorCode::Usage, "there is no format \"{}\"", choice.format);
    if (layer.kind == LayerKind::Embedding && !format->info().embeddings)
        return fail(ErrorCode::Unsupported, "no loader reads an embedding in {}", choice.format);
    return format->resolve({layer.shape[0], layer.shape[1]}, paramsFor(recipe, choice.format, choice.params),
        dataFreePart(recipe));
}

} // namespace mantissa
