// SPDX-License-Identifier: GPL-3.0-or-later
// Filters and sorts the layer tree. What matches is computed in one pass over all layers when the query or
// the plan changes; the proxy itself then only looks it up.
#pragma once

#include "ui/models/layer_filter.h"
#include "ui/models/layer_tree_model.h"

#include <QSortFilterProxyModel>

#include <vector>

namespace mantissa::ui {

class LayerTreeProxy : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LayerTreeProxy(QObject* parent = nullptr);

    void setSource(LayerTreeModel* source);
    void setFilter(LayerFilter filter);
    const LayerFilter& filter() const { return m_filter; }
    /// Layers that match the filter, in tree order.
    const std::vector<std::size_t>& matching() const { return m_matching; }
    /// By name ascending is the order of the model itself and costs nothing.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

Q_SIGNALS:
    void matchingChanged();

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    /// Returns whether the set of visible rows changed.
    bool recompute();
    LayerTreeModel* m_source = nullptr;
    LayerFilter m_filter;
    std::vector<bool> m_visible; ///< by node: it, or something below it, matches
    std::vector<std::size_t> m_matching;
};

} // namespace mantissa::ui
