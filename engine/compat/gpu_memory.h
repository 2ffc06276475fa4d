// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory of this machine's GPUs is free now. NVIDIA's driver says so by its own tool, nvidia-smi;
// AMD's by sysfs. Intel's says it to nobody without a graphics context, so it is not asked.
#pragma once

#include "engine/compat/hardware.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mantissa {

struct GpuMemory {
    Gpu gpu; ///< as detectGpus() names it
    std::uint64_t totalBytes = 0, freeBytes = 0;
};

struct GpuMemoryReading {
    std::vector<GpuMemory> gpus;
    Sentence problem; ///< why a GPU's memory could not be read; empty where none is there, or all was read
};

struct GpuMemorySources {
    std::filesystem::path root = "/"; ///< another one in tests
    std::string tool = "nvidia-smi"; ///< looked for in PATH where it has no slash
    std::chrono::milliseconds patience{5000}; ///< a driver that hangs is given up then
};
/// Runs the tool where there is one, so it takes some 50 ms. Any thread.
GpuMemoryReading readGpuMemory(const GpuMemorySources& sources = {});

/// What of the reading is about this GPU: the one of its name, the one with most free memory where there are
/// several. Null where this machine has no such GPU.
const GpuMemory* memoryOf(const GpuMemoryReading& reading, const Gpu& gpu);

} // namespace mantissa
