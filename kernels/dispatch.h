// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing a kernel set by name. The sets themselves: kernels/kernel_set.h.
#pragma once

#include "kernels/kernel_set.h"

#include <string_view>

namespace mantissa::kernels {

/// The set of this name ("reference", "sse4", "avx2", "avx3", "neon") if this machine can run it, else null.
const KernelSet* findKernels(std::string_view name) noexcept;

/// What the environment variable MANTISSA_KERNELS asks for. activeKernels() uses the fastest set when it asks
/// for nothing or for something unusable: programs check `usable` first and refuse to start, naming
/// allKernels().
struct KernelRequest {
    std::string_view name; ///< as set at the first call; empty if unset
    bool usable = true; ///< false: unknown name, or a set that this machine cannot run
};
KernelRequest kernelRequest() noexcept;

} // namespace mantissa::kernels
