// SPDX-License-Identifier: GPL-3.0-or-later
// The variants of a comparison side by side: mean of each metric, and what each costs.
#pragma once

#include "ui/presenters/comparison_presenter.h"

#include <QAbstractTableModel>

namespace mantissa::ui {

class VariantTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Cost { Size, Step, SpeedUp, Memory, Blind, Rating, CostCount };

    VariantTableModel(ComparisonPresenter& presenter, JudgementStore& judgements, QObject* parent = nullptr);

    /// The variant's name, then metrics, then costs.
    int costColumn(Cost cost) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString costText(const ComparedVariant& variant, Cost cost) const;
    QVariant costValue(const ComparedVariant& variant, Cost cost) const;

    ComparisonPresenter& m_presenter;
    JudgementStore& m_judgements;
};

} // namespace mantissa::ui
