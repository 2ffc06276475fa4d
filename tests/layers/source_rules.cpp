// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/layers/source_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace mantissa::test {

namespace {

constexpr std::size_t kLinesToQuestion = 500;
constexpr std::size_t kLinesAtMost = 800;
constexpr std::string_view kLicence = "// SPDX-License-Identifier: GPL-3.0-or-later";

// From the bottom up: a file may include its own layer and those before it.
constexpr std::array<std::string_view, 4> kLayers = {"kernels/", "engine/", "ui/", "app/"};

struct Include {
    std::string_view target;
    bool system = false; ///< <…>, else "…"
};

std::optional<std::size_t> layerOf(std::string_view path)
{
    for (std::size_t layer = 0; layer < kLayers.size(); ++layer)
        if (path.starts_with(kLayers[layer]))
            return layer;
    return std::nullopt;
}

bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes)
{
    return std::any_of(
        prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return text.starts_with(prefix); });
}

bool isQt(std::string_view include)
{
    return startsWithAny(include, {"Qt", "qcustomplot"})
        || (include.size() > 1 && include[0] == 'Q'
            && std::isupper(static_cast<unsigned char>(include[1])) != 0);
}

bool isTorch(std::string_view include)
{
    return startsWithAny(include, {"torch/", "ATen/", "c10/"});
}

bool isHeader(std::string_view path)
{
    return path.ends_with(".h") || path.ends_with(".cuh");
}

std::optional<Include> parseInclude(std::string_view line)
{
    const auto skipSpace = [&] {
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
            line.remove_prefix(1);
    };
    const auto skip = [&](std::string_view word) {
        if (!line.starts_with(word))
            return false;
        line.remove_prefix(word.size());
        skipSpace();
        return true;
    };
    skipSpace();
    if (!skip("#") || !skip("include") || line.empty())
        return std::nullopt;
    const char close = line.front() == '<' ? '>' : '"';
    if (line.front() != '<' && line.front() != '"')
        return std::nullopt;
    const std::size_t end = line.find(close, 1);
    if (end == std::string_view::npos)
        return std::nullopt;
    return Include{line.substr(1, end - 1), close == '>'};
}

constexpr std::string_view kJsonHome = "engine/base/json.h";

/// The sentence of the rule that this include breaks, or nothing.
std::optional<std::string> brokenBy(
    std::string_view path, const Include& include, const std::set<std::string>& jsonHeaders)
{
    const auto layer = layerOf(path);
    if (!layer)
        return std::nullopt; // tests may include everything
    const std::string name(include.target);
    const auto target = layerOf(include.target);
    if (target && *target > *layer)
        return "includes " + name + ", a layer above its own";
    if (include.target.starts_with("tests/"))
        return "includes " + name + ": the product does not depend on its tests";
    const bool inKernels = path.starts_with("kernels/");
    const bool inEngine = path.starts_with("engine/");
    const bool inCommandLine = path.starts_with("app/cli/");
    if ((inKernels || inEngine || inCommandLine) && isQt(include.target))
        return "includes Qt (" + name + "): only ui/ and the window's program do";
    if (inCommandLine && include.target.starts_with("ui/"))
        return "includes " + name + ": the command line runs without the window's libraries";
    if (isTorch(include.target) && !path.starts_with("engine/torch/"))
        return "includes torch (" + name + "): only engine/torch/ does";
    if (include.target == "nlohmann/json.hpp" && path != kJsonHome)
        return "includes nlohmann_json: " + std::string(kJsonHome) + " does, and instantiates it once";
    if (isHeader(path) && !include.system && name != kJsonHome && jsonHeaders.count(name) != 0)
        return "includes " + name + ", which shows JSON types: only .cpp files may include it";
    const bool hasFolder = include.target.find('/') != std::string_view::npos;
    if (inKernels && include.system && hasFolder && !startsWithAny(include.target, {"hwy/", "sys/"}))
        return "includes " + name + ": kernels know the standard library, Highway and CUDA only";
    return std::nullopt;
}

bool hasWord(std::string_view line, std::string_view word)
{
    const auto isWord = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        const bool startsThere = at == 0 || !isWord(line[at - 1]);
        const std::size_t end = at + word.size();
        if (startsThere && (end == line.size() || !isWord(line[end])))
            return true;
    }
    return false;
}

/// Calls visit(number from 1, line without its end) for each line.
template <typename Visit> std::size_t forEachLine(std::string_view text, Visit visit)
{
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        visit(++number, text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return number;
}

} // namespace

bool showsJsonTypes(std::string_view path, std::string_view text)
{
    bool found = false;
    if (isHeader(path) && startsWithAny(path, {"kernels/", "engine/", "ui/"}))
        forEachLine(text, [&](std::size_t, std::string_view line) {
            const auto include = parseInclude(line);
            found = found
                || (include && (include->target.starts_with("nlohmann/") || include->target == kJsonHome));
        });
    return found;
}

std::vector<Finding> checkSource(
    std::string_view path, std::string_view text, const std::set<std::string>& jsonHeaders)
{
    std::vector<Finding> findings;
    const auto report = [&](std::size_t line, std::string what, bool fatal = true) {
        findings.push_back({std::string(path) + ":" + std::to_string(line), std::move(what), fatal});
    };
    bool once = false;
    const std::size_t lines = forEachLine(text, [&](std::size_t number, std::string_view line) {
        if (number == 1 && line != kLicence)
            report(1, "does not start with the line " + std::string(kLicence));
        if (line == "#pragma once")
            once = true;
        if (const auto include = parseInclude(line))
            if (auto rule = brokenBy(path, *include, jsonHeaders))
                report(number, std::move(*rule));
        // Written in two parts, so that this file does not break its own rule.
        if (hasWord(line,
                "TO"
                "DO")
            || hasWord(line,
                "FIX"
                "ME"))
            report(number, "has a note to self: do it, or file an issue");
        if (isHeader(path) && line.starts_with("using namespace"))
            report(number, "opens a namespace for everyone who includes this header");
    });
    if (lines == 0)
        report(1, "does not start with the line " + std::string(kLicence));
    // Highway includes its -inl.h files once for each target, behind a guard that it toggles.
    if (isHeader(path) && !path.ends_with("-inl.h") && !once)
        report(1, "has no #pragma once");
    if (lines > kLinesAtMost)
        report(lines, "is longer than 800 lines: split it");
    else if (lines > kLinesToQuestion)
        report(lines, "is longer than 500 lines: does it hold one thing?", false);
    return findings;
}

std::vector<Finding> checkContent(std::string_view path, std::string_view text)
{
    // In parts, so that this file does not hold what it forbids.
    static const std::array<std::string, 8> kForbidden = {"/wo"
                                                          "rk/",
        "/ro"
        "ot/",
        "pypi"
        ".org",
        "pythonhosted"
        ".org",
        "deb.debian"
        ".org",
        "security.debian"
        ".org",
        "npmjs"
        ".org",
        "download.pytorch"
        ".org"};
    std::vector<Finding> findings;
    forEachLine(text, [&](std::size_t number, std::string_view line) {
        for (const std::string& word : kForbidden)
            if (line.find(word) != std::string_view::npos)
                findings.push_back({std::string(path) + ":" + std::to_string(number),
                    "names " + word + ": a path of one machine or a registry's host does not belong here"});
    });
    return findings;
}

} // namespace mantissa::test
