// SPDX-License-Identifier: GPL-3.0-or-later
// Display controllers on the PCI bus, as sysfs shows them. Inside of engine/compat only.
#pragma once

#include "engine/compat/hardware.h"

#include <filesystem>
#include <string>
#include <vector>

namespace mantissa {

struct PciDisplay {
    GpuVendor vendor = GpuVendor::Nvidia;
    std::string name; ///< from pci.ids; "AMD GPU 1002:744c" where that does not know it
    std::filesystem::path folder; ///< of the device in sysfs
};
/// Those of NVIDIA, AMD and Intel, in the order of the bus.
std::vector<PciDisplay> pciDisplays(const std::filesystem::path& root);

/// The first line of a small system file without the blanks at its end; empty if it cannot be read.
std::string firstLine(const std::filesystem::path& file);
/// The GPU of this name from the table; one without family, memory and source where it is not in there.
Gpu gpuByName(const std::string& name, GpuVendor vendor);

} // namespace mantissa
