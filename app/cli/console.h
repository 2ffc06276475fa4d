// SPDX-License-Identifier: GPL-3.0-or-later
// What a verb prints with: results on standard output, everything else on standard error.
#pragma once

#include "engine/base/error.h"
#include "engine/base/human_text.h"
#include "engine/base/job.h"

#include <nlohmann/json_fwd.hpp>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mantissa::cli {

class Console {
public:
    bool json = false; ///< one JSON document on standard output, nothing else there
    bool quiet = false; ///< no progress and no notes

    /// Text for people; dropped in JSON mode.
    void print(std::string_view text) const;
    /// The one document of JSON mode.
    void document(const nlohmann::ordered_json& value) const;
    /// A remark on standard error.
    void note(std::string_view text) const;
    void warn(std::string_view text) const;
    /// Prints the error in the form of the mode and gives its exit code.
    int report(const Error& error) const;
};

/// Columns aligned, numbers to the right where `rightAligned` says so.
std::string formatTable(
    const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& rightAligned = {});

/// Shows a job's progress on standard error while it lives: a bar on a terminal, plain lines otherwise.
class ProgressDisplay {
public:
    ProgressDisplay(const Console& console, const Progress& progress);
    ~ProgressDisplay();
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;

private:
    void run(const std::stop_token& stop);
    const Console& m_console;
    const Progress& m_progress;
    bool m_terminal;
    std::jthread m_thread;
};

/// While it lives, SIGINT and SIGTERM ask the job to stop; a second one ends the program at once (exit code
/// 130). Must be made before other threads are.
class StopOnSignal {
public:
    StopOnSignal();
    ~StopOnSignal();
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;
    std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    std::jthread m_thread;
};

/// Runs a job with its progress shown and signals heeded; `work` takes a JobContext and gives a Result.
template <typename Work> auto runJob(const Console& console, Work&& work)
{
    Progress progress;
    const StopOnSignal signals;
    const ProgressDisplay display(console, progress);
    return work(JobContext{signals.token(), &progress});
}

} // namespace mantissa::cli
