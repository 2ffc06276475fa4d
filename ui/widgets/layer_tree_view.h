// SPDX-License-Identifier: GPL-3.0-or-later
// The view of the layer tree: columns, filter, selection in terms of layers, and what stays open while
// filtering.
#pragma once

#include "ui/models/layer_tree_proxy.h"
#include "ui/presenters/plan_editor.h"

#include <QSet>
#include <QTreeView>

namespace mantissa::ui {

class LayerTreeView : public QTreeView {
    Q_OBJECT
public:
    explicit LayerTreeView(QWidget* parent = nullptr);

    LayerTreeModel* layers() { return m_model; }
    LayerTreeProxy* proxy() { return m_proxy; }

    void showModel(std::shared_ptr<const Model> model, std::shared_ptr<const LayerTree> tree,
        std::shared_ptr<const PlanState> state);
    void showState(std::shared_ptr<const PlanState> state);
    void showErrors(std::shared_ptr<const LayerErrors> errors);
    void setFilter(const LayerFilter& filter);

    LayerSelection selectedLayers() const;
    /// The node that details are shown for; -1: none.
    int currentNode() const;
    /// Selects these layers, opens their branches and goes to the first.
    void selectLayers(const std::vector<std::size_t>& layers);
    void expandEverything();
    /// Makes a row current and the only one selected, whatever keys are held down.
    void goTo(const QModelIndex& row);

    void saveColumns() const;
    void restoreColumns();
    void resetColumns();

Q_SIGNALS:
    void selectedLayersChanged();
    /// A check box was pressed: on its row alone, or on all selected ones if it is one of them.
    void quantizeRequested(const mantissa::ui::LayerSelection& selection, bool quantize);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void expandNodes(const QSet<int>& nodes);
    QSet<int> expandedNodes() const;
    void openFirstLevels();
    void fitNameColumn();
    QModelIndex proxyIndex(int node) const;
    LayerSelection selectionOf(const QModelIndexList& rows) const;
    void showColumnMenu(const QPoint& pos);
    /// Columns that are empty in most files show themselves when there is something in them.
    void showColumnOnce(int column, bool wanted);

    LayerTreeModel* m_model;
    LayerTreeProxy* m_proxy;
    QSet<int> m_openBeforeFilter;
    bool m_filtering = false;
    bool m_userSizedName = false, m_fitting = false;
    QSet<int> m_shownOnce; ///< columns that came by themselves, so that hiding them lasts
};

} // namespace mantissa::ui
