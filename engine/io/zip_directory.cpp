// SPDX-License-Identifier: GPL-3.0-or-later
// Record layouts and signatures: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3.
#include "engine/io/zip_directory.h"

#include "engine/io/text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mantissa {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50, kCentralSignature = 0x02014b50,
                        kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50, kLocator64Signature = 0x07064b50;
constexpr std::size_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22, kEnd64Bytes = 56,
                      kLocator64Bytes = 20;
constexpr std::size_t kLongestComment = 65535;
constexpr std::uint16_t kZip64Extra = 1;
constexpr std::uint16_t kEncryptedFlag = 1;
constexpr std::uint64_t kMostDirectoryBytes = 256 << 20;
constexpr std::uint64_t kMostEntries = 1'000'000;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF; // "see the zip64 record"

template <typename T> T numberAt(std::string_view bytes, std::size_t at)
{
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    return value;
}

struct End {
    std::uint64_t entries = 0, directoryBytes = 0, directoryOffset = 0;
    std::uint64_t position = 0; ///< where the first of the end records begins
};

/// An entry as the central directory describes it.
struct Central {
    ZipEntry entry;
    std::uint64_t localOffset = 0, unpackedBytes = 0;
    std::uint16_t method = 0;
};

class Reader {
public:
    explicit Reader(const RandomAccessFile& file)
        : m_file(file)
    { }

    Result<std::vector<ZipEntry>> read()
    {
        Result<End> end = findEnd();
        if (!end)
            return forward(std::move(end));
        Result<std::vector<Central>> central = readCentral(*end);
        if (!central)
            return forward(std::move(central));
        if (Status status = checkLocals(*central, end->directoryOffset); !status)
            return forward(std::move(status));
        std::vector<ZipEntry> entries;
        for (Central& item : *central)
            entries.push_back(std::move(item.entry));
        std::ranges::sort(entries, {}, &ZipEntry::name);
        return entries;
    }

private:
    tl::unexpected<Error> invalid(std::uint64_t at, Sentence message) const
    {
        return tl::unexpected<Error>(
            Error{ErrorCode::InvalidInput, sentence("the zip archive is damaged: {}", message),
                m_file.place(at), "download or copy it again"});
    }
    tl::unexpected<Error> unsupported(std::uint64_t at, Sentence message, Sentence hint) const
    {
        return tl::unexpected<Error>(
            Error{ErrorCode::Unsupported, std::move(message), m_file.place(at), std::move(hint)});
    }

    Result<End> findEnd() const
    {
        const auto tailBytes
            = static_cast<std::size_t>(std::min<std::uint64_t>(m_file.size(), kEndBytes + kLongestComment));
        const std::uint64_t tailStart = m_file.size() - tailBytes;
        const Result<std::string> tail = m_file.readText(tailStart, tailBytes);
        if (!tail)
            return tl::unexpected<Error>(tail.error());
        if (tailBytes < kEndBytes)
            return invalid(0, "it has no directory");
        for (std::size_t at = tailBytes - kEndBytes + 1; at-- > 0;) {
            // Only a record whose comment ends with the file counts: a comment cannot hide another directory.
            if (numberAt<std::uint32_t>(*tail, at) != kEndSignature
                || at + kEndBytes + numberAt<std::uint16_t>(*tail, at + 20) != tailBytes)
                continue;
            return readEnd(std::string_view(*tail).substr(at), tailStart + at);
        }
        return invalid(m_file.size(), "its end, where the directory is, is missing");
    }

    Result<End> readEnd(std::string_view record, std::uint64_t position) const
    {
        End end{numberAt<std::uint16_t>(record, 10), numberAt<std::uint32_t>(record, 12),
            numberAt<std::uint32_t>(record, 16), position};
        if (numberAt<std::uint16_t>(record, 4) != 0 && numberAt<std::uint16_t>(record, 4) != 0xFFFF)
            return unsupported(
                position, "this is one part of a zip archive in several parts", "join the parts first");
        const bool in64
            = end.entries == 0xFFFF || end.directoryBytes == kIn64 || end.directoryOffset == kIn64;
        if (position >= kLocator64Bytes) {
            const auto locator = m_file.readText(position - kLocator64Bytes, kLocator64Bytes);
            if (!locator)
                return tl::unexpected<Error>(locator.error());
            if (numberAt<std::uint32_t>(*locator, 0) == kLocator64Signature) {
                Result<End> end64
                    = readEnd64(numberAt<std::uint64_t>(*locator, 8), position - kLocator64Bytes);
                if (!end64)
                    return end64;
                const bool same = (end.entries == 0xFFFF || end.entries == end64->entries)
                    && (end.directoryBytes == kIn64 || end.directoryBytes == end64->directoryBytes)
                    && (end.directoryOffset == kIn64 || end.directoryOffset == end64->directoryOffset);
                return same ? std::move(end64) : invalid(position, "its two end records differ");
            }
        }
        if (in64)
            return invalid(position, "its zip64 record is missing");
        return checkEnd(end);
    }

