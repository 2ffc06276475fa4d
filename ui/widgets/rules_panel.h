// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the plan: read them, change them, move them; what each decides about can be selected in the
// tree.
#pragma once

#include "ui/models/rule_model.h"
#include "ui/presenters/plan_editor.h"

#include <QWidget>

class QAction;
class QLabel;
class QTableView;
class QToolButton;

namespace mantissa::ui {

class RulesPanel : public QWidget {
    Q_OBJECT
public:
    RulesPanel(PlanDocument& document, PlanEditor& editor, QAction* addRule, QWidget* parent = nullptr);
    RuleModel* model() { return m_model; }
    /// Opens the dialog for a new rule; `pattern` may be empty.
    void addRule(const QString& pattern);

Q_SIGNALS:
    void layersRequested(const std::vector<std::size_t>& layers);

private:
    void edit(int row);
    void refresh();
    PlanDocument& m_document;
    PlanEditor& m_editor;
    RuleModel* m_model;
    QTableView* m_table;
    QLabel* m_empty;
    QToolButton* m_change;
    QToolButton* m_remove;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_select;
};

} // namespace mantissa::ui
