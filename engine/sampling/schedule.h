// SPDX-License-Identifier: GPL-3.0-or-later
// Noise levels: which a model was trained with, and which of them a sampler visits. No torch.
//
// "Sigma" is the standard deviation of the noise beside a picture of unit scale (eps and v models: x = x0 +
// σ·n), or its share in the mixture (flow models: x = (1 − σ)·x0 + σ·n).
#pragma once

#include "engine/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// The levels of training, in rising order, and the times that go with them. Immutable.
class NoiseSchedule {
public:
    /// Diffusion with `count` betas from `start` to `end`, spaced evenly ("linear") or evenly in the square
    /// root
    /// ("scaled_linear", Stable Diffusion). With zeroTerminalSnr, rescaled so that the last level is pure
    /// noise (arXiv 2305.08891), its ᾱ set to 4.8973e-8, the float16 value that ComfyUI takes.
    static NoiseSchedule discrete(
        std::string_view spacing, double start, double end, int count = 1000, bool zeroTerminalSnr = false);
    /// Flow matching, σ = s·t / (1 + (s − 1)·t) at t = 1/count … 1. `timeScale` is the unit of timestep():
    /// 1000 where the network takes 1000·σ, 1 where it takes σ.
    static NoiseSchedule flow(double shift, double timeScale = 1000, int count = 1000);

    bool isFlow() const { return m_flow; }
    const std::vector<double>& sigmas() const { return m_sigmas; }
    double sigmaMin() const { return m_sigmas.front(); }
    double sigmaMax() const { return m_sigmas.back(); }
    /// The time of a level: the index nearest in log σ, or timeScale·σ.
    double timestep(double sigma) const;
    /// The level of a time: log-linear between indices; for flow, the shifted t.
    double sigma(double timestep) const;

private:
    std::vector<double> m_sigmas, m_logSigmas;
    bool m_flow = false;
    double m_shift = 1, m_timeScale = 1000;
};

/// ln of FLUX.1's shift for a picture of so many tokens: 0.5 at 256 to 1.15 at 4096, on a line.
double fluxMu(double tokens);
/// FLUX.2's empirical shift for so many tokens and steps.
double flux2Mu(double tokens, int steps);

/// σ for each step and the last level, in falling order: "normal", "karras", "exponential", "sgm_uniform",
/// "simple", "ddim_uniform", "beta", "linear_quadratic", "kl_optimal", as ComfyUI defines them. Usage for
/// another name.
Result<std::vector<double>> makeSigmas(const NoiseSchedule& schedule, std::string_view scheduler, int steps);

const std::vector<std::string>& schedulerNames();
/// What engine/torch/sampling runs: "euler", "euler_ancestral", "heun", "dpmpp_2m", "dpmpp_2m_sde", "ddim",
/// "uni_pc", "uni_pc_bh2", "lcm".
const std::vector<std::string>& samplerNames();

/// x with I_x(a, b) = p, the quantile of the beta distribution; 0 ≤ p ≤ 1, a and b > 0.
double betaQuantile(double p, double a, double b);

} // namespace mantissa
