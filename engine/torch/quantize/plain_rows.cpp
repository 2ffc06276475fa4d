// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/quantize/plain_rows.h"

namespace mantissa::quantize {

PlainRows::PlainRows(const StorageFormat& format, const CodeGrid& grid, const FormatParams& params,
    Recipe recipe, std::span<const float> weights)
    : m_grid(grid)
    , m_stored(encodeWhole(format, {grid.shape(), DType::F32, params, recipe, Arithmetic::Default}, weights))
    , m_decoder(valueOf(decoderOf(format, grid.shape(), params, m_stored)))
{ }

at::Tensor PlainRows::tile(const RowRange& rows) const
{
    const std::int64_t cols = m_grid.shape().cols;
    const at::Tensor decoded = at::empty({rows.count, cols}, at::kFloat);
    valueOf(m_decoder->decodeRows(rows.first, rows.count, spanOf(decoded)));
    rotateRows(decoded, m_grid.spec().rotation);
    return tileOf(decoded, 0, rows.count);
}

at::Tensor basisTile(std::span<const float> weights, std::int64_t cols, const RowRange& rows,
    const at::Tensor& factors, std::size_t rotation)
{
    const auto part = weights.subspan(
        static_cast<std::size_t>(rows.first * cols), static_cast<std::size_t>(rows.count * cols));
    at::Tensor source = viewOf(part, rows.count);
    if (factors.defined())
        source = source * factors;
    else if (rotation != 0)
        source = source.clone();
    rotateRows(source, rotation);
    return tileOf(source, 0, rows.count);
}

} // namespace mantissa::quantize
