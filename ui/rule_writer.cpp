// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rule_writer.h"

#include "engine/base/pattern.h"
#include "ui/plan_state.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace mantissa::ui {

namespace {

constexpr std::size_t kMostExceptions = 12, kMostWords = 4; // more, and a list of layers is easier to read
constexpr std::size_t kMostLetters = 400;

using Layers = std::vector<std::size_t>;

/// Layers that some format stores: what a rule is about.
bool isStorable(const Layer& layer, const std::vector<bool>& selected)
{
    const bool kind = layer.kind == LayerKind::Linear || layer.kind == LayerKind::Embedding;
    return kind && (layer.component >= selected.size() || selected[layer.component]);
}

/// "a.b.12.c" as a pattern that fits every number: "a\.b\.\d+\.c".
std::string anyNumber(std::string_view name)
{
    std::string out;
    std::size_t begin = 0;
    while (begin <= name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        const bool digits = !part.empty()
            && std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        if (begin > 0)
            out += "\\.";
        out += digits ? std::string("\\d+") : escapePattern(part);
        begin = end + 1;
    }
    return out;
}

Layers sorted(Layers layers)
{
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    return layers;
}

/// The deepest node that all of these layers are at or below.
int commonNode(const LayerTree& tree, const Layers& wanted)
{
    int node = tree.nodeOfLayer(wanted.front());
    const auto holds = [&](int candidate) {
        const auto below = tree.layersBelow(candidate);
        const std::set<std::size_t> all(below.begin(), below.end());
        return std::all_of(
            wanted.begin(), wanted.end(), [&](std::size_t layer) { return all.contains(layer); });
    };
    while (node != LayerTree::kRoot && !holds(node))
        node = tree.node(node).parent;
    return node;
}

/// All below a node, and all but a few: exceptions that repeat in every block count once.
std::vector<std::string> branchPatterns(
    const Model& model, const LayerTree& tree, int node, const Layers& others)
{
    const std::string path = tree.node(node).path.toStdString();
    std::string branch = "^";
    if (!path.empty())
        branch.append(escapePattern(path)).append("\\.");
    std::set<std::string> general, literal;
    for (const std::size_t layer : tree.layersBelow(node)) {
        if (!std::binary_search(others.begin(), others.end(), layer))
            continue;
        const std::string_view name = model.layers[layer].name;
        const std::string_view below = path.empty() ? name : name.substr(path.size() + 1);
        general.insert(anyNumber(below));
        if (literal.size() <= kMostExceptions)
            literal.insert(escapePattern(below));
        if (general.size() > kMostExceptions)
            return {};
    }
    if (general.empty())
        return {branch};
    std::vector<std::string> patterns;
    for (const std::set<std::string>& exceptions : {general, literal}) {
        if (exceptions.size() > kMostExceptions)
            continue;
        std::string list;
        for (const std::string& each : exceptions)
            list.append(list.empty() ? "" : "|").append(each);
        patterns.push_back(fmt::format("{}(?!(?:{})$)", branch, list));
    }
    return patterns;
}

/// The parts between the dots, without numbers.
std::set<std::string> wordsOf(std::string_view name)
{
    std::set<std::string> words;
    std::size_t begin = 0;
    while (begin <= name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = name.substr(begin, end - begin);
        if (part.find_first_not_of("0123456789") != std::string_view::npos)
            words.emplace(part);
        begin = end + 1;
    }
    return words;
}

/// A few words that the wanted layers have in their names and no other has: "attn1" or "attn2".
std::optional<std::string> wordPattern(const Model& model, const Layers& wanted, const Layers& others)
{
    std::map<std::string, Layers> having;
    for (const std::size_t layer : wanted)
        for (const std::string& word : wordsOf(model.layers[layer].name))
            having[word].push_back(layer);
    for (const std::size_t layer : others)
        for (const std::string& word : wordsOf(model.layers[layer].name))
            having.erase(word);
    std::set<std::size_t> open(wanted.begin(), wanted.end());
    std::vector<std::string> chosen;
    while (!open.empty() && chosen.size() < kMostWords) {
        const auto covers = [&](const auto& entry) {
            return std::count_if(entry.second.begin(), entry.second.end(),
                [&](std::size_t layer) { return open.contains(layer); });
        };
        const auto best = std::max_element(having.begin(), having.end(),
            [&](const auto& a, const auto& b) { return covers(a) < covers(b); });
        if (best == having.end() || covers(*best) == 0)
            return std::nullopt;
        for (const std::size_t layer : best->second)
            open.erase(layer);
        chosen.push_back(best->first);
    }
    if (!open.empty())
        return std::nullopt;
    std::sort(chosen.begin(), chosen.end());
    std::string list;
    for (const std::string& word : chosen)
        list.append(list.empty() ? "" : "|").append(escapePattern(word));
    std::string pattern = "(?:^|\\.)";
    pattern.append(chosen.size() == 1 ? list : fmt::format("(?:{})", list)).append("(?:\\.|$)");
    return pattern;
}

} // namespace

