// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/storage_format.h"

namespace mantissa {

void EncodedPieces::clear()
{
    m_pieces.clear();
    m_arena.clear();
}

std::span<std::byte> EncodedPieces::add(std::size_t tensor, std::uint64_t offset, std::size_t size)
{
    const std::size_t begin = m_arena.size();
    m_arena.resize(begin + size);
    m_pieces.push_back({tensor, offset, begin, size});
    return {m_arena.data() + begin, size};
}

} // namespace mantissa
