// SPDX-License-Identifier: GPL-3.0-or-later
// Text (and picture) to picture: text encoders, denoising network, sampler, VAE.
#pragma once

#include "engine/torch/generation.h"

namespace mantissa {

/// Opens headers and settings; networks are opened and weights read when they are first used.
Result<std::unique_ptr<ImageGenerator>> makeImagePipeline(
    std::shared_ptr<const Model> model, const GeneratorOptions& options);

} // namespace mantissa
