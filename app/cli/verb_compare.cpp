// SPDX-License-Identifier: GPL-3.0-or-later
// compare: the same prompts and seeds through each model, or two folders of pictures; metrics, a table and a
// report.
#include "app/cli/command.h"
#include "app/cli/companion_options.h"
#include "app/cli/compare_inputs.h"
#include "app/cli/option_values.h"
#include "app/cli/plan_options.h"
#include "engine/compare/lpips.h"
#include "engine/compare/report.h"
#include "engine/compare/shipped_prompts.h"
#include "engine/sampling/schedule.h"
#include "engine/base/json.h"

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace mantissa::cli {
namespace {

namespace fs = std::filesystem;

/// The command line as a shell reads it.
std::string commandText()
{
    std::ifstream in("/proc/self/cmdline", std::ios::binary);
    std::string text;
    for (std::string word; std::getline(in, word, '\0');) {
        const bool plain = !word.empty()
            && word.find_first_not_of(
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=,+@%")
                == word.npos;
        if (text.empty())
            word = fs::path(word).filename().string();
        std::string quoted = plain ? word : "'";
        for (std::size_t i = 0; !plain && i < word.size(); ++i)
            quoted += word[i] == '\'' ? std::string("'\\''") : std::string(1, word[i]);
        text += (text.empty() ? "" : " ") + quoted + (plain ? "" : "'");
    }
    return text;
}

std::string today()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts)};
}

class Compare final : public Command {
public:
    void declare(CLI::App& app) override
    {
        app.add_option("VARIANT", m_variants,
               "The baseline, then what to compare with it: FILE, FILE:FORMAT or FILE:PLAN.json for what a "
               "conversion would give, with NAME= in front for another name; without FILE, the first one's")
            ->required();
        app.add_option("-o,--output", m_output,
               "Folder for report.html, report.json, report.csv, report.pdf and pictures")
            ->required();
        app.add_flag("--images", m_images, "The variants are folders of pictures (.png)");
        app.add_flag("--overwrite", m_overwrite, "Replace a report that is there");
        app.add_flag("--no-pdf", m_noPdf, "Leave report.pdf out");
        declarePictures(app);
        app.add_option("--lpips", m_lpips,
               "Measure LPIPS too, with these weights: the state of lpips.LPIPS, or its linear layers and "
               "torchvision's network in two files")
            ->expected(1, 2);
        app.add_option("--max-flip", m_limits.maxFlip, "Exit with 6 if a variant's mean FLIP is above")
            ->group("Limits");
        app.add_option("--min-psnr", m_limits.minPsnr, "Exit with 6 if a variant's mean PSNR is below, in dB")
            ->group("Limits");
        app.add_option("--min-ssim", m_limits.minSsim, "Exit with 6 if a variant's mean SSIM is below")
            ->group("Limits");
        app.add_option("--cache", m_request.cache,
               "Folder where pictures are kept for the next run (default ~/.cache/mantissa/pictures)")
            ->group("Machine");
        app.add_flag("--remake", m_request.remake, "Make pictures anew that are in the cache")
            ->group("Machine");
        app.add_flag("--no-layers", m_noLayers, "Do not measure the error of each layer")->group("Machine");
        declareMachine(app, m_request.options);
        app.add_option("--memory-limit", m_memoryLimit, "Weights kept in memory, as in 8GB")
            ->group("Machine");
    }

    int run(const Console& console) override
    {
        if (!m_lpips.empty())
            if (Status used = useLpips(m_lpips); !used)
                return console.report(used.error());
        auto report = make(console);
        if (!report)
            return console.report(report.error());
        auto files = writeReport(*report, m_output, m_overwrite, !m_noPdf, !m_images);
        if (!files)
            return console.report(files.error());
        print(console, *report, *files);
        if (console.json)
            console.document(parseOrderedJson(reportJson(*report, m_output)));
        return report->problems.empty() ? 0 : static_cast<int>(ErrorCode::CheckFailed);
    }

private:
    void declarePictures(CLI::App& app)
    {
        GenerationRequest& settings = m_request.settings;
        app.add_option(
               "--prompts", m_promptFile, "Prompts, one a line (default: those that ship for the model)")
            ->group("Pictures");
        app.add_option("--count", m_count, "The first N prompts (default: 4, or all of --prompts)")
            ->check(CLI::Range(1, 100000))
            ->group("Pictures");
        app.add_option("--seeds", m_request.seeds, "Seeds of each prompt, as in 0,1,2 (default 0)")
            ->delimiter(',')
            ->group("Pictures");
        app.add_option("--negative", settings.negative, "What pictures should not show")->group("Pictures");
        app.add_option("--steps", settings.steps, "Sampling steps (default: the model's)")
            ->check(CLI::Range(1, 1000))
            ->group("Pictures");
        app.add_option("--cfg", settings.cfg, "Guidance scale; 1: none")
            ->check(CLI::Range(0.0, 100.0))
            ->group("Pictures");
        app.add_option("--sampler", settings.sampler, "euler, dpmpp_2m, …")
            ->check(CLI::IsMember(samplerNames()))
            ->group("Pictures");
        app.add_option("--scheduler", settings.scheduler, "normal, karras, …")
            ->check(CLI::IsMember(schedulerNames()))
            ->group("Pictures");
        app.add_option("--size", m_size, "Pixels, as in 512x768 (default: the model's)")->group("Pictures");
        m_companions.declare(app, m_request.options, "Pictures");
    }

