// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel says about this machine. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace mantissa {

/// "AMD EPYC 7763 64-Core Processor"; "unknown" where the kernel does not say.
std::string processorName();
/// "Debian GNU/Linux 12 (bookworm), Linux 6.1.0".
std::string systemName();
/// Bytes of memory that are built in; 0 where the kernel does not say.
std::uint64_t machineMemory();

} // namespace mantissa
