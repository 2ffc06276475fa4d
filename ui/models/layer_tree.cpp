// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_tree.h"

#include "ui/text.h"

#include <QHash>
#include <QStringList>

#include <utility>

namespace mantissa::ui {

namespace {

// A hostile file may have names of any depth; below this the rest of a name stays in one piece.
constexpr qsizetype kMaxDepth = 64;

QStringList partsOf(const QString& name)
{
    QStringList parts = name.split(QLatin1Char('.'));
    if (parts.size() > kMaxDepth) {
        const QString rest = parts.mid(kMaxDepth - 1).join(QLatin1Char('.'));
        parts = parts.mid(0, kMaxDepth - 1) << rest;
    }
    return parts;
}

/// The name with every number that stands for itself between dots replaced: "blocks.#.attn.to_q".
QString roleOf(const QString& path)
{
    QStringList parts = path.split(QLatin1Char('.'));
    for (QString& part : parts) {
        bool number = false;
        part.toULongLong(&number);
        if (number)
            part = QStringLiteral("#");
    }
    return parts.join(QLatin1Char('.'));
}

} // namespace

std::shared_ptr<const LayerTree> LayerTree::build(const Model& model)
{
    auto tree = std::make_shared<LayerTree>();
    tree->m_nodes.emplace_back();
    tree->m_nodeOfLayer.resize(model.layers.size());
    std::vector<QHash<QString, int>> childByLabel(1);
    for (std::size_t layer = 0; layer < model.layers.size(); ++layer) {
        int at = kRoot;
        for (const QString& part : partsOf(toQt(model.layers[layer].name))) {
            const auto known = childByLabel[static_cast<std::size_t>(at)].constFind(part);
            if (known != childByLabel[static_cast<std::size_t>(at)].constEnd()) {
                at = *known;
                continue;
            }
            const int child = tree->addChild(at, part);
            childByLabel.emplace_back();
            childByLabel[static_cast<std::size_t>(at)].insert(part, child);
            at = child;
        }
        LayerNode* node = &tree->m_nodes[static_cast<std::size_t>(at)];
        if (node->layer >= 0) { // two layers of one name: the second gets a row of its own
            at = tree->addChild(node->parent, node->label);
            childByLabel.emplace_back();
            node = &tree->m_nodes[static_cast<std::size_t>(at)];
        }
        node->layer = static_cast<std::ptrdiff_t>(layer);
    }
    tree->mergeChains();
    std::vector<LayerNode> merged = std::exchange(tree->m_nodes, {});
    tree->number(merged, kRoot, -1, 0);
    return tree;
}

int LayerTree::addChild(int parent, const QString& label)
{
    const int idx = nodeCount();
    LayerNode node;
    node.parent = parent;
    node.label = label;
    const QString& above = m_nodes[static_cast<std::size_t>(parent)].path;
    node.path = parent == kRoot ? label : above + QLatin1Char('.') + label;
    m_nodes.push_back(std::move(node));
    m_nodes[static_cast<std::size_t>(parent)].children.push_back(idx);
    return idx;
}

void LayerTree::mergeChains()
{
    // Children have greater indices than their parents, so one pass from the back sees merged children first.
    for (std::size_t idx = m_nodes.size(); idx-- > 1;) {
        LayerNode& node = m_nodes[idx];
        if (node.layer >= 0 || node.children.size() != 1)
            continue;
        LayerNode& only = m_nodes[static_cast<std::size_t>(node.children.front())];
        node.label += QLatin1Char('.') + only.label;
        node.path = only.path;
        node.layer = only.layer;
        node.children = std::move(only.children);
    }
}

int LayerTree::number(std::vector<LayerNode>& from, std::size_t idx, int parent, int row)
{
    const int self = nodeCount();
    m_nodes.push_back(std::move(from[idx]));
    std::vector<int> children = std::move(m_nodes.back().children);
    m_nodes.back().parent = parent;
    m_nodes.back().row = row;
    m_nodes.back().begin = m_order.size();
    if (const std::ptrdiff_t layer = m_nodes.back().layer; layer >= 0) {
        m_order.push_back(static_cast<std::size_t>(layer));
        m_nodeOfLayer[static_cast<std::size_t>(layer)] = self;
    }
    for (std::size_t child = 0; child < children.size(); ++child)
        children[child]
            = number(from, static_cast<std::size_t>(children[child]), self, static_cast<int>(child));
    LayerNode& node = m_nodes[static_cast<std::size_t>(self)];
    node.children = std::move(children);
    node.end = m_order.size();
    return self;
}

std::span<const std::size_t> LayerTree::layersBelow(int idx) const
{
    const LayerNode& at = node(idx);
    return std::span(m_order).subspan(at.begin, at.end - at.begin);
}

std::vector<std::size_t> LayerTree::sameRole(std::size_t layer) const
{
    const QString role = roleOf(node(nodeOfLayer(layer)).path);
    std::vector<std::size_t> found;
    for (const std::size_t each : m_order)
        if (roleOf(node(nodeOfLayer(each)).path) == role)
            found.push_back(each);
    return found;
}

} // namespace mantissa::ui
