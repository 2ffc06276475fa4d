// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison as files: report.html (one file that works offline), report.json, report.csv and report.pdf.
// Any thread.
#pragma once

#include "engine/compare/comparison.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mantissa {

struct Report {
    Comparison comparison;
    std::vector<std::pair<std::string, std::string>> environment; ///< environmentFacts()
    std::string command; ///< that repeats the comparison; may be empty
    std::string made; ///< when, for people
    std::vector<Sentence> problems; ///< brokenLimits()
};

struct ReportFiles {
    std::filesystem::path html, json, csv, pdf; ///< pdf is empty where none was wanted
};

/// What measurements depend on, as name and text: program, libtorch, processor, memory, GPU, system.
std::vector<std::pair<std::string, std::string>> environmentFacts();

/// Copies pictures that lie in the cache into FOLDER/pictures and writes the reports, report.html last. Usage
/// where it is there and `overwrite` is not set; System where the system refuses.
Result<ReportFiles> writeReport(
    Report& report, const std::filesystem::path& folder, bool overwrite, bool pdf, bool copyPictures);

/// docs of the JSON: cli.md, "compare --json". Paths are relative to `folder` where they lie in it.
std::string reportJson(const Report& report, const std::filesystem::path& folder);
/// One line a pair, and one for the mean of each variant (pair "mean"); RFC 4180.
std::string reportCsv(const Report& report);
/// Pictures are embedded up to kEmbeddedBytes, the worst pairs first.
Result<std::string> reportHtml(const Report& report, const std::filesystem::path& folder);
inline constexpr std::uint64_t kEmbeddedBytes = std::uint64_t{96} << 20;
Status writeReportPdf(const Report& report, const std::filesystem::path& path);

/// "13.4 MB", in decimal units; "–" where it is not known.
std::string bytesText(const std::optional<std::uint64_t>& bytes);
/// Variants besides the baseline, closest to it first by mean FLIP, then PSNR.
std::vector<const ComparedVariant*> ranked(const Comparison& comparison);

} // namespace mantissa
