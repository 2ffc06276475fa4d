// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/identify.h"

#include "engine/base/json.h"

#include <algorithm>

namespace mantissa::arch {

namespace {

std::string inWords(const HyperValue& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return fmt::format("{}", *number);
    if (const auto* real = std::get_if<double>(&value))
        return fmt::format("{}", *real);
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value))
        return fmt::format("{}", fmt::join(*list, ", "));
    return std::get<std::string>(value);
}

std::string shapeInWords(const Shape& shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

bool keysFit(const MatchRule& match, const KeyView& view)
{
    return std::all_of(match.keys.begin(), match.keys.end(), [&](const std::string& keys) {
        return firstOf(view, keys) != nullptr;
    }) && std::none_of(match.without.begin(), match.without.end(), [&](const std::string& keys) {
        return firstOf(view, keys) != nullptr;
    });
}

} // namespace

std::optional<Sentence> fillIn(std::string_view sentence, const Hyperparameters& values)
{
    std::string source;
    std::vector<Message> arguments;
    while (!sentence.empty()) {
        const std::size_t open = std::min(sentence.find('{'), sentence.size());
        source += sentence.substr(0, open);
        sentence.remove_prefix(open);
        if (sentence.empty())
            break;
        const std::size_t close = sentence.find('}');
        if (close == std::string_view::npos)
            return std::nullopt;
        const std::string_view name = sentence.substr(1, close - 1);
        const auto it
            = std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == name; });
        if (it == values.end())
            return std::nullopt;
        source += "{}";
        arguments.emplace_back(inWords(it->second));
        sentence.remove_prefix(close + 1);
    }
    if (arguments.empty())
        return Sentence(std::move(source));
    return Sentence(Message::received(std::move(source), std::move(arguments)));
}

void Identifier::applyMetadata(Found& found) const
{
    const std::string_view place = found.rule->metadata;
    const std::size_t dot = place.find('.');
    if (dot == std::string_view::npos)
        return;
    const auto it = m_metadata.find(std::string(place.substr(0, dot)));
    const auto json = it != m_metadata.end() ? parseOrderedJson(it->second) : nlohmann::ordered_json();
    const std::string object(place.substr(dot + 1));
    if (!json.is_object() || !json.contains(object) || !json.at(object).is_object())
        return;
    for (const auto& [name, value] : json.at(object).items()) {
        if (!value.is_number_integer())
            continue;
        const auto known = std::find_if(found.hyperparameters.begin(), found.hyperparameters.end(),
            [&name = name](const auto& entry) { return entry.first == name; });
        const auto number = value.get<std::int64_t>();
        if (known == found.hyperparameters.end() || known->second == HyperValue(number))
            continue; // settings that shapes do not speak of are the runtime's, not the network's
        known->second = number;
        found.evidence.push_back(sentence("the metadata entry `{}` says {} = {}", it->first, name, number));
    }
}

Found Identifier::fill(
    const ArchitectureRule& rule, std::string form, const KeyView& view, Cache& cache) const
{
    Found found;
    found.rule = &rule;
    found.form = std::move(form);
    found.prefix = view.prefix();
    if (!rule.extractor.empty()) {
        auto it = cache.find(rule.extractor);
        if (it == cache.end())
            it = cache.emplace(rule.extractor, runExtractor(rule.extractor, view).value_or(Extracted{}))
                     .first;
        found.hyperparameters = it->second.values;
        found.evidence = it->second.evidence;
    }
    for (const HyperRule& hyper : rule.hyperparameters) {
        if (!hyper.form.empty() && hyper.form != found.form)
            continue;
        const auto value = evaluate(hyper.expression, {view, m_file, found.hyperparameters});
        if (!value)
            continue;
        if (const auto* number = std::get_if<std::int64_t>(&*value))
            found.hyperparameters.emplace_back(hyper.name, *number);
        else if (const auto* list = std::get_if<std::vector<std::int64_t>>(&*value))
            found.hyperparameters.emplace_back(hyper.name, *list);
    }
    applyMetadata(found);
    found.exact = !rule.exact.empty() && isTrue(rule.exact, {view, m_file, found.hyperparameters});
    for (const auto& [only, sentence] : rule.evidence)
        if (only.empty() || only == found.form)
            if (auto text = fillIn(sentence, found.hyperparameters))
                found.evidence.push_back(std::move(*text));
    return found;
}

Found Identifier::attempt(
    const ArchitectureRule& rule, const MatchRule& match, const KeyView& view, Cache& cache) const
{
    if (!keysFit(match, view))
        return {};
    Found found = fill(rule, match.form, view, cache);
    if (!isTrue(match.when, {view, m_file, found.hyperparameters}))
        return {};
    std::vector<Sentence> keys;
    for (const std::string& alternatives : match.keys)
        if (const Key* key = firstOf(view, alternatives))
            keys.push_back(sentence("`{}` {} is there", view.relative(*key), shapeInWords(*key->shape)));
    found.evidence.insert(found.evidence.begin(), keys.begin(), keys.end());
    if (match.form != "native")
        found.evidence.push_back(sentence("the keys are spelled as {} spells them", match.form));
    return found;
}

Found Identifier::identify(std::string_view prefix, std::span<const std::string_view> kinds) const
{
    const KeyView view = this->view(prefix);
    if (view.size() == 0)
        return {};
    Cache cache;
    for (const Registry::Candidate& candidate : m_rules.ordered)
        if (std::find(kinds.begin(), kinds.end(), candidate.architecture->kind) != kinds.end())
            if (Found found = attempt(*candidate.architecture, *candidate.match, view, cache))
                return found;
    return {};
}

Found Identifier::describe(const ArchitectureRule& rule, std::string_view prefix) const
{
    const KeyView view = this->view(prefix);
    Cache cache;
    for (const MatchRule& match : rule.matches)
        if (Found found = attempt(rule, match, view, cache))
            return found;
    for (const MatchRule& match : rule.matches)
        if (keysFit(match, view))
            return fill(rule, match.form, view, cache);
    return fill(rule, rule.matches.empty() ? "native" : rule.matches.front().form, view, cache);
}

std::vector<std::string> Identifier::networkPrefixes() const
{
    constexpr std::size_t kFewest = 6; // "more than 5 keys"
    std::vector<const PrefixRule*> candidates;
    for (const PrefixRule& rule : m_rules.prefixes)
        if (rule.role == "diffusion_model")
            candidates.push_back(&rule);
    std::vector<std::pair<std::size_t, std::string>> counted;
    for (const PrefixRule* rule : candidates) {
        std::size_t count = m_file.countPrefix(rule->prefix);
        for (const PrefixRule* inner :
            candidates) // "model." does not count what is below "model.diffusion_model."
            if (inner != rule && inner->prefix.starts_with(rule->prefix))
                count -= std::min(count, m_file.countPrefix(inner->prefix));
        if (count >= kFewest)
            counted.emplace_back(count, rule->prefix);
    }
    std::stable_sort(
        counted.begin(), counted.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> prefixes;
    prefixes.reserve(counted.size() + 1);
    for (auto& [count, prefix] : counted)
        prefixes.push_back(std::move(prefix));
    prefixes.emplace_back();
    return prefixes;
}

} // namespace mantissa::arch
