// SPDX-License-Identifier: GPL-3.0-or-later
// What an export says about its own making: one metadata entry, so that the file can be explained, reproduced
// and continued without its original. No time and no path: equal inputs give equal bytes.
#pragma once

#include "engine/base/error.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mantissa {

/// Key in the safetensors `__metadata__`.
inline constexpr std::string_view kProvenanceKey = "mantissa";
/// Stands for the source's hash until it is known (Assembly::sourceHashMarker); as long as an XXH3-128 in
/// hex.
inline constexpr std::string_view kSourceHashMarker = "<mantissa-source-hash-xxh3-128!>";
static_assert(kSourceHashMarker.size() == 32);

struct ExportRecord {
    std::string version; ///< of Mantissa
    std::string sourceName, sourceHash;
    QuantPlan plan;
};

/// JSON text of the entry.
std::string makeProvenance(const QuantPlan& plan, const Model& model);
/// The record of a file that Mantissa wrote; empty where there is none; InvalidInput where it is damaged.
Result<std::optional<ExportRecord>> readProvenance(const SourceInfo& info);

/// The metadata of a source that is true of what is written from it: all, but of GGUF files those entries
/// that describe the file and its vocabulary, not the model.
std::map<std::string, std::string> writtenMetadata(const SourceInfo& info);

/// Version of this program ("0.1.0").
std::string_view programVersion();

} // namespace mantissa
