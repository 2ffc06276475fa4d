// SPDX-License-Identifier: GPL-3.0-or-later
// The heart of the window: the plan's settings, the searchable layer tree, and the totals.
#pragma once

#include "ui/document.h"
#include "ui/presenters/plan_editor.h"
#include "ui/widgets/layer_tree_view.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;

namespace mantissa::ui {

class Actions;
class PlanBar;
class TotalsBar;

class PlanPage : public QWidget {
    Q_OBJECT
public:
    PlanPage(PlanDocument& document, PlanEditor& editor, Actions& actions, QWidget* parent = nullptr);

    LayerTreeView* tree() { return m_tree; }
    QLineEdit* search() { return m_search; }
    TotalsBar* totals() { return m_totals; }

Q_SIGNALS:
    void findingsRequested();
    /// The person chose another recipe.
    void recipeChosen();
    /// The selection, or what is known about it, changed.
    void detailsChanged();

private:
    void connectPlanBar();
    void connectActions();
    QWidget* makeSearchRow();
    void fillFacetMenu(QMenu* menu);
    void applyFilter();
    void showState();
    void updateActions();
    void showContextMenu(const QPoint& pos);
    void chooseWithOptions();
    void chooseBaseOptions();
    void editNote();

    PlanDocument& m_document;
    PlanEditor& m_editor;
    Actions& m_actions;
    PlanBar* m_planBar;
    QLineEdit* m_search;
    QLabel* m_matches;
    LayerTreeView* m_tree;
    QLabel* m_empty;
    TotalsBar* m_totals;
    QTimer m_filterDelay;
};

} // namespace mantissa::ui
