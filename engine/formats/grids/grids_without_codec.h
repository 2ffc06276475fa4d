// SPDX-License-Identifier: GPL-3.0-or-later
// Grids of formats that have no codec here: values and grouping only, so that methods can be developed and
// measured on them. Such a grid cannot write (CodeGrid::canWrite). A format that gets a codec takes its grid
// from here and adds a writer.
#pragma once

#include "engine/formats/code_grid.h"

namespace mantissa::formats {

/// "nf4": 16 normal quantiles, one scale for 64 columns (spec/quant-formats 3.17).
GridSpec nf4Grid(MatrixShape shape);
/// "int4": unsigned 4-bit codes with scale and offset for 64 columns (awq_w4a16, 3.15).
GridSpec int4GroupGrid(MatrixShape shape);
/// "svdquant_w4a4": integers from -7 to 7, one scale for 64 columns (3.16).
GridSpec int4SymmetricGroupGrid(MatrixShape shape);
/// "asym_w4a8_int8": 16 levels as integers, E4M3 scale for 16 columns, row factor, rotated (3.14).
GridSpec w4a8Grid(MatrixShape shape);

/// By the names above. Unsupported: no such grid, or the shape does not fit its groups.
Result<CodeGrid> gridWithoutCodec(std::string_view id, MatrixShape shape);

} // namespace mantissa::formats
