// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/components.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace mantissa::arch {

namespace {

/// A prefix with `*` for one path component, as the prefixes that occur in the file.
std::vector<std::string> expand(const PrefixRule& rule, const KeyView& file)
{
    const std::size_t star = rule.prefix.find('*');
    if (star == std::string::npos)
        return {rule.prefix};
    constexpr std::size_t kMost = 16;
    const std::string_view head = std::string_view(rule.prefix).substr(0, star);
    const std::string_view tail = std::string_view(rule.prefix).substr(star + 1);
    std::set<std::string> found;
    for (const Key& key : file.keys()) {
        if (!key.name.starts_with(head))
            continue;
        const std::size_t dot = key.name.find('.', star);
        if (dot != std::string_view::npos && key.name.substr(dot).starts_with(tail) && found.size() < kMost)
            found.insert(std::string(key.name.substr(0, dot + tail.size())));
    }
    return {found.begin(), found.end()};
}

std::span<const std::string_view> kindsOf(std::string_view role)
{
    static constexpr std::array<std::string_view, 1> kVae{"vae"};
    static constexpr std::array<std::string_view, 1> kText{"text_encoder"};
    static constexpr std::array<std::string_view, 1> kVision{"image_encoder"};
    static constexpr std::array<std::string_view, 1> kControl{"controlnet"};
    static constexpr std::array<std::string_view, 1> kNetwork{"diffusion"};
    if (role == "vae")
        return kVae;
    if (role == "text_encoder")
        return kText;
    if (role == "image_encoder")
        return kVision;
    if (role == "controlnet")
        return kControl;
    if (role == "diffusion_model")
        return kNetwork;
    return {};
}

} // namespace

Found identifyPart(
    const Identifier& identifier, const Registry& rules, const PrefixRule& place, std::string_view prefix)
{
    Found found = identifier.identify(prefix, kindsOf(place.role));
    const ArchitectureRule* given = rules.find(place.id);
    if (given == nullptr || (found && (found.exact || found.rule == given))
        || identifier.view(prefix).size() == 0)
        return found;
    found = identifier.describe(*given, prefix);
    found.evidence.push_back(sentence("the prefix `{}` belongs to {}", prefix, given->name));
    return found;
}

std::string roleOf(const ArchitectureRule& rule)
{
    if (rule.kind == "diffusion")
        return "diffusion_model";
    if (rule.kind == "adapter")
        return rule.id.starts_with("lora.") ? "lora" : rule.id;
    return rule.kind;
}

std::vector<Part> findParts(const Identifier& identifier, const Registry& rules, Found main)
{
    const ArchitectureRule* general = rules.find("unknown");
    std::vector<Part> parts;
    const bool whole = main.prefix.empty();
    const std::string mainRole = main ? roleOf(*main.rule) : "diffusion_model";
    const ArchitectureRule* mainRule = main ? main.rule : general;
    parts.push_back({mainRole, main.prefix, std::move(main), mainRule});
    std::map<std::string, int> seen{{mainRole, 1}};
    const bool adapter
        = mainRule != nullptr && mainRule->kind == "adapter"; // its keys hold names of base models
    for (const PrefixRule& rule : rules.prefixes) {
        if (adapter)
            break;
        for (const std::string& prefix : expand(rule, identifier.file())) {
            const bool taken = std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
                return !part.prefix.empty()
                    && (prefix.starts_with(part.prefix) || part.prefix.starts_with(prefix));
            });
            if (taken || identifier.view(prefix).size() == 0)
                continue;
            Found found = identifyPart(identifier, rules, rule, prefix);
            // Below a network without prefix, "vae." may be anything: only what is recognised counts.
            if (!found && (whole || rule.role == "diffusion_model"))
                continue;
            const int number = ++seen[rule.role];
            const ArchitectureRule* marks
                = found ? found.rule : (kindsOf(rule.role).empty() ? nullptr : general);
            parts.push_back({number > 1 ? fmt::format("{}_{}", rule.role, number) : rule.role, prefix,
                std::move(found), marks});
        }
    }
    if (!whole)
        parts.push_back({"other", "", {}, nullptr});
    return parts;
}

std::uint32_t partOf(std::string_view name, const std::vector<Part>& parts)
{
    std::size_t best = parts.size();
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (name.starts_with(parts[i].prefix)
            && (best == parts.size() || parts[i].prefix.size() > parts[best].prefix.size()))
            best = i;
    return static_cast<std::uint32_t>(best == parts.size() ? 0 : best);
}

} // namespace mantissa::arch
