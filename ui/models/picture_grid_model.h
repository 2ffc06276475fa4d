// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of one variant as a grid: prompts down, seeds across; pictures of folders as one column. Small
// pictures, each with how far it is from the baseline.
#pragma once

#include "ui/presenters/comparison_presenter.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace mantissa::ui {

class PictureGridModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { PairRole = Qt::UserRole + 1 };

    explicit PictureGridModel(ComparisonPresenter& presenter, QObject* parent = nullptr);

    void setVariant(std::size_t variant);
    std::size_t variant() const { return m_variant; }
    /// Prompts whose worst picture is furthest from the baseline come first; else they keep their order.
    void setOutliersFirst(bool outliers);
    /// Index of the pair of a cell; empty where there is none (yet).
    std::optional<std::size_t> pairAt(const QModelIndex& index) const;
    QModelIndex indexOfPair(std::size_t pair) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString title;
        std::vector<std::optional<std::size_t>> pairs; ///< one a column
        double worst = -1; ///< largest FLIP; −1: none yet
    };
    void rebuild();
    void addPair(std::size_t variant, std::size_t pair);
    double flipOf(std::size_t pair) const;
    QString cellText(std::size_t pair) const;
    QString toolTip(std::size_t pair) const;

    ComparisonPresenter& m_presenter;
    std::size_t m_variant = 1, m_flip;
    bool m_outliersFirst = true;
    std::vector<Row> m_rows;
    QStringList m_columns;
    QModelIndex m_growing; ///< the cell with the preview
};

} // namespace mantissa::ui
