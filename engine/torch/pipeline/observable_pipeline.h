// SPDX-License-Identifier: GPL-3.0-or-later
// An image pipeline from the inside: what calibration asks of it beyond pictures.
#pragma once

#include "engine/torch/models/network.h"

#include "engine/torch/generation.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace mantissa {

/// How sampling is to be watched.
struct SamplingWatch {
    /// Before each call of the denoising network (with both sides of guidance: before both).
    std::function<void(double sigma)> beforeCall;
    /// Of the schedule of steps × phases levels, the walk takes every phases-th, shifted by `phase`: prompts
    /// of different phases together visit all of its levels. The first level is always the highest.
    int phase = 0, phases = 1;
    /// Calls the network on pure noise at every level, and samples nothing.
    bool noiseOnly = false;
};

/// One call of the denoising network that sampling made, to be made again.
struct RecordedCall {
    at::Tensor noisy; ///< float32 [B, C, H, W], at `sigma`
    double sigma = 0;
    std::function<at::Tensor(const at::Tensor& noisy, double sigma)> denoise; ///< with guidance
};

/// All calls may raise Failure. Thread rule: one call at a time.
class ObservablePipeline : public ImageGenerator {
public:
    /// A component that takes part in making a latent.
    struct Part {
        const Component* component = nullptr;
        const Model* model = nullptr;
        NetworkContext* context = nullptr;
    };
    /// Opens the network of the first component of this role; all null where there is none.
    virtual Part part(std::string_view role) = 0;
    /// Samples a latent for a resolved request. Progress: one item a step.
    virtual at::Tensor sampleLatent(
        const GenerationRequest& request, const JobContext& job, const SamplingWatch& watch)
        = 0;
    /// Samples a resolved request and keeps the call at level `level` of its steps (clamped to the last). The
    /// call may be made until the pipeline ends.
    virtual RecordedCall recordCall(const GenerationRequest& request, int level, const JobContext& job) = 0;
    /// Where a level lies in training, 0 to 1: its timestep's share, or sigma itself (flow).
    virtual double placeInSchedule(double sigma) const = 0;
    virtual bool isFlow() const = 0;
    /// Sides of pictures are multiples of this many pixels.
    virtual int sizeMultiple() const = 0;
};

/// For pipelines whose latents are watched and never decoded: they need no VAE.
inline GeneratorOptions withoutDecoding(GeneratorOptions options)
{
    options.latentsOnly = true;
    return options;
}

/// Raises Failure; must be called in inference mode.
std::unique_ptr<ObservablePipeline> makeObservablePipeline(
    std::shared_ptr<const Model> model, const GeneratorOptions& options);

} // namespace mantissa
