// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes as people write them.
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <string>

namespace mantissa {

/// Bytes: "6GB", "300 MiB", "1048576"; units in any case, decimal ones as disks are sold. Usage where it is
/// none.
Result<std::uint64_t> parseSize(const std::string& text);

} // namespace mantissa
