// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/storage_format.h"

#include "engine/formats/code_grid.h"

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

Result<CodeGrid> StorageFormat::codeGrid(MatrixShape, const FormatParams&) const
{
    return fail(ErrorCode::Unsupported, "{} is written by plain rounding only", info().id);
}

} // namespace mantissa
