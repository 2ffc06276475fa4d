// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/plan.h"

#include "engine/formats/activation_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mantissa {

namespace {

constexpr double kFourBitLimit
    = 6; // bits a weight: NVFP4 takes 4.5, W4A8 with its scales 5, the 8-bit formats 8 and more

std::string joinIds()
{
    std::string ids;
    for (const StorageFormat* format : storageFormats())
        ids += (ids.empty() ? "" : ", ") + std::string(format->info().id);
    return ids;
}

Status checkClip(const Choice& choice)
{
    if (choice.inputClip == 0)
        return {};
    const double range = inputScaleRange(choice.format, choice.params);
    if (range == 0) {
        return tl::unexpected(Error{ErrorCode::Usage,
            sentence("{} has no place for an input clip: its runtimes scale the inputs as they come",
                choice.format),
            {}, "float8_e4m3fn, float8_e5m2 and nvfp4 store one"});
    }
    const double scale = choice.inputClip / range;
    if (!(scale >= static_cast<double>(std::numeric_limits<float>::min())
            && scale <= static_cast<double>(std::numeric_limits<float>::max())))
        return fail(ErrorCode::Usage,
            "an input clip is a number above zero that a float32 scale can hold, not {}", choice.inputClip);
    return {};
}

template <typename List> bool contains(const List& list, const auto& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

} // namespace

std::string_view nameOf(Provenance provenance) noexcept
{
    switch (provenance) {
    case Provenance::Untouched:
        return "untouched";
    case Provenance::Base:
        return "base";
    case Provenance::Critical:
        return "critical";
    case Provenance::Rule:
        return "rule";
    case Provenance::Override:
        return "override";
    case Provenance::Guard:
        return "guard";
    }
    return "untouched";
}

std::string_view nameOf(Severity severity) noexcept
{
    switch (severity) {
    case Severity::Note:
        return "note";
    case Severity::Warning:
        return "warning";
    case Severity::Problem:
        return "problem";
    }
    return "note";
}

std::vector<Sentence> ResolvedPlan::warnings() const
{
    std::vector<Sentence> texts;
    for (const Finding& finding : findings)
        if (finding.severity != Severity::Note)
            texts.emplace_back(finding.text);
    return texts;
}

Status checkChoice(const Choice& choice)
{
    if (choice.keeps()) {
        if (choice.params != FormatParams{} || choice.inputClip != 0)
            return fail(ErrorCode::Usage, "a layer that is kept takes no format settings");
        return {};
    }
    const StorageFormat* format = findFormat(choice.format);
    if (!format) {
        return tl::unexpected(Error{ErrorCode::Usage, sentence("there is no format \"{}\"", choice.format),
            {}, sentence("the formats are {}", joinIds())});
    }
    const FormatParams& wanted = choice.params;
    if (wanted.blockSize < 0 || wanted.convrotGroup.value_or(0) < 0)
        return fail(ErrorCode::Usage, "sizes cannot be negative");
    // Sides that every block and group divides: what fails or gets lost here does so for every layer.
    constexpr MatrixShape kFriendly{4096, 4096};
    const auto resolved = format->resolve(kFriendly, wanted, Recipe::Fast);
    if (!resolved)
        return tl::unexpected(Error{ErrorCode::Usage, resolved.error().message, {}, {}});
    const auto refuse = [&choice](const Sentence& what, const auto& value) {
        return fail(ErrorCode::Usage, "{} does not take {} {}", choice.format, what, value);
    };
    if (!wanted.scaling.empty() && resolved->scaling != wanted.scaling)
        return refuse("the scaling", wanted.scaling);
    if (wanted.blockSize != 0 && resolved->blockSize != wanted.blockSize)
        return refuse("the block size", wanted.blockSize);
    if (wanted.convrotGroup.value_or(0) != 0 && resolved->convrotGroup != wanted.convrotGroup)
        return refuse("the rotation group", *wanted.convrotGroup);
    if (!wanted.linearDtype.empty() && resolved->linearDtype != wanted.linearDtype)
        return refuse("the activation type", wanted.linearDtype);
    if (wanted.bits != 0 && resolved->bits != wanted.bits)
        return refuse("the code width", wanted.bits);
    if (wanted.rank != 0 && resolved->rank != wanted.rank)
        return refuse("the rank", wanted.rank);
    return checkClip(choice);
}

Sentence describe(const Choice& choice)
{
    if (choice.keeps())
        return sentence("keep");
    std::vector<Sentence> details;
    const FormatParams& params = choice.params;
    if (!params.scaling.empty())
        details.push_back(params.scaling);
    if (params.blockSize != 0)
        details.push_back(sentence("blocks of {}", params.blockSize));
    if (params.convrotGroup)
        details.push_back(*params.convrotGroup == 0 ? sentence("not rotated")
                                                    : sentence("rotated by {}", *params.convrotGroup));
    if (!params.linearDtype.empty())
        details.push_back(sentence("{} activations", params.linearDtype));
    if (params.bits != 0)
        details.push_back(sentence("{} bits", params.bits));
    if (params.rank != 0)
        details.push_back(sentence("rank {}", params.rank));
    if (params.fullPrecisionMatrixMult)
        details.push_back(sentence("full-precision multiply"));
    if (choice.inputClip != 0)
        details.push_back(sentence("inputs cut at {:.6g}", choice.inputClip));
    if (details.empty())
        return choice.format;
    Sentence all = details.front();
    for (std::size_t i = 1; i < details.size(); ++i)
        all = sentence("{}, {}", all, details[i]);
    return sentence("{} ({})", choice.format, all);
}

float inputScaleOf(const Choice& choice)
{
    const double range = inputScaleRange(choice.format, choice.params);
    return choice.inputClip == 0 || range == 0 ? 0.0F : static_cast<float>(choice.inputClip / range);
}

bool isFourBit(const Choice& choice)
{
    const StorageFormat* format = choice.keeps() ? nullptr : findFormat(choice.format);
    return format && format->info().bitsPerWeight < kFourBitLimit;
}

Result<RecipeLevel> recipeOf(const QuantPlan& plan)
{
    if (const auto level = recipeLevelOf(plan.recipe))
        return *level;
    std::vector<std::string_view> names;
    for (const RecipeLevel level : recipeLevels())
        names.push_back(nameOf(level));
    return tl::unexpected(Error{ErrorCode::Usage, sentence("there is no recipe \"{}\"", plan.recipe), {},
        sentence("the recipes are {}", fmt::join(names, ", "))});
}

DType writtenDtype(const QuantPlan& plan, const Layer& layer, const TensorInfo& tensor)
{
    // No other container can hold it as it is, and as float32 it would be eight times as large.
    if (tensor.encoding != nullptr)
        return plan.outputDtype == "float16" ? DType::F16 : DType::BF16;
    if (plan.outputDtype == "keep" || !layer.holdsPlainNumbers() || tensor.shape.size() < 2
        || !(isTrainingFloat(tensor.dtype) || layer.stored))
        return tensor.dtype;
    switch (layer.kind) {
    case LayerKind::Linear:
    case LayerKind::Conv1d:
    case LayerKind::Conv2d:
    case LayerKind::Conv3d:
    case LayerKind::Embedding:
        return plan.outputDtype == "float16" ? DType::F16 : DType::BF16;
    case LayerKind::Norm:
    case LayerKind::Parameter:
    case LayerKind::Buffer:
        break;
    }
    return tensor.dtype;
}

std::string_view origDtypeOf(const QuantPlan& plan, const Layer& layer)
{
    if (plan.outputDtype == "float16")
        return "torch.float16";
    if (plan.outputDtype == "keep" && !layer.stored) {
        if (layer.dtype == DType::F16)
            return "torch.float16";
        if (layer.dtype == DType::F32)
            return "torch.float32";
        if (layer.dtype == DType::F64)
            return "torch.float64";
    }
    return "torch.bfloat16"; // what the loaders dequantize to by default
}

std::vector<bool> selectedComponents(const QuantPlan& plan, const Model& model)
{
    std::vector<bool> selected(model.components.size(), false);
    if (!plan.components.empty()) {
        for (std::size_t i = 0; i < selected.size(); ++i)
            selected[i] = contains(plan.components, model.components[i].role);
        return selected;
    }
    // The main network: the diffusion model where there is one, else what most of the file is.
    std::size_t main = 0;
    for (std::size_t i = 0; i < selected.size(); ++i) {
        if (model.components[i].role == "diffusion_model") {
            main = i;
            break;
        }
        if (model.components[i].parameters > model.components[main].parameters)
            main = i;
    }
    // An expert pair (two networks of one role) is quantized as a whole.
    for (std::size_t i = 0; i < selected.size(); ++i)
        selected[i] = i == main || model.components[i].role == model.components[main].role;
    return selected;
}

QuantPlan defaultPlan(const Model& model, const Choice& base)
{
    QuantPlan plan;
    if (model.source)
        plan.sourceName = model.source->info().path.filename().string();
    plan.architecture = model.architecture.id;
    plan.variant = model.architecture.variant;
    plan.prediction = model.architecture.prediction;
    plan.base = base;
    if (const Preset* preset = presetFor(model.architecture.id))
        applyPreset(plan, *preset);
    return plan;
}

QuantPlan listEveryLayer(const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved)
{
    QuantPlan listed = plan;
    const std::vector<bool> selected = selectedComponents(plan, model);
    for (std::size_t i = 0; i < model.layers.size() && i < resolved.decisions.size(); ++i) {
        const Layer& layer = model.layers[i];
        const bool decides = layer.kind != LayerKind::Norm && layer.kind != LayerKind::Parameter
            && layer.kind != LayerKind::Buffer && layer.component < selected.size()
            && selected[layer.component];
        if (decides)
            listed.overrides[layer.name] = resolved.decisions[i].choice;
    }
    return listed;
}

} // namespace mantissa