    Result<Report> make(const Console& console)
    {
        std::error_code ignored;
        if (m_variants.size() < 2)
            return tl::unexpected(Error{ErrorCode::Usage, "a comparison needs at least two variants", {},
                "mantissa compare ORIGINAL CONVERTED -o FOLDER"});
        if (!m_overwrite && fs::exists(fs::path(m_output) / "report.html", ignored))
            return tl::unexpected(Error{ErrorCode::Usage, "there is a report already", m_output,
                "add --overwrite to replace it, or name another folder"});
        auto comparison = m_images ? compareImages(console) : compareModels(console);
        if (!comparison)
            return forward(std::move(comparison));
        Report report;
        report.problems = brokenLimits(*comparison, m_limits);
        report.comparison = std::move(*comparison);
        report.environment = environmentFacts();
        report.command = commandText();
        report.made = today();
        return report;
    }

    Result<Comparison> compareImages(const Console& console)
    {
        const auto folders = readFolders(m_variants);
        if (!folders)
            return tl::unexpected(folders.error());
        return runJob(console, [&](const JobContext& job) {
            return compareFolders(*folders, fs::path(m_output) / "maps", job);
        });
    }

    Result<Comparison> compareModels(const Console& console)
    {
        auto variants = readVariants(m_variants);
        if (!variants)
            return tl::unexpected(variants.error());
        m_request.variants = std::move(*variants);
        if (Status status = readOptions(console); !status)
            return forward(std::move(status));
        m_request.maps = fs::path(m_output) / "maps";
        m_request.layers = !m_noLayers;
        return runJob(console, [&](const JobContext& job) { return runComparison(m_request, job); });
    }

    Status readOptions(const Console& console)
    {
        auto prompts = m_promptFile.empty() ? shippedPrompts(*m_request.variants.front().model)
                                            : readPrompts(m_promptFile);
        if (!prompts)
            return tl::unexpected(prompts.error());
        const std::size_t wanted = m_count > 0 ? m_count
            : m_promptFile.empty()             ? kUsualPrompts
                                               : prompts->size();
        prompts->resize(std::min(wanted, prompts->size()));
        m_request.prompts = std::move(*prompts);
        if (m_request.seeds.empty())
            m_request.seeds = {0};
        if (!m_size.empty()) {
            const auto size = parsePixelSize(m_size);
            if (!size)
                return tl::unexpected(size.error());
            m_request.settings.width = size->width;
            m_request.settings.height = size->height;
        }
        if (!m_memoryLimit.empty()) {
            const auto bytes = parseSize(m_memoryLimit);
            if (!bytes)
                return tl::unexpected(bytes.error());
            m_request.options.memoryLimit = *bytes;
        }
        return m_companions.open(console, m_request.options);
    }

    static std::string meanText(const ComparedVariant& variant, std::string_view id)
    {
        for (std::size_t i = 0; i < pictureMetrics().size(); ++i)
            if (const MetricInfo& info = pictureMetrics()[i]->info(); info.id == id)
                return variant.mean.at(i) ? metricText(info, variant.mean.at(i), false) : "–";
        return "–";
    }

    void print(const Console& console, const Report& report, const ReportFiles& files) const
    {
        const Comparison& comparison = report.comparison;
        for (const std::string& warning : comparison.warnings)
            console.warn(warning);
        std::vector<std::vector<std::string>> rows{
            {"variant", "size", "PSNR dB", "SSIM", "FLIP", "MAE", "s/step", "speed-up", "peak memory"}};
        std::vector<bool> numbers{false, true, true, true, true, true, true, true, true};
        if (!m_lpips.empty()) {
            rows.front().emplace_back("LPIPS");
            numbers.push_back(true);
        }
        bool earlier = false;
        for (const ComparedVariant& variant : comparison.variants) {
            const bool baseline = &variant == &comparison.variants.front();
            const auto metric
                = [&](std::string_view id) { return baseline ? std::string("–") : meanText(variant, id); };
            const auto gain = speedUp(comparison, variant);
            const bool timed = variant.secondsPerStep.has_value();
            earlier = earlier || (variant.timedEarlier && timed);
            rows.push_back({variant.name + (baseline ? " (baseline)" : ""), bytesText(variant.bytes),
                metric("psnr_db"), metric("ssim"), metric("flip"), metric("mae"),
                timed ? fmt::format("{:.4f}{}", *variant.secondsPerStep, variant.timedEarlier ? "*" : "")
                      : "–",
                gain ? fmt::format("{:.2f} ×", *gain) : "–", bytesText(variant.peakBytes)});
            if (!m_lpips.empty())
                rows.back().push_back(metric("lpips"));
        }
        console.print(formatTable(rows, numbers));
        if (earlier)
            console.print(
                "* measured by an earlier run, whose pictures were reused (--remake makes them anew)\n");
        const auto order = ranked(comparison);
        if (order.size() > 1) {
            std::string line;
            for (const ComparedVariant* variant : order)
                line += (line.empty() ? "" : " > ") + variant->name;
            console.print(fmt::format("closest first: {}\n", line));
        }
        for (const std::string& problem : report.problems)
            console.print("limit broken: " + problem + "\n");
        console.print(fmt::format("report: {}\n", files.html.string()));
    }

    std::vector<std::string> m_variants;
    CompanionOptions m_companions;
    std::vector<fs::path> m_lpips;
    std::string m_output, m_promptFile, m_size, m_memoryLimit;
    std::size_t m_count = 0;
    ComparisonRequest m_request;
    QualityLimits m_limits;
    bool m_images = false, m_overwrite = false, m_noPdf = false, m_noLayers = false;
};

} // namespace

std::unique_ptr<Command> makeCompare()
{
    return std::make_unique<Compare>();
}

} // namespace mantissa::cli
