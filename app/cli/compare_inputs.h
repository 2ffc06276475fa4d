// SPDX-License-Identifier: GPL-3.0-or-later
// What `compare` compares, from what was typed: variants and folders.
#pragma once

#include "engine/compare/comparison.h"
#include "engine/compare/folder_pairs.h"

#include <string>
#include <vector>

namespace mantissa::cli {

/// Each of `texts` is [NAME=]FILE, [NAME=]FILE:FORMAT, [NAME=]FILE:FORMAT/RECIPE or [NAME=]FILE:PLAN.json;
/// without FILE, that of the first one. A file whose name has a ':' or '=' is taken as it is.
Result<std::vector<VariantSpec>> readVariants(const std::vector<std::string>& texts);
/// Gives the variants whose recipe needs statistics those of `file`, once they are found to be of the
/// variant's model. Usage where no variant needs any.
Status giveStatistics(
    std::vector<VariantSpec>& variants, const std::filesystem::path& file, const JobContext& job);
/// Each of `texts` is [NAME=]FOLDER.
Result<std::vector<FolderSpec>> readFolders(const std::vector<std::string>& texts);

} // namespace mantissa::cli
