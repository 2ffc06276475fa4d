// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/picture_cache.h"

#include "engine/base/text_hash.h"
#include "engine/export/provenance.h"
#include "engine/export/source_hasher.h"
#include "engine/io/atomic_file.h"
#include "engine/io/random_access_file.h"
#include "engine/base/json.h"

#include <cstdlib>

namespace mantissa {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kMeasurementsText = "mantissa-measurements"; ///< keyword in the PNG
constexpr std::uint64_t kLargestTrajectory = std::uint64_t{4} << 30; ///< bytes that are read back

fs::path defaultFolder()
{
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
        return fs::path(cache) / "mantissa" / "pictures";
    const char* home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "/tmp") / ".cache" / "mantissa" / "pictures";
}

std::optional<std::string> readWhole(const fs::path& path, std::uint64_t limit)
{
    const auto file = RandomAccessFile::open(path);
    if (!file || (*file)->size() > limit)
        return std::nullopt;
    auto text = (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
    if (!text)
        return std::nullopt;
    return std::move(*text);
}

} // namespace

std::string pictureKey(const PictureRecipe& recipe)
{
    const GenerationRequest& r = recipe.request;
    Json json{{"version", std::string(programVersion())}, {"source", recipe.sourceHash},
        {"companions", recipe.companionHashes}, {"plan", recipe.plan}, {"prompt", r.prompt},
        {"negative", r.negative}, {"seed", r.seed}, {"steps", r.steps}, {"cfg", r.cfg},
        {"sampler", r.sampler}, {"scheduler", r.scheduler}, {"width", r.width}, {"height", r.height},
        {"device", recipe.device}, {"compute", recipe.computeType}, {"threads", recipe.threads}};
    return hashText(json.dump(-1, ' ', true, Json::error_handler_t::replace));
}

Result<PictureCache> PictureCache::open(fs::path folder)
{
    if (folder.empty())
        folder = defaultFolder();
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem || !fs::is_directory(folder, problem))
        return tl::unexpected(
            Error{ErrorCode::System, sentence("the picture cache cannot be made: {}", problem.message()),
                folder.string(), "name another folder with --cache"});
    return PictureCache(std::move(folder));
}

fs::path PictureCache::pathOf(const std::string& key, const char* extension) const
{
    return m_folder / key.substr(0, 2) / (key + extension);
}

bool PictureCache::has(const std::string& key) const
{
    std::error_code ignored;
    return fs::is_regular_file(pathOf(key, ".png"), ignored);
}

std::optional<CachedPicture> PictureCache::find(const std::string& key) const
{
    if (!has(key))
        return std::nullopt;
    CachedPicture found;
    found.file = pathOf(key, ".png");
    auto png = readPng(found.file);
    if (!png)
        return std::nullopt;
    found.picture = std::move(png->picture);
    for (const auto& [keyword, text] : png->texts) {
        if (keyword != kMeasurementsText)
            continue;
        const auto json = parseJson(text);
        if (!json.is_object())
            continue;
        if (const auto it = json.find("step_seconds"); it != json.end() && it->is_array())
            for (const auto& seconds : *it)
                if (seconds.is_number())
                    found.stepSeconds.push_back(seconds.get<double>());
        const auto number = [&](const char* name) {
            const auto it = json.find(name);
            return it != json.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
        };
        found.peakBytes = number("peak_bytes");
        found.gpuPeakBytes = number("gpu_peak_bytes");
    }
    if (const auto bytes = readWhole(pathOf(key, ".steps"), kLargestTrajectory))
        if (auto trajectory = unpackTrajectory(*bytes))
            found.trajectory = std::move(*trajectory);
    return found;
}

Result<fs::path> PictureCache::store(
    const std::string& key, const CachedPicture& made, const PngTexts& texts) const
{
    fs::path path = pathOf(key, ".png");
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
    // The picture comes last: it stands for the whole entry.
    if (Status written = writeFileAtomically(pathOf(key, ".steps"), packTrajectory(made.trajectory), true);
        !written)
        return forward(std::move(written));
    PngTexts all = texts;
    all.emplace_back(kMeasurementsText,
        Json{{"step_seconds", made.stepSeconds}, {"peak_bytes", made.peakBytes},
            {"gpu_peak_bytes", made.gpuPeakBytes}}
            .dump());
    if (Status written = writePng(path, made.picture, all, true); !written)
        return forward(std::move(written));
    return path;
}

Result<std::string> PictureCache::sourceHash(
    const SourceInfo& info, const std::function<bool()>& cancelled) const
{
    std::string identity;
    std::error_code ignored;
    for (const SourceFile& file : info.files)
        identity += fmt::format(
            "{}\n{}\n{}\n", fs::absolute(file.path, ignored).string(), file.bytes, file.modifiedNs);
    const fs::path memo = m_folder / "sources" / (hashText(identity) + ".txt");
    constexpr std::size_t kHexDigits = 32;
    if (auto known = readWhole(memo, kHexDigits);
        known && known->size() == kHexDigits && known->find_first_not_of("0123456789abcdef") == known->npos)
        return std::move(*known);
    auto hash = hashSource(info, cancelled);
    if (!hash)
        return hash;
    fs::create_directories(memo.parent_path(), ignored);
    // A note that cannot be kept costs the next run some reading, nothing else.
    (void)writeFileAtomically(memo, *hash, true);
    return hash;
}

} // namespace mantissa
