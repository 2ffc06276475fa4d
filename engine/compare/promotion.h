// SPDX-License-Identifier: GPL-3.0-or-later
// From a bad picture back to the plan: which layers contribute most to what went wrong with one prompt and
// one seed, and which of them to store better so that the least size buys the most.
#pragma once

#include "engine/sensitivity/sensitivity.h"
#include "engine/torch/generation.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mantissa {

/// A promotion shall take away at least this share of the harm.
inline constexpr double kWantedRelief = 0.5;

/// A better way to store a layer.
struct PromotedChoice {
    Choice choice;
    std::uint64_t bytes = 0; ///< of the layer, in the file
    double harm = 0; ///< left; in the unit of LayerContribution::harm
};

struct LayerContribution {
    std::string layer;
    Choice now;
    std::uint64_t bytes = 0;
    /// See Promotion::measure; the contributions of all layers add up.
    double harm = 0;
    std::vector<PromotedChoice> better; ///< by rising bytes
};

struct Promotion {
    HarmMeasure measure = HarmMeasure::WeightError; ///< DenoiserError: of this very picture
    std::vector<LayerContribution> layers; ///< largest contribution first
    std::vector<std::pair<std::size_t, std::size_t>> chosen; ///< index of the layer, and of its better choice
    double harmBefore = 0, harmAfter = 0; ///< sums over the layers
    QuantPlan plan; ///< the plan to change, with the chosen layers as overrides
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< of the whole file, to the byte
};

/// The promotions that take away at least that share of all harm for few bytes: what removes most harm a byte
/// comes first, and what turns out to be needless is left out. All that helps where not so much can be had.
std::vector<std::pair<std::size_t, std::size_t>> cheapestPromotions(
    std::span<const LayerContribution> layers, double relief = kWantedRelief);

/// Measures what each layer that `plan` quantizes does to the denoiser's output while this picture is made
/// (as it was asked for: prompt, seed and all settings); the networks that are too large to be probed
/// (probesByDefault) are judged by their weights alone, which are the same for every prompt. Usage where the
/// plan quantizes nothing; Unsupported where the model cannot run. Progress: phases of measureErrors() and
/// probeLayers().
Result<Promotion> proposePromotion(const QuantPlan& plan, const std::shared_ptr<const Model>& model,
    const GenerationRequest& picture, const GeneratorOptions& options, const JobContext& job);

} // namespace mantissa
