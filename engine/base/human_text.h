// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace mantissa {

/// "1.95 GB" (decimal units, as disks are sold) or "812 bytes".
std::string humanBytes(std::uint64_t bytes);

} // namespace mantissa
