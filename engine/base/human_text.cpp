// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/human_text.h"

#include <array>
#include <fmt/format.h>

namespace mantissa {

std::string humanBytes(std::uint64_t bytes)
{
    constexpr std::array<const char*, 5> kUnits{"bytes", "kB", "MB", "GB", "TB"};
    if (bytes < 1000)
        return fmt::format("{} bytes", bytes);
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    return value < 9.995 ? fmt::format("{:.2f} {}", value, kUnits[unit])
                         : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

} // namespace mantissa
