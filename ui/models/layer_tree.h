// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of a model as a tree by dotted name. Built once per model (on any thread), then immutable, so
// that nodes are stable: item models, selections and expansion states refer to them by index.
#pragma once

#include "engine/model/model.h"

#include <QString>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace mantissa::ui {

struct LayerNode {
    int parent = -1;
    int row = 0; ///< place below its parent
    QString label; ///< own part of the name; several parts where a branch has one child only
    QString path; ///< full dotted name
    std::ptrdiff_t layer = -1; ///< index into Model::layers; -1: a branch that is no layer itself
    std::vector<int> children;
    std::size_t begin = 0, end = 0; ///< its layers, itself included, in LayerTree::order()

    bool isBranch() const { return !children.empty(); }
};

class LayerTree {
public:
    static constexpr int kRoot = 0;

    static std::shared_ptr<const LayerTree> build(const Model& model);

    const LayerNode& node(int idx) const { return m_nodes[static_cast<std::size_t>(idx)]; }
    int nodeCount() const { return static_cast<int>(m_nodes.size()); }
    int nodeOfLayer(std::size_t layer) const { return m_nodeOfLayer[layer]; }
    /// All layers at and below a node, in tree order.
    std::span<const std::size_t> layersBelow(int idx) const;
    /// The layers that play the same part in every repeated block: equal names but for their numbers.
    std::vector<std::size_t> sameRole(std::size_t layer) const;

private:
    int addChild(int parent, const QString& label);
    void mergeChains();
    /// Copies a node and what is below it from the draft, in tree order; returns its final index.
    int number(std::vector<LayerNode>& from, std::size_t idx, int parent, int row);

    std::vector<LayerNode> m_nodes;
    std::vector<int> m_nodeOfLayer;
    std::vector<std::size_t> m_order;
};

} // namespace mantissa::ui
