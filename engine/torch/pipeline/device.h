// SPDX-License-Identifier: GPL-3.0-or-later
// The device that a pipeline runs on, and what it holds in memory.
#pragma once

#include "engine/torch/prelude.h"

#include <cstdint>
#include <string>

namespace mantissa {

/// "cpu", "cuda", "cuda:1"; loads libtorch's CUDA part where it is asked for. Raises Usage for another name,
/// Unsupported where libtorch finds no such device.
at::Device deviceFromName(const std::string& name);
/// "auto", "fp32", "bf16", "fp16". Raises Usage for fp16 on the CPU.
at::ScalarType computeType(const std::string& name, const at::Device& device);

/// Largest resident size of this process so far, from the kernel; 0 where it does not say.
std::uint64_t peakResidentBytes();
/// From now on, freed tensors of a megabyte and more go back to the system at once, for the whole process:
/// where memory is limited, weights come and go, and glibc would keep up to 32 MB of each size.
void returnFreedMemory();

/// Starts the count of what the GPU holds at most; nothing on the CPU.
void resetGpuPeak(const at::Device& device);
/// The largest sum of allocations since; 0 on the CPU.
std::uint64_t gpuPeakBytes(const at::Device& device);

} // namespace mantissa
