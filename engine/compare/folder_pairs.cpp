// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/folder_pairs.h"

#include "engine/compare/pair_measurement.h"
#include "engine/image/png.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace mantissa {

namespace {

namespace fs = std::filesystem;

/// Prompt and seed; what pictures are matched by.
using Making = std::pair<std::string, std::uint64_t>;

struct FoundPicture {
    fs::path file;
    std::optional<Making> making;
};

bool isPng(const fs::path& path)
{
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".png";
}

Result<std::vector<FoundPicture>> picturesIn(
    const fs::path& folder, std::vector<Sentence>& warnings, const JobContext& job)
{
    std::error_code problem;
    std::vector<FoundPicture> found;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
        if (isPng(it->path()))
            found.push_back({it->path(), {}});
    if (problem)
        return tl::unexpected(Error{ErrorCode::System,
            sentence("the folder cannot be read: {}", problem.message()), folder.string(), {}});
    std::sort(found.begin(), found.end(),
        [](const FoundPicture& a, const FoundPicture& b) { return a.file < b.file; });
    std::vector<FoundPicture> readable;
    for (FoundPicture& picture : found) {
        if (job.cancelled())
            return fail(ErrorCode::Cancelled, "the comparison was cancelled");
        const auto png = readPng(picture.file);
        if (!png) {
            warnings.push_back(sentence("{}: {}", picture.file.string(), png.error().message));
            continue;
        }
        for (const auto& [keyword, text] : png->texts)
            if (keyword == "parameters")
                if (const auto settings = readParameters(text); settings && settings->seed)
                    picture.making = Making{settings->prompt, *settings->seed};
        readable.push_back(std::move(picture));
    }
    return readable;
}

/// Pictures by what made them, without those that another file claims too.
std::map<Making, std::size_t> uniqueMakings(const std::vector<FoundPicture>& pictures)
{
    std::map<Making, std::size_t> unique, count;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        if (pictures[i].making) {
            unique[*pictures[i].making] = i;
            ++count[*pictures[i].making];
        }
    std::erase_if(unique, [&](const auto& entry) { return count[entry.first] > 1; });
    return unique;
}

/// For each reference its partner; npos where there is none.
std::vector<std::size_t> partners(
    const std::vector<FoundPicture>& references, const std::vector<FoundPicture>& tests)
{
    std::vector<std::size_t> result(references.size(), std::string::npos);
    std::vector<bool> taken(tests.size());
    const auto ours = uniqueMakings(references), theirs = uniqueMakings(tests);
    for (const auto& [making, i] : ours)
        if (const auto it = theirs.find(making); it != theirs.end()) {
            result[i] = it->second;
            taken[it->second] = true;
        }
    std::map<fs::path, std::size_t> byName;
    for (std::size_t i = 0; i < tests.size(); ++i)
        if (!taken[i])
            byName[tests[i].file.stem()] = i;
    for (std::size_t i = 0; i < references.size(); ++i)
        if (const auto it = byName.find(references[i].file.stem());
            result[i] == std::string::npos && it != byName.end())
            result[i] = it->second;
    return result;
}

ComparedPair pairOf(const FoundPicture& reference, const FoundPicture& test)
{
    ComparedPair pair;
    pair.name = reference.file.stem().string();
    if (reference.making) {
        pair.prompt = reference.making->first;
        pair.seed = reference.making->second;
    }
    pair.reference = reference.file;
    pair.test = test.file;
    return pair;
}

Result<ComparedVariant> compareWith(const std::vector<FoundPicture>& references, const FolderSpec& spec,
    const fs::path& maps, std::vector<Sentence>& warnings, const JobContext& job)
{
    const auto tests = picturesIn(spec.folder, warnings, job);
    if (!tests)
        return tl::unexpected(tests.error());
    const auto partner = partners(references, *tests);
    ComparedVariant variant;
    variant.name = spec.name;
    variant.facts.emplace_back("Folder", spec.folder.string());
    for (std::size_t i = 0; i < references.size(); ++i) {
        if (job.progress)
            job.progress->addItem();
        if (job.cancelled())
            return fail(ErrorCode::Cancelled, "the comparison was cancelled");
        if (partner[i] == std::string::npos) {
            warnings.push_back(sentence(
                "{} has no picture that belongs to {}", spec.name, references[i].file.filename().string()));
            continue;
        }
        ComparedPair pair = pairOf(references[i], (*tests)[partner[i]]);
        const auto a = readPng(pair.reference), b = readPng(pair.test);
        if (!a || !b)
            return tl::unexpected(a ? b.error() : a.error());
        if (const Status measured = measurePair(pair, a->picture, b->picture, maps, spec.name); measured)
            variant.pairs.push_back(std::move(pair));
        else if (measured.error().code == ErrorCode::Usage)
            warnings.push_back(sentence("{}, {}: {}", spec.name, pair.name, measured.error().message));
        else
            return tl::unexpected(measured.error());
    }
    if (variant.pairs.empty())
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            "no picture here has a partner that it can be compared with", spec.folder.string(),
            "pictures belong together by prompt and seed in their metadata, or by file name, and must have "
            "one size"});
    fillInMeans(variant);
    return variant;
}

} // namespace

