// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/pipeline/activation_simulator.h"

#include "engine/export/stored_layer.h"
#include "engine/torch/failure.h"
#include "kernels/dispatch.h"

namespace mantissa {

namespace {

/// The factors of the stored layer at this path; undefined where its format has none.
at::Tensor storedFactors(const WeightStore& weights, const std::string& path)
{
    for (const auto& [suffix, inverse] : {std::pair{".pre_quant_scale", true}, {".smooth_factor", false}}) {
        if (!weights.has(path + suffix))
            continue;
        const at::Tensor values = weights.readFloat(weights.find(path + suffix)).flatten().to(at::kCPU);
        return (inverse ? values.reciprocal() : values).contiguous();
    }
    return {};
}

/// The stored layer's input_scale; 0 where it has none, or one that the runtime does not read.
float storedInputScale(
    const WeightStore& weights, const std::string& path, std::string_view format, const FormatParams& params)
{
    const std::string name = path + ".input_scale";
    if (inputScaleRange(format, params) == 0 || !weights.has(name))
        return 0;
    const at::Tensor value = weights.readFloat(weights.find(name)).flatten();
    return value.numel() == 1 ? value.item<float>() : 0;
}

} // namespace

ActivationSimulator::ActivationSimulator(
    const WeightStore& weights, const std::string& prefix, const ResolvedPlan* plan)
{
    const Model& model = weights.model();
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer& layer = model.layers[i];
        const bool planned = plan != nullptr && !plan->decisions[i].choice.keeps();
        const StorageFormat* const format = planned ? findFormat(plan->decisions[i].choice.format)
            : layer.stored                          ? findFormat(layer.stored->id)
                                                    : nullptr;
        if (format == nullptr || layer.shape.size() != 2 || !layer.name.starts_with(prefix))
            continue;
        const std::string path = layer.name.substr(prefix.size());
        if (weights.has(path + ".weight") && weights.isNative(weights.find(path + ".weight")))
            continue;
        const FormatParams params
            = planned ? plan->decisions[i].choice.params : valueOf(storedParams(model, layer, *format));
        Rounding rounding;
        rounding.grid = activationGridOf(format->info().id, params);
        if (rounding.grid == ActivationGrid::None)
            continue;
        rounding.rotation = static_cast<std::size_t>(params.convrotGroup.value_or(0));
        if (!planned)
            rounding.factors = storedFactors(weights, path);
        rounding.inputScale = planned ? inputScaleOf(plan->decisions[i].choice)
                                      : storedInputScale(weights, path, format->info().id, params);
        m_layers.emplace(path, std::move(rounding));
    }
}

at::Tensor ActivationSimulator::input(std::string_view layer, const at::Tensor& x)
{
    const auto it = m_layers.find(layer);
    if (it == m_layers.end())
        return x;
    const Rounding& rounding = it->second;
    at::Tensor values
        = x.to(at::TensorOptions(at::kCPU).dtype(at::kFloat)).clone(at::MemoryFormat::Contiguous);
    if (rounding.factors.defined())
        values.div_(rounding.factors);
    const std::span<float> tokens(values.data_ptr<float>(), static_cast<std::size_t>(values.numel()));
    const auto rotate = [&] {
        if (rounding.rotation != 0) // the regular Hadamard matrix is its own inverse
            kernels::activeKernels().rotate(
                tokens.data(), tokens.size(), rounding.rotation, kernels::Precision::F32);
    };
    rotate();
    roundActivations(rounding.grid, tokens, values.size(-1), rounding.inputScale);
    rotate();
    if (rounding.factors.defined())
        values.mul_(rounding.factors);
    return values.to(x.options());
}

} // namespace mantissa
