// SPDX-License-Identifier: GPL-3.0-or-later
// What a module is, from its name, rank and siblings: works for networks that nobody has seen.
#pragma once

#include "engine/arch/modules.h"

namespace mantissa::arch {

LayerKind kindOf(const Module& module, DType dtype);

/// The repeated block that a layer belongs to ("double_blocks.3"), from its name after the prefix; empty if
/// none.
std::string_view blockOf(std::string_view relativeName);

/// Order in which people count: numbers inside names compare by value ("blocks.2" before "blocks.10").
bool naturalLess(std::string_view a, std::string_view b);

} // namespace mantissa::arch
