// SPDX-License-Identifier: GPL-3.0-or-later
// Which kernel sets there are, and which one is used.
#include "kernels/kernel_set.h"

#include <array>

namespace mantissa::kernels {

std::span<const KernelSet* const> allKernels() noexcept
{
    static const std::array<const KernelSet*, 1> kSets{&referenceKernels()};
    return kSets;
}

const KernelSet& activeKernels() noexcept
{
    return *allKernels().back();
}

} // namespace mantissa::kernels
