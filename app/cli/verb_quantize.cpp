// SPDX-License-Identifier: GPL-3.0-or-later
// quantize: the main job.
#include "app/cli/analysis.h"
#include "app/cli/command.h"
#include "app/cli/option_values.h"
#include "app/cli/part_options.h"
#include "app/cli/plan_options.h"
#include "engine/base/shortage.h"
#include "engine/calibration/calibration.h"
#include "engine/export/plan_export.h"
#include "engine/base/json.h"

#include <algorithm>
#include <cmath>

namespace mantissa::cli {
namespace {

using Json = nlohmann::ordered_json;

class Quantize final : public Command {
public:
    void declare(Options& options) override
    {
        options.add("-i,--input", m_input, "Checkpoint, shard index or diffusers folder").required();
        options.add("-o,--output", m_output, "The file to write (.safetensors)");
        options.flag("--overwrite", m_overwrite, "Replace an existing output");
        options.flag("--resume", m_resume, "Continue an unfinished conversion");
        options
            .add(
                "--dry-run", m_dryRun, "analyze: only say what would happen; create-template: write the plan")
            .values(0, 1)
            .oneOf({"analyze", "create-template"});
        options.add("--threads", m_threads, "Threads (default: all cores)").group("Machine");
        options.add("--memory-limit", m_memoryLimit, "Memory for data in flight (default 256MiB)")
            .group("Machine");
        options.add("--streaming-mode", m_streaming, "auto, aggressive (64 MiB in flight) or off (2 GiB)")
            .oneOf({"auto", "aggressive", "off"})
            .group("Machine");
        options.add("--device", m_device, "cpu (cuda comes with the calibrated recipes)").group("Machine");
        options.add("--compute-dtype", m_computeDtype, "auto or fp32: data-free recipes compute in float32")
            .oneOf({"auto", "bf16", "fp32"})
            .group("Machine");
        options
            .add("--calibration", m_statistics,
                "Statistics of 'mantissa calibrate', for the recipes light, balanced (then the default) and "
                "best")
            .group("Calibration");
        options
            .add("--prompts", m_prompts,
                "Calibrate first, on the prompts of this file; the statistics are kept beside the output")
            .group("Calibration");
        m_parts.declare(options, "Calibration");
        options.flag("--allow-nonfinite", m_allowNonFinite, "Convert weights that hold NaN or infinity");
        options.flag(
            "--report-error,--report-quality", m_measure, "Measure each layer's error while converting");
        m_options.declare(options);
    }

    int run(const Console& console) override
    {
        if (Status status = checkMachine(console); !status)
            return console.report(status.error());
        if (!m_statistics.empty() && calibrates())
            return console.report(
                {ErrorCode::Usage, "--calibration and --prompts or --embeddings exclude each other", {},
                    "statistics that exist need no prompts"});
        if (!calibrates() && m_parts.namesFiles())
            return console.report({ErrorCode::Usage, "--with and --tokenizer are for a calibration", {},
                "add --prompts, which calibrates before it converts"});
        if (!m_statistics.empty() || calibrates())
            m_options.preferRecipe("balanced");
        std::shared_ptr<const Model> model;
        QuantPlan plan;
        if (const int code = m_options.prepare(console, m_input, model, plan); code != 0)
            return code;
        if (m_dryRunSet())
            return dryRun(console, model, plan);
        if (m_output.empty())
            return console.report(
                {ErrorCode::Usage, "no output was named", {}, "name it with -o FILE.safetensors"});
        return convert(console, model, plan);
    }

private:
    /// Before it converts.
    bool calibrates() const { return !m_prompts.empty() || m_parts.namesEmbeddings(); }
    bool m_dryRunSet() const { return m_dryRun != "no"; }

    Status checkMachine(const Console& console)
    {
        if (m_device != "cpu" && !m_device.starts_with("cuda"))
            return fail(ErrorCode::Usage, "--device takes cpu, cuda or cuda:N, not \"{}\"", m_device);
        if (m_device.starts_with("cuda"))
            return tl::unexpected(Error{ErrorCode::Unsupported, "data-free recipes run on the CPU", {},
                "leave --device out; converting is limited by the disk, not by arithmetic"});
        if (m_computeDtype == "bf16")
            console.note("data-free recipes compute in float32; --compute-dtype bf16 has no effect");
        if (m_streaming == "aggressive")
            m_memory = std::uint64_t{64} << 20;
        else if (m_streaming == "off")
            m_memory = std::uint64_t{2} << 30;
        if (!m_memoryLimit.empty()) {
            const auto size = parseSize(m_memoryLimit);
            if (!size)
                return tl::unexpected(size.error());
            m_memory = *size;
        }
        return {};
    }

