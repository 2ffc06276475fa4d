// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/scaled_codes.h"

#include <algorithm>

namespace mantissa::formats {

namespace {

class ScaledDecoder final : public LayerDecoder {
public:
    ScaledDecoder(const ScaledStorage& storage, StoredReader reader)
        : m_storage(storage)
        , m_reader(std::move(reader))
        , m_kernels(kernels::activeKernels())
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        const auto cols = static_cast<std::size_t>(m_storage.shape.cols);
        const std::size_t rowBytes = m_storage.code == CodeKind::Int4 ? cols / 2 : cols;
        std::vector<std::byte> codes(static_cast<std::size_t>(rowCount) * rowBytes);
        if (auto read = m_reader(0, static_cast<std::uint64_t>(firstRow) * rowBytes, codes); !read)
            return read;
        auto scales = readScales(firstRow, rowCount);
        if (!scales)
            return forward(std::move(scales));
        for (std::int64_t row = 0; row < rowCount; ++row) {
            const auto index = static_cast<std::size_t>(row);
            decodeRow(codes.data() + index * rowBytes, rowScales(*scales, firstRow, row),
                dst.subspan(index * cols, cols));
        }
        if (m_storage.rotation != 0) // the matrix is its own inverse
            m_kernels.rotate(dst.data(), static_cast<std::size_t>(rowCount) * cols, m_storage.rotation,
                kernels::Precision::F32);
        return {};
    }

private:
    std::int64_t tilesAcross() const
    {
        return m_storage.grid == ScaleGrid::Tile ? m_storage.shape.cols / m_storage.tile : 1;
    }

    /// The scales of these rows: one, one a row, or those of the rows of tiles that they touch.
    Result<std::vector<float>> readScales(std::int64_t firstRow, std::int64_t rowCount) const
    {
        std::int64_t first = 0, count = 1;
        if (m_storage.grid == ScaleGrid::Row) {
            first = firstRow;
            count = rowCount;
        } else if (m_storage.grid == ScaleGrid::Tile && rowCount > 0) {
            first = firstRow / m_storage.tile * tilesAcross();
            count = ((firstRow + rowCount - 1) / m_storage.tile + 1) * tilesAcross() - first;
        }
        std::vector<float> scales(static_cast<std::size_t>(count));
        if (auto read = readFloats(m_reader, 1, static_cast<std::uint64_t>(first), scales); !read)
            return forward(std::move(read));
        return scales;
    }

    /// Of all scales read, those of one row, each for an equal run of columns.
    std::span<const float> rowScales(
        std::span<const float> scales, std::int64_t firstRow, std::int64_t row) const
    {
        if (m_storage.grid == ScaleGrid::Tensor)
            return scales;
        if (m_storage.grid == ScaleGrid::Row)
            return scales.subspan(static_cast<std::size_t>(row), 1);
        const std::int64_t down = (firstRow + row) / m_storage.tile - firstRow / m_storage.tile;
        return scales.subspan(
            static_cast<std::size_t>(down * tilesAcross()), static_cast<std::size_t>(tilesAcross()));
    }

    void decodeRow(const std::byte* codes, std::span<const float> scales, std::span<float> dst) const
    {
        const std::size_t run = dst.size() / scales.size();
        for (std::size_t i = 0; i < scales.size(); ++i) {
            const auto* const bytes = reinterpret_cast<const std::uint8_t*>(codes) + i * run;
            float* const to = dst.data() + i * run;
            switch (m_storage.code) {
            case CodeKind::E4M3:
                m_kernels.decodeE4M3(bytes, run, scales[i], to);
                break;
            case CodeKind::E5M2:
                m_kernels.decodeE5M2(bytes, run, scales[i], to);
                break;
            case CodeKind::Int8:
                m_kernels.decodeInt8(reinterpret_cast<const std::int8_t*>(bytes), run, scales[i], to);
                break;
            case CodeKind::Int4: // one scale a row: no run starts inside a byte
                m_kernels.decodeInt4(bytes, run, scales[i], to);
                break;
            }
        }
    }

    ScaledStorage m_storage;
    StoredReader m_reader;
    const kernels::KernelSet& m_kernels;
};

} // namespace

std::unique_ptr<LayerDecoder> makeScaledDecoder(const ScaledStorage& storage, StoredReader reader)
{
    return std::make_unique<ScaledDecoder>(storage, std::move(reader));
}

} // namespace mantissa::formats
