// SPDX-License-Identifier: GPL-3.0-or-later
// Reads part of a tensor that lies in its storage with strides (transposed, sliced, expanded) as if it were
// dense.
#pragma once

#include "engine/base/dtype.h"
#include "engine/io/random_access_file.h"

namespace mantissa {

struct StridedLayout {
    std::uint64_t start = 0; ///< byte in the file of the element with index 0 everywhere
    std::uint64_t itemBytes = 1;
    Shape shape; ///< elements, at least one
    Shape strides; ///< elements, none negative; checked to stay inside the storage
};

/// True if the layout is row-major without gaps, so that reading needs no gathering.
bool isDense(const StridedLayout& layout) noexcept;

/// Fills `dst` with the bytes from `offset` on of the row-major tensor. Needs at most a few MiB beside `dst`.
Status readStrided(const RandomAccessFile& file, const StridedLayout& layout, std::uint64_t offset,
    std::span<std::byte> dst);

} // namespace mantissa
