// SPDX-License-Identifier: GPL-3.0-or-later
// What a sampler asks: the denoised picture at a noise level, from what the network predicts and with
// guidance.
#pragma once

#include "engine/torch/models/network.h"
#include "engine/torch/pipeline/conditioning.h"

#include "engine/arch/generation_profile.h"
#include "engine/sampling/schedule.h"

#include <optional>
#include <string>

namespace mantissa {

enum class Prediction { Eps, V, Flow };
/// Usage for a kind that is not sampled ("edm").
Result<Prediction> predictionFromName(std::string_view name);

/// What the network gets for x: c·x with c = 1/√(σ² + 1) for eps and v, x itself for flow.
at::Tensor networkInput(Prediction prediction, const at::Tensor& x, double sigma);
/// The denoised picture that its output means. eps: x − σ·o; v: x/(σ² + 1) − o·σ/√(σ² + 1); flow: x − σ·o.
at::Tensor denoisedFrom(Prediction prediction, const at::Tensor& x, const at::Tensor& output, double sigma);

struct GuidedDenoiser {
    DenoisingNetwork& network;
    const NoiseSchedule& schedule;
    Prediction prediction;
    std::string timestep; ///< GenerationProfile::timestep
    double guidance = 0; ///< embedded; 0: the network takes none
    Conditioning positive;
    std::optional<Conditioning> negative; ///< set where guidance by two calls is wanted
    double cfg = 1;
    at::Device device = at::kCPU;
    at::Tensor extra; ///< [1, C', …]: channels that follow the noise; undefined: none
    std::vector<at::Tensor> references; ///< DenoiserInput::references, each [1, C, h, w]

    /// x: float32 [B, C, H, W] or [B, C, T, H, W].
    at::Tensor operator()(const at::Tensor& x, double sigma) const;

private:
    at::Tensor call(const at::Tensor& x, double sigma, const Conditioning& conditioning) const;
};

} // namespace mantissa