    Result<End> readEnd64(std::uint64_t at, std::uint64_t locatorAt) const
    {
        if (at > locatorAt || locatorAt - at < kEnd64Bytes)
            return invalid(locatorAt, "its zip64 record is out of place");
        const auto record = m_file.readText(at, kEnd64Bytes);
        if (!record)
            return tl::unexpected<Error>(record.error());
        if (numberAt<std::uint32_t>(*record, 0) != kEnd64Signature)
            return invalid(at, "its zip64 record is out of place");
        return checkEnd({numberAt<std::uint64_t>(*record, 32), numberAt<std::uint64_t>(*record, 40),
            numberAt<std::uint64_t>(*record, 48), at});
    }

    Result<End> checkEnd(End end) const
    {
        if (end.directoryOffset > end.position || end.directoryBytes != end.position - end.directoryOffset)
            return invalid(end.position, "its directory is not where it should be");
        if (end.directoryBytes > kMostDirectoryBytes || end.entries > kMostEntries)
            return invalid(end.position,
                sentence("its directory claims {} entries in {} bytes", end.entries, end.directoryBytes));
        return end;
    }

    Result<std::vector<Central>> readCentral(const End& end) const
    {
        const auto text = m_file.readText(end.directoryOffset, static_cast<std::size_t>(end.directoryBytes));
        if (!text)
            return tl::unexpected<Error>(text.error());
        std::vector<Central> result;
        std::string_view rest = *text;
        for (std::uint64_t i = 0; i < end.entries; ++i) {
            const std::uint64_t at = end.position - rest.size();
            if (rest.size() < kCentralBytes || numberAt<std::uint32_t>(rest, 0) != kCentralSignature)
                return invalid(at, "a directory record is broken");
            const std::size_t nameBytes = numberAt<std::uint16_t>(rest, 28),
                              extraBytes = numberAt<std::uint16_t>(rest, 30);
            const std::size_t bytes
                = kCentralBytes + nameBytes + extraBytes + numberAt<std::uint16_t>(rest, 32);
            if (rest.size() < bytes)
                return invalid(at, "a directory record is broken");
            Result<Central> central
                = readRecord(rest.substr(0, kCentralBytes), rest.substr(kCentralBytes, nameBytes),
                    rest.substr(kCentralBytes + nameBytes, extraBytes), at);
            if (!central)
                return forward(std::move(central));
            result.push_back(std::move(*central));
            rest.remove_prefix(bytes);
        }
        if (!rest.empty())
            return invalid(end.position - rest.size(), "its directory has more records than it claims");
        return result;
    }

    Result<Central> readRecord(
        std::string_view record, std::string_view name, std::string_view extra, std::uint64_t at) const
    {
        if (!isHarmlessName(name))
            return invalid(at, sentence("the entry name {} is not a plain path", inQuotes(name)));
        Central central;
        central.entry.name = name;
        central.method = numberAt<std::uint16_t>(record, 10);
        std::uint64_t packed = numberAt<std::uint32_t>(record, 20);
        std::uint64_t& bytes = central.entry.bytes = numberAt<std::uint32_t>(record, 24);
        central.localOffset = numberAt<std::uint32_t>(record, 42);
        if (!apply64(extra, {&bytes, &packed, &central.localOffset}))
            return invalid(at, sentence("the zip64 sizes of {} are missing", inQuotes(name)));
        if (numberAt<std::uint16_t>(record, 8) & kEncryptedFlag)
            return unsupported(at, sentence("the zip entry {} is encrypted", inQuotes(name)),
                "unpack it with its password first");
        central.entry.compressed = central.method != 0;
        if (!central.entry.compressed && packed != bytes)
            return invalid(
                at, sentence("the sizes of {} differ, {} and {} bytes", inQuotes(name), packed, bytes));
        central.unpackedBytes = std::exchange(bytes, packed);
        return central;
    }

