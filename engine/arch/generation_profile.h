// SPDX-License-Identifier: GPL-3.0-or-later
// How pictures are made with a family: the object `generation` of its file in resources/architectures/. What
// a checkpoint says in its metadata wins over it (engine/torch/pipeline).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mantissa {

struct GenerationProfile {
    /// Which text encoders make the context, and how: "clip_l", "clip_h", "sdxl", "sdxl_refiner", "sd3",
    /// "flux1", "t5", "umt5"; "given": only embeddings from a file (the text encoder is a large language
    /// model).
    std::string text;
    int latentChannels = 4;
    int downscale = 8; ///< pixels for each latent row; the VAE's own, where there is one, wins
    int frameStep = 1; ///< frames for each latent frame after the first, likewise
    int sizeMultiple = 8; ///< width and height must be multiples of this
    double latentScale = 1, latentShift = 0; ///< the network sees (z − shift) · scale
    std::string schedule; ///< "scaled_linear", "linear" (betas) or "flow"
    double betaStart = 0.00085, betaEnd = 0.012; ///< of 1000 steps
    double flowShift = 1; ///< of flow schedules
    std::string timestep; ///< what the network is given: "index" (0–999), "sigma", "1000_sigma"
    double guidance = 0; ///< of networks with embedded guidance; 0: none

    int size = 512; ///< pixels, both sides
    int frames = 1; ///< of videos
    int steps = 20;
    double cfg = 7;
    std::string sampler = "euler", scheduler = "normal";
};

/// Empty for a family without one: it cannot generate. `variant` and `prediction` are those of the model and
/// may be empty; they choose among the family's `cases`.
std::optional<GenerationProfile> generationProfile(
    std::string_view architecture, std::string_view variant = {}, std::string_view prediction = {});

} // namespace mantissa
