// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/scale_choice.h"
#include "kernels/kernel_set.h"

#include <algorithm>
#include <limits>

namespace mantissa::quantize {

namespace {

/// Enough rows for matrix products to run at full speed, few enough for tiles to stay small beside N².
constexpr std::int64_t kTileRows = 512;

} // namespace

std::vector<RowRange> cutRows(const CodeGrid& grid)
{
    const std::int64_t granule = grid.spec().rowGranularity;
    const std::int64_t step = (kTileRows + granule - 1) / granule * granule;
    std::vector<RowRange> ranges;
    for (std::int64_t first = 0; first < grid.shape().rows; first += step)
        ranges.push_back({first, std::min(step, grid.shape().rows - first)});
    return ranges;
}

float chooseTensorScale(
    const at::Tensor& weight, const CodeGrid& grid, ScaleRule rule, std::span<const float> columnWeights)
{
    const auto all = spanOf(weight);
    const float absmax = kernels::activeKernels().absmax(all.data(), all.size());
    const std::vector<float> candidates = grid.tensorScales(absmax, rule);
    if (candidates.size() == 1)
        return candidates.front();
    std::vector<double> errors(candidates.size());
    for (const RowRange& rows : cutRows(grid)) {
        const at::Tensor tile = tileOf(weight, rows.first, rows.count);
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            double error = 0;
            grid.scales(columnTile(tile), candidates[i], rule, columnWeights, &error);
            errors[i] += error;
        }
    }
    return candidates[static_cast<std::size_t>(
        std::min_element(errors.begin(), errors.end()) - errors.begin())];
}

at::Tensor roundLayer(
    const at::Tensor& weight, const CodeGrid& grid, ScaleRule rule, std::span<const float> columnWeights)
{
    const float tensorScale = chooseTensorScale(weight, grid, rule, columnWeights);
    at::Tensor values = at::empty_like(weight);
    for (const RowRange& rows : cutRows(grid)) {
        const at::Tensor tile = tileOf(weight, rows.first, rows.count);
        const GridScales scales = grid.scales(columnTile(tile), tensorScale, rule, columnWeights);
        transpose(spanOf(roundTile(tile, grid, scales)), weight.size(1),
            spanOf(values.narrow(0, rows.first, rows.count)));
    }
    return values;
}

} // namespace mantissa::quantize
