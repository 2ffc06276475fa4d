// SPDX-License-Identifier: GPL-3.0-or-later
// Finds GPUs by what the kernel shows. The NVIDIA driver names its GPUs under /proc; without it, the PCI bus
// gives vendor and device, and the system's pci.ids, where there is one, the name.
#include "engine/compat/hardware.h"
#include "engine/compat/pci_displays.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>

namespace mantissa {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 4096; // devices on a bus
constexpr std::size_t kMaxIdLines = 200'000; // pci.ids has some 40,000

std::vector<fs::path> entriesOf(const fs::path& folder)
{
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end && entries.size() < kMaxEntries;
         it.increment(error))
        entries.push_back(it->path());
    std::sort(entries.begin(), entries.end());
    return entries;
}

/// "NVIDIA GeForce RTX 4090" from a driver's information file.
std::string modelLine(const fs::path& file)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        constexpr std::string_view kKey = "Model:";
        if (line.rfind(kKey, 0) != 0)
            continue;
        const auto start = line.find_first_not_of(" \t", kKey.size());
        return start == std::string::npos ? std::string() : line.substr(start);
    }
    return {};
}

/// "AD102 [GeForce RTX 4090]" → "GeForce RTX 4090".
std::string marketingName(const std::string& text)
{
    const auto open = text.find('[');
    const auto close = text.rfind(']');
    return open == std::string::npos || close == std::string::npos || close < open
        ? text
        : text.substr(open + 1, close - open - 1);
}

/// Name of a PCI device by pci.ids; empty if unknown.
std::string pciName(const fs::path& root, const std::string& vendor, const std::string& device)
{
    for (const char* place : {"usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids"}) {
        std::ifstream in(root / place);
        bool inVendor = false;
        std::size_t lines = 0;
        for (std::string line; std::getline(in, line) && ++lines < kMaxIdLines;) {
            if (line.empty() || line[0] == '#')
                continue;
            if (line[0] != '\t') {
                inVendor = line.rfind(vendor, 0) == 0;
            } else if (inVendor && line.size() > 7 && line[1] != '\t' && line.compare(1, 4, device) == 0) {
                return marketingName(line.substr(7));
            }
        }
    }
    return {};
}

struct PciGpu {
    GpuVendor vendor = GpuVendor::Nvidia;
    std::string vendorId, deviceId; ///< four hexadecimal digits
};

std::optional<PciGpu> pciGpu(const fs::path& device)
{
    // Class 03 is a display controller (VGA, 3D). "0x030000" as sysfs spells it.
    if (firstLine(device / "class").rfind("0x03", 0) != 0)
        return std::nullopt;
    static const std::map<std::string, GpuVendor> kVendors{
        {"0x10de", GpuVendor::Nvidia}, {"0x1002", GpuVendor::Amd}, {"0x8086", GpuVendor::Intel}};
    const auto vendor = kVendors.find(firstLine(device / "vendor"));
    const std::string id = firstLine(device / "device");
    if (vendor == kVendors.end() || id.size() != 6)
        return std::nullopt;
    return PciGpu{vendor->second, vendor->first.substr(2), id.substr(2)};
}

void addFromPci(GpuDetection& found, const fs::path& root, bool haveDriver)
{
    for (const PciDisplay& display : pciDisplays(root)) {
        if (display.vendor == GpuVendor::Nvidia && haveDriver)
            continue;
        found.gpus.push_back(gpuByName(display.name, display.vendor));
        if (display.vendor == GpuVendor::Nvidia)
            found.reason = "the NVIDIA driver is not loaded, so programs cannot use its GPU yet";
    }
}

} // namespace

std::string firstLine(const fs::path& file)
{
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' '))
        line.pop_back();
    return line;
}

Gpu gpuByName(const std::string& name, GpuVendor vendor)
{
    if (auto known = findGpu(name); known && !known->source.empty())
        return std::move(*known);
    Gpu gpu;
    gpu.name = name;
    gpu.vendor = vendor;
    return gpu;
}

std::vector<PciDisplay> pciDisplays(const fs::path& root)
{
    std::vector<PciDisplay> displays;
    for (const fs::path& device : entriesOf(root / "sys/bus/pci/devices")) {
        const auto pci = pciGpu(device);
        if (!pci)
            continue;
        std::string name = pciName(root, pci->vendorId, pci->deviceId);
        if (name.empty())
            name = fmt::format("{} GPU {}:{}", nameOf(pci->vendor), pci->vendorId, pci->deviceId);
        displays.push_back({pci->vendor, std::move(name), device});
    }
    return displays;
}

GpuDetection detectGpus(const std::filesystem::path& root)
{
    GpuDetection found;
    const auto drivers = entriesOf(root / "proc/driver/nvidia/gpus");
    for (const fs::path& gpu : drivers)
        if (const std::string model = modelLine(gpu / "information"); !model.empty())
            found.gpus.push_back(gpuByName(model, GpuVendor::Nvidia));
    addFromPci(found, root, !found.gpus.empty());
    if (!found.gpus.empty()) {
        const auto unknown = std::find_if(
            found.gpus.begin(), found.gpus.end(), [](const Gpu& gpu) { return gpu.source.empty(); });
        if (unknown != found.gpus.end() && found.reason.empty())
            found.reason
                = sentence("{} is not in the table; name its compute capability (\"sm_89\")", unknown->name);
        return found;
    }
    std::error_code error;
    if (fs::exists(root / "dev/dxg", error))
        found.reason = "this is Windows' Linux subsystem, which does not name its GPU; name it";
    else if (!fs::exists(root / "sys/bus/pci/devices", error))
        found.reason = "the system shows neither an NVIDIA driver nor a PCI bus";
    else
        found.reason
            = "there is no NVIDIA driver, and no display controller of NVIDIA, AMD or Intel on the PCI bus";
    return found;
}

} // namespace mantissa
