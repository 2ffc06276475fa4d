// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/strided_read.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace mantissa {
namespace {

constexpr std::uint64_t kMostSpanBytes = 4 << 20; // of one read into the scratch buffer
constexpr std::uint64_t kCheapSpanBytes = 4 << 10; // reading this much costs no more than reading one element
constexpr std::uint64_t kMostWaste = 8; // bytes read for one byte used, before a box is halved instead

/// A box of indices, and where its elements go: dense position relative to the first element wanted.
struct Box {
    std::vector<std::uint64_t> low, size;
};

class Gather {
public:
    Gather(const RandomAccessFile& file, const StridedLayout& layout, std::uint64_t first,
        std::span<std::byte> dst)
        : m_file(file)
        , m_layout(layout)
        , m_first(first)
        , m_dst(dst)
        , m_dense(layout.shape.size(), 1)
    {
        for (std::size_t d = m_dense.size(); d-- > 1;)
            m_dense[d - 1] = m_dense[d] * static_cast<std::uint64_t>(layout.shape[d]);
    }

    /// The elements [begin, end) of the dense order, as at most two boxes for each dimension.
    Status range(std::uint64_t begin, std::uint64_t end)
    {
        while (begin < end) {
            // The largest aligned box that starts here: whole trailing dimensions, and a part of the one
            // before.
            std::size_t d = m_dense.size();
            while (d > 0 && begin % extent(d - 1) == 0 && end - begin >= extent(d - 1))
                --d;
            if (d == 0)
                return box(whole(begin, 0, 1));
            const std::uint64_t unit = m_dense[d - 1];
            const auto dimension = static_cast<std::uint64_t>(m_layout.shape[d - 1]);
            const std::uint64_t index = begin / unit % dimension;
            const std::uint64_t count = std::min(dimension - index, (end - begin) / unit);
            if (Status status = box(whole(begin, d, count)); !status)
                return status;
            begin += count * unit;
        }
        return {};
    }

private:
    /// Elements of one step of dimension d - 1, that is of everything from dimension d on.
    std::uint64_t extent(std::size_t d) const
    {
        return m_dense[d] * static_cast<std::uint64_t>(m_layout.shape[d]);
    }

    /// `count` steps of dimension d - 1 from the element `begin` on, whole in all later dimensions.
    Box whole(std::uint64_t begin, std::size_t d, std::uint64_t count) const
    {
        Box result;
        for (std::size_t i = 0; i < m_dense.size(); ++i) {
            const auto dimension = static_cast<std::uint64_t>(m_layout.shape[i]);
            result.low.push_back(begin / m_dense[i] % dimension);
            result.size.push_back(i >= d ? dimension : i + 1 == d ? count : 1);
        }
        return result;
    }

    std::uint64_t stride(std::size_t d) const { return static_cast<std::uint64_t>(m_layout.strides[d]); }

    /// Reads the box at once if that is cheap, else halves it along its widest stride.
    Status box(Box box)
    {
        std::uint64_t span = 1, count = 1;
        std::size_t widest = box.size.size();
        for (std::size_t d = 0; d < box.size.size(); ++d) {
            span += (box.size[d] - 1) * stride(d);
            count *= box.size[d];
            if (box.size[d] > 1 && (widest == box.size.size() || stride(d) > stride(widest)))
                widest = d;
        }
        const std::uint64_t bytes = span * m_layout.itemBytes;
        if (count == 1 || bytes <= kCheapSpanBytes || (bytes <= kMostSpanBytes && span / kMostWaste <= count))
            return readBox(box, span, count);
        Box second = box;
        const std::uint64_t half = box.size[widest] / 2;
        box.size[widest] = half;
        second.low[widest] += half;
        second.size[widest] -= half;
        if (Status status = this->box(std::move(box)); !status)
            return status;
        return this->box(std::move(second));
    }

    Status readBox(const Box& box, std::uint64_t span, std::uint64_t count)
    {
        const std::uint64_t item = m_layout.itemBytes;
        std::uint64_t from = 0, to = 0;
        for (std::size_t d = 0; d < box.low.size(); ++d) {
            from += box.low[d] * stride(d);
            to += box.low[d] * m_dense[d];
        }
        m_scratch.resize(static_cast<std::size_t>(span * item));
        if (Status status = m_file.read(m_layout.start + from * item, m_scratch); !status)
            return status;
        std::vector<std::uint64_t> index(box.size.size(), 0);
        std::uint64_t source = 0, target = to - m_first;
        for (std::uint64_t n = 0; n < count; ++n) {
            std::memcpy(m_dst.data() + target * item, m_scratch.data() + source * item,
                static_cast<std::size_t>(item));
            for (std::size_t d = index.size(); d-- > 0;) { // the next index, last dimension fastest
                source += stride(d);
                target += m_dense[d];
                if (++index[d] < box.size[d])
                    break;
                source -= box.size[d] * stride(d);
                target -= box.size[d] * m_dense[d];
                index[d] = 0;
            }
        }
        return {};
    }

    const RandomAccessFile& m_file;
    const StridedLayout& m_layout;
    std::uint64_t m_first;
    std::span<std::byte> m_dst;
    std::vector<std::uint64_t> m_dense; ///< strides of the dense tensor
    std::vector<std::byte> m_scratch;
};

} // namespace

bool isDense(const StridedLayout& layout) noexcept
{
    std::int64_t expected = 1;
    for (std::size_t d = layout.shape.size(); d-- > 0;) {
        if (layout.shape[d] != 1 && layout.strides[d] != expected)
            return false;
        expected *= layout.shape[d];
    }
    return true;
}

Status readStrided(
    const RandomAccessFile& file, const StridedLayout& layout, std::uint64_t offset, std::span<std::byte> dst)
{
    if (dst.empty())
        return {};
    const std::uint64_t item = layout.itemBytes, end = offset + dst.size();
    if (offset % item == 0 && end % item == 0)
        return Gather(file, layout, offset / item, dst).range(offset / item, end / item);
    // Cut through an element: read the whole ones around it.
    const std::uint64_t first = offset / item, last = (end + item - 1) / item;
    std::vector<std::byte> whole(static_cast<std::size_t>((last - first) * item));
    if (Status status = Gather(file, layout, first, whole).range(first, last); !status)
        return status;
    std::memcpy(dst.data(), whole.data() + (offset - first * item), dst.size());
    return {};
}

} // namespace mantissa