    int dryRun(const Console& console, const std::shared_ptr<const Model>& model, const QuantPlan& plan) const
    {
        if (m_dryRun != "create-template")
            return runAnalysis(console, model, plan, {});
        auto resolved = resolvePlan(plan, *model);
        if (!resolved)
            return console.report(resolved.error());
        const std::string path = m_output.empty() ? m_input + ".plan.json" : m_output;
        const std::string text = toJson(listEveryLayer(plan, *model, *resolved));
        if (Status status = writeTextFile(path, text + "\n", m_overwrite); !status)
            return console.report(status.error());
        console.print("wrote " + path + "\n");
        console.document({{"file", path}});
        return 0;
    }

    int convert(
        const Console& console, const std::shared_ptr<const Model>& model, const QuantPlan& plan) const
    {
        WriteOptions options;
        options.threads = m_threads;
        options.memoryLimit = m_memory;
        options.overwrite = m_overwrite;
        options.resume = m_resume;
        options.allowNonFinite = m_allowNonFinite;
        options.measureErrors = m_measure;
        auto report = runJob(console, [&](const JobContext& job) -> Result<WriteReport> {
            const auto inputs = exportInputs(console, model, plan, job);
            if (!inputs)
                return tl::unexpected(inputs.error());
            return exportPlan(plan, model, m_output, options, job, *inputs);
        });
        if (!report) {
            if (report.error().code == ErrorCode::Cancelled && report.error().hint.empty())
                report.error().hint = "run the same command with --resume to go on where it stopped";
            else if (shortageOf(report.error()))
                report.error().hint += "; --resume then goes on with what is finished";
            return console.report(report.error());
        }
        printReport(console, *model, plan, *report);
        return 0;
    }

    /// The statistics that the recipe needs: those named, or those of the prompts named.
    Result<ExportInputs> exportInputs(const Console& console, const std::shared_ptr<const Model>& model,
        const QuantPlan& plan, const JobContext& job) const
    {
        const auto recipe = recipeOf(plan);
        if (!recipe)
            return tl::unexpected(recipe.error());
        if (m_statistics.empty() && !calibrates())
            return ExportInputs{};
        if (!needsStatistics(*recipe)) {
            console.warn(fmt::format("the recipe {} uses no statistics", plan.recipe));
            return ExportInputs{};
        }
        if (!m_statistics.empty())
            return openStatisticsFor(m_statistics, *model, job);
        return calibrateOn(console, model, job);
    }

    /// Calibrates on the prompts, into a file beside the output; takes that of an earlier run where it has
    /// the same prompts.
    Result<ExportInputs> calibrateOn(
        const Console& console, const std::shared_ptr<const Model>& model, const JobContext& job) const
    {
        CalibrationRequest request;
        request.output = std::filesystem::path(m_output).replace_extension(".statistics.safetensors");
        request.overwrite = m_overwrite;
        request.resume = m_resume;
        GeneratorOptions options;
        options.threads = m_threads;
        if (Status status = m_parts.open(console, options); !status)
            return forward(std::move(status));
        auto prompts = promptsToSample(m_prompts, options, kCalibrationPrompts);
        if (!prompts)
            return tl::unexpected(prompts.error());
        request.prompts = std::move(*prompts);
        if (const auto earlier = StatisticsFile::open(request.output)) {
            const auto& done = (*earlier)->header().prompts;
            if (std::equal(done.begin(), done.end(), request.prompts.begin(), request.prompts.end(),
                    [](const CalibratedPrompt& a, const std::string& b) { return a.text == b; })) {
                console.note(fmt::format("using the statistics in {}", request.output.string()));
                return openStatisticsFor(request.output, *model, job);
            }
        }
        auto runner = openCalibration(model, options);
        if (!runner)
            return forward(std::move(runner));
        auto resolved = (*runner)->resolve(request);
        if (!resolved)
            return forward(std::move(resolved));
        auto report = (*runner)->run(*resolved, job, nullptr);
        if (!report)
            return forward(std::move(report));
        for (const std::string& warning : report->warnings)
            console.warn(warning);
        auto statistics = StatisticsFile::open(report->path); // of this model: the run has just hashed it
        if (!statistics)
            return forward(std::move(statistics));
        ExportInputs inputs{std::move(*statistics), {}};
        inputs.sourceHash = inputs.statistics->header().modelHash;
        return inputs;
    }