std::optional<PictureSettings> readParameters(std::string_view text)
{
    // "PROMPT\nNegative prompt: …\nSteps: 20, Sampler: …, Seed: 1, …"; the prompt may have several lines.
    const std::size_t line = text.rfind("\nSteps: ");
    if (line == std::string_view::npos)
        return std::nullopt;
    PictureSettings settings;
    std::string_view head = text.substr(0, line), tail = text.substr(line);
    if (const std::size_t negative = head.find("\nNegative prompt: "); negative != std::string_view::npos)
        head = head.substr(0, negative);
    settings.prompt = head;
    constexpr std::string_view kSeed = "Seed: ";
    if (const std::size_t at = tail.find(kSeed); at != std::string_view::npos) {
        std::uint64_t seed = 0;
        const char* begin = tail.data() + at + kSeed.size();
        if (std::from_chars(begin, tail.data() + tail.size(), seed).ec == std::errc())
            settings.seed = seed;
    }
    return settings;
}

Result<Comparison> compareFolders(
    const std::vector<FolderSpec>& folders, const fs::path& maps, const JobContext& job)
{
    if (folders.size() < 2)
        return fail(ErrorCode::Usage, "a comparison needs at least two folders");
    Comparison comparison;
    if (job.progress)
        job.progress->start("reading pictures", 0, 0);
    const auto references = picturesIn(folders.front().folder, comparison.warnings, job);
    if (!references)
        return tl::unexpected(references.error());
    ComparedVariant baseline;
    baseline.name = folders.front().name;
    baseline.facts.emplace_back("Folder", folders.front().folder.string());
    EqualPairs equal;
    for (const FoundPicture& picture : *references) {
        ComparedPair pair = pairOf(picture, picture);
        const auto png = readPng(picture.file);
        if (!png)
            return tl::unexpected(png.error());
        if (Status measured = equal.measure(pair, png->picture); !measured)
            return forward(std::move(measured));
        baseline.pairs.push_back(std::move(pair));
    }
    fillInMeans(baseline);
    comparison.variants.push_back(std::move(baseline));
    if (job.progress)
        job.progress->start(
            "comparing pictures", 0, static_cast<std::uint32_t>(references->size() * (folders.size() - 1)));
    for (std::size_t i = 1; i < folders.size(); ++i) {
        auto variant = compareWith(*references, folders[i], maps, comparison.warnings, job);
        if (!variant)
            return forward(std::move(variant));
        comparison.variants.push_back(std::move(*variant));
    }
    return comparison;
}

} // namespace mantissa
