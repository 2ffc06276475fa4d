// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/rules.h"

#include "engine/base/json.h"
#include "engine/base/resource.h"

#include <algorithm>
#include <stdexcept>

namespace mantissa::arch {

using Json = nlohmann::ordered_json;

namespace {

/// Our own files: a mistake in one is a defect, reported once with its place, so parsing may throw inside
/// this file.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string text(const Json& object, const char* key)
{
    return object.value(key, std::string());
}

std::vector<std::string> strings(const Json& object, const char* key)
{
    return object.value(key, std::vector<std::string>());
}

void allow(const Json& object, std::initializer_list<std::string_view> keys)
{
    for (auto it = object.begin(); it != object.end(); ++it)
        if (std::find(keys.begin(), keys.end(), it.key()) == keys.end())
            throw Broken(fmt::format("unknown key `{}`", it.key()));
}

const Json& list(const Json& object, const char* key)
{
    static const Json kEmpty = Json::array();
    const auto it = object.find(key);
    return it == object.end() ? kEmpty : *it;
}

MatchRule parseMatch(const Json& json)
{
    allow(json, {"order", "form", "keys", "without", "when"});
    MatchRule match;
    match.order = json.at("order").get<int>();
    match.form = json.value("form", std::string("native"));
    match.keys = strings(json, "keys");
    match.without = strings(json, "without");
    match.when = text(json, "when");
    if (match.keys.empty() && match.when.empty())
        throw Broken("a match without keys and condition fits everything");
    return match;
}

CriticalRule parseCritical(const Json& json)
{
    allow(json, {"pattern", "reason", "outside_blocks", "convolutions", "blocks", "first", "last"});
    CriticalRule rule;
    rule.reason = json.at("reason").get<std::string>();
    rule.outsideBlocks = json.value("outside_blocks", false);
    rule.convolutions = json.value("convolutions", false);
    rule.blocks = text(json, "blocks");
    rule.first = json.value("first", std::int64_t{0});
    rule.last = json.value("last", std::int64_t{0});
    if (const auto it = json.find("pattern"); it != json.end()) {
        rule.pattern
            = it->get<std::string>(); // compiled where it is used: 300 patterns would delay every start
    } else if (!rule.outsideBlocks && !rule.convolutions && rule.blocks.empty()) {
        throw Broken("a critical rule needs a pattern, blocks, convolutions or outside_blocks");
    }
    return rule;
}

/// `[[name, expression], …]`, or an object of such lists by form.
void parseHyper(const Json& json, std::vector<HyperRule>& out)
{
    const auto add = [&](const Json& rows, const std::string& form) {
        for (const Json& row : rows)
            out.push_back({row.at(0).get<std::string>(), row.at(1).get<std::string>(), form});
    };
    if (json.is_array())
        return add(json, {});
    for (auto it = json.begin(); it != json.end(); ++it)
        add(*it, it.key());
}

void parseEvidence(const Json& json, std::vector<std::pair<std::string, std::string>>& out)
{
    if (json.is_array()) {
        for (const Json& sentence : json)
            out.emplace_back("", sentence.get<std::string>());
        return;
    }
    for (auto it = json.begin(); it != json.end(); ++it)
        for (const Json& sentence : *it)
            out.emplace_back(it.key(), sentence.get<std::string>());
}

ArchitectureRule parseArchitecture(const Json& json)
{
    allow(json,
        {"id", "name", "kind", "prediction", "latent", "generation", "note", "extractor", "metadata", "match",
            "hyperparameters", "evidence", "exact", "exact_name", "critical", "critical_at_4_bits",
            "variants", "predictions", "adapters"});
    ArchitectureRule rule;
    rule.id = json.at("id").get<std::string>();
    rule.name = json.at("name").get<std::string>();
    rule.kind = json.at("kind").get<std::string>();
    rule.prediction = text(json, "prediction");
    rule.latent = text(json, "latent");
    rule.note = text(json, "note");
    rule.extractor = text(json, "extractor");
    rule.metadata = text(json, "metadata");
    rule.exact = text(json, "exact");
    rule.exactName = text(json, "exact_name");
    for (const Json& match : list(json, "match"))
        rule.matches.push_back(parseMatch(match));
    parseHyper(list(json, "hyperparameters"), rule.hyperparameters);
    parseEvidence(list(json, "evidence"), rule.evidence);
    for (const Json& critical : list(json, "critical"))
        rule.critical.push_back(parseCritical(critical));
    for (const Json& critical : list(json, "critical_at_4_bits"))
        rule.criticalAt4Bits.push_back(parseCritical(critical));
    for (const Json& variant : list(json, "variants")) {
        allow(variant, {"id", "when", "hints"});
        rule.variants.push_back(
            {variant.at("id").get<std::string>(), text(variant, "when"), strings(variant, "hints")});
    }
    for (const Json& entry : list(json, "predictions")) {
        allow(entry, {"kind", "when", "because", "key", "deviation"});
        rule.predictions.push_back({entry.at("kind").get<std::string>(), text(entry, "when"),
            entry.at("because").get<std::string>(), text(entry, "key"), entry.value("deviation", 0.0)});
    }
    for (const Json& adapter : list(json, "adapters")) {
        allow(adapter, {"modules", "width_module", "width"});
        rule.adapters.push_back({strings(adapter, "modules"), text(adapter, "width_module"),
            adapter.value("width", std::int64_t{0})});
    }
    return rule;
}

void parsePrefixes(const Json& json, Registry& registry)
{
    for (const Json& entry : json) {
        allow(entry, {"prefix", "role", "id"});
        registry.prefixes.push_back(
            {entry.at("prefix").get<std::string>(), entry.at("role").get<std::string>(), text(entry, "id")});
    }
}

Result<Registry> loadEmbedded()
{
    std::vector<std::pair<std::string, std::string_view>> files;
    for (const std::string_view name : embeddedResources("architectures/"))
        files.emplace_back(name, embeddedResource(name));
    return parseRegistry(files);
}

} // namespace

Result<Registry> parseRegistry(const std::vector<std::pair<std::string, std::string_view>>& files)
{
    Registry result;
    for (const auto& [name, content] : files) {
        try {
            const Json json = parseOrderedJson(content);
            if (json.is_discarded())
                throw std::invalid_argument("it is not JSON");
            if (json.contains("prefixes"))
                parsePrefixes(json.at("prefixes"), result);
            else
                result.architectures.push_back(parseArchitecture(json));
        } catch (const std::exception& problem) {
            auto failed = fail(ErrorCode::Internal, "an architecture file is broken: {}", problem.what());
            failed.value().where = name;
            return failed;
        }
    }
    std::sort(result.architectures.begin(), result.architectures.end(),
        [](const ArchitectureRule& a, const ArchitectureRule& b) { return a.id < b.id; });
    for (const ArchitectureRule& architecture : result.architectures)
        for (const MatchRule& match : architecture.matches)
            result.ordered.push_back({&architecture, &match});
    std::stable_sort(result.ordered.begin(), result.ordered.end(),
        [](const Registry::Candidate& a, const Registry::Candidate& b) {
            return a.match->order < b.match->order;
        });
    return result;
}

const ArchitectureRule* Registry::find(std::string_view id) const
{
    const auto it = std::lower_bound(architectures.begin(), architectures.end(), id,
        [](const ArchitectureRule& rule, std::string_view text) { return rule.id < text; });
    return it != architectures.end() && it->id == id ? &*it : nullptr;
}

const Result<Registry>& registry()
{
    static const Result<Registry> instance = loadEmbedded();
    return instance;
}

} // namespace mantissa::arch