    /// What calibration gained, over all layers.
    static void printGains(const Console& console, const WriteReport& report)
    {
        std::vector<double> gains;
        std::size_t plain = 0;
        for (const LayerReport& layer : report.layers) {
            if (layer.outputGainDb)
                gains.push_back(*layer.outputGainDb);
            plain += layer.keptPlain ? 1 : 0;
        }
        if (gains.empty())
            return;
        std::sort(gains.begin(), gains.end());
        console.print(fmt::format("at the layers' outputs, on held-out inputs: {:.1f} dB better than without "
                                  "data (median of {} layers); {} kept the data-free result\n",
            gains[gains.size() / 2], gains.size(), plain));
    }

    void printReport(
        const Console& console, const Model& model, const QuantPlan& plan, const WriteReport& report) const
    {
        std::uint64_t before = 0;
        for (const SourceFile& file : model.source->info().files)
            before += file.bytes;
        std::error_code ec;
        const std::uint64_t after = std::filesystem::file_size(report.path, ec);
        if (console.json) {
            Json out{{"file", report.path.string()}, {"architecture", model.architecture.id},
                {"format", plan.base.format}, {"recipe", plan.recipe}, {"bytes_before", before},
                {"bytes_after", after}, {"seconds", report.seconds}, {"source_hash", report.sourceHash},
                {"resumed_layers", report.resumedLayers}};
            out["layers"] = Json::array();
            for (const LayerReport& layer : report.layers) {
                Json row{{"name", layer.name}, {"format", layer.format}, {"bytes_before", layer.bytesBefore},
                    {"bytes_after", layer.bytesAfter}};
                if (layer.snrDb)
                    row["snr_db"] = *layer.snrDb;
                if (layer.relativeError)
                    row["relative_error"] = *layer.relativeError;
                if (layer.outputSnrDb)
                    row["output_snr_db"] = *layer.outputSnrDb;
                if (layer.outputGainDb)
                    row["output_gain_db"] = *layer.outputGainDb;
                if (layer.keptPlain)
                    row["kept"] = "data-free";
                if (layer.nonFinite > 0)
                    row["non_finite"] = layer.nonFinite;
                out["layers"].push_back(std::move(row));
            }
            console.document(out);
            return;
        }
        const double saved
            = before > 0 ? 100.0 * (1.0 - static_cast<double>(after) / static_cast<double>(before)) : 0;
        console.print(
            fmt::format("{}\n{} → {} ({:.1f} % saved), {} layers quantized, {:.1f} s\n", report.path.string(),
                humanBytes(before), humanBytes(after), saved, report.layers.size(), report.seconds));
        if (report.resumedLayers > 0)
            console.print(
                fmt::format("{} layers were kept from the unfinished conversion\n", report.resumedLayers));
        printGains(console, report);
        const LayerReport* worst = nullptr;
        for (const LayerReport& layer : report.layers)
            if (layer.snrDb && (worst == nullptr || *layer.snrDb < *worst->snrDb))
                worst = &layer;
        if (worst != nullptr)
            console.print(fmt::format(
                "largest error: {} in {}, {:.2f} dB\n", worst->name, worst->format, *worst->snrDb));
    }

    std::string m_statistics, m_prompts;
    std::string m_input, m_output, m_dryRun = "no", m_memoryLimit, m_streaming, m_device = "cpu",
                                   m_computeDtype;
    unsigned m_threads = 0;
    std::uint64_t m_memory = std::uint64_t{256} << 20;
    bool m_overwrite = false, m_resume = false, m_allowNonFinite = false, m_measure = false;
    PlanOptions m_options;
    PartOptions m_parts; ///< of the calibration
};

} // namespace

std::unique_ptr<Command> makeQuantize()
{
    return std::make_unique<Quantize>();
}

} // namespace mantissa::cli
