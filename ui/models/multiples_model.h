// SPDX-License-Identifier: GPL-3.0-or-later
// Views of several layers, to be seen side by side.
#pragma once

#include "ui/activation_view.h"

#include <QAbstractListModel>

#include <vector>

namespace mantissa::ui {

class MultiplesModel : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    /// Rows stay where the same layers come again, so that selection and scroll place last through a run.
    void setViews(const std::vector<ActivationView>& views);
    const ActivationView& view(const QModelIndex& index) const;
    QModelIndex indexOf(const QString& layer) const;
    /// The layer's name without the branches that all of them are in.
    QString shortName(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<ActivationView> m_views;
    qsizetype m_common = 0; ///< characters that all names begin with, up to a dot
};

} // namespace mantissa::ui
