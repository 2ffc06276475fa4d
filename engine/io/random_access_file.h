// SPDX-License-Identifier: GPL-3.0-or-later
// A regular file that is read by position: no mapping, no shared cursor, no surprise from special files.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace mantissa {

/// Thread rule: all members of an opened file may be called from several threads at once.
class RandomAccessFile {
public:
    /// System if the file is missing or unreadable; InvalidInput for a directory, FIFO, socket or device.
    /// Never blocks.
    static Result<std::shared_ptr<const RandomAccessFile>> open(const std::filesystem::path& path);

    ~RandomAccessFile();
    RandomAccessFile(const RandomAccessFile&) = delete;
    RandomAccessFile& operator=(const RandomAccessFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    /// Size in bytes when the file was opened.
    std::uint64_t size() const { return m_size; }
    /// Modification time when the file was opened, nanoseconds since the epoch.
    std::int64_t modifiedNs() const { return m_modifiedNs; }

    /// Fills `dst` with the bytes from `offset` on. InvalidInput if the file ends before.
    Status read(std::uint64_t offset, std::span<std::byte> dst) const;
    /// The same as text; the caller bounds `bytes`.
    Result<std::string> readText(std::uint64_t offset, std::size_t bytes) const;
    /// "FILE, byte OFFSET": what errors name as their place.
    Sentence place(std::uint64_t offset) const;

private:
    RandomAccessFile(std::filesystem::path path, int descriptor, std::uint64_t size, std::int64_t modifiedNs);

    std::filesystem::path m_path;
    int m_descriptor;
    std::uint64_t m_size;
    std::int64_t m_modifiedNs;
};

} // namespace mantissa
