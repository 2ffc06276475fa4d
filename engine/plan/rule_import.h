// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of rules that other tools follow, as rules of a plan.
#pragma once

#include "engine/plan/plan.h"

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct ImportedRules {
    std::vector<Rule> rules; ///< to be added after the plan's own, where they win
    std::vector<Sentence> notes; ///< what could not be said the same way, a sentence each
};

/// Recognises by their shape
/// - rules of stable-diffusion.cpp (`--tensor-type-rules`): "^vae\.=f16,model\.=q8_0", the first that fits
///   counts, types are GGML's; the nearest format takes the place of one that safetensors runtimes lack
///   (leejet/stable-diffusion.cpp: src/model.cpp, parse_tensor_type_rules and get_export_tensor_type);
/// - configs of comfy-quants (YAML): `quant: target_dtype:` for the globs of `modules: include:`, less those
/// of
///   `exclude:` (Comfy-Org/comfy-quants: configs/flux2_nvfp4_mixed.yaml).
/// InvalidInput, with the line or the rule in `where`.
Result<ImportedRules> importRules(std::string_view text);

} // namespace mantissa
