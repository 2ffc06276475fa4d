// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/calibrated_layer.h"

#include "engine/export/cast.h"
#include "engine/torch/layer_quantizer.h"
#include "engine/torch/loader.h"

#include <cmath>

namespace mantissa {

namespace {

/// λ by the tokens that the second moments come from, for each of a layer's channels (spec/algorithms 1.4 and
/// its side studies); pure noise tells little, and is damped until it hardly counts (0.5).
double dampingFor(const LayerStatistics& known, bool randomData, double enough)
{
    if (randomData)
        return 1.0;
    const double perChannel = static_cast<double>(known.hessianTokens)
        / static_cast<double>(std::max<std::size_t>(1, known.channels));
    return perChannel >= 8 ? enough : perChannel >= 2 ? 0.03 : 0.1;
}

class CalibratedQuantizer {
public:
    CalibratedQuantizer(const Model& model, const Layer& layer, const Choice& choice, RecipeLevel level,
        std::shared_ptr<SharedInputs> inputs, DType biasDtype)
        : m_model(model)
        , m_layer(layer)
        , m_choice(choice)
        , m_level(level)
        , m_inputs(std::move(inputs))
        , m_biasDtype(biasDtype)
    { }

    Result<WholeLayer> operator()(std::span<const float> rows, const JobContext& job) const
    {
        const auto torch = loadTorch();
        if (!torch)
            return tl::unexpected(torch.error());
        const StorageFormat* format = findFormat(m_choice.format);
        LayerRequest request;
        request.shape = {m_layer.shape[0], m_layer.shape[1]};
        request.weights = rows;
        request.format = format;
        request.params = m_choice.params;
        request.activations = activationGridOf(m_choice.format, m_choice.params);
        request.hasBias = m_layer.bias >= 0;
        request.job = job;
        request.steps = stepsOf(m_level, m_choice.format, m_choice.params);
        const auto input = m_inputs->of(m_layer.name);
        if (!input)
            return tl::unexpected(input.error());
        const LayerStatistics* const known = &(*input)->known;
        if (known->channels != static_cast<std::size_t>(m_layer.shape[1]))
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                sentence("the statistics are of {} channels, and the layer has {} inputs", known->channels,
                    m_layer.shape[1]),
                m_layer.name, "calibrate this model, or take its own statistics"});
        request.steps.damping
            = dampingFor(*known, m_inputs->statistics()->header().randomData, request.steps.damping);
        request.shared = (*input)->factor.get();
        request.statistics.hessian = known->hessian;
        request.statistics.secondMoment = known->secondMoment;
        request.statistics.mean = known->mean;
        request.statistics.absMax = known->absMax;
        request.statistics.meanAbs = known->meanAbs;
        request.statistics.heldOutTokens = known->heldOut;
        auto outcome = (*torch)->quantizeLayer(request);
        if (!outcome)
            return tl::unexpected(std::move(outcome.error()).at(m_layer.name));
        return finish(std::move(*outcome));
    }

private:
    Result<WholeLayer> finish(LayerOutcome outcome) const
    {
        WholeLayer done;
        done.tensors = std::move(outcome.stored);
        done.keptPlain = outcome.report.keptPlain;
        done.plainOutputError = outcome.report.plainError;
        done.outputError = outcome.report.keptPlain ? outcome.report.plainError : outcome.report.cleverError;
        if (m_layer.bias < 0)
            return done;
        auto bias = biasBytes(outcome.biasDelta);
        if (!bias)
            return forward(std::move(bias));
        done.tensors.push_back(std::move(*bias));
        return done;
    }

    /// The source's bias with the correction added, in the dtype that it is written in.
    Result<std::vector<std::byte>> biasBytes(std::span<const float> delta) const
    {
        const auto index = static_cast<std::size_t>(m_layer.bias);
        const TensorInfo& info = m_model.source->tensors()[index];
        std::vector<std::byte> raw(static_cast<std::size_t>(info.bytes));
        if (Status status = m_model.source->read(index, 0, raw); !status)
            return forward(std::move(status));
        if (delta.empty() && info.dtype == m_biasDtype)
            return raw;
        std::vector<float> values(static_cast<std::size_t>(elementCount(info.shape).value_or(0)));
        if (Status status = toFloats(info.dtype, raw, values); !status)
            return forward(std::move(status));
        for (std::size_t i = 0; i < std::min(values.size(), delta.size()); ++i)
            values[i] += delta[i];
        std::vector<std::byte> out;
        std::vector<float> scratch;
        if (Status status
            = castElements(DType::F32, std::as_bytes(std::span(values)), m_biasDtype, out, scratch, false);
            !status)
            return forward(std::move(status));
        return out;
    }

    const Model& m_model;
    const Layer& m_layer;
    Choice m_choice;
    RecipeLevel m_level;
    std::shared_ptr<SharedInputs> m_inputs;
    DType m_biasDtype;
};

} // namespace

bool usesStatistics(
    const Layer& layer, const Choice& choice, RecipeLevel level, const StatisticsFile* statistics)
{
    if (!needsStatistics(level) || statistics == nullptr || !statistics->has(layer.name)
        || layer.shape.size() != 2)
        return false;
    const StorageFormat* format = findFormat(choice.format);
    return format != nullptr && format->codeGrid({layer.shape[0], layer.shape[1]}, choice.params).has_value();
}

WholeQuantizer calibratedQuantizer(const Model& model, const Layer& layer, const Choice& choice,
    RecipeLevel level, std::shared_ptr<SharedInputs> inputs, DType biasDtype)
{
    return CalibratedQuantizer(model, layer, choice, level, std::move(inputs), biasDtype);
}

} // namespace mantissa
