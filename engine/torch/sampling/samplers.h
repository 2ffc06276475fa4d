// SPDX-License-Identifier: GPL-3.0-or-later
// From noise to a latent: the loop around the denoising network.
#pragma once

#include "engine/torch/prelude.h"

#include "engine/sampling/schedule.h"

#include <functional>
#include <string_view>
#include <vector>

namespace mantissa {

/// The denoised picture that the network sees in x at noise level sigma; x and result float32, of equal
/// shape.
using Denoiser = std::function<at::Tensor(const at::Tensor& x, double sigma)>;
/// Unit noise of the shape of x; called in a fixed order, so that a seed gives a picture.
using NoiseSource = std::function<at::Tensor(const at::Tensor& like)>;
/// After each step: how many are done, and the denoised picture of the step. Returns false to stop (Cancelled
/// is raised).
using StepCallback = std::function<bool(int step, const at::Tensor& denoised)>;

struct SamplingTask {
    Denoiser denoise;
    NoiseSource noise; ///< of samplers that add some (ancestral, SDE, LCM)
    StepCallback onStep; ///< may be empty
    bool flow = false; ///< x = (1 − σ)·x0 + σ·n instead of x0 + σ·n
};

/// Runs a sampler over falling `sigmas` (steps + 1 values) from `x`, which has the noise of sigmas[0]. Raises
/// Usage for an unknown name.
///
/// euler, ddim (the same in these variables with eta 0), heun: arXiv 2206.00364; euler_ancestral with eta 1
/// (flow: the rectified-flow form); dpmpp_2m: arXiv 2211.01095; dpmpp_2m_sde: its midpoint SDE form with eta
/// 1 and independent noise a step; uni_pc, uni_pc_bh2: arXiv 2302.04867, order 2, B₁ and B₂; lcm: arXiv
/// 2310.04378.
at::Tensor sample(
    std::string_view sampler, const SamplingTask& task, at::Tensor x, const std::vector<double>& sigmas);

/// Normal numbers of a CPU generator with this seed, as torch.manual_seed and torch.randn give them.
at::Tensor seededNoise(std::uint64_t seed, at::IntArrayRef shape);
/// Successive draws of one CPU generator.
NoiseSource noiseStream(std::uint64_t seed);

} // namespace mantissa
