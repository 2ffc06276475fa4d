// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rules_panel.h"

#include "ui/widgets/action_button.h"
#include "ui/widgets/rule_dialog.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table_panel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

RulesPanel::RulesPanel(PlanDocument& document, PlanEditor& editor, QAction* addRule, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_editor(editor)
    , m_model(new RuleModel(document, this))
    , m_table(
          makeTable(QStringLiteral("rulesTable"), tr("Rules of the plan"), m_model, RuleModel::Pattern, this))
    , m_empty(emptyLabel("rulesEmpty", tr("No rules"),
          tr("The plan has no rules. Setting a whole branch of the tree writes one, and so do presets."),
          this))
    , m_change(
          iconButton(QStringLiteral("ruleChange"), QStringLiteral("options"), tr("Change the rule"), this))
    , m_remove(iconButton(QStringLiteral("ruleRemove"), QStringLiteral("clear"), tr("Remove the rule"), this))
    , m_up(iconButton(QStringLiteral("ruleUp"), QStringLiteral("up"),
          tr("Make the rule weaker: earlier ones lose"), this))
    , m_down(iconButton(QStringLiteral("ruleDown"), QStringLiteral("down"),
          tr("Make the rule stronger: later ones win"), this))
    , m_select(iconButton(QStringLiteral("ruleSelect"), QStringLiteral("select-similar"),
          tr("Select the layers that the rule decides about"), this))
{
    m_table->verticalHeader()->show(); // rules are named by number
    setObjectName(QStringLiteral("rulesPanel"));
    setAccessibleName(tr("Rules"));
    auto* hint = new QLabel(
        tr("Later rules win over earlier ones; what is set on a layer itself wins over all."), this);
    hint->setObjectName(QStringLiteral("rulesHint"));
    hint->setAccessibleName(hint->text());
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->addWidget(actionButton(addRule, QStringLiteral("ruleAdd"), tr("Add a rule…"), this));
    for (QToolButton* button : {m_change, m_remove, m_up, m_down, m_select})
        head->addWidget(button);
    head->addWidget(hint, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_table, 1);
    column->addWidget(m_empty, 1);

    connect(m_change, &QToolButton::clicked, this, [this] { edit(currentRow(m_table)); });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) { edit(index.row()); });
    connect(m_remove, &QToolButton::clicked, this,
        [this] { m_editor.removeRule(static_cast<std::size_t>(currentRow(m_table))); });
    const auto move = [this](int by) {
        const int row = currentRow(m_table), to = row + by;
        m_editor.moveRule(static_cast<std::size_t>(row), static_cast<std::size_t>(to));
        m_table->selectRow(to);
    };
    connect(m_up, &QToolButton::clicked, this, [move] { move(-1); });
    connect(m_down, &QToolButton::clicked, this, [move] { move(1); });
    connect(m_select, &QToolButton::clicked, this,
        [this] { Q_EMIT layersRequested(m_model->layersDecidedBy(currentRow(m_table))); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &RulesPanel::refresh);
    connect(m_model, &QAbstractItemModel::modelReset, this, &RulesPanel::refresh);
    refresh();
}

void RulesPanel::refresh()
{
    const int row = currentRow(m_table), rows = m_model->rowCount();
    for (QToolButton* button : {m_change, m_remove, m_select})
        button->setEnabled(row >= 0);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < rows);
    m_table->setVisible(rows > 0);
    m_empty->setVisible(rows == 0);
}

void RulesPanel::addRule(const QString& pattern)
{
    auto* dialog = new RuleDialog(m_document, -1, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!pattern.isEmpty())
        dialog->setPattern(pattern);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_editor.addRule(dialog->rule()); });
    dialog->open();
}

void RulesPanel::edit(int row)
{
    if (row < 0)
        return;
    auto* dialog = new RuleDialog(m_document, row, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog, row] { m_editor.changeRule(static_cast<std::size_t>(row), dialog->rule()); });
    dialog->open();
}

} // namespace mantissa::ui
