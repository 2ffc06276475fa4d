// SPDX-License-Identifier: GPL-3.0-or-later
// The file that an export writes to until it is whole: OUT.part, with a journal of finished items beside it.
//
// A part of other work is mined for items that this work has too: they move to their new places, and only
// what changed is left to do.
//
// Guarantees: nothing is ever seen under the final name but a whole file; an item is in the journal only when
// its bytes are on the disk; two processes cannot write the same part.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mantissa {

struct ByteRange {
    std::uint64_t offset = 0, bytes = 0;
};

/// What an item is, independent of the file around it.
struct PartItem {
    std::string
        key; ///< without blanks; equal keys have equal bytes in ranges of equal lengths; empty: never kept
    std::vector<ByteRange> ranges; ///< its places in the file
};

/// Where an export goes. `fingerprint` is one line; of a journal of another fingerprint only items are taken
/// over whose keys are the same.
struct PartFileOptions {
    std::filesystem::path target;
    std::uint64_t bytes = 0; ///< size of the finished file
    std::string fingerprint;
    bool overwrite = false, resume = false;
    std::vector<PartItem> items = {}; ///< by the numbers that itemDone() gets
    std::function<bool()> cancelled = {}; ///< asked while items are taken over; may be empty
};

/// Thread rule: write() and itemDone() from any thread; the rest from one.
class PartFile {
public:
    static Result<std::unique_ptr<PartFile>> create(const PartFileOptions& options);
    ~PartFile(); ///< keeps the part and its journal unless discard() or commit() was called
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// Items that an earlier run finished, or that were taken over from other work, ascending.
    const std::vector<std::size_t>& finishedItems() const;
    Status write(std::uint64_t offset, std::span<const std::byte> bytes);
    /// The bytes of an item are written; it is journaled by the next flush (in the background, after
    /// fdatasync).
    void itemDone(std::size_t item);
    /// Syncs, renames to the target, removes the journal.
    Status commit();
    /// Removes the part and the journal.
    void discard();

private:
    struct Impl;
    explicit PartFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// OUT.part and OUT.part.journal.
std::filesystem::path partPath(const std::filesystem::path& target);
std::filesystem::path journalPath(const std::filesystem::path& target);

} // namespace mantissa
