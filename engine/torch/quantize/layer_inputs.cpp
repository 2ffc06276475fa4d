// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/quantize/layer_inputs.h"
#include "engine/torch/quantize/smoothing.h"

#include <mutex>
#include <optional>

namespace mantissa {

/// What was made of one Hessian last.
struct SharedHessian::State {
    struct Entry {
        double damping = 0;
        std::size_t rotation = 0;
        at::Tensor diagonal; ///< in the basis of the rotation, not damped
        quantize::HessianFactor factor;
    };
    std::mutex mutex;
    std::optional<Entry> entry;
};

SharedHessian::SharedHessian()
    : m_state(std::make_unique<State>())
{ }
SharedHessian::~SharedHessian() = default;

} // namespace mantissa

namespace mantissa::quantize {

namespace {

using Factored = SharedHessian::State::Entry;

constexpr std::int64_t kGateTokens = 512, kSearchTokens = 256;

void requireSize(std::span<const float> values, std::int64_t size, std::string_view what)
{
    if (!values.empty() && values.size() != static_cast<std::size_t>(size))
        raise(ErrorCode::InvalidInput, "the statistics hold {} numbers of {}, not {}", values.size(), what,
            size);
}

bool weightsScales(const LayerRequest& request)
{
    const InputMoments& statistics = request.statistics;
    return request.steps.weightedScales && request.steps.scales == ScaleRule::LeastSquares
        && !(statistics.hessian.empty() && statistics.secondMoment.empty());
}

/// Every second token from `first` on, at most `limit` of them, evenly spaced.
at::Tensor someTokens(
    std::span<const float> tokens, std::int64_t channels, std::int64_t first, std::int64_t limit)
{
    const std::int64_t count = static_cast<std::int64_t>(tokens.size()) / channels;
    at::Tensor all = viewOf(tokens, count);
    if (count < 2)
        return all;
    const std::int64_t halves = (count - first + 1) / 2;
    const std::int64_t step = 2 * ((halves + limit - 1) / limit);
    return all.slice(0, first, count, step).contiguous();
}

at::Tensor vectorView(std::span<const float> values)
{
    return viewOf(values, 1).squeeze(0);
}

SmoothingChoice chooseFactors(const LayerRequest& request, const CodeGrid& grid)
{
    const InputMoments& statistics = request.statistics;
    const at::Tensor weight = viewOf(request.weights, request.shape.rows);
    if (request.steps.columnScaling == ColumnScaling::Awq)
        return awq(
            weight, vectorView(statistics.meanAbs), viewOf(statistics.hessian, request.shape.cols), grid);
    return smoothQuant(weight, vectorView(statistics.absMax),
        someTokens(statistics.heldOutTokens, request.shape.cols, 0, kSearchTokens), grid,
        request.activations);
}

std::vector<float> dampedWeights(const at::Tensor& moments, double damping)
{
    const at::Tensor damped = dampedDiagonal(moments, damping).contiguous();
    const auto values = spanOf(damped);
    return {values.begin(), values.end()};
}

Factored factorFor(const LayerRequest& request, const at::Tensor& factors, std::size_t rotation)
{
    const double damping = request.steps.damping;
    const at::Tensor hessian
        = transformHessian(viewOf(request.statistics.hessian, request.shape.cols), factors, rotation);
    return {damping, rotation, hessian.diagonal().clone(), factorHessian(hessian, damping)};
}

/// The same from what an earlier layer with the same input left, if there is any.
Factored sharedFactor(const LayerRequest& request, const at::Tensor& factors, std::size_t rotation)
{
    if (request.shared == nullptr || factors.defined())
        return factorFor(request, factors, rotation);
    SharedHessian::State& state = request.shared->state();
    const std::lock_guard lock(state.mutex);
    const bool fits
        = state.entry && state.entry->damping == request.steps.damping && state.entry->rotation == rotation;
    if (!fits) {
        state.entry.reset(); // two factors at once would be twice the memory
        state.entry = factorFor(request, factors, rotation);
    }
    return *state.entry;
}

void checkSizes(const LayerRequest& request)
{
    const InputMoments& statistics = request.statistics;
    const std::int64_t n = request.shape.cols;
    if (request.format == nullptr)
        raise(ErrorCode::Internal, "a layer needs a format");
    if (request.weights.size() != static_cast<std::size_t>(request.shape.rows * n))
        raise(ErrorCode::Internal, "the weight has another size than its shape");
    requireSize(statistics.hessian, n * n, "second moments");
    requireSize(statistics.secondMoment, n, "squared inputs");
    requireSize(statistics.mean, n, "means");
    requireSize(statistics.absMax, n, "largest inputs");
    requireSize(statistics.meanAbs, n, "mean magnitudes");
    if (statistics.heldOutTokens.size() % static_cast<std::size_t>(n) != 0)
        raise(ErrorCode::InvalidInput, "held-out tokens are no rows of {} numbers", n);
}

} // namespace

void checkRequest(const LayerRequest& request)
{
    checkSizes(request);
    const QuantizationSteps& steps = request.steps;
    const InputMoments& statistics = request.statistics;
    if (steps.needsHessian() && statistics.hessian.empty())
        raise(ErrorCode::Usage, "this recipe needs the second moments of the layer's inputs");
    if (steps.biasCorrection && request.hasBias && statistics.mean.empty())
        raise(ErrorCode::Usage, "bias correction needs the means of the layer's inputs");
    if (steps.columnScaling == ColumnScaling::Awq && statistics.meanAbs.empty())
        raise(ErrorCode::Usage, "AWQ needs the mean magnitudes of the layer's inputs");
    if (steps.columnScaling == ColumnScaling::SmoothQuant
        && (statistics.absMax.empty() || statistics.heldOutTokens.empty()))
        raise(ErrorCode::Usage, "SmoothQuant needs the largest inputs of the layer and some tokens");
}

bool correctsBias(const LayerRequest& request)
{
    return request.steps.biasCorrection && request.hasBias;
}

bool isPlain(const LayerRequest& request)
{
    return !request.steps.needsHessian() && request.steps.branchRank == 0 && !weightsScales(request)
        && !request.steps.svdProjectedRounding && request.steps.columnScaling == ColumnScaling::None;
}

bool needsData(const LayerRequest& request)
{
    return !isPlain(request) || correctsBias(request);
}

PreparedInputs prepareInputs(const LayerRequest& request, const CodeGrid& grid)
{
    const QuantizationSteps& steps = request.steps;
    const InputMoments& statistics = request.statistics;
    const std::size_t rotation = grid.spec().rotation;
    PreparedInputs inputs;
    if (steps.columnScaling != ColumnScaling::None) {
        if (rotation != 0)
            raise(ErrorCode::Usage, "factors per channel do not go with a rotation");
        const SmoothingChoice choice = chooseFactors(request, grid);
        inputs.factors = choice.factors.clone().contiguous();
        request.format->roundInputFactors(
            {inputs.factors.data_ptr<float>(), static_cast<std::size_t>(inputs.factors.numel())});
        inputs.alpha = choice.alpha;
    }
    const bool weighted = weightsScales(request);
    if (steps.needsHessian()) {
        Factored factored = sharedFactor(request, inputs.factors, rotation);
        if (weighted)
            inputs.columnWeights = dampedWeights(factored.diagonal, steps.damping);
        inputs.factor = std::move(factored.factor);
    } else if (weighted && !statistics.hessian.empty()) {
        const at::Tensor hessian
            = transformHessian(viewOf(statistics.hessian, request.shape.cols), inputs.factors, rotation);
        inputs.columnWeights = dampedWeights(hessian.diagonal(), steps.damping);
    } else if (weighted && rotation == 0) { // rotated, the diagonal alone says nothing
        at::Tensor moments = vectorView(statistics.secondMoment);
        if (inputs.factors.defined())
            moments = moments / inputs.factors.square();
        inputs.columnWeights = dampedWeights(moments, steps.damping);
    }
    return inputs;
}

at::Tensor gateTokens(std::span<const float> heldOut, std::int64_t channels)
{
    return someTokens(heldOut, channels, 1, kGateTokens);
}

} // namespace mantissa::quantize
