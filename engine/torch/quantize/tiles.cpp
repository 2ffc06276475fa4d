// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/tiles.h"
#include "kernels/kernel_set.h"

namespace mantissa::quantize {

at::Tensor viewOf(std::span<const float> values, std::int64_t rows)
{
    const std::int64_t cols = rows == 0 ? 0 : static_cast<std::int64_t>(values.size()) / rows;
    // from_blob takes no const pointer; nobody writes through this.
    return at::from_blob(const_cast<float*>(values.data()), {rows, cols}, at::kFloat);
}

std::span<float> spanOf(const at::Tensor& tensor)
{
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

ColumnTile columnTile(const at::Tensor& tile)
{
    return {spanOf(tile), tile.size(1)};
}

at::Tensor tileOf(const at::Tensor& weight, std::int64_t first, std::int64_t count)
{
    at::Tensor tile = at::empty({weight.size(1), count}, at::kFloat);
    transpose(spanOf(weight.narrow(0, first, count)), count, spanOf(tile));
    return tile;
}

at::Tensor roundTile(const at::Tensor& tile, const CodeGrid& grid, const GridScales& scales)
{
    at::Tensor values = at::empty_like(tile);
    const std::int64_t rows = tile.size(1);
    for (std::int64_t c = 0; c < tile.size(0); ++c)
        grid.round(scales, c, tile.const_data_ptr<float>() + c * rows, values.data_ptr<float>() + c * rows);
    return values;
}

void rotateRows(const at::Tensor& matrix, std::size_t group)
{
    if (group == 0)
        return;
    const auto values = spanOf(matrix);
    kernels::activeKernels().rotate(values.data(), values.size(), group, kernels::Precision::F32);
}

} // namespace mantissa::quantize
