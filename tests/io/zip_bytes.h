// SPDX-License-Identifier: GPL-3.0-or-later
// Writes zip archives record by record, so that a test can lie in any of them.
#pragma once

#include "tests/io/temp_files.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mantissa::test {

struct ZipItem {
    std::string name, data;
    // What the records say; taken from the above where not set.
    std::string localName{};
    std::uint64_t hole
        = 0; ///< more bytes of data, left out of the result: the caller makes them; last item only
    std::uint16_t method = 0, flags = 0;
    std::uint64_t centralBytes = kTrue, centralPacked = kTrue, localBytes = kTrue, offset = kTrue;
    static constexpr std::uint64_t kTrue = 0xFFFFFFFE;
};

struct ZipLies {
    std::uint16_t entries = 0xFFFE; ///< number in the end record
    std::uint64_t directoryOffset = ZipItem::kTrue, directoryBytes = ZipItem::kTrue;
    std::string comment{}, afterEnd{};
    bool zip64 = false; ///< sizes and the end in their zip64 form
};

inline std::string zipBytes(const std::vector<ZipItem>& items, const ZipLies& lies = {})
{
    const auto u16 = [](std::size_t v) { return bytesOf(static_cast<std::uint16_t>(v)); };
    const auto u32 = [](std::uint64_t v) { return bytesOf(static_cast<std::uint32_t>(v)); };
    const auto told
        = [](std::uint64_t lie, std::uint64_t truth) { return lie == ZipItem::kTrue ? truth : lie; };
    std::string file, directory;
    for (const ZipItem& item : items) {
        const std::size_t offset = file.size();
        const std::string& localName = item.localName.empty() ? item.name : item.localName;
        const std::uint64_t local = lies.zip64 ? 0xFFFFFFFF : told(item.localBytes, item.data.size());
        file += u32(0x04034b50) + u16(20) + u16(item.flags) + u16(item.method) + u32(0) + u32(0) + u32(local)
            + u32(local) + u16(localName.size()) + u16(0) + localName + item.data;
        std::string extra;
        std::uint64_t bytes = told(item.centralBytes, item.data.size() + item.hole);
        std::uint64_t packed = told(item.centralPacked, item.data.size() + item.hole),
                      at = told(item.offset, offset);
        if (lies.zip64) {
            extra = u16(1) + u16(24) + bytesOf(std::uint64_t{bytes}) + bytesOf(std::uint64_t{packed})
                + bytesOf(std::uint64_t{at});
            bytes = packed = at = 0xFFFFFFFF;
        }
        directory += u32(0x02014b50) + u16(20) + u16(20) + u16(item.flags) + u16(item.method) + u32(0)
            + u32(0) + u32(packed) + u32(bytes) + u16(item.name.size()) + u16(extra.size()) + u16(0) + u16(0)
            + u16(0) + u32(0) + u32(at) + item.name + extra;
    }
    const std::uint64_t hole = items.empty() ? 0 : items.back().hole;
    const std::uint64_t start = file.size() + hole;
    file += directory;
    const std::uint16_t count
        = lies.entries == 0xFFFE ? static_cast<std::uint16_t>(items.size()) : lies.entries;
    if (lies.zip64) {
        const std::uint64_t end64 = file.size() + hole;
        file += u32(0x06064b50) + bytesOf(std::uint64_t{44}) + u16(45) + u16(45) + u32(0) + u32(0)
            + bytesOf(std::uint64_t{count}) + bytesOf(std::uint64_t{count})
            + bytesOf(std::uint64_t{directory.size()}) + bytesOf(std::uint64_t{start});
        file += u32(0x07064b50) + u32(0) + bytesOf(std::uint64_t{end64}) + u32(1);
    }
    const std::uint32_t in64 = 0xFFFFFFFF;
    file += u32(0x06054b50) + u16(0) + u16(0) + u16(lies.zip64 ? 0xFFFF : count)
        + u16(lies.zip64 ? 0xFFFF : count)
        + u32(lies.zip64 ? in64 : told(lies.directoryBytes, directory.size()))
        + u32(lies.zip64 ? in64 : told(lies.directoryOffset, start)) + u16(lies.comment.size()) + lies.comment
        + lies.afterEnd;
    return file;
}

} // namespace mantissa::test
