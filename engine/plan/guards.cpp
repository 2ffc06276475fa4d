// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/guards.h"

namespace mantissa {

std::string neverQuantized(const Layer& layer)
{
    switch (layer.kind) {
    case LayerKind::Norm:
        return "norms are never quantized";
    case LayerKind::Parameter:
        return "bare parameters are never quantized";
    case LayerKind::Buffer:
        return "buffers are not weights";
    case LayerKind::Linear:
    case LayerKind::Conv1d:
    case LayerKind::Conv2d:
    case LayerKind::Conv3d:
    case LayerKind::Embedding:
        break;
    }
    return {};
}

std::string refusesEveryFormat(const Layer& layer, const Component& component, bool asked)
{
    switch (layer.kind) {
    case LayerKind::Conv1d:
    case LayerKind::Conv2d:
    case LayerKind::Conv3d:
        return "convolutions keep their precision: the formats that ComfyUI loads store Linear weights only";
    case LayerKind::Embedding:
        if (!asked)
            return "embeddings are kept unless a rule or an override of yours asks for one";
        break;
    case LayerKind::Linear:
        break;
    case LayerKind::Norm:
    case LayerKind::Parameter:
    case LayerKind::Buffer:
        return neverQuantized(layer);
    }
    if (component.role == "lora")
        return "adapters are added to the weights while they load and must stay floats";
    if (layer.shape.size() != 2)
        return fmt::format(
            "the weight has {} dimensions, and the formats store matrices", layer.shape.size());
    if (layer.shape[0] <= 0 || layer.shape[1] <= 0)
        return "the weight is empty";
    if (!layer.holdsPlainNumbers()) {
        if (!findFormat(layer.stored->id))
            return fmt::format("it is stored as {}, which cannot be decoded here", layer.stored->id);
    } else if (!layer.stored && !isTrainingFloat(layer.dtype)) {
        return fmt::format("its values are {}, not floats", nameOf(layer.dtype));
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
