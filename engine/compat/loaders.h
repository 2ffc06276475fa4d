// SPDX-License-Identifier: GPL-3.0-or-later
// "Will it load?": which runtime, of which version, reads the formats of a plan, and how a GPU then computes.
// One data table, resources/loaders.json, beside that of the GPUs.
#pragma once

#include "engine/compat/hardware.h"
#include "engine/plan/plan.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// From good to bad.
enum class LoadVerdict {
    Native, ///< loads, and the GPU computes in the format
    Emulated, ///< loads, and is dequantized or computed by plain kernels
    Loads, ///< loads; nobody has written down how fast
    Unknown, ///< nobody has tried, or written down what happened
    Refused, ///< the file does not load
};
std::string_view nameOf(LoadVerdict verdict) noexcept; ///< "native", "emulated", …

struct Loader {
    std::string id, name, version; ///< "comfyui-0.29", "ComfyUI", "0.29"; the version may be empty
    std::string note;
    std::vector<std::string> formats; ///< ids that it loads
    bool refusesOthers = false; ///< else nothing is known of other formats
    bool knowsGpus = false; ///< its fast paths are those of resources/hardware.json
};
const std::vector<Loader>& knownLoaders();
/// GPUs that stand for their generation: the columns of a table.
const std::vector<Gpu>& exampleGpus();

/// How many layers a plan stores in one format.
struct FormatUse {
    std::string format;
    /// False for variants of a format that stock ComfyUI reads, which it does not read (StorageFormat).
    bool variantLoads = true;
    std::string variantNote;
    std::uint32_t layers = 0;
};
/// Most layers first; layers that are kept do not count.
std::vector<FormatUse> formatsUsed(const ResolvedPlan& resolved);

struct LoadAnswer {
    LoadVerdict verdict = LoadVerdict::Native; ///< the worst of all formats; Native where there is none
    std::vector<Message> reasons; ///< one sentence for each format
};
/// `gpu` null: no GPU, so nothing is native.
LoadAnswer willItLoad(const std::vector<FormatUse>& formats, const Loader& loader, const Gpu* gpu);

/// What this runtime does not load of a plan, each with the nearest format that it does.
std::vector<Finding> loaderFindings(
    const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved, const Loader& loader);

} // namespace mantissa