    static bool isHarmlessName(std::string_view name)
    {
        if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos
            || hasControlCharacter(name) || firstInvalidUtf8(name) != std::string_view::npos)
            return false;
        for (std::string_view rest = name; !rest.empty();) {
            const std::size_t slash = rest.find('/');
            const std::string_view part = rest.substr(0, slash);
            if (part.empty() || part == "." || part == "..")
                return false;
            rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        }
        return true;
    }

    /// Replaces each value that says so by the next one of the zip64 extra field; false if it is not there.
    static bool apply64(std::string_view extra, std::initializer_list<std::uint64_t*> values)
    {
        std::string_view field;
        while (extra.size() >= 4) {
            const std::size_t bytes = numberAt<std::uint16_t>(extra, 2);
            if (extra.size() < 4 + bytes)
                break;
            if (numberAt<std::uint16_t>(extra, 0) == kZip64Extra) {
                field = extra.substr(4, bytes);
                break;
            }
            extra.remove_prefix(4 + bytes);
        }
        for (std::uint64_t* value : values) {
            if (*value != kIn64)
                continue;
            if (field.size() < 8)
                return false;
            *value = numberAt<std::uint64_t>(field, 0);
            field.remove_prefix(8);
        }
        return true;
    }

    Status checkLocals(std::vector<Central>& entries, std::uint64_t directoryOffset) const
    {
        std::ranges::sort(
            entries, {}, [](const Central& item) -> const std::string& { return item.entry.name; });
        for (std::size_t i = 1; i < entries.size(); ++i)
            if (entries[i].entry.name == entries[i - 1].entry.name)
                return invalid(entries[i].localOffset,
                    sentence("the entry {} occurs twice", inQuotes(entries[i].entry.name)));
        std::ranges::sort(entries, {}, &Central::localOffset);
        std::uint64_t end = 0;
        for (Central& item : entries) {
            const std::string name = inQuotes(item.entry.name);
            if (item.localOffset < end)
                return invalid(item.localOffset, sentence("the entry {} overlaps the one before it", name));
            if (Status status = checkLocal(item, directoryOffset); !status)
                return status;
            end = item.entry.offset + item.entry.bytes;
        }
        return {};
    }

    Status checkLocal(Central& item, std::uint64_t directoryOffset) const
    {
        const std::string& name = item.entry.name;
        const std::uint64_t headerBytes = kLocalBytes + name.size();
        if (item.localOffset > directoryOffset || directoryOffset - item.localOffset < headerBytes)
            return invalid(
                item.localOffset, sentence("the entry {} lies outside the archive", inQuotes(name)));
        const auto header = m_file.readText(item.localOffset, static_cast<std::size_t>(headerBytes));
        if (!header)
            return tl::unexpected<Error>(header.error());
        const auto packed = numberAt<std::uint32_t>(*header, 18),
                   bytes = numberAt<std::uint32_t>(*header, 22);
        const auto agrees = [](std::uint32_t size, std::uint64_t claimed) {
            return size == 0 || size == kIn64 || size == claimed; // 0: the sizes follow the data
        };
        if (numberAt<std::uint32_t>(*header, 0) != kLocalSignature
            || numberAt<std::uint16_t>(*header, 8) != item.method
            || numberAt<std::uint16_t>(*header, 26) != name.size() || header->substr(kLocalBytes) != name
            || !agrees(packed, item.entry.bytes) || !agrees(bytes, item.unpackedBytes))
            return invalid(
                item.localOffset, sentence("the entry {} differs from its directory record", inQuotes(name)));
        item.entry.offset = item.localOffset + headerBytes + numberAt<std::uint16_t>(*header, 28);
        if (item.entry.offset > directoryOffset || item.entry.bytes > directoryOffset - item.entry.offset)
            return invalid(
                item.localOffset, sentence("the entry {} lies outside the archive", inQuotes(name)));
        return {};
    }

    const RandomAccessFile& m_file;
};

} // namespace

Result<ZipDirectory> ZipDirectory::read(const RandomAccessFile& file)
{
    Result<std::vector<ZipEntry>> entries = Reader(file).read();
    if (!entries)
        return forward(std::move(entries));
    ZipDirectory directory;
    directory.m_entries = std::move(*entries);
    return directory;
}

const ZipEntry* ZipDirectory::find(std::string_view name) const
{
    const auto at = std::ranges::lower_bound(
        m_entries, name, {}, [](const ZipEntry& e) { return std::string_view(e.name); });
    return at != m_entries.end() && at->name == name ? &*at : nullptr;
}

} // namespace mantissa
