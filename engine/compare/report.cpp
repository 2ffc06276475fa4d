// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/report.h"

#include "engine/base/human_text.h"
#include "engine/compare/pair_measurement.h"
#include "engine/compat/hardware.h"
#include "engine/compat/machine.h"
#include "engine/export/provenance.h"
#include "engine/io/atomic_file.h"
#include "engine/torch/loader.h"

#include <algorithm>
#include <cmath>
#include <sys/sysinfo.h>
#include <thread>

namespace mantissa {

namespace {

namespace fs = std::filesystem;

/// A field of RFC 4180: quoted where it must be.
std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted(1, '"');
    for (const char c : text) {
        if (c == '"')
            quoted.push_back('"');
        quoted.push_back(c);
    }
    quoted.push_back('"');
    return quoted;
}

std::string csvNumber(const std::optional<double>& value)
{
    return !value ? "" : std::isinf(*value) ? "inf" : fmt::format("{}", *value);
}

template <typename T> std::string csvOptional(const std::optional<T>& value)
{
    return value ? fmt::format("{}", *value) : std::string();
}

Status copyPicture(ComparedPair& pair, const fs::path& folder, const std::string& variant)
{
    const fs::path to = folder / "pictures" / pathName(variant) / (pathName(pair.name) + ".png");
    std::error_code problem;
    fs::create_directories(to.parent_path(), problem);
    fs::copy_file(pair.test, to, fs::copy_options::overwrite_existing, problem);
    if (problem)
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the picture could not be copied: {}", problem.message()), to.string(), {}});
    pair.test = to;
    return {};
}

Status copyAllPictures(Comparison& comparison, const fs::path& folder)
{
    for (ComparedVariant& variant : comparison.variants)
        for (std::size_t i = 0; i < variant.pairs.size(); ++i) {
            ComparedPair& pair = variant.pairs[i];
            if (Status copied = copyPicture(pair, folder, variant.name); !copied)
                return copied;
            pair.reference = comparison.variants.front().pairs.at(i).test;
        }
    return {};
}

} // namespace

std::vector<std::pair<std::string, std::string>> environmentFacts()
{
    std::vector<std::pair<std::string, std::string>> facts{{"Mantissa", std::string(programVersion())}};
    if (const auto torch = loadTorch())
        facts.emplace_back("libtorch", (*torch)->torchVersion);
    facts.emplace_back(
        "Processor", fmt::format("{}, {} threads", processorName(), std::thread::hardware_concurrency()));
    struct sysinfo memory { };
    if (::sysinfo(&memory) == 0)
        facts.emplace_back("Memory", bytesText(std::uint64_t{memory.totalram} * memory.mem_unit));
    const GpuDetection gpus = detectGpus();
    facts.emplace_back("GPU", gpus.gpus.empty() ? "none" : gpus.gpus.front().name);
    facts.emplace_back("System", systemName());
    return facts;
}

std::string bytesText(const std::optional<std::uint64_t>& bytes)
{
    return bytes ? humanBytes(*bytes) : "–";
}

std::vector<const ComparedVariant*> ranked(const Comparison& comparison)
{
    std::vector<const ComparedVariant*> order;
    for (std::size_t i = 1; i < comparison.variants.size(); ++i)
        order.push_back(&comparison.variants[i]);
    const auto worth = [](const ComparedVariant& variant) {
        double flip = 1, psnr = 0;
        for (std::size_t i = 0; i < variant.mean.size(); ++i) {
            if (pictureMetrics()[i]->info().id == "flip")
                flip = variant.mean[i].value_or(1);
            if (pictureMetrics()[i]->info().id == "psnr_db")
                psnr = variant.mean[i].value_or(0);
        }
        return std::pair(flip, -psnr);
    };
    std::stable_sort(order.begin(), order.end(),
        [&](const ComparedVariant* a, const ComparedVariant* b) { return worth(*a) < worth(*b); });
    return order;
}

std::string reportCsv(const Report& report)
{
    std::string text = "variant,pair,prompt,seed";
    for (const Metric* metric : pictureMetrics())
        text += fmt::format(",{}", metric->info().id);
    text += ",bytes,seconds_per_step,peak_bytes,rating,bad,note\r\n";
    const auto judged = [](const Judgement& judgement) {
        return fmt::format("{},{},{}",
            judgement.rating > 0 ? fmt::format("{}", judgement.rating) : std::string(),
            judgement.bad ? "yes" : "", csvField(judgement.note));
    };
    const auto line = [&](const ComparedVariant& variant, const std::string& pair, const std::string& prompt,
                          const std::string& seed, const std::vector<std::optional<double>>& values) {
        text += fmt::format("{},{},{},{}", csvField(variant.name), csvField(pair), csvField(prompt), seed);
        for (const auto& value : values)
            text += fmt::format(",{}", csvNumber(value));
    };
    for (const ComparedVariant& variant : report.comparison.variants) {
        for (const ComparedPair& pair : variant.pairs) {
            line(variant, pair.name, pair.prompt, csvOptional(pair.seed), pair.values);
            text += fmt::format(",,,,{}\r\n", judged(pair.judgement));
        }
        line(variant, "mean", "", "", variant.mean);
        text += fmt::format(",{},{},{},{}\r\n", csvOptional(variant.bytes),
            csvOptional(variant.secondsPerStep), csvOptional(variant.peakBytes), judged(variant.judgement));
    }
    return text;
}

Result<ReportFiles> writeReport(
    Report& report, const fs::path& folder, bool overwrite, bool pdf, bool copyPictures)
{
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the folder cannot be made: {}", problem.message()), folder.string(), {}});
    ReportFiles files{folder / "report.html", folder / "report.json", folder / "report.csv", {}};
    if (!overwrite && fs::exists(files.html, problem))
        return tl::unexpected(Error{ErrorCode::Usage, "there is a report already", files.html.string(),
            "add --overwrite to replace it, or name another folder"});
    if (copyPictures)
        if (Status copied = copyAllPictures(report.comparison, folder); !copied)
            return forward(std::move(copied));
    if (Status written = writeFileAtomically(files.json, reportJson(report, folder), true); !written)
        return forward(std::move(written));
    if (Status written = writeFileAtomically(files.csv, reportCsv(report), true); !written)
        return forward(std::move(written));
    if (pdf) {
        files.pdf = folder / "report.pdf";
        if (Status written = writeReportPdf(report, files.pdf); !written)
            return forward(std::move(written));
    }
    const auto html = reportHtml(report, folder);
    if (!html)
        return tl::unexpected(html.error());
    if (Status written = writeFileAtomically(files.html, *html, true); !written)
        return forward(std::move(written));
    return files;
}

} // namespace mantissa
