// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/denoiser.h"

#include "engine/torch/failure.h"

#include <cmath>

namespace mantissa {

namespace {

at::Tensor repeated(const at::Tensor& x, std::int64_t batch)
{
    if (!x.defined() || x.size(0) == batch)
        return x;
    std::vector<std::int64_t> times(static_cast<std::size_t>(x.dim()), 1);
    times[0] = batch;
    return x.repeat(times);
}

} // namespace

Result<Prediction> predictionFromName(std::string_view name)
{
    if (name == "eps" || name.empty())
        return Prediction::Eps;
    if (name == "v")
        return Prediction::V;
    if (name == "flow")
        return Prediction::Flow;
    return fail(ErrorCode::Unsupported, "models that predict \"{}\" cannot be sampled yet", name);
}

at::Tensor networkInput(Prediction prediction, const at::Tensor& x, double sigma)
{
    return prediction == Prediction::Flow ? x : x / std::sqrt(sigma * sigma + 1);
}

at::Tensor denoisedFrom(Prediction prediction, const at::Tensor& x, const at::Tensor& output, double sigma)
{
    if (prediction == Prediction::V)
        return x / (sigma * sigma + 1) - output * (sigma / std::sqrt(sigma * sigma + 1));
    return x - output * sigma;
}

at::Tensor GuidedDenoiser::call(const at::Tensor& x, double sigma, const Conditioning& conditioning) const
{
    const std::int64_t batch = x.size(0);
    DenoiserInput input;
    input.x = networkInput(prediction, x, sigma);
    if (extra.defined())
        input.x = at::cat({input.x, repeated(extra, batch)}, 1);
    for (const at::Tensor& reference : references)
        input.references.push_back(repeated(reference, batch));
    double time = schedule.timestep(sigma);
    if (schedule.isFlow())
        time = timestep == "1000_sigma" ? sigma * 1000 : sigma;
    const auto floats = at::TensorOptions(at::kFloat).device(device);
    input.timestep = at::full({batch}, time, floats);
    input.context = repeated(conditioning.context, batch);
    input.y = repeated(conditioning.y, batch);
    if (guidance > 0)
        input.guidance = at::full({batch}, guidance, floats);
    const at::Tensor output = network.forward(input).to(at::kFloat);
    // Networks that learned a variance too put it behind the prediction.
    return output.size(1) > x.size(1) ? output.slice(1, 0, x.size(1)) : output;
}

at::Tensor GuidedDenoiser::operator()(const at::Tensor& x, double sigma) const
{
    if (!negative)
        return denoisedFrom(prediction, x, call(x, sigma, positive), sigma);
    at::Tensor with, without;
    if (negative->context.sizes() == positive.context.sizes()) {
        // One call for both sides: half the overhead, and weights are read once.
        const std::int64_t batch = x.size(0);
        const auto both = [&](const at::Tensor& a, const at::Tensor& b) {
            return a.defined() && b.defined() ? at::cat({repeated(a, batch), repeated(b, batch)})
                                              : at::Tensor();
        };
        const Conditioning joined{both(positive.context, negative->context), both(positive.y, negative->y)};
        const auto halves = call(at::cat({x, x}), sigma, joined).chunk(2);
        with = halves[0];
        without = halves[1];
    } else {
        with = call(x, sigma, positive);
        without = call(x, sigma, *negative);
    }
    // Guidance over the output is guidance over the denoised picture: both are linear in it.
    return denoisedFrom(prediction, x, without + (with - without) * cfg, sigma);
}

} // namespace mantissa
