// SPDX-License-Identifier: GPL-3.0-or-later
// Matrices of the quantization methods as tensors. All are float32 on the CPU.
//
// Notation of this folder: a layer's weight is W [M, N], M rows (outputs), N columns (inputs). A tile is a
// run of rows with columns contiguous, a tensor [N, R] (formats/code_grid.h). "Values" are weights on the
// grid.
#pragma once

#include "engine/torch/prelude.h"

#include "engine/formats/code_grid.h"

namespace mantissa::quantize {

/// A matrix that is somebody else's; it must outlive the tensor and is only read.
at::Tensor viewOf(std::span<const float> values, std::int64_t rows);
/// The same values as a span; the tensor must be contiguous.
std::span<float> spanOf(const at::Tensor& tensor);
/// A tile [N, R] as the grids see it.
ColumnTile columnTile(const at::Tensor& tile);
/// Rows [first, first + count) of W as a tile.
at::Tensor tileOf(const at::Tensor& weight, std::int64_t first, std::int64_t count);

/// Plain rounding of a tile.
at::Tensor roundTile(const at::Tensor& tile, const CodeGrid& grid, const GridScales& scales);

/// Multiplies every row by the regular Hadamard matrix of the format's rotation (its own inverse), in place.
void rotateRows(const at::Tensor& matrix, std::size_t group);

} // namespace mantissa::quantize
