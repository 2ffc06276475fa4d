// SPDX-License-Identifier: GPL-3.0-or-later
// XXH3-128 of the source files, advanced over bytes that the export has just read (and that the page cache
// still holds), so that the hash costs no second trip to the disk.
#pragma once

#include "engine/base/error.h"
#include "engine/io/tensor_source.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mantissa {

/// Thread-safe.
class SourceHasher {
public:
    explicit SourceHasher(const SourceInfo& info);
    ~SourceHasher();
    SourceHasher(const SourceHasher&) = delete;
    SourceHasher& operator=(const SourceHasher&) = delete;

    /// Hashes file `file` up to `end`, if nobody else is hashing at the moment; later calls catch up.
    void advance(std::uint32_t file, std::uint64_t end);
    /// Hashes what is left and gives 32 hex digits: of one file its XXH3-128 (what `xxhsum -H128` prints); of
    /// several files the XXH3-128 of their hex hashes, one a line, in the order of SourceInfo::files.
    Result<std::string> finish(const std::function<bool()>& cancelled);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The hash that finish() gives, in one go.
Result<std::string> hashSource(const SourceInfo& info, const std::function<bool()>& cancelled = {});

} // namespace mantissa
