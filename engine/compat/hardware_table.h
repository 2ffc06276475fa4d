// SPDX-License-Identifier: GPL-3.0-or-later
// resources/hardware.json as structures.
#pragma once

#include "engine/compat/hardware.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct HardwareTable {
    struct Entry {
        Gpu gpu;
        std::vector<std::string> keys; ///< all spellings, as gpuKey() makes them
    };
    struct FormatRow {
        int minComputeCapability = 0;
        std::string runtime, native, emulated;
    };
    struct AutoRule {
        int minComputeCapability = 0;
        std::vector<std::string> architectures; ///< empty: any
        Choice choice;
        std::string reason;
    };
    std::vector<Entry> entries;
    std::vector<Gpu> gpus;
    std::map<std::string, FormatRow, std::less<>> formats;
    std::vector<AutoRule> autoRules; ///< the first that fits decides
};

const HardwareTable& hardwareTable();

/// A name without vendor, edition, memory size and spaces, in lower case: "rtx4090".
std::string gpuKey(std::string_view name);
/// The memory that a name states ("A100 80GB": 80); 0 if none.
int statedMemoryGib(std::string_view name);

} // namespace mantissa
