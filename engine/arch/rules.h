// SPDX-License-Identifier: GPL-3.0-or-later
// The architecture files (resources/architectures/*.json), parsed. Adding a model family is adding a file
// there; docs: resources/architectures/README.md says what each field means.
#pragma once

#include "engine/arch/expression.h"
#include "engine/base/error.h"

#include <optional>
#include <string>
#include <vector>

namespace mantissa::arch {

/// One spelling of a network's keys, and where it stands in the order of all rules.
struct MatchRule {
    int order = 0; ///< smaller is tried first
    std::string form; ///< "native", "diffusers", "openclip", …
    std::vector<std::string> keys; ///< all must occur; each may list alternatives `a|b`
    std::vector<std::string> without; ///< none may occur
    std::string when; ///< expression over keys and hyper-parameters; empty: true
};

struct HyperRule {
    std::string name, expression, form; ///< form empty: every form
};

struct CriticalRule {
    std::string reason;
    std::optional<std::string> pattern; ///< regular expression, searched in the layer's name after the prefix
    bool outsideBlocks = false; ///< layers that belong to no repeated block
    bool convolutions = false; ///< all convolutions
    std::string blocks; ///< "joint_blocks": the first and last of these blocks
    std::int64_t first = 0, last = 0;
};

struct VariantRule {
    std::string id, when;
    std::vector<std::string> hints; ///< words in metadata or the file name that name it
};

struct PredictionRule {
    std::string kind, when, because;
    std::string key; ///< a small tensor whose population standard deviation must exceed `deviation`
    double deviation = 0;
};

/// How adapters of this architecture are recognised, over module paths with '_' for '.'.
struct AdapterRule {
    std::vector<std::string> modules; ///< globs, any of them
    std::string widthModule; ///< glob; empty: the modules suffice
    std::int64_t width = 0; ///< input features of that module
};

struct ArchitectureRule {
    std::string id, name, kind, prediction, latent, note, extractor;
    std::string
        metadata; ///< "config.transformer": JSON in a metadata entry, whose numbers override what shapes say
    std::vector<MatchRule> matches;
    std::vector<HyperRule> hyperparameters;
    std::vector<std::pair<std::string, std::string>> evidence; ///< form (or empty) and sentence with {names}
    std::string exact; ///< expression: the widths are those of the published model
    std::string exactName; ///< what such a model is called, where that differs
    std::vector<CriticalRule> critical, criticalAt4Bits;
    std::vector<VariantRule> variants;
    std::vector<PredictionRule> predictions;
    std::vector<AdapterRule> adapters;
};

struct PrefixRule {
    std::string prefix; ///< `*` stands for one path component
    std::string role; ///< "diffusion_model", "vae", "text_encoder", "image_encoder", "controlnet", "ema", …
    std::string id; ///< architecture if the shapes do not say more; may be empty
};

struct Registry {
    std::vector<ArchitectureRule> architectures; ///< sorted by id
    struct Candidate {
        const ArchitectureRule* architecture;
        const MatchRule* match;
    };
    std::vector<Candidate> ordered; ///< every spelling of every architecture, in order
    std::vector<PrefixRule> prefixes;

    const ArchitectureRule* find(std::string_view id) const;
};

/// Parsed once, on first use. Internal if a file that ships with the program is broken.
const Result<Registry>& registry();
/// For tests: parses other texts (name → JSON).
Result<Registry> parseRegistry(const std::vector<std::pair<std::string, std::string_view>>& files);

} // namespace mantissa::arch
