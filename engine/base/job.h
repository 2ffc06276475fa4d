// SPDX-License-Identifier: GPL-3.0-or-later
// What every long task of the engine gets: a place to report progress and a way to be stopped.
// The engine is synchronous: threads belong to the caller (command line, window bridge, tests).
#pragma once

#include "engine/base/sentence.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace mantissa {

enum class LogLevel { Debug, Info, Warning };
/// "detail", "info", "warning"; translated as any word of the engine (ui/text.h).
const char* nameOf(LogLevel level);

struct LogLine {
    LogLevel level = LogLevel::Info;
    Sentence text;
    std::string layer; ///< the layer it is about; may be empty
};

/// One look at a running job. Copyable, and safe to hand to another thread.
struct ProgressSnapshot {
    std::string phase; ///< "reading", "encoding", …
    std::uint64_t bytesDone = 0, bytesTotal = 0;
    std::uint32_t itemsDone = 0, itemsTotal = 0;
    std::string current; ///< the layer being worked on
};

/// Written by workers, polled by whoever displays it. All members are thread-safe.
class Progress {
public:
    void start(std::string phase, std::uint64_t bytesTotal, std::uint32_t itemsTotal);
    void addBytes(std::uint64_t bytes) { m_bytesDone.fetch_add(bytes, std::memory_order_relaxed); }
    void addItem() { m_itemsDone.fetch_add(1, std::memory_order_relaxed); }
    void setCurrent(std::string layer);
    void log(LogLevel level, Sentence text, std::string layer = {});

    ProgressSnapshot snapshot() const;
    /// Log lines from index `from` on.
    std::vector<LogLine> logSince(std::size_t from) const;

private:
    std::atomic<std::uint64_t> m_bytesDone{0}, m_bytesTotal{0};
    std::atomic<std::uint32_t> m_itemsDone{0}, m_itemsTotal{0};
    mutable std::mutex m_mutex;
    std::string m_phase, m_current;
    std::vector<LogLine> m_log;
};

/// Handed down into every long task.
struct JobContext {
    std::stop_token stop;
    Progress* progress = nullptr; ///< may be null

    bool cancelled() const { return stop.stop_requested(); }
};

} // namespace mantissa
