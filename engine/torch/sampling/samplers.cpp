// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/sampling/samplers.h"

#include "engine/torch/failure.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace mantissa {

namespace {

/// One run of a sampler: what its step function needs.
struct Run {
    const SamplingTask& task;
    const std::vector<double>& sigmas;

    std::size_t steps() const { return sigmas.size() - 1; }
    at::Tensor denoise(const at::Tensor& x, double sigma) const { return task.denoise(x, sigma); }
    void done(std::size_t step, const at::Tensor& denoised) const
    {
        if (task.onStep && !task.onStep(static_cast<int>(step) + 1, denoised))
            raise(ErrorCode::Cancelled, "cancelled");
    }
    /// Share of the picture in x.
    double alpha(double sigma) const { return task.flow ? 1 - sigma : 1; }
    /// Half of the log signal-to-noise ratio. A flow starts at σ = 1, where it is −∞: a value near by stands
    /// for it, as ComfyUI takes one.
    double lambda(double sigma) const
    {
        if (!task.flow)
            return -std::log(sigma);
        const double bounded = std::min(sigma, 1 - 1e-4);
        return std::log((1 - bounded) / bounded);
    }
};

at::Tensor euler(const Run& run, at::Tensor x)
{
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double sigma = run.sigmas[i], next = run.sigmas[i + 1];
        const at::Tensor denoised = run.denoise(x, sigma);
        x = x + (x - denoised) * ((next - sigma) / sigma);
        run.done(i, denoised);
    }
    return x;
}

at::Tensor eulerAncestral(const Run& run, at::Tensor x)
{
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double sigma = run.sigmas[i], next = run.sigmas[i + 1];
        const at::Tensor denoised = run.denoise(x, sigma);
        if (next == 0) {
            x = denoised;
        } else if (run.task.flow) {
            const double down = next * (next / sigma); // eta 1
            const double keep = (1 - next) / (1 - down);
            const double renoise = std::sqrt(std::max(0.0, next * next - down * down * keep * keep));
            x = x * (down / sigma) + denoised * (1 - down / sigma);
            x = x * keep + run.task.noise(x) * renoise;
        } else {
            const double up
                = std::min(next, std::sqrt(next * next * (sigma * sigma - next * next) / (sigma * sigma)));
            const double down = std::sqrt(next * next - up * up);
            x = x + (x - denoised) * ((down - sigma) / sigma);
            x = x + run.task.noise(x) * up;
        }
        run.done(i, denoised);
    }
    return x;
}

at::Tensor heun(const Run& run, at::Tensor x)
{
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double sigma = run.sigmas[i], next = run.sigmas[i + 1];
        const at::Tensor denoised = run.denoise(x, sigma);
        const at::Tensor slope = (x - denoised) / sigma;
        if (next == 0) {
            x = x + slope * (next - sigma);
        } else {
            const at::Tensor there = x + slope * (next - sigma);
            const at::Tensor slopeThere = (there - run.denoise(there, next)) / next;
            x = x + (slope + slopeThere) * (0.5 * (next - sigma));
        }
        run.done(i, denoised);
    }
    return x;
}

at::Tensor dpmpp2m(const Run& run, at::Tensor x)
{
    at::Tensor previous;
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double sigma = run.sigmas[i], next = run.sigmas[i + 1];
        const at::Tensor denoised = run.denoise(x, sigma);
        if (next == 0) {
            x = denoised;
        } else {
            const double h = std::log(sigma) - std::log(next);
            at::Tensor target = denoised;
            if (previous.defined()) {
                const double r = (std::log(run.sigmas[i - 1]) - std::log(sigma)) / h;
                target = denoised * (1 + 1 / (2 * r)) - previous * (1 / (2 * r));
            }
            x = x * (next / sigma) - target * std::expm1(-h);
        }
        previous = denoised;
        run.done(i, denoised);
    }
    return x;
}

at::Tensor dpmpp2mSde(const Run& run, at::Tensor x)
{
    at::Tensor previous;
    double lastH = 0;
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double sigma = run.sigmas[i], next = run.sigmas[i + 1];
        const at::Tensor denoised = run.denoise(x, sigma);
        if (next == 0) {
            x = denoised;
        } else {
            const double h = run.lambda(next) - run.lambda(sigma);
            const double step = -std::expm1(-2 * h); // eta 1
            x = x * (next / sigma * std::exp(-h)) + denoised * (run.alpha(next) * step);
            if (previous.defined())
                x = x + (denoised - previous) * (0.5 * run.alpha(next) * step * (h / lastH));
            x = x + run.task.noise(x) * (next * std::sqrt(step));
            lastH = h;
        }
        previous = denoised;
        run.done(i, denoised);
    }
    return x;
}

