// SPDX-License-Identifier: GPL-3.0-or-later
// Scales of a whole layer, tile by tile.
#pragma once

#include "engine/torch/quantize/tiles.h"

#include <functional>
#include <vector>

namespace mantissa::quantize {

/// Rows [first, first + count) of the layer.
struct RowRange {
    std::int64_t first = 0, count = 0;
};
/// Cuts `rows` rows into tiles: about 512 rows, whole granules of the grid; results do not depend on it.
std::vector<RowRange> cutRows(std::int64_t rows, const CodeGrid& grid);

/// A tile [N, R] of the layer in the grid's basis.
using TileSource = std::function<at::Tensor(const RowRange& rows)>;

/// The grid's factor for the whole matrix that gives the least Σ h·(w − ŵ)² over all rows.
float chooseTensorScale(
    const CodeGrid& grid, ScaleRule rule, std::span<const float> columnWeights, const TileSource& tiles);

/// Plain rounding of a matrix [any rows, N] with absmax scales.
at::Tensor roundPlainly(const at::Tensor& weight, const CodeGrid& grid);

} // namespace mantissa::quantize
