// SPDX-License-Identifier: GPL-3.0-or-later
// calibrate: runs a model on prompts and writes the statistics of its activations; adds statistics up.
#include "app/cli/command.h"
#include "app/cli/live_display.h"
#include "app/cli/option_values.h"
#include "app/cli/part_options.h"
#include "app/cli/plan_options.h"
#include "engine/calibration/calibration.h"
#include "engine/calibration/statistics_file.h"
#include "engine/sampling/schedule.h"
#include "engine/base/json.h"

#include <filesystem>
#include <optional>

namespace mantissa::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

class Calibrate final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("-i,--input", m_input, "Checkpoint, shard index or diffusers folder");
        options.add("-o,--output", m_request.output, "The statistics to write (.safetensors)").required();
        options.add("--prompts", m_prompts, "File with one prompt a line (default: 128 that ship)");
        options.add("--count", m_count, "How many prompts of it (default 32)").between(1, 100000);
        options.add("--steps", m_request.steps, "Sampling steps a prompt (default 8)").between(1, 1000);
        options.add("--seed", m_request.seed, "Seed of the noise and of the sampled tokens (default 0)");
        options.flag("--quick", m_quick, "8 prompts");
        options.add("--sizes", m_sizes, "Pixels, as in 512x768,768x512 (default: three of the model's)")
            .separatedBy(',');
        options.add("--frames", m_request.frames, "Frames of a video: 1, 5, 9, … (default: the model's)")
            .between(1, 1000);
        options.add("--cfg", m_request.cfg, "Guidance scale; 1: one side of it only").between(0.0, 100.0);
        options.add("--sampler", m_request.sampler, "euler, dpmpp_2m, …").oneOf(samplerNames());
        options.add("--scheduler", m_request.scheduler, "normal, karras, …").oneOf(schedulerNames());
        options
            .add("--components", m_request.components,
                "What to watch (default diffusion_model; text_encoder, text_encoder_2)")
            .separatedBy(',');
        options.flag("--random", m_request.randomData,
            "Pure noise in place of pictures; the statistics say so, and files get worse than without any");
        m_parts.declare(options);
        options.add("--merge", m_merge, "Add up these statistics of runs over different prompts")
            .values(2, 1000);
        options.flag("--watch", m_watch, "Draw the histogram of a layer while the run goes on");
        options.add("--watch-layer", m_watchLayer, "Which (default: the one with the largest outliers)");
        options.flag("--resume", m_request.resume, "Go on after the last finished prompt of a stopped run");
        options.flag("--overwrite", m_request.overwrite, "Replace existing statistics");
        declareMachine(options, m_options);
        options
            .add("--memory-limit", m_memoryLimit,
                "Second moments kept in memory, as in 8GB; the others go to a file beside the output")
            .group("Machine");
    }

    int run(const Console& console) override
    {
        if (!m_merge.empty()) {
            const Status merged = merge(console);
            return merged ? finishMerge(console) : console.report(merged.error());
        }
        const auto report = make(console);
        if (report)
            return finish(console, *report);
        if (report.error().code != ErrorCode::Cancelled)
            return console.report(report.error());
        Error error = report.error();
        error.hint = "--resume goes on after the last finished prompt";
        return console.report(error);
    }