at::Tensor lcm(const Run& run, at::Tensor x)
{
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double next = run.sigmas[i + 1];
        const at::Tensor denoised = run.denoise(x, run.sigmas[i]);
        x = next == 0 ? denoised : denoised * run.alpha(next) + run.task.noise(x) * next;
        run.done(i, denoised);
    }
    return x;
}

/// UniPC of order 2 in the data-prediction form. One step's constants:
struct UniPcStep {
    double h1 = 0; ///< e^(−h) − 1
    double bh = 0; ///< B(h) of the variant
    double b0 = 0, b1 = 0; ///< the right-hand side of its order conditions
};

UniPcStep uniPcStep(double h, bool secondVariant)
{
    UniPcStep step;
    const double hh = -h;
    step.h1 = std::expm1(hh);
    step.bh = secondVariant ? step.h1 : hh;
    const double phi2 = step.h1 / hh - 1;
    step.b0 = phi2 / step.bh;
    step.b1 = 2 * (phi2 / hh - 0.5) / step.bh;
    return step;
}

at::Tensor uniPc(const Run& run, at::Tensor x, bool secondVariant)
{
    struct Output {
        at::Tensor denoised;
        double lambda = 0;
    };
    std::optional<Output> older, last; ///< of the two steps before
    at::Tensor lastX; ///< corrected x of the step before
    int lastOrder = 0;
    for (std::size_t i = 0; i < run.steps(); ++i) {
        const double sigma = run.sigmas[i], next = run.sigmas[i + 1];
        const Output now{run.denoise(x, sigma), run.lambda(sigma)};
        if (last) {
            // Correct x with what the network says at it.
            const UniPcStep c = uniPcStep(now.lambda - last->lambda, secondVariant);
            const at::Tensor base
                = lastX * (sigma / run.sigmas[i - 1]) - last->denoised * (run.alpha(sigma) * c.h1);
            at::Tensor change = now.denoised - last->denoised;
            if (lastOrder == 1) {
                change = change * 0.5;
            } else {
                const double r = (older->lambda - last->lambda) / (now.lambda - last->lambda);
                const double rho1 = (c.b0 - c.b1) / (1 - r), rho2 = c.b0 - rho1;
                change = (older->denoised - last->denoised) * (rho1 / r) + change * rho2;
            }
            x = base - change * (run.alpha(sigma) * c.bh);
        }
        lastX = x;
        lastOrder = last && i + 1 < run.steps() ? 2 : 1;
        if (next == 0) {
            x = now.denoised;
        } else {
            const UniPcStep p = uniPcStep(run.lambda(next) - now.lambda, secondVariant);
            at::Tensor predicted = x * (next / sigma) - now.denoised * (run.alpha(next) * p.h1);
            if (lastOrder == 2) {
                const double r = (last->lambda - now.lambda) / (run.lambda(next) - now.lambda);
                predicted = predicted - (last->denoised - now.denoised) * (run.alpha(next) * p.bh * 0.5 / r);
            }
            x = predicted;
        }
        older = last;
        last = now;
        run.done(i, now.denoised);
    }
    return x;
}

struct NamedSampler {
    std::string_view name;
    at::Tensor (*run)(const Run&, at::Tensor);
};

constexpr NamedSampler kSamplers[] = {
    {"euler", euler},
    {"ddim", euler},
    {"euler_ancestral", eulerAncestral},
    {"heun", heun},
    {"dpmpp_2m", dpmpp2m},
    {"dpmpp_2m_sde", dpmpp2mSde},
    {"uni_pc", [](const Run& run, at::Tensor x) { return uniPc(run, std::move(x), false); }},
    {"uni_pc_bh2", [](const Run& run, at::Tensor x) { return uniPc(run, std::move(x), true); }},
    {"lcm", lcm},
};

} // namespace

at::Tensor sample(
    std::string_view sampler, const SamplingTask& task, at::Tensor x, const std::vector<double>& sigmas)
{
    if (sigmas.size() < 2)
        return x;
    for (const NamedSampler& known : kSamplers) {
        if (known.name == sampler)
            return known.run({task, sigmas}, std::move(x));
    }
    raise(ErrorCode::Usage, "there is no sampler named \"{}\"", sampler);
}

at::Tensor seededNoise(std::uint64_t seed, at::IntArrayRef shape)
{
    return at::randn(shape, at::make_generator<at::CPUGeneratorImpl>(seed), at::kFloat);
}

NoiseSource noiseStream(std::uint64_t seed)
{
    return [generator = at::make_generator<at::CPUGeneratorImpl>(seed)](const at::Tensor& like) {
        return at::randn(like.sizes(), generator, at::kFloat).to(like.device());
    };
}

} // namespace mantissa
