// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the plan as a table, the second view of it beside the tree. Strongest last, as the plan has
// them.
#pragma once

#include "ui/document.h"

#include <QAbstractTableModel>

namespace mantissa::ui {

class RuleModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Pattern, Format, Layers, Origin, Reason, ColumnCount };
    explicit RuleModel(PlanDocument& document, QObject* parent = nullptr);

    /// Layers that a rule decides about; those it lost to stronger ones do not count.
    std::vector<std::size_t> layersDecidedBy(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void takeRules();
    void countLayers();
    PlanDocument& m_document;
    std::vector<Rule> m_rules; ///< of the plan when the views were told last
    std::vector<std::uint32_t> m_counts;
};

} // namespace mantissa::ui
