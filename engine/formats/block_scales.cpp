// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/block_scales.h"

namespace mantissa::formats {

void encodeBlockRows(const BlockLayout& layout, std::int64_t firstRow, std::span<const float> rows,
    const EncodeRow& encodeRow, EncodedPieces& out)
{
    const TiledGrid& grid = layout.grid;
    const auto rowCount = static_cast<std::int64_t>(rows.size() / layout.cols());
    const bool last = firstRow + rowCount == layout.shape.rows;
    const std::int64_t endRow = last ? layout.paddedRows : firstRow + rowCount;
    const auto codes = out.add(0, static_cast<std::uint64_t>(firstRow * layout.rowBytes),
        static_cast<std::size_t>((endRow - firstRow) * layout.rowBytes));

    const std::int64_t firstStrip = firstRow / TiledGrid::kTileRows;
    const std::int64_t endStrip = roundUp(endRow, TiledGrid::kTileRows) / TiledGrid::kTileRows;
    std::vector<std::byte> tiled(static_cast<std::size_t>((endStrip - firstStrip) * grid.stripBytes()));
    std::vector<std::uint8_t> scales(layout.blocks());
    for (std::int64_t row = 0; row < rowCount; ++row) {
        auto* const rowCodes
            = reinterpret_cast<std::uint8_t*>(codes.data()) + static_cast<std::size_t>(row * layout.rowBytes);
        encodeRow(rows.subspan(static_cast<std::size_t>(row) * layout.cols(), layout.cols()), scales.data(),
            rowCodes);
        for (std::size_t i = 0; i < scales.size(); ++i)
            tiled[static_cast<std::size_t>(grid.offset(row, static_cast<std::int64_t>(i)))]
                = std::byte{scales[i]};
    }
    const auto piece = out.add(1, static_cast<std::uint64_t>(firstStrip * grid.stripBytes()), tiled.size());
    std::copy(tiled.begin(), tiled.end(), piece.begin());
}

Status decodeBlockRows(const BlockLayout& layout, std::int64_t firstRow, std::int64_t rowCount,
    const StoredReader& reader, const DecodeRow& decodeRow, std::span<float> dst)
{
    if (rowCount == 0)
        return {};
    const TiledGrid& grid = layout.grid;
    std::vector<std::byte> codes(static_cast<std::size_t>(rowCount * layout.rowBytes));
    if (auto read = reader(0, static_cast<std::uint64_t>(firstRow * layout.rowBytes), codes); !read)
        return read;
    const std::int64_t firstStrip = firstRow / TiledGrid::kTileRows;
    const std::int64_t endStrip = roundUp(firstRow + rowCount, TiledGrid::kTileRows) / TiledGrid::kTileRows;
    std::vector<std::byte> tiled(static_cast<std::size_t>((endStrip - firstStrip) * grid.stripBytes()));
    if (auto read = reader(1, static_cast<std::uint64_t>(firstStrip * grid.stripBytes()), tiled); !read)
        return read;
    std::vector<std::uint8_t> scales(layout.blocks());
    for (std::int64_t row = 0; row < rowCount; ++row) {
        const std::int64_t inStrips = firstRow + row - firstStrip * TiledGrid::kTileRows;
        for (std::size_t i = 0; i < scales.size(); ++i)
            scales[i] = std::to_integer<std::uint8_t>(
                tiled[static_cast<std::size_t>(grid.offset(inStrips, static_cast<std::int64_t>(i)))]);
        decodeRow(reinterpret_cast<const std::uint8_t*>(codes.data())
                + static_cast<std::size_t>(row * layout.rowBytes),
            scales.data(), dst.subspan(static_cast<std::size_t>(row) * layout.cols(), layout.cols()));
    }
    return {};
}

} // namespace mantissa::formats
