// SPDX-License-Identifier: GPL-3.0-or-later
// What a change of one layer does to the denoiser's output, without torch in sight: what the command line and
// the window ask of libmantissa_torch.
#pragma once

#include "engine/sensitivity/sensitivity.h"
#include "engine/torch/generation.h"

#include <memory>

namespace mantissa {

/// spec/algorithms 1.13: 4 to 8 stored (x_t, t, cond).
inline constexpr int kProbeCalls = 6;
inline constexpr int kMostProbeCalls = 64; ///< more say nothing new
/// Networks of up to this many parameters are probed unless the user says otherwise: layers × calls forwards
/// of them take seconds to minutes on a CPU. Larger ones take hours.
inline constexpr std::uint64_t kProbedParameters = 200'000'000;

/// A stored call of the denoiser: of that picture, after that share of its steps, 0 <= place < 1.
struct ProbeCall {
    GenerationRequest request;
    double place = 0;
};

/// Fills in the probes of the layers that have none, as `table.probe` says (prompts: one for each call, at
/// levels spread over the schedule). Each layer's weight is replaced by what its smallest choice makes of it,
/// the calls are made again, and the weight is put back. Layers of other networks get no probe. Needs
/// LayerSensitivity::layer and choices; loads libtorch. Unsupported where the model cannot run. Cancelled
/// between calls; what is done stays in the table. Progress: one item a layer.
Status probeLayers(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const GeneratorOptions& options, const TableSaver& save, const JobContext& job);
/// The same with kProbeCalls calls of one picture, made as `picture` says; sets `table.probe` to its prompt
/// and seed.
Status probePicture(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const GenerationRequest& picture, const GeneratorOptions& options, const JobContext& job);

/// The settings of a probe: `prompts`, or the calibration prompts that ship where there are none.
ProbeSettings probeSettings(int calls, std::vector<std::string> prompts, std::uint64_t seed = 0);
/// The prompts that a model was calibrated with; none where it was noise, or without statistics (null).
std::vector<std::string> probePrompts(const StatisticsFile* statistics);
/// Whether the model is small enough to be probed without being asked to (kProbedParameters).
bool probesByDefault(const Model& model);

} // namespace mantissa
