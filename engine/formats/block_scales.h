// SPDX-License-Identifier: GPL-3.0-or-later
// What NVFP4 and MXFP8 share: a padded matrix of codes, and one scale byte a block in the tiled order of
// cuBLAS (spec/quant-formats 3.11).
#pragma once

#include "engine/formats/format_support.h"

#include <functional>

namespace mantissa::formats {

/// Where the scale of block column c of row r lies.
class TiledGrid {
public:
    static constexpr std::int64_t kTileRows = 128, kTileCols = 4, kTileBytes = kTileRows * kTileCols;

    TiledGrid(std::int64_t rows, std::int64_t cols)
        : m_rows(roundUp(rows, kTileRows))
        , m_cols(roundUp(cols, kTileCols))
    { }
    std::int64_t paddedRows() const { return m_rows; }
    std::int64_t paddedCols() const { return m_cols; }
    /// Bytes of one row of tiles: what 128 rows of the matrix take.
    std::int64_t stripBytes() const { return m_cols * kTileRows; }
    std::int64_t offset(std::int64_t row, std::int64_t col) const
    {
        const std::int64_t tile = (row / kTileRows) * (m_cols / kTileCols) + col / kTileCols;
        return tile * kTileBytes + (row % 32) * 16 + (row % kTileRows) / 32 * 4 + col % kTileCols;
    }

private:
    std::int64_t m_rows, m_cols;
};

/// Sizes of a matrix whose rows are cut into blocks.
struct BlockLayout {
    MatrixShape shape; ///< of the weight
    std::int64_t block = 0; ///< columns that share a scale
    std::int64_t paddedRows = 0, paddedCols = 0;
    std::int64_t rowBytes = 0; ///< of the codes of one padded row
    TiledGrid grid{0, 0};

    /// Blocks that hold columns of the weight; the kernels write these.
    std::size_t blocks() const { return static_cast<std::size_t>((shape.cols + block - 1) / block); }
    std::size_t cols() const { return static_cast<std::size_t>(shape.cols); }
};

/// Encodes one row of the weight: scales gets blocks() bytes, codes up to rowBytes.
using EncodeRow = std::function<void(std::span<const float> row, std::uint8_t* scales, std::uint8_t* codes)>;
/// Adds the pieces of tensor 0 (codes) and tensor 1 (scales) for a block of rows that starts at a multiple of
/// 128. With the last rows of the weight the padding rows are added too.
void encodeBlockRows(const BlockLayout& layout, std::int64_t firstRow, std::span<const float> rows,
    const EncodeRow& encodeRow, EncodedPieces& out);

/// Decodes one row: scales holds blocks() bytes.
using DecodeRow
    = std::function<void(const std::uint8_t* codes, const std::uint8_t* scales, std::span<float> row)>;
Status decodeBlockRows(const BlockLayout& layout, std::int64_t firstRow, std::int64_t rowCount,
    const StoredReader& reader, const DecodeRow& decodeRow, std::span<float> dst);

} // namespace mantissa::formats
