// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plan_state.h"

#include "engine/export/plan_export.h"
#include "ui/rule_writer.h"

#include <algorithm>

namespace mantissa::ui {

namespace {

void count(NodeSummary& sum, const std::string& format, std::uint32_t times)
{
    for (auto& [id, number] : sum.formats) {
        if (id == format) {
            number += times;
            return;
        }
    }
    sum.formats.emplace_back(format, times);
}

void addLayer(NodeSummary& sum, const Layer& layer, const Decision& decision, bool byUser)
{
    sum.bytesBefore += decision.bytesBefore;
    sum.bytesAfter += decision.bytesAfter;
    ++sum.layers;
    sum.overridden += byUser ? 1 : 0;
    if (isWeight(layer.kind)) {
        ++sum.quantizable;
        sum.critical += layer.critical || layer.criticalAt4Bits ? 1 : 0;
        count(sum, decision.choice.format, 1);
    }
    if (layer.kind == LayerKind::Linear) {
        ++sum.matrices;
        sum.matricesKept += decision.choice.keeps() ? 1 : 0;
    }
}

void addBelow(NodeSummary& sum, const NodeSummary& child)
{
    sum.bytesBefore += child.bytesBefore;
    sum.bytesAfter += child.bytesAfter;
    sum.layers += child.layers;
    sum.quantizable += child.quantizable;
    sum.matrices += child.matrices;
    sum.matricesKept += child.matricesKept;
    sum.critical += child.critical;
    sum.overridden += child.overridden;
    for (const auto& [id, number] : child.formats)
        count(sum, id, number);
}

} // namespace

bool isWeight(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Linear:
    case LayerKind::Conv1d:
    case LayerKind::Conv2d:
    case LayerKind::Conv3d:
    case LayerKind::Embedding:
        return true;
    case LayerKind::Norm:
    case LayerKind::Parameter:
    case LayerKind::Buffer:
        return false;
    }
    return false;
}

NodeSummary summarize(const Model& model, const PlanState& state, const std::vector<std::size_t>& layers)
{
    NodeSummary sum;
    for (const std::size_t layer : layers)
        addLayer(sum, model.layers[layer], state.resolved.decisions[layer], state.byUser[layer]);
    return sum;
}

Result<PlanState> computePlanState(
    const QuantPlan& plan, const std::shared_ptr<const Model>& model, const LayerTree& tree)
{
    Result<ResolvedPlan> resolved = resolvePlan(plan, *model);
    if (!resolved)
        return forward(std::move(resolved));

    PlanState state;
    state.resolved = std::move(*resolved);
    state.byUser.reserve(state.resolved.decisions.size());
    for (const Decision& decision : state.resolved.decisions) {
        const auto rule = static_cast<std::size_t>(std::max<std::ptrdiff_t>(decision.rule, 0));
        state.byUser.push_back(decision.provenance == Provenance::Override
            || (decision.provenance == Provenance::Rule && rule < plan.rules.size()
                && isOfUser(plan.rules[rule])));
    }
    for (std::size_t layer = 0; !plan.notes.empty() && layer < model->layers.size(); ++layer)
        if (const auto note = plan.notes.find(model->layers[layer].name); note != plan.notes.end())
            state.notes.emplace(layer, note->second);
    state.nodes.resize(static_cast<std::size_t>(tree.nodeCount()));
    // Children come after their parents, so walking backwards finds every child summed up already.
    for (int idx = tree.nodeCount(); idx-- > 0;) {
        const LayerNode& node = tree.node(idx);
        NodeSummary& sum = state.nodes[static_cast<std::size_t>(idx)];
        if (node.layer >= 0) {
            const auto layer = static_cast<std::size_t>(node.layer);
            addLayer(sum, model->layers[layer], state.resolved.decisions[layer], state.byUser[layer]);
        }
        for (const int child : node.children)
            addBelow(sum, state.nodes[static_cast<std::size_t>(child)]);
        std::stable_sort(sum.formats.begin(), sum.formats.end(), [](const auto& a, const auto& b) {
            return a.first.empty() != b.first.empty() ? b.first.empty() : a.second > b.second;
        });
    }
    for (const SourceFile& file : model->source->info().files)
        state.sourceBytes += file.bytes;
    if (const auto needs = forecastNeeds(plan, model)) {
        state.fileBytes = needs->fileBytes;
        state.memoryBytes = needs->memoryBytes;
    }
    return state;
}

} // namespace mantissa::ui