private:
    Status merge(const Console& console)
    {
        if (!m_input.empty() || !m_prompts.empty() || m_request.resume)
            return tl::unexpected(Error{ErrorCode::Usage,
                "--merge adds files up and runs no model, so it takes no input and no prompts", {},
                "mantissa calibrate --merge A.safetensors B.safetensors -o SUM.safetensors"});
        return runJob(console, [&](const JobContext& job) {
            return mergeStatistics(
                {m_merge.begin(), m_merge.end()}, m_request.output, m_request.overwrite, job);
        });
    }

    int finishMerge(const Console& console) const
    {
        const auto file = StatisticsFile::open(m_request.output);
        if (!file)
            return console.report(file.error());
        const std::size_t prompts = (*file)->header().prompts.size(), layers = (*file)->layers().size();
        console.print(
            fmt::format("{}\n{} layers over {} prompts\n", m_request.output.string(), layers, prompts));
        console.document({{"file", m_request.output.string()}, {"merged", m_merge}, {"layers", layers},
            {"inputs", (*file)->inputCount()}, {"prompts", prompts},
            {"data", (*file)->header().randomData ? "random" : "prompts"}});
        return 0;
    }

    Result<CalibrationReport> make(const Console& console)
    {
        if (m_input.empty())
            return tl::unexpected(
                Error{ErrorCode::Usage, "--input is required", {}, "name the checkpoint with -i"});
        if (Status status = readOptions(console); !status)
            return forward(std::move(status));
        auto model = openNativeModel(console, m_input); // the names that quantize has
        if (!model)
            return forward(std::move(model));
        auto runner = openCalibration(*model, m_options);
        if (!runner)
            return forward(std::move(runner));
        auto request = (*runner)->resolve(m_request);
        if (!request)
            return forward(std::move(request));
        m_request = *request;
        if (m_request.randomData)
            console.warn("random data does not show what the model sees when it makes pictures; files made "
                         "with these statistics can be worse than files made without");
        LiveFeed feed;
        feed.choose(m_watchLayer);
        const bool draw = m_watch && !console.quiet;
        Console quieter = console;
        quieter.quiet = console.quiet || draw; // two drawings would overwrite each other
        return runJob(quieter, [&](const JobContext& job) {
            std::optional<LiveDisplay> display; // a thread, made when signals are taken care of
            if (draw)
                display.emplace(feed);
            return (*runner)->run(m_request, job, m_watch ? &feed : nullptr);
        });
    }

    Status readOptions(const Console& console)
    {
        for (const std::string& text : m_sizes) {
            const auto size = parsePixelSize(text);
            if (!size)
                return tl::unexpected(size.error());
            m_request.sizes.push_back(*size);
        }
        if (!m_memoryLimit.empty()) {
            const auto bytes = parseSize(m_memoryLimit);
            if (!bytes)
                return tl::unexpected(bytes.error());
            m_request.memoryLimit = std::max<std::uint64_t>(*bytes, 1);
        }
        if (Status status = m_parts.open(console, m_options); !status)
            return status;
        return choosePrompts();
    }

    Status choosePrompts()
    {
        const std::size_t count = m_count > 0 ? static_cast<std::size_t>(m_count)
            : m_quick                         ? kQuickCalibrationPrompts
                                              : kCalibrationPrompts;
        if (m_request.randomData) {
            if (!m_prompts.empty())
                return tl::unexpected(Error{ErrorCode::Usage, "--random has no use for prompts", {},
                    "leave --prompts out, or --random"});
            m_request.prompts = noisePrompts(count);
            return {};
        }
        auto prompts = promptsToSample(m_prompts, m_options, count);
        if (!prompts)
            return forward(std::move(prompts));
        m_request.prompts = std::move(*prompts);
        return {};
    }

    int finish(const Console& console, const CalibrationReport& report) const
    {
        for (const std::string& warning : report.warnings)
            console.warn(warning);
        console.print(fmt::format(
            "{}\n{} layers ({} inputs) over {} prompts of {} steps{}, {:.2f} s, of which "
            "{:.2f} s watching and {:.2f} s saving\n",
            report.path.string(), report.layers, report.inputs, report.prompts, m_request.steps,
            report.resumedPrompts > 0 ? fmt::format(" ({} of an earlier run)", report.resumedPrompts) : "",
            report.seconds, report.watchingSeconds, report.savingSeconds));
        Json sizes = Json::array();
        for (const PixelSize& size : m_request.sizes)
            sizes.push_back({size.width, size.height});
        console.document({{"file", report.path.string()}, {"layers", report.layers},
            {"inputs", report.inputs}, {"prompts", report.prompts},
            {"resumed_prompts", report.resumedPrompts}, {"steps", m_request.steps}, {"seed", m_request.seed},
            {"data", m_request.randomData ? "random" : "prompts"}, {"sampler", m_request.sampler},
            {"scheduler", m_request.scheduler}, {"cfg", m_request.cfg}, {"sizes", sizes},
            {"frames", m_request.frames}, {"tokens", report.tokens}, {"seconds", report.seconds},
            {"watching_seconds", report.watchingSeconds}, {"saving_seconds", report.savingSeconds},
            {"live_seconds", report.liveSeconds}, {"spilled_bytes", report.spilledBytes},
            {"warnings", report.warnings}});
        return 0;
    }

    std::string m_input, m_prompts, m_memoryLimit, m_watchLayer;
    std::vector<std::string> m_sizes, m_merge;
    PartOptions m_parts;
    int m_count = 0;
    bool m_quick = false, m_watch = false;
    CalibrationRequest m_request;
    GeneratorOptions m_options;
};

} // namespace

std::unique_ptr<Command> makeCalibrate()
{
    return std::make_unique<Calibrate>();
}

} // namespace mantissa::cli
