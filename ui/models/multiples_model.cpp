// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/multiples_model.h"

#include <algorithm>

namespace mantissa::ui {

void MultiplesModel::setViews(const std::vector<ActivationView>& views)
{
    const bool same = std::equal(views.begin(), views.end(), m_views.begin(), m_views.end(),
        [](const ActivationView& a, const ActivationView& b) { return a.layer == b.layer; });
    if (same) {
        m_views = views;
        if (!m_views.empty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_views = views;
    QString common = m_views.empty() ? QString() : m_views.front().layer;
    for (const ActivationView& view : m_views)
        while (!view.layer.startsWith(common))
            common.chop(1);
    m_common = common.lastIndexOf(QLatin1Char('.')) + 1; // -1 + 1: nothing in common
    endResetModel();
}

QString MultiplesModel::shortName(const QModelIndex& index) const
{
    return view(index).layer.mid(m_common);
}

const ActivationView& MultiplesModel::view(const QModelIndex& index) const
{
    return m_views[static_cast<std::size_t>(index.row())];
}

QModelIndex MultiplesModel::indexOf(const QString& layer) const
{
    const auto found = std::find_if(
        m_views.begin(), m_views.end(), [&](const ActivationView& view) { return view.layer == layer; });
    return found == m_views.end() ? QModelIndex() : index(static_cast<int>(found - m_views.begin()));
}

int MultiplesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_views.size());
}

QVariant MultiplesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ActivationView& shown = view(index);
    switch (role) {
    case Qt::DisplayRole:
        return shown.layer;
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return QStringLiteral("%1: %2").arg(shown.layer, shortViewText(shown));
    default:
        return {};
    }
}

} // namespace mantissa::ui
