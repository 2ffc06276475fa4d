// SPDX-License-Identifier: GPL-3.0-or-later
// A plan applied to a model, with the sums that the window shows for every row of the tree. Computed off the
// window's thread and immutable afterwards.
#pragma once

#include "engine/plan/plan.h"
#include "ui/models/layer_tree.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mantissa::ui {

/// Sums over the layers at and below one node of the tree.
struct NodeSummary {
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
    std::uint32_t layers = 0, quantizable = 0;
    std::uint32_t matrices = 0, matricesKept = 0; ///< linear layers, and those of them that stay as they are
    std::uint32_t critical = 0; ///< of the quantizable ones
    std::uint32_t overridden = 0; ///< by an override or a rule of the user
    /// Format id (empty: kept as it is) to the number of layers with a matrix to quantize; kept ones last,
    /// else most frequent first.
    std::vector<std::pair<std::string, std::uint32_t>> formats;
};

struct PlanState {
    ResolvedPlan resolved;
    std::vector<NodeSummary> nodes; ///< one for each node of the tree
    std::vector<bool> byUser; ///< by layer: an override or a rule of the user decides
    std::map<std::size_t, std::string> notes; ///< what a person wrote, by layer
    std::optional<std::uint64_t> fileBytes; ///< exact size of the file that an export writes
    std::uint64_t memoryBytes = 0; ///< that an export takes for rows in flight; 0: not known
    std::uint64_t sourceBytes = 0; ///< size of the file (or files) that was opened
};

/// True for layers that a format could store: weights that are multiplied with.
bool isWeight(LayerKind kind);

/// The same sums over any set of layers.
NodeSummary summarize(const Model& model, const PlanState& state, const std::vector<std::size_t>& layers);

Result<PlanState> computePlanState(
    const QuantPlan& plan, const std::shared_ptr<const Model>& model, const LayerTree& tree);

} // namespace mantissa::ui
