// SPDX-License-Identifier: GPL-3.0-or-later
// Scales of a whole layer, tile by tile.
#pragma once

#include "engine/torch/quantize/tiles.h"

namespace mantissa::quantize {

/// Rows [first, first + count) of the layer.
struct RowRange {
    std::int64_t first = 0, count = 0;
};
/// Cuts a layer into tiles: about 512 rows, whole granules of the grid; results do not depend on it.
std::vector<RowRange> cutRows(const CodeGrid& grid);

/// The grid's factor for the whole matrix that gives the least Σ h·(w − ŵ)² over all rows.
float chooseTensorScale(
    const at::Tensor& weight, const CodeGrid& grid, ScaleRule rule, std::span<const float> columnWeights);

/// Plain rounding of a whole layer with scales by the rule; the result is W-shaped.
at::Tensor roundLayer(const at::Tensor& weight, const CodeGrid& grid, ScaleRule rule,
    std::span<const float> columnWeights = {});

} // namespace mantissa::quantize
