// SPDX-License-Identifier: GPL-3.0-or-later
// The layer filters of convert-to-quant 1.3.4, as data (resources/presets/ctq_filters.json). They are
// switches of `mantissa ctq` and also readable as presets; several of them add up.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct CtqFilter {
    std::string id; ///< also the switch: "flux2" is `--flux2`
    std::string group; ///< "text", "diffusion", "video", "image"
    std::string aliasOf; ///< id of the filter that this one is another name of; its lists are filled in here
    std::vector<std::string> exclude, keep; ///< substrings of tensor names; both leave the layer unquantized
    std::vector<std::string> remove; ///< tensors whose name has one of these are dropped (unified path only)
    bool avoid = false; ///< the AVOID list is part of `exclude` (already joined into it)
    bool lastLayer = false; ///< also the highest-numbered block under `lastLayerPrefixes`
    std::vector<std::string> lastLayerPrefixes;
    bool textInputScale = false; ///< float8 layers get an input_scale that copies weight_scale
    std::string
        preserveDtype; ///< excluded weights keep at most this ("bfloat16", "float32"); empty: output dtype
    std::string preservePattern; ///< regular expression (search) of the tensors that preserveDtype is for
};

/// All filters, in the order of the Python tool's help.
std::span<const CtqFilter> ctqFilters();
/// Null if there is none of this id.
const CtqFilter* findCtqFilter(std::string_view id);
/// Always excluded by the dedicated NVFP4 and MXFP8 path.
const std::vector<std::string>& ctqAvoidList();
/// Whether one of the substrings occurs in the name.
bool containsAny(std::string_view name, const std::vector<std::string>& parts);

} // namespace mantissa
