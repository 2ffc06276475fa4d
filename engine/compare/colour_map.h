// SPDX-License-Identifier: GPL-3.0-or-later
// Error maps as pictures. Any thread.
#pragma once

#include "engine/compare/filters.h"

namespace mantissa {

/// 0 black, over purple, red and orange to 1 pale yellow; lightness rises all the way, so that it reads in
/// grey too.
Picture colourMapped(const FloatPlane& map);

} // namespace mantissa
