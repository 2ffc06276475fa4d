// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rule_model.h"

#include "ui/rule_writer.h"
#include "ui/text.h"
#include "ui/widgets/format_badge.h"

namespace mantissa::ui {

RuleModel::RuleModel(PlanDocument& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    connect(&m_document, &PlanDocument::planChanged, this, &RuleModel::takeRules);
    connect(&m_document, &PlanDocument::stateChanged, this, &RuleModel::countLayers);
    takeRules();
}

void RuleModel::takeRules()
{
    if (m_rules == m_document.plan().rules)
        return;
    beginResetModel();
    m_rules = m_document.plan().rules;
    m_counts.assign(m_rules.size(), 0);
    endResetModel();
}

void RuleModel::countLayers()
{
    m_counts.assign(m_rules.size(), 0);
    if (const auto state = m_document.state())
        for (const Decision& decision : state->resolved.decisions)
            if (decision.provenance == Provenance::Rule
                && static_cast<std::size_t>(decision.rule) < m_counts.size())
                ++m_counts[static_cast<std::size_t>(decision.rule)];
    if (!m_rules.empty())
        Q_EMIT dataChanged(index(0, Layers), index(rowCount() - 1, Layers));
}

std::vector<std::size_t> RuleModel::layersDecidedBy(int row) const
{
    std::vector<std::size_t> layers;
    const auto state = m_document.state();
    for (std::size_t layer = 0; state && layer < state->resolved.decisions.size(); ++layer) {
        const Decision& decision = state->resolved.decisions[layer];
        if (decision.provenance == Provenance::Rule && decision.rule == row)
            layers.push_back(layer);
    }
    return layers;
}

int RuleModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rules.size());
}

int RuleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RuleModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Rule& rule = m_rules[static_cast<std::size_t>(index.row())];
    if (role == Qt::DecorationRole && index.column() == Format)
        return badgeIcon(toQt(rule.choice.format));
    if (role == Qt::TextAlignmentRole && index.column() == Layers)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Pattern:
        return toQt(rule.pattern);
    case Format:
        return choiceText(rule.choice);
    case Layers:
        return countText(m_counts[static_cast<std::size_t>(index.row())]);
    case Origin:
        return isOfUser(rule) ? tr("you") : toQt(rule.origin);
    case Reason:
        return engineText(rule.reason);
    default:
        return {};
    }
}

QVariant RuleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Pattern:
        return tr("Pattern");
    case Format:
        return tr("Format");
    case Layers:
        return tr("Decides about");
    case Origin:
        return tr("From");
    case Reason:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace mantissa::ui
