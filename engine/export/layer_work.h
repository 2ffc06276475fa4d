// SPDX-License-Identifier: GPL-3.0-or-later
// Hands out the work of an export in pieces that keep every worker busy and memory bounded: row blocks of the
// layers being encoded, and whole small tensors, in the order in which the source stores them.
#pragma once

#include "engine/export/assembly.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace mantissa {

/// One thing to do, in source order. Either a layer to encode or a tensor to copy, compute or write.
struct WorkItem {
    std::ptrdiff_t layer = -1; ///< index into Assembly::layers; -1: a tensor
    std::size_t tensor = 0; ///< index into Assembly::tensors where it is a tensor
    std::uint32_t file = 0; ///< place in the source, for the order and the hash
    std::uint64_t begin = 0, end = 0;
};

/// A layer in progress. Shared by the workers that hold blocks of it.
struct ActiveLayer {
    std::size_t item = 0;
    EncodedLayer* layer = nullptr;
    std::int64_t rowsPerBlock = 0;
    int rounds = 0; ///< of statistics
    int stage = 0; ///< the rounds, then encoding
    std::int64_t nextRow = 0;
    int outstanding = 0;
    std::mutex resultMutex; ///< guards what follows
    double signal = 0, noise = 0; ///< sums of squares, where errors are measured
    std::uint64_t nonFinite = 0;
};

struct WorkTask {
    enum class Kind { Tensor, Whole, Block, EndOfStage } kind = Kind::Tensor;
    std::size_t item = 0;
    std::shared_ptr<ActiveLayer> active; ///< for Block and EndOfStage
    std::int64_t firstRow = 0, rowCount = 0; ///< for Block
};

/// Thread-safe.
class WorkQueue {
public:
    /// `skip[i]` items are left out (finished by an earlier run).
    WorkQueue(
        Assembly& assembly, std::vector<WorkItem> items, const std::vector<bool>& skip, unsigned maxActive);

    /// The next task; waits while other workers hold what must come first. Empty when all is done or stop()
    /// was called.
    std::optional<WorkTask> next();
    /// Must be called for every task, once it is done.
    void done(const WorkTask& task);
    void stop();
    const std::vector<WorkItem>& items() const { return m_items; }

private:
    std::optional<WorkTask> takeFromActive();
    std::optional<WorkTask> openNext();

    Assembly& m_assembly;
    std::vector<WorkItem> m_items;
    std::vector<bool> m_skip;
    unsigned m_maxActive;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::shared_ptr<ActiveLayer>> m_active;
    std::size_t m_nextItem = 0;
    std::size_t m_running = 0;
    bool m_stopped = false;
};

/// Every item of an assembly in the order of the source (constants last).
std::vector<WorkItem> listWork(const Assembly& assembly);
/// Rows that one block of this layer has: about kBlockElements elements, whole granules, at least one.
std::int64_t rowsPerBlock(const EncodedLayer& layer);

} // namespace mantissa
