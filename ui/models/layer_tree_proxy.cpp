// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_tree_proxy.h"

namespace mantissa::ui {

LayerTreeProxy::LayerTreeProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(LayerTreeModel::SortRole);
    setSortLocaleAware(false);
    // Rows keep their place while the plan is edited; they would jump away under the pointer otherwise.
    setDynamicSortFilter(false);
}

void LayerTreeProxy::setSource(LayerTreeModel* source)
{
    m_source = source;
    // Connected before the base class connects, so that visibility is known when it maps the new rows.
    connect(source, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_visible.clear();
        m_matching.clear();
    });
    connect(source, &QAbstractItemModel::modelReset, this, [this] { recompute(); });
    setSourceModel(source);
    recompute();
}

void LayerTreeProxy::sort(int column, Qt::SortOrder order)
{
    const bool natural = column == LayerTreeModel::Name && order == Qt::AscendingOrder;
    QSortFilterProxyModel::sort(natural ? -1 : column, order);
}

void LayerTreeProxy::setFilter(LayerFilter filter)
{
    m_filter = std::move(filter);
    if (recompute())
        invalidateFilter();
    Q_EMIT matchingChanged();
}

bool LayerTreeProxy::recompute()
{
    const LayerTree* tree = m_source != nullptr ? m_source->tree() : nullptr;
    std::vector<bool> visible;
    std::vector<std::size_t> matching;
    if (tree != nullptr && !m_filter.isEmpty()) {
        visible.assign(static_cast<std::size_t>(tree->nodeCount()), false);
        const PlanState* state = m_source->state();
        for (const std::size_t layer : tree->layersBelow(LayerTree::kRoot)) {
            int node = tree->nodeOfLayer(layer);
            LayerFilter::Facts facts;
            if (state != nullptr) {
                facts.decision = &state->resolved.decisions[layer];
                facts.byUser = state->byUser[layer];
                facts.noted = state->notes.contains(layer);
                facts.error = m_source->errorOf(layer);
            }
            if (!m_filter.matches(tree->node(node).path, m_source->model()->layers[layer], facts))
                continue;
            matching.push_back(layer);
            for (; node >= 0 && !visible[static_cast<std::size_t>(node)]; node = tree->node(node).parent)
                visible[static_cast<std::size_t>(node)] = true;
        }
    } else if (tree != nullptr) {
        const auto all = tree->layersBelow(LayerTree::kRoot);
        matching.assign(all.begin(), all.end());
    }
    const bool different = visible != m_visible;
    m_visible = std::move(visible);
    m_matching = std::move(matching);
    return different;
}

bool LayerTreeProxy::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const
{
    if (m_visible.empty() || m_filter.isEmpty())
        return true;
    const int node = LayerTreeModel::nodeOf(m_source->index(sourceRow, 0, sourceParent));
    return m_visible[static_cast<std::size_t>(node)];
}

bool LayerTreeProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(LayerTreeModel::SortRole), b = right.data(LayerTreeModel::SortRole);
    if (a.userType() == QMetaType::QString)
        return a.toString() < b.toString();
    return a.toDouble() < b.toDouble();
}

} // namespace mantissa::ui
