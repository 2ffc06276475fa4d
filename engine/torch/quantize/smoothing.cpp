// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/scale_choice.h"
#include "engine/torch/quantize/smoothing.h"

namespace mantissa::quantize {

namespace {

constexpr int kAlphaSteps = 10;
constexpr double kSmallestMaximum = 1e-5, kSmallestMean = 1e-8;
constexpr double kFactorLimit = 1e3;
/// Rows that the searches look at: enough to tell exponents apart, whatever the layer's height.
constexpr std::int64_t kSampledRows = 1024, kSampledRowsOfHessian = 256;

/// About `limit` rows, evenly spaced.
at::Tensor someRows(const at::Tensor& weight, std::int64_t limit)
{
    return weight.slice(0, 0, weight.size(0), (weight.size(0) + limit - 1) / limit).contiguous();
}

/// The factors with the least error among those of all exponents.
template <typename Factors, typename ErrorOf>
SmoothingChoice search(const Factors& factorsOf, const ErrorOf& errorOf)
{
    SmoothingChoice best;
    for (int step = 0; step <= kAlphaSteps; ++step) {
        const double alpha = static_cast<double>(step) / kAlphaSteps;
        const at::Tensor factors = factorsOf(alpha);
        const double error = errorOf(factors);
        if (!best.factors.defined() || error < best.error)
            best = {factors, alpha, error};
    }
    return best;
}

} // namespace

SmoothingChoice smoothQuant(const at::Tensor& weight, const at::Tensor& absMax, const at::Tensor& tokens,
    const CodeGrid& grid, ActivationGrid activations)
{
    const at::Tensor inputs = absMax.clamp_min(kSmallestMaximum);
    const at::Tensor weights
        = at::maximum(at::amax(weight, {0}), -at::amin(weight, {0})).clamp_min(kSmallestMaximum);
    const at::Tensor sample = someRows(weight, kSampledRows);
    const at::Tensor exact = at::mm(tokens, sample.t());
    return search(
        [&](double alpha) {
            const at::Tensor t = inputs.pow(alpha) / weights.pow(1.0 - alpha);
            return (t / t.log().mean().exp()).clamp(1.0 / kFactorLimit, kFactorLimit);
        },
        [&](const at::Tensor& factors) {
            const at::Tensor rounded = tokens / factors;
            roundActivations(activations, spanOf(rounded), rounded.size(1));
            const at::Tensor values = roundPlainly(sample * factors, grid);
            return at::mm(rounded, values.t()).sub_(exact).pow_(2).sum(at::kDouble).item<double>();
        });
}

SmoothingChoice awq(
    const at::Tensor& weight, const at::Tensor& meanAbs, const at::Tensor& hessian, const CodeGrid& grid)
{
    const at::Tensor inputs = meanAbs.clamp_min(kSmallestMean);
    const at::Tensor sample = someRows(weight, kSampledRowsOfHessian);
    return search(
        [&](double alpha) {
            const at::Tensor t = inputs.pow(alpha);
            return t / (t.max() * t.min()).sqrt();
        },
        [&](const at::Tensor& factors) {
            const at::Tensor errors = roundPlainly(sample * factors, grid).div_(factors).sub_(sample);
            return at::mm(errors, hessian).mul_(errors).sum(at::kDouble).item<double>();
        });
}

} // namespace mantissa::quantize
