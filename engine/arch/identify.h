// SPDX-License-Identifier: GPL-3.0-or-later
// Tries the rules on the keys below a prefix, and says what was found and why.
#pragma once

#include "engine/arch/extractors.h"
#include "engine/arch/key_view.h"
#include "engine/arch/rules.h"

#include <map>
#include <span>

namespace mantissa::arch {

struct Found {
    const ArchitectureRule* rule = nullptr; ///< null: nothing fits
    std::string form, prefix;
    Hyperparameters hyperparameters;
    std::vector<Sentence> evidence;
    bool exact = false;

    explicit operator bool() const { return rule != nullptr; }
};

class Identifier {
public:
    /// Everything passed in must outlive it.
    Identifier(
        const Registry& rules, std::span<const Key> all, const std::map<std::string, std::string>& metadata)
        : m_rules(rules)
        , m_all(all)
        , m_metadata(metadata)
        , m_file(all, "")
    { }

    const KeyView& file() const { return m_file; }
    KeyView view(std::string_view prefix) const { return KeyView(m_all, prefix); }

    /// The first rule of one of these kinds that fits the keys below `prefix`.
    Found identify(std::string_view prefix, std::span<const std::string_view> kinds) const;
    /// What a given architecture can tell about the keys, whether its rules fit or not.
    Found describe(const ArchitectureRule& rule, std::string_view prefix) const;
    /// Prefixes under which a network may be, the most likely first; the last is the whole file (spec section
    /// 2).
    std::vector<std::string> networkPrefixes() const;

private:
    using Cache
        = std::map<std::string, Extracted, std::less<>>; ///< extractor name → what it found below one prefix
    Found attempt(
        const ArchitectureRule& rule, const MatchRule& match, const KeyView& view, Cache& cache) const;
    Found fill(const ArchitectureRule& rule, std::string form, const KeyView& view, Cache& cache) const;

    void applyMetadata(Found& found) const;

    const Registry& m_rules;
    std::span<const Key> m_all;
    const std::map<std::string, std::string>& m_metadata;
    KeyView m_file;
};

/// Replaces `{name}` by the hyper-parameter of that name; empty if one is not known. What a translation is
/// looked up by has "{}" for each of them.
std::optional<Sentence> fillIn(std::string_view sentence, const Hyperparameters& values);

} // namespace mantissa::arch
