// SPDX-License-Identifier: GPL-3.0-or-later
// Small files that are never seen half-written. Large exports have PartFile (engine/export/part_file.h).
#pragma once

#include "engine/base/error.h"

#include <filesystem>
#include <string_view>

namespace mantissa {

/// Writes beside the target and renames. Usage where the file exists and `overwrite` is not set; System where
/// the system refuses. Any thread; the last of two writers of one path wins.
Status writeFileAtomically(const std::filesystem::path& path, std::string_view bytes, bool overwrite);

} // namespace mantissa
