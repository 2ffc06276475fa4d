// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration without torch in sight: what the command line and the window ask of libmantissa_torch.
//
// A run samples pictures from prompts and watches the inputs of every quantizable layer. After each prompt
// its state is in OUT.part (a statistics file itself), so that a run that was killed goes on after the last
// finished prompt and ends with the same statistics.
#pragma once

#include "engine/calibration/live_view.h"

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/base/pixel_size.h"
#include "engine/model/model.h"
#include "engine/torch/generation.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mantissa {

/// spec algorithms 4.2: 32 prompts × 8 steps; the quick mode takes 8 prompts.
inline constexpr int kCalibrationPrompts = 32, kQuickCalibrationPrompts = 8, kCalibrationSteps = 8;

/// Zero, negative or empty values stand for defaults; CalibrationRunner::resolve() fills them in.
struct CalibrationRequest {
    /// One picture each; equal prompts count once. With GeneratorOptions::embeddings of n texts, prompt i is
    /// sampled with text i mod n.
    std::vector<std::string> prompts;
    int steps = 0;
    std::uint64_t seed = 0; ///< below 2^63
    double cfg = -1; ///< above 1 both sides of guidance are watched
    std::string sampler, scheduler;
    /// Each prompt gets one of them, by its hash. Default: the model's own size, and 3:4 and 4:3 of it.
    std::vector<PixelSize> sizes;
    int frames = 0; ///< of videos; 1 for networks of pictures
    /// Pure noise through the model at every level, in place of sampling; labelled in the statistics.
    bool randomData = false;
    std::vector<std::string> components{"diffusion_model"}; ///< roles; "text_encoder" adds the text encoder
    std::uint64_t memoryLimit = 0; ///< bytes of second-moment matrices in memory; 0: no limit
    std::filesystem::path output;
    bool overwrite = false, resume = false;
};

struct CalibrationReport {
    std::filesystem::path path;
    std::size_t layers = 0, inputs = 0, prompts = 0, resumedPrompts = 0;
    std::uint64_t tokens = 0; ///< rows looked at, over all inputs
    std::uint64_t spilledBytes = 0; ///< of second moments that were kept on the disk
    double seconds = 0;
    /// Of these: inside observers, writing states, making views for who looks on.
    double watchingSeconds = 0, savingSeconds = 0, liveSeconds = 0;
    std::vector<Sentence> warnings;
};

/// Thread rule: one call at a time.
class CalibrationRunner {
public:
    virtual ~CalibrationRunner() = default;
    /// Fills in defaults; Usage, in a sentence, where a value makes no sense.
    virtual Result<CalibrationRequest> resolve(CalibrationRequest request) const = 0;
    /// Deterministic on one machine with one number of threads. Progress: one item a step of a prompt. A
    /// cancelled or killed run leaves OUT.part for `resume`. `live` may be null.
    virtual Result<CalibrationReport> run(
        const CalibrationRequest& request, const JobContext& job, LiveFeed* live)
        = 0;
};

/// Loads libtorch. Unsupported, in a sentence, where the model cannot run; the options' plan must be empty.
Result<std::unique_ptr<CalibrationRunner>> openCalibration(
    std::shared_ptr<const Model> model, const GeneratorOptions& options);

/// The prompts that ship (resources/prompts/default.txt), the most different first.
std::vector<std::string> defaultCalibrationPrompts();
/// What a run samples, at most `count`: the prompts that were `given`, or those that ship where none was.
/// With `embeddings` (a file of text that was encoded elsewhere; empty: none) the given ones belong to its
/// texts, one to one; where none is given the texts get names, which stand where prompts do and seed the
/// noise, and where there are fewer texts than `count`, each gets several pictures. Usage where prompts and
/// texts differ in number; reads the head of `embeddings`.
Result<std::vector<std::string>> promptsToSample(
    std::vector<std::string> given, const std::filesystem::path& embeddings, std::size_t count);
/// One prompt a line; blank lines and lines that start with '#' are left out.
std::vector<std::string> parsePrompts(std::string_view text);
/// What stands in the place of prompts where random data is sampled: a name for each draw of noise.
std::vector<std::string> noisePrompts(std::size_t count);
/// The roles of a model that CalibrationRequest::components may name: what runs before a picture is decoded.
std::vector<std::string> calibratedRoles(const Model& model);

} // namespace mantissa
