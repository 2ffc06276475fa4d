// SPDX-License-Identifier: GPL-3.0-or-later
// Making pictures, without torch in sight: what the command line, the window and the comparison ask of
// libmantissa_torch.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/image/picture.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mantissa {

class CalibratedLayers;
class StatisticsFile;

/// One sampling step as it ended.
struct StepView {
    int step = 0; ///< from 1
    double sigma = 0; ///< noise level that the step started from
    std::span<const float>
        denoised; ///< the denoiser's output: batch × channels (× frames) × height × width, in latent units
};
/// Called on the generating thread after each step; the span lives as long as the call.
using StepObserver = std::function<void(const StepView&)>;

/// Zero, negative or empty values stand for the model's own defaults; ImageGenerator::resolve() fills them
/// in.
struct GenerationRequest {
    std::string prompt, negative;
    std::uint64_t seed = 0;
    int steps = 0;
    double cfg = -1; ///< 1: no guidance, half the work
    std::string sampler, scheduler;
    int width = 0, height = 0; ///< pixels
    int frames = 0; ///< of a video; 1 for networks of pictures
    int batch = 1; ///< pictures at once; their noise is one draw of the seed, as in ComfyUI
    /// Image to image; what an inpainting network fills, the first frame of image to video, what SeedVR2
    /// restores. Empty: from noise.
    Picture start;
    Picture mask; ///< of the size of `start`, for inpainting networks: bright where the picture is made anew
    /// Pictures that a network looks at (Kontext, Qwen-Image-Edit, FLUX.2; the map of FLUX.1 Depth and
    /// Canny).
    std::vector<Picture> references;
    double strength = 0.75; ///< share of the noise that `start` gets, 0 < strength ≤ 1
    int previewEvery = 0; ///< steps between previews; 0: none
    StepObserver observer; ///< may be empty
    std::size_t text = 0; ///< with GeneratorOptions::embeddings: which of the texts in the file
};

struct GenerationResult {
    std::vector<Picture> pictures; ///< of videos: all frames, batch by batch; empty with latentsOnly
    std::vector<float> latents; ///< the sampler's result before it is decoded, in the network's units
    std::vector<std::int64_t> latentShape; ///< batch × C × H × W, or batch × C × frames × H × W
    double seconds = 0, secondsPerStep = 0;
    std::uint64_t peakBytes = 0; ///< largest resident size of the process so far
    std::uint64_t gpuPeakBytes = 0; ///< largest sum of allocations on the GPU while generating; 0 on the CPU
};

struct GeneratorOptions {
    std::string computeType = "auto"; ///< "auto", "fp32", "bf16", "fp16" (CUDA)
    std::string device = "cpu"; ///< "cpu", "cuda", "cuda:1"
    std::uint64_t memoryLimit = 0; ///< bytes of weights in memory; 0: no limit
    unsigned threads = 0; ///< 0: all cores; one for networks of less than ten million parameters
    /// Other checkpoints, for components that the model lacks (VAE, text encoders). The first that has one
    /// counts.
    std::vector<std::shared_ptr<const Model>> companions;
    /// Where set: the model as this plan would export it, without exporting it.
    std::shared_ptr<const QuantPlan> plan;
    /// Of a calibration run of the model, for plans whose recipe needs them (openStatisticsFor()).
    std::shared_ptr<const StatisticsFile> statistics;
    /// Where set: keeps the layers that were quantized with `statistics`, for others to use; of the same
    /// model and plan (engine/export/calibrated_layers.h).
    std::shared_ptr<CalibratedLayers> calibrated;
    /// A safetensors file with `context` (and `negative_context`, `y`, `negative_y`) in place of text
    /// encoders; of one text or several (docs/generate.md).
    std::filesystem::path embeddings;
    /// T5's spiece.model or its folder, where the text encoder's file has none.
    std::filesystem::path tokenizer;
    /// The inputs of quantized layers are rounded as the runtime of their format rounds them (W8A8, W4A4),
    /// and layers multiplied as they are stored where that pays (INT8 on the CPU, FP8 on GPUs). Off: only the
    /// weights differ from the original's.
    bool runtimeActivations = false;
    bool latentsOnly = false; ///< nothing is decoded; text to picture and to video then need no VAE
};

/// Called on the generating thread with the picture as far as it is.
using PreviewCallback = std::function<void(int step, const Picture& picture)>;

/// Thread rule: one call at a time.
class ImageGenerator {
public:
    virtual ~ImageGenerator() = default;
    /// Fills in defaults; Usage, in a sentence, where a value makes no sense (unknown sampler, size, steps).
    virtual Result<GenerationRequest> resolve(GenerationRequest request) const = 0;
    /// Deterministic: the same request gives the same pictures on the same device. Progress: one item a step.
    virtual Result<GenerationResult> generate(
        const GenerationRequest& request, const JobContext& job, const PreviewCallback& preview)
        = 0;
};

/// The text that A1111 and ComfyUI users know from the `parameters` entry of a PNG. `index` counts the
/// pictures of a batch.
std::string parametersText(const GenerationRequest& request, const std::string& modelName, int index);

/// How many texts a file of embeddings holds (GeneratorOptions::embeddings): rows of its `context`.
/// InvalidInput where it has none.
Result<std::size_t> embeddedTexts(const std::filesystem::path& embeddings);

/// Loads libtorch. Unsupported, in a sentence, where the model or one of the components that it needs cannot
/// run.
Result<std::unique_ptr<ImageGenerator>> openGenerator(
    std::shared_ptr<const Model> model, const GeneratorOptions& options);

} // namespace mantissa
