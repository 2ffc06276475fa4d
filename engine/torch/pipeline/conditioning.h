// SPDX-License-Identifier: GPL-3.0-or-later
// From a prompt to what the denoising network is given of it.
#pragma once

#include "engine/torch/generation.h"
#include "engine/torch/pipeline/component_set.h"

#include "engine/arch/generation_profile.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mantissa {

struct Conditioning {
    at::Tensor context; ///< [1, N, width]
    at::Tensor y; ///< [1, width]; undefined where the network takes none
};

class Conditioner {
public:
    virtual ~Conditioner() = default;
    /// `negative` tells the two sides of guidance apart where they differ (the refiner's aesthetic score).
    virtual Conditioning encode(const std::string& prompt, bool negative, const GenerationRequest& request)
        = 0;
    /// What the user should know about how prompts are read here, in sentences.
    virtual std::vector<Sentence> notes() const { return {}; }
};

/// Files beside the model that conditioning may need; empty paths: none.
struct TextSources {
    std::filesystem::path embeddings; ///< GeneratorOptions::embeddings
    std::filesystem::path tokenizer; ///< GeneratorOptions::tokenizer
};

/// The conditioner of a profile's `text`; `components` must outlive it. With embeddings, those are given
/// whatever the prompt. Raises Unsupported, with a hint, where a text encoder or its vocabulary is missing.
std::unique_ptr<Conditioner> makeConditioner(
    const GenerationProfile& profile, ComponentSet& components, const TextSources& sources);

} // namespace mantissa
