// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that were made once: a folder of files named by what they were made of, so that a comparison that
// was stopped goes on where it was, and a variant that is added makes only its own.
#pragma once

#include "engine/base/error.h"
#include "engine/compare/trajectory.h"
#include "engine/image/png.h"
#include "engine/io/tensor_source.h"
#include "engine/torch/generation.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mantissa {

/// Everything that a picture depends on.
struct PictureRecipe {
    std::string sourceHash; ///< of the checkpoint (SourceHasher)
    std::vector<std::string> companionHashes; ///< of the files that stand in for missing components
    std::string plan; ///< JSON; empty: the file as it is
    GenerationRequest request; ///< resolved
    std::string device, computeType;
    unsigned threads = 0; ///< sums in another order give other last bits
};

/// XXH3-128, 32 hex digits, of the recipe and of the version of this program.
std::string pictureKey(const PictureRecipe& recipe);

struct CachedPicture {
    Picture picture;
    std::filesystem::path file; ///< the PNG
    Trajectory trajectory; ///< empty where it was lost
    std::vector<double> stepSeconds; ///< measured when it was made
    std::uint64_t peakBytes = 0; ///< the same; 0: not known
    std::uint64_t gpuPeakBytes = 0;
};

/// Thread rule: const members from any thread and process; files appear whole or not at all.
class PictureCache {
public:
    /// Makes the folder; System where that fails. An empty path is $XDG_CACHE_HOME/mantissa/pictures (default
    /// ~/.cache).
    static Result<PictureCache> open(std::filesystem::path folder);
    const std::filesystem::path& folder() const { return m_folder; }

    /// Whether there is a picture of that key, without reading it.
    bool has(const std::string& key) const;
    /// Empty where there is none; a damaged entry counts as none.
    std::optional<CachedPicture> find(const std::string& key) const;
    /// `texts` go into the PNG beside the measurements of `made`. Gives the PNG's path.
    Result<std::filesystem::path> store(
        const std::string& key, const CachedPicture& made, const PngTexts& texts) const;

    /// XXH3-128 of the source's content (hashSource). It is remembered by path, size and modification time,
    /// so that a large file is read once.
    Result<std::string> sourceHash(const SourceInfo& info, const std::function<bool()>& cancelled) const;

private:
    explicit PictureCache(std::filesystem::path folder)
        : m_folder(std::move(folder))
    { }
    std::filesystem::path pathOf(const std::string& key, const char* extension) const;
    std::filesystem::path m_folder;
};

} // namespace mantissa
