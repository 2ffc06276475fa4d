// SPDX-License-Identifier: GPL-3.0-or-later
// How the column-by-column methods block their updates, so that most of the work is matrix products.
#pragma once

#include <cstdint>

namespace mantissa::quantize {

/// Columns after which the rest of the matrix is updated (GPTQ's lazy batch; results do not depend on it).
inline constexpr std::int64_t kBlock = 128;
/// Columns after which the rest of the block is updated; inside, updates go column by column.
inline constexpr std::int64_t kSubBlock = 16;

} // namespace mantissa::quantize
