// SPDX-License-Identifier: GPL-3.0-or-later
// How sensitivity is measured; shared by `analyze --errors` and `plan --budget`.
#pragma once

#include "app/cli/console.h"
#include "app/cli/options.h"
#include "engine/calibration/statistics_file.h"
#include "engine/sensitivity/sensitivity.h"

#include <memory>
#include <string>

namespace mantissa::cli {

class SensitivityOptions {
public:
    /// `probes`: the denoiser is probed unless it is too large for that or the user says otherwise.
    explicit SensitivityOptions(bool probes)
        : m_probes(probes)
    { }
    void declare(Options& options);
    /// Where measurements are kept unless the user names a file; empty: nowhere.
    void keepIn(std::string path) { m_defaultTable = std::move(path); }
    const std::string& tablePath() const { return m_table.empty() ? m_defaultTable : m_table; }

    /// Fills in the errors and probes of `table`, those that are in the table file first; saves it as it
    /// grows, so that a stopped run loses seconds. Notes and warnings go to the console.
    Status measure(const Console& console, SensitivityTable& table, const std::shared_ptr<const Model>& model,
        const JobContext& job) const;

private:
    Result<int> probeCalls(const Console& console, const Model& model) const;
    Result<std::vector<std::string>> prompts(const StatisticsFile* statistics) const;
    Status reuse(const Console& console, SensitivityTable& table, const Model& model) const;

    bool m_probes;
    std::string m_statistics, m_probe, m_prompts, m_table, m_defaultTable;
    unsigned m_threads = 0;
};

} // namespace mantissa::cli