bool isOfUser(const Rule& rule)
{
    return rule.origin == kUserOrigin;
}

std::optional<std::vector<std::size_t>> layersOf(
    const QuantPlan& plan, const Model& model, const std::string& pattern)
{
    const auto compiled = Pattern::compile(pattern);
    if (!compiled)
        return std::nullopt;
    const std::vector<bool> selected = selectedComponents(plan, model);
    Layers layers;
    for (std::size_t idx = 0; idx < model.layers.size(); ++idx) {
        if (!isStorable(model.layers[idx], selected))
            continue;
        const auto found = compiled->search(model.layers[idx].name);
        if (!found)
            return std::nullopt;
        if (*found)
            layers.push_back(idx);
    }
    return layers;
}

std::optional<std::string> shortestPattern(
    const QuantPlan& plan, const Model& model, const LayerTree& tree, const std::vector<std::size_t>& layers)
{
    const std::vector<bool> selected = selectedComponents(plan, model);
    Layers wanted = sorted(layers);
    std::erase_if(wanted, [&](std::size_t layer) { return !isStorable(model.layers[layer], selected); });
    if (wanted.size() < 2)
        return std::nullopt;
    const int node = commonNode(tree, wanted);
    Layers others;
    for (const std::size_t layer : tree.layersBelow(LayerTree::kRoot))
        if (isStorable(model.layers[layer], selected)
            && !std::binary_search(wanted.begin(), wanted.end(), layer))
            others.push_back(layer);
    std::sort(others.begin(), others.end());
    std::vector<std::string> candidates = branchPatterns(model, tree, node, others);
    candidates.push_back(fmt::format("^{}$", anyNumber(model.layers[wanted.front()].name)));
    if (auto words = wordPattern(model, wanted, others))
        candidates.push_back(std::move(*words));
    std::stable_sort(candidates.begin(), candidates.end(),
        [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
    for (std::string& pattern : candidates)
        if (pattern.size() <= kMostLetters && layersOf(plan, model, pattern) == wanted)
            return std::move(pattern);
    return std::nullopt;
}

bool writeChoice(QuantPlan& plan, const Model& model, const LayerTree& tree,
    const std::vector<std::size_t>& layers, const Choice& choice)
{
    for (const std::size_t layer : layers)
        plan.overrides.erase(model.layers[layer].name);
    const auto pattern = shortestPattern(plan, model, tree, layers);
    if (!pattern) {
        for (const std::size_t layer : layers)
            plan.overrides[model.layers[layer].name] = choice;
        return false;
    }
    const Layers wanted = sorted(layers);
    std::erase_if(plan.rules, [&](const Rule& rule) {
        if (!isOfUser(rule))
            return false;
        const auto covered = layersOf(plan, model, rule.pattern);
        return covered && !covered->empty()
            && std::includes(wanted.begin(), wanted.end(), covered->begin(), covered->end());
    });
    plan.rules.push_back({*pattern, choice, std::string(kUserOrigin), {}});
    return true;
}

std::size_t eraseChoices(
    QuantPlan& plan, const Model& model, const std::vector<std::size_t>& layers, std::size_t& left)
{
    const Layers wanted = sorted(layers);
    std::set<std::size_t> freed;
    for (const std::size_t layer : wanted)
        if (plan.overrides.erase(model.layers[layer].name) > 0)
            freed.insert(layer);
    std::set<std::size_t> still;
    std::erase_if(plan.rules, [&](const Rule& rule) {
        const auto covered = isOfUser(rule) ? layersOf(plan, model, rule.pattern) : std::nullopt;
        if (!covered || covered->empty())
            return false;
        if (std::includes(wanted.begin(), wanted.end(), covered->begin(), covered->end())) {
            freed.insert(covered->begin(), covered->end());
            return true;
        }
        for (const std::size_t layer : *covered)
            if (std::binary_search(wanted.begin(), wanted.end(), layer))
                still.insert(layer);
        return false;
    });
    left = still.size();
    return freed.size();
}

} // namespace mantissa::ui
