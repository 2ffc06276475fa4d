// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sensitivity_options.h"

#include "app/cli/plan_options.h"
#include "engine/calibration/calibration.h"
#include "engine/export/plan_export.h"
#include "engine/export/source_hasher.h"
#include "engine/sensitivity/probe.h"

#include <charconv>
#include <filesystem>

namespace mantissa::cli {

void SensitivityOptions::declare(Options& options)
{
    options
        .add("--calibration", m_statistics,
            "Statistics of 'mantissa calibrate': errors at the layers' outputs, not of their weights alone")
        .group("Sensitivity");
    options
        .add("--probe", m_probe,
            m_probes ? "Calls of the denoiser that each layer is tried on (default 6 for models up to 200 M "
                       "parameters), or off"
                     : "Try each layer on so many calls of the denoiser, and add what its output changes")
        .group("Sensitivity");
    options
        .add("--prompts", m_prompts,
            "Prompts of the probe, one a line (default: those of the statistics, or those that ship)")
        .group("Sensitivity");
    options
        .add("--table", m_table,
            m_probes ? "Where measurements are kept for the next budget, and for going on after a stop "
                       "(default: beside the plan)"
                     : "Keep the measurements in this file, and go on with what is in it")
        .group("Sensitivity");
    options.add("--threads", m_threads, "Threads (default: all cores)").group("Sensitivity");
}

Result<int> SensitivityOptions::probeCalls(const Console& console, const Model& model) const
{
    if (m_probe == "off")
        return 0;
    if (m_probe.empty()) {
        if (m_probes && !probesByDefault(model))
            console.note("the network is large: harm is taken from the layers' own errors; --probe 6 also "
                         "measures what each layer does to the denoiser's output");
        return m_probes && probesByDefault(model) ? kProbeCalls : 0;
    }
    int calls = 0;
    const auto [end, problem] = std::from_chars(m_probe.data(), m_probe.data() + m_probe.size(), calls);
    if (problem != std::errc{} || end != m_probe.data() + m_probe.size() || calls < 1
        || calls > kMostProbeCalls)
        return fail(ErrorCode::Usage, "--probe takes off or a number from 1 to {}, not \"{}\"",
            kMostProbeCalls, m_probe);
    return calls;
}

Result<std::vector<std::string>> SensitivityOptions::prompts(const StatisticsFile* statistics) const
{
    if (!m_prompts.empty())
        return readPrompts(m_prompts);
    return probePrompts(statistics);
}

Status SensitivityOptions::reuse(const Console& console, SensitivityTable& table, const Model& model) const
{
    std::error_code ec;
    if (tablePath().empty() || !std::filesystem::exists(tablePath(), ec))
        return {};
    auto text = readTextFile(tablePath());
    if (!text)
        return forward(std::move(text));
    auto known = parseSensitivity(*text, model);
    if (!known)
        return tl::unexpected(std::move(known.error()).at(tablePath()));
    if (known->modelHash != table.modelHash || known->statistics != table.statistics)
        console.note(fmt::format("{} is of another model or other statistics and is made anew", tablePath()));
    reuseMeasurements(table, *known);
    return {};
}

Status SensitivityOptions::measure(const Console& console, SensitivityTable& table,
    const std::shared_ptr<const Model>& model, const JobContext& job) const
{
    const auto calls = probeCalls(console, *model);
    if (!calls)
        return tl::unexpected(calls.error());
    std::shared_ptr<const StatisticsFile> statistics;
    if (!m_statistics.empty()) {
        auto inputs = openStatisticsFor(m_statistics, *model, job);
        if (!inputs)
            return forward(std::move(inputs));
        statistics = inputs->statistics;
        table.statistics = statistics->fingerprint();
        table.modelHash = statistics->header().modelHash;
        if (statistics->header().randomData)
            console.warn("the statistics come from random data; those of real prompts rank layers better");
    } else if (!tablePath().empty()) {
        if (job.progress)
            job.progress->start("reading the model", 0, 0);
        auto hash = hashSource(model->source->info(), [&] { return job.cancelled(); });
        if (!hash)
            return forward(std::move(hash));
        table.modelHash = std::move(*hash);
    }
    if (*calls > 0) {
        auto texts = prompts(statistics.get());
        if (!texts)
            return forward(std::move(texts));
        table.probe = probeSettings(*calls, std::move(*texts));
    }
    if (Status status = reuse(console, table, *model); !status)
        return status;
    std::optional<Error> unsaved;
    const TableSaver save = [&](const SensitivityTable& soFar) {
        if (tablePath().empty())
            return;
        if (Status status = writeTextFile(tablePath(), toJson(soFar), true); !status)
            unsaved = std::move(status.error());
    };
    if (Status status = measureErrors(table, *model, {statistics.get(), m_threads, save}, job); !status)
        return status;
    if (*calls > 0) {
        GeneratorOptions options;
        options.threads = m_threads;
        Status probed = probeLayers(table, model, options, save, job);
        if (!probed && (probed.error().code != ErrorCode::Unsupported || !m_probe.empty()))
            return probed;
        if (!probed) {
            table.probe = {};
            console.note("the denoiser was not probed, and harm is taken from the layers' own errors: "
                + probed.error().message);
        }
    }
    if (unsaved)
        return tl::unexpected(std::move(*unsaved));
    return {};
}

} // namespace mantissa::cli
