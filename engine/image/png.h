// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as PNG files, with texts that say how they were made.
#pragma once

#include "engine/base/error.h"
#include "engine/image/picture.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mantissa {

/// Keyword and text, as in PNG's tEXt and iTXt chunks. Keywords have 1 to 79 Latin letters.
using PngTexts = std::vector<std::pair<std::string, std::string>>;

struct PngFile {
    Picture picture;
    PngTexts texts;
};

/// Largest side of a picture that is read or written, in pixels.
inline constexpr int kLargestSide = 1 << 14;

/// Atomic: writes beside the target and renames. Usage where the file exists and `overwrite` is not set;
/// System where the system refuses.
Status writePng(
    const std::filesystem::path& path, const Picture& picture, const PngTexts& texts, bool overwrite);

/// Any PNG becomes 8-bit RGB; transparency is laid over black. InvalidInput for what is no PNG, is damaged or
/// too large.
Result<PngFile> readPng(const std::filesystem::path& path);

} // namespace mantissa
