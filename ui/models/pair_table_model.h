// SPDX-License-Identifier: GPL-3.0-or-later
// Every pair of a comparison as a row: variant, prompt, seed, all metrics, and what was said about it.
#pragma once

#include "ui/presenters/comparison_presenter.h"

#include <QAbstractTableModel>

#include <utility>
#include <vector>

namespace mantissa::ui {

class PairTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Variant, Prompt, Seed, FirstMetric };

    PairTableModel(ComparisonPresenter& presenter, JudgementStore& judgements, QObject* parent = nullptr);

    /// Variant and pair of a row.
    std::pair<std::size_t, std::size_t> placeOf(int row) const
    {
        return m_rows[static_cast<std::size_t>(row)];
    }
    int rowOf(std::size_t variant, std::size_t pair) const; ///< −1: none
    int ratingColumn() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void rebuild();
    QVariant sortValue(const ComparedPair& pair, const std::string& variant, int column) const;
    QString text(const ComparedPair& pair, const std::string& variant, int column) const;

    ComparisonPresenter& m_presenter;
    JudgementStore& m_judgements;
    std::vector<std::pair<std::size_t, std::size_t>> m_rows;
};

/// "★★★☆☆", with "✗" in front of what was marked as bad; empty without a judgement.
QString judgementText(const Judgement& judgement);

} // namespace mantissa::ui
