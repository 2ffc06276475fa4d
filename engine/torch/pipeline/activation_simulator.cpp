// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/pipeline/activation_simulator.h"

#include "engine/export/stored_layer.h"
#include "engine/torch/failure.h"
#include "kernels/dispatch.h"

#include <array>

namespace mantissa {

namespace {

/// What formats store of the way that an input takes besides its rounding (spec/quant-formats 2 and 3), in
/// the order in which takeExtras() reads it.
constexpr std::array<std::string_view, 4> kExtras{
    "pre_quant_scale", "weight_smooth_factor", "weight_proj_down", "weight_proj_up"};

bool isMatrixBelow(const Layer& layer, const std::string& prefix)
{
    return layer.shape.size() == 2 && layer.name.starts_with(prefix);
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

std::vector<at::Tensor> storedExtras(const WeightStore& weights, const std::string& path)
{
    std::vector<at::Tensor> stored;
    for (const std::string_view suffix : kExtras) {
        const std::string name = fmt::format("{}.{}", path, suffix);
        stored.push_back(
            weights.has(name) ? weights.readFloat(weights.find(name)).to(at::kCPU) : at::Tensor());
    }
    return stored;
}

} // namespace

ActivationSimulator::ActivationSimulator(const WeightStore& weights, const std::string& prefix)
{
    for (const Layer& layer : weights.model().layers)
        if (isMatrixBelow(layer, prefix))
            addStored(weights, layer, layer.name.substr(prefix.size()));
}

ActivationSimulator::ActivationSimulator(const WeightStore& weights, const std::string& prefix,
    const ResolvedPlan& plan, std::shared_ptr<PlannedWeights> planned)
    : m_planned(std::move(planned))
{
    const Model& model = weights.model();
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer& layer = model.layers[i];
        if (!isMatrixBelow(layer, prefix))
            continue;
        const std::string path = layer.name.substr(prefix.size());
        const Choice& choice = plan.decisions[i].choice;
        if (choice.keeps())
            addStored(weights, layer, path);
        else if (add(path, choice.format, choice.params, inputScaleOf(choice)))
            m_layers.at(path).planned = &layer;
    }
}

void ActivationSimulator::addStored(const WeightStore& weights, const Layer& layer, const std::string& path)
{
    const StorageFormat* const format = layer.stored ? findFormat(layer.stored->id) : nullptr;
    if (format == nullptr)
        return;
    const std::string weight = path + ".weight";
    if (weights.has(weight) && weights.isNative(weights.find(weight)))
        return;
    const std::string_view id = format->info().id;
    const FormatParams params = valueOf(storedParams(weights.model(), layer, *format));
    if (add(path, id, params, storedInputScale(weights, path, id, params)))
        takeExtras(m_layers.at(path), storedExtras(weights, path));
}

bool ActivationSimulator::add(
    const std::string& path, std::string_view format, const FormatParams& params, float inputScale)
{
    Rounding rounding;
    rounding.grid = activationGridOf(format, params);
    if (rounding.grid == ActivationGrid::None)
        return false;
    rounding.rotation = static_cast<std::size_t>(params.convrotGroup.value_or(0));
    rounding.inputScale = inputScale;
    m_layers.emplace(path, std::move(rounding));
    return true;
}

void ActivationSimulator::takeExtras(Rounding& rounding, const std::vector<at::Tensor>& stored)
{
    if (stored[0].defined())
        rounding.factors = stored[0].flatten().reciprocal().contiguous();
    else if (stored[1].defined())
        rounding.factors = stored[1].flatten().contiguous();
    if (stored[2].defined() && stored[3].defined()) {
        rounding.branchDown = stored[2];
        rounding.branchUp = stored[3];
    }
}

at::Tensor ActivationSimulator::input(std::string_view layer, const at::Tensor& x)
{
    const auto it = m_layers.find(layer);
    if (it == m_layers.end())
        return x;
    Rounding& rounding = it->second;
    if (rounding.planned != nullptr) {
        takeExtras(rounding, m_planned->stored(*rounding.planned, kExtras));
        rounding.planned = nullptr;
    }
    const at::Tensor exact = x.to(at::TensorOptions(at::kCPU).dtype(at::kFloat));
    at::Tensor values = exact.clone(at::MemoryFormat::Contiguous);
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
    if (rounding.branchUp.defined())
        rounding.branchOutput
            = at::matmul(at::matmul(exact - values, rounding.branchDown), rounding.branchUp.t());
    return values.to(x.options());
}

at::Tensor ActivationSimulator::output(std::string_view layer, const at::Tensor& y)
{
    const auto it = m_layers.find(layer);
    if (it == m_layers.end() || !it->second.branchOutput.defined())
        return y;
    const at::Tensor branch = std::move(it->second.branchOutput);
    it->second.branchOutput = at::Tensor();
    return y + branch.to(y.options());
}

} // namespace mantissa
