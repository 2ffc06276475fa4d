// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/scale_choice.h"
#include "kernels/kernel_set.h"

#include <algorithm>

namespace mantissa::quantize {

namespace {

/// Enough rows for matrix products to run at full speed, few enough for tiles to stay small beside N².
constexpr std::int64_t kTileRows = 512;

} // namespace

std::vector<RowRange> cutRows(std::int64_t rows, const CodeGrid& grid)
{
    const std::int64_t granule = grid.spec().rowGranularity;
    const std::int64_t step = (kTileRows + granule - 1) / granule * granule;
    std::vector<RowRange> ranges;
    for (std::int64_t first = 0; first < rows; first += step)
        ranges.push_back({first, std::min(step, rows - first)});
    return ranges;
}

float chooseTensorScale(
    const CodeGrid& grid, ScaleRule rule, std::span<const float> columnWeights, const TileSource& tiles)
{
    if (!grid.hasTensorScale())
        return 1.0f;
    const std::vector<RowRange> ranges = cutRows(grid.shape().rows, grid);
    float absmax = 0;
    for (const RowRange& rows : ranges) {
        const at::Tensor tile = tiles(rows);
        const auto values = spanOf(tile);
        absmax = std::max(absmax, kernels::activeKernels().absmax(values.data(), values.size()));
    }
    const std::vector<float> candidates = grid.tensorScales(absmax, rule);
    if (candidates.size() == 1)
        return candidates.front();
    std::vector<double> errors(candidates.size());
    for (const RowRange& rows : ranges) {
        const at::Tensor tile = tiles(rows);
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            double error = 0;
            grid.scales(columnTile(tile), candidates[i], rule, columnWeights, &error);
            errors[i] += error;
        }
    }
    return candidates[static_cast<std::size_t>(
        std::min_element(errors.begin(), errors.end()) - errors.begin())];
}

at::Tensor roundPlainly(const at::Tensor& weight, const CodeGrid& grid)
{
    const auto all = spanOf(weight);
    const float absmax = kernels::activeKernels().absmax(all.data(), all.size());
    const float tensorScale = grid.tensorScales(absmax, ScaleRule::Absmax).front();
    at::Tensor values = at::empty_like(weight);
    for (const RowRange& rows : cutRows(weight.size(0), grid)) {
        const at::Tensor tile = tileOf(weight, rows.first, rows.count);
        const GridScales scales = grid.scales(columnTile(tile), tensorScale, ScaleRule::Absmax);
        transpose(spanOf(roundTile(tile, grid, scales)), weight.size(1),
            spanOf(values.narrow(0, rows.first, rows.count)));
    }
    return values;
}

} // namespace mantissa::quantize
