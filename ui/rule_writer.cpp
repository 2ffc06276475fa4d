// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rule_writer.h"

#include "engine/base/pattern.h"
#include "ui/plan_state.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace mantissa::ui {

namespace {

constexpr std::size_t kMostExceptions = 12; // more, and a list of layers is easier to read

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
        out += (begin > 0 ? "\\." : "") + (digits ? std::string("\\d+") : escapePattern(part));
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
    const auto fits = [&](const std::string& pattern) { return layersOf(plan, model, pattern) == wanted; };

    const int node = commonNode(tree, wanted);
    const std::string path = tree.node(node).path.toStdString();
    std::string branch = "^";
    if (!path.empty())
        branch.append(escapePattern(path)).append("\\.");
    Layers rest;
    for (const std::size_t layer : tree.layersBelow(node))
        if (isStorable(model.layers[layer], selected)
            && !std::binary_search(wanted.begin(), wanted.end(), layer))
            rest.push_back(layer);
    if (rest.empty() && fits(branch))
        return branch;
    std::string role = "^";
    role.append(anyNumber(model.layers[wanted.front()].name)).append("$");
    if (fits(role))
        return role;
    // The branch without a few: blocks that repeat count as one exception.
    std::set<std::string> exceptions;
    for (const std::size_t layer : rest) {
        const std::string_view name = model.layers[layer].name;
        exceptions.insert(anyNumber(path.empty() ? name : name.substr(path.size() + 1)));
        if (exceptions.size() > kMostExceptions)
            return std::nullopt;
    }
    std::string list;
    for (const std::string& each : exceptions)
        list += (list.empty() ? "" : "|") + each;
    std::string pattern = branch + "(?!(?:" + list + ")$)";
    return fits(pattern) ? std::optional(std::move(pattern)) : std::nullopt;
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
