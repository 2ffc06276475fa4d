// SPDX-License-Identifier: GPL-3.0-or-later
// The plain result of a layer: what the gate compares with, and keeps where cleverness does not pay.
#pragma once

#include "engine/formats/stored_bytes.h"
#include "engine/torch/quantize/scale_choice.h"

namespace mantissa::quantize {

/// Plain rounding by the format's own encoder. Gives values tile by tile.
class PlainRows {
public:
    /// The grid must outlive this.
    PlainRows(const StorageFormat& format, const CodeGrid& grid, const FormatParams& params, Recipe recipe,
        std::span<const float> weights);

    /// [N, R] in the grid's basis.
    at::Tensor tile(const RowRange& rows) const;
    StoredBytes& stored() { return m_stored; }

private:
    const CodeGrid& m_grid;
    StoredBytes m_stored;
    std::unique_ptr<LayerDecoder> m_decoder;
};

/// Rows of the weight as a tile in the grid's basis, times the factors (undefined: none).
at::Tensor basisTile(std::span<const float> weights, std::int64_t cols, const RowRange& rows,
    const at::Tensor& factors, std::size_t rotation);

} // namespace mantissa::quantize
