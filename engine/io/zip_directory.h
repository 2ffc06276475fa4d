// SPDX-License-Identifier: GPL-3.0-or-later
// The directory of a zip archive whose entries are stored as they are, which is how torch.save writes them.
//
// Nothing is ever inflated, so there is nothing that could grow: compressed entries are refused as
// unsupported. Names are looked up, never used as paths, and still must not look like a way out of the
// archive.
#pragma once

#include "engine/io/random_access_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct ZipEntry {
    std::string name;
    std::uint64_t offset = 0; ///< of its bytes in the file
    std::uint64_t bytes = 0; ///< as they lie in the file
    bool compressed = false;
};

class ZipDirectory {
public:
    /// InvalidInput for whatever has more than one reading: entries that overlap or lie outside, two of one
    /// name, local and central records that differ. Unsupported for compressed, encrypted and multi-part
    /// archives.
    static Result<ZipDirectory> read(const RandomAccessFile& file);

    /// Sorted by name.
    const std::vector<ZipEntry>& entries() const { return m_entries; }
    /// Null if there is no such entry.
    const ZipEntry* find(std::string_view name) const;

private:
    std::vector<ZipEntry> m_entries;
};

} // namespace mantissa
