// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/machine.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <string_view>
#include <sys/utsname.h>
#include <unistd.h>

namespace mantissa {

std::string processorName()
{
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            return line.substr(std::min(line.find(':') + 2, line.size()));
    return "unknown";
}

std::uint64_t machineMemory()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES), bytes = ::sysconf(_SC_PAGESIZE);
    return pages > 0 && bytes > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(bytes) : 0;
}

std::string systemName()
{
    std::string name = "Linux";
    std::ifstream in("/etc/os-release");
    constexpr std::string_view kKey = "PRETTY_NAME=\"";
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(kKey) && line.ends_with('"'))
            name = line.substr(kKey.size(), line.size() - kKey.size() - 1);
    struct utsname kernel { };
    return ::uname(&kernel) == 0 ? fmt::format("{}, {} {}", name, kernel.sysname, kernel.release) : name;
}

} // namespace mantissa
