// SPDX-License-Identifier: GPL-3.0-or-later
// Presets are data: resources/presets/<family>.json. Each file makes one preset for any format and one for
// each aim.
#include "engine/base/resource.h"
#include "engine/base/json_tree.h"
#include "engine/plan/plan.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/findings.h"

#include <algorithm>
#include <cassert>

namespace mantissa {

namespace {

constexpr std::string_view kFolder = "presets/";
constexpr std::string_view kFilters = "presets/ctq_filters.json"; // lives beside them, but is not a family
constexpr std::string_view kGeneral = "general";

/// Appends the rules under `key`; false if one is malformed.
bool readRules(
    std::vector<Rule>& rules, const JsonNode& object, std::string_view key, const std::string& origin)
{
    const JsonNode* list = object.find(key);
    if (!list)
        return true;
    for (const JsonNode& node : list->items) {
        auto rule = readRule(node, "");
        if (!rule)
            return false;
        rule->origin = origin;
        rules.push_back(std::move(*rule));
    }
    return true;
}

bool readFamily(std::vector<Preset>& out, std::string_view text)
{
    const auto document = parseJsonTree(text);
    if (!document)
        return false;
    Preset family;
    family.id = document->textAt("id");
    family.name = document->textAt("name");
    family.summary = document->textAt("summary");
    if (const JsonNode* list = document->find("architectures"))
        for (const JsonNode& item : list->items)
            family.architectures.push_back(item.string);
    const std::string origin = "preset " + family.id;
    if (!readRules(family.rules, *document, "rules", origin)
        || !readRules(family.rulesAt4Bits, *document, "rules_at_4_bits", origin))
        return false;
    if (const JsonNode* fallback = document->find("fallback_at_4_bits")) {
        auto choice = readChoice(*fallback, "");
        if (!choice)
            return false;
        family.fallbackAt4Bits = std::move(*choice);
    }
    out.push_back(family);
    const JsonNode* aims = document->find("aims");
    if (!aims)
        return true;
    for (const auto& [aim, node] : aims->members) {
        Preset preset = family;
        preset.id = family.id + "-" + aim;
        preset.aim = aim;
        preset.name = family.name + ", " + node.textAt("name");
        preset.summary = node.textAt("summary");
        for (auto* rules : {&preset.rules, &preset.rulesAt4Bits})
            for (Rule& rule : *rules)
                rule.origin = "preset " + preset.id;
        const JsonNode* base = node.find("base");
        auto choice = base ? readChoice(*base, "") : Result<Choice>(Choice{});
        if (!choice || !readRules(preset.rules, node, "rules", "preset " + preset.id))
            return false;
        preset.base = std::move(*choice);
        out.push_back(std::move(preset));
    }
    return true;
}

std::vector<Preset> loadPresets()
{
    std::vector<Preset> loaded;
    for (const std::string_view name : embeddedResources(kFolder)) {
        if (name == kFilters)
            continue;
        [[maybe_unused]] const bool readable = readFamily(loaded, embeddedResource(name));
        assert(readable); // part of the program; a test reads every file
    }
    return loaded;
}

} // namespace

const std::vector<Preset>& presets()
{
    static const std::vector<Preset> loaded = loadPresets();
    return loaded;
}

const Preset* findPreset(std::string_view id)
{
    for (const Preset& preset : presets())
        if (preset.id == id)
            return &preset;
    return nullptr;
}

const Preset* presetFor(std::string_view architecture, std::string_view aim)
{
    const Preset* general = nullptr;
    for (const Preset& preset : presets()) {
        if (preset.aim != aim)
            continue;
        const auto& ids = preset.architectures;
        if (std::find(ids.begin(), ids.end(), architecture) != ids.end())
            return &preset;
        if (preset.id.rfind(kGeneral, 0) == 0)
            general = &preset;
    }
    return general;
}

void applyPreset(QuantPlan& plan, const Preset& preset)
{
    if (!preset.base.keeps())
        plan.base = preset.base;
    std::vector<Rule> rules = preset.rules;
    plan.fallback = {};
    if (isFourBit(plan.base)) {
        rules.insert(rules.end(), preset.rulesAt4Bits.begin(), preset.rulesAt4Bits.end());
        plan.fallback = preset.fallbackAt4Bits;
    }
    // bitsandbytes' loaders know no other format: what would get 8 bits beside it stays as it is.
    if (const StorageFormat* const base = findFormat(plan.base.format); base && base->writesSettings()) {
        for (Rule& rule : rules)
            if (rule.choice.format != plan.base.format)
                rule.choice = {};
        plan.fallback = {};
    }
    for (Rule& rule : plan.rules)
        if (!isOfPreset(rule))
            rules.push_back(std::move(rule));
    plan.rules = std::move(rules);
    plan.preset = preset.id;
}

} // namespace mantissa
