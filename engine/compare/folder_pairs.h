// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing folders of pictures that somebody else made.
#pragma once

#include "engine/compare/comparison.h"

namespace mantissa {

struct FolderSpec {
    std::string name; ///< unique in its comparison
    std::filesystem::path folder;
};

/// What the text `parameters` of A1111, and ours, says about a picture's making.
struct PictureSettings {
    std::string prompt;
    std::optional<std::uint64_t> seed;
};
/// Empty where the text is of another form.
std::optional<PictureSettings> readParameters(std::string_view text);

/// The PNG files of the first folder with those of each other one. Two files belong together if both say the
/// same prompt and seed and no other file of their folder does; else, if they have the same name. Pictures
/// without a partner, pictures of different sizes and files that cannot be read are left out, with a warning.
/// System where a folder cannot be read; InvalidInput where no pair is left in one.
Result<Comparison> compareFolders(
    const std::vector<FolderSpec>& folders, const std::filesystem::path& maps, const JobContext& job);

} // namespace mantissa
