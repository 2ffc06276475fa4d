// SPDX-License-Identifier: GPL-3.0-or-later
// What GPUs can do with which format: one data table, resources/hardware.json, and questions to it. Never
// links or loads CUDA: `mantissa doctor` and `--method auto` work on a machine without a driver.
#pragma once

#include "engine/base/error.h"
#include "engine/plan/plan.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

enum class GpuVendor { Nvidia, Amd, Intel, Apple };
std::string_view nameOf(GpuVendor vendor) noexcept; ///< "NVIDIA", …

struct Gpu {
    std::string name; ///< "GeForce RTX 4090"
    GpuVendor vendor = GpuVendor::Nvidia;
    std::string family; ///< "Ada Lovelace"
    int computeCapability = 0; ///< ten times NVIDIA's (89 = 8.9); 0: unknown, or not NVIDIA's
    std::vector<int> memoryGib; ///< the sizes it is sold with; one where the name said which
    std::string source; ///< where the row comes from; empty for a GPU that the table does not have
};

/// The whole table, in its order.
const std::vector<Gpu>& knownGpus();

/// By a name as people or drivers write it: "4090", "rtx 4090", "NVIDIA GeForce RTX 4090 Laptop GPU", "A100
/// 80GB", or "sm_89" / "8.9". Usage if nothing or more than one thing fits; the hint lists what is near.
Result<Gpu> findGpu(std::string_view name);

struct GpuDetection {
    std::vector<Gpu> gpus; ///< those the table does not know have compute capability 0 and no source
    Sentence reason; ///< why none was found, or what is doubtful; may be empty
};
/// Reads what the kernel says (/proc/driver/nvidia, /sys/bus/pci). `root` is "/" except in tests.
GpuDetection detectGpus(const std::filesystem::path& root = "/");

enum class FormatSupport {
    Native, ///< the GPU computes in it
    Emulated, ///< loads, is dequantized or computed by plain kernels
    Refused, ///< stock ComfyUI does not load it
};
std::string_view nameOf(FormatSupport support) noexcept; ///< "native", …

struct FormatVerdict {
    std::string format;
    FormatSupport support = FormatSupport::Emulated;
    std::string runtime; ///< what loads it, since when: "ComfyUI 0.29"
    Sentence reason; ///< one sentence
};
/// One verdict for each registered format, in the order of the registry. `gpu` null: no GPU.
std::vector<FormatVerdict> judgeFormats(const Gpu* gpu);

struct AutoChoice {
    Choice choice;
    Sentence reason; ///< one sentence that names the GPU
};
/// `--method auto`. `gpu` null: none found and none named.
AutoChoice chooseFormat(const Gpu* gpu, std::string_view architecture);

} // namespace mantissa
