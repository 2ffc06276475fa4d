// SPDX-License-Identifier: GPL-3.0-or-later
// The grids of the 4-bit formats with a scale for a group of columns (spec/quant-formats 3.14 to 3.17). The
// codecs add the writers. Not for use outside engine/formats.
#pragma once

#include "engine/formats/code_grid.h"

#include <array>

namespace mantissa::formats {

/// 16 ascending levels times a float32 scale for each group (nf4, fp4).
GridSpec levelGrid(MatrixShape shape, std::int64_t group, const std::array<float, 16>& levels);
/// Codes -8 to 7 times a bfloat16 scale plus a bfloat16 offset (awq_w4a16).
GridSpec int4GroupGrid(MatrixShape shape, std::int64_t group);
/// Codes -7 to 7 times a bfloat16 scale (SVDQuant's residual).
GridSpec int4SymmetricGroupGrid(MatrixShape shape, std::int64_t group);
/// 16 ascending levels times an E4M3 scale for each group, rounded to int8, times a row's scale
/// (asym_w4a8_int8).
GridSpec w4a8Grid(
    MatrixShape shape, std::int64_t group, std::size_t rotation, const std::array<float, 16>& levels);

} // namespace mantissa::formats
