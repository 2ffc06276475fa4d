// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/picture_grid_model.h"

#include "ui/models/metric_columns.h"
#include "ui/text.h"

#include <QSize>

#include <algorithm>
#include <map>

namespace mantissa::ui {

PictureGridModel::PictureGridModel(ComparisonPresenter& presenter, QObject* parent)
    : QAbstractTableModel(parent)
    , m_presenter(presenter)
    , m_flip(metricIndex("flip"))
{
    connect(&m_presenter, &ComparisonPresenter::started, this, &PictureGridModel::rebuild);
    connect(&m_presenter, &ComparisonPresenter::finished, this, &PictureGridModel::rebuild);
    connect(&m_presenter, &ComparisonPresenter::failed, this, &PictureGridModel::rebuild);
    connect(&m_presenter, &ComparisonPresenter::pairDone, this, &PictureGridModel::addPair);
    connect(&m_presenter, &ComparisonPresenter::thumbnailMade, this, [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::DecorationRole});
    });
    connect(
        &m_presenter, &ComparisonPresenter::previewed, this, [this](std::size_t variant, std::size_t pair) {
            const auto columns = static_cast<std::size_t>(std::max(1, columnCount()));
            m_growing = variant == m_variant
                ? index(static_cast<int>(pair / columns), static_cast<int>(pair % columns))
                : QModelIndex();
            if (m_growing.isValid())
                Q_EMIT dataChanged(m_growing, m_growing);
        });
}

void PictureGridModel::setVariant(std::size_t variant)
{
    m_variant = variant;
    rebuild();
}

void PictureGridModel::setOutliersFirst(bool outliers)
{
    m_outliersFirst = outliers;
    rebuild();
}

double PictureGridModel::flipOf(std::size_t pair) const
{
    const ComparedPair* found = m_presenter.pair(m_variant, pair);
    return found == nullptr ? -1 : found->values.at(m_flip).value_or(-1);
}

void PictureGridModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    m_columns.clear();
    m_growing = {};
    const Comparison& comparison = m_presenter.comparison();
    const std::size_t seeds = m_presenter.seeds().size();
    if (m_variant < comparison.variants.size() && !m_presenter.prompts().empty()) {
        for (const std::uint64_t seed : m_presenter.seeds())
            m_columns << tr("Seed %1").arg(seed);
        const std::size_t done = comparison.variants[m_variant].pairs.size();
        for (std::size_t p = 0; p < m_presenter.prompts().size(); ++p) {
            Row row{toQt(m_presenter.prompts()[p]), {}, -1};
            for (std::size_t s = 0; s < seeds; ++s) {
                const std::size_t pair = p * seeds + s;
                row.pairs.push_back(pair < done ? std::optional(pair) : std::nullopt);
            }
            m_rows.push_back(std::move(row));
        }
    } else if (m_variant < comparison.variants.size()) {
        m_columns << tr("Picture");
        for (std::size_t pair = 0; pair < comparison.variants[m_variant].pairs.size(); ++pair)
            m_rows.push_back({toQt(comparison.variants[m_variant].pairs[pair].name), {pair}, -1});
    }
    for (Row& row : m_rows)
        for (const auto& pair : row.pairs)
            if (pair)
                row.worst = std::max(row.worst, flipOf(*pair));
    // While pictures come, rows that change places would be in the way.
    if (m_outliersFirst && m_variant > 0 && !m_presenter.isRunning())
        std::stable_sort(
            m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) { return a.worst > b.worst; });
    endResetModel();
}

void PictureGridModel::addPair(std::size_t variant, std::size_t pair)
{
    m_growing = {};
    if (variant != m_variant || m_columns.isEmpty())
        return;
    const auto columns = static_cast<std::size_t>(m_columns.size());
    const std::size_t row = pair / columns, column = pair % columns;
    if (row >= m_rows.size())
        return;
    m_rows[row].pairs[column] = pair;
    const QModelIndex cell = index(static_cast<int>(row), static_cast<int>(column));
    Q_EMIT dataChanged(cell, cell);
}

std::optional<std::size_t> PictureGridModel::pairAt(const QModelIndex& index) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return std::nullopt;
    return m_rows[static_cast<std::size_t>(index.row())].pairs[static_cast<std::size_t>(index.column())];
}

QModelIndex PictureGridModel::indexOfPair(std::size_t pair) const
{
    for (int row = 0; row < rowCount(); ++row)
        for (int column = 0; column < columnCount(); ++column)
            if (pairAt(index(row, column)) == pair)
                return index(row, column);
    return {};
}

int PictureGridModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PictureGridModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QString PictureGridModel::cellText(std::size_t pair) const
{
    const ComparedPair* found = m_presenter.pair(m_variant, pair);
    if (found == nullptr || m_variant == 0)
        return {};
    return tr("FLIP %1").arg(metricNumber(m_flip, found->values.at(m_flip)));
}

QString PictureGridModel::toolTip(std::size_t pair) const
{
    const ComparedPair* found = m_presenter.pair(m_variant, pair);
    if (found == nullptr)
        return {};
    QStringList lines{found->prompt.empty() ? toQt(found->name) : toQt(found->prompt)};
    for (std::size_t metric = 0; m_variant > 0 && metric < found->values.size(); ++metric)
        lines << QStringLiteral("%1: %2").arg(
            metricName(metric), metricNumber(metric, found->values[metric], true));
    return lines.join(QLatin1Char('\n'));
}

QVariant PictureGridModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto pair = pairAt(index);
    const bool growing = !pair && index == m_growing;
    switch (role) {
    case Qt::DisplayRole:
        return pair                   ? cellText(*pair)
            : growing                 ? tr("being made")
            : m_presenter.isRunning() ? tr("waiting")
                                      : QString();
    case Qt::DecorationRole:
        if (pair)
            return m_presenter.thumbnail(m_presenter.pair(m_variant, *pair)->test);
        return growing ? QVariant(m_presenter.preview()) : QVariant();
    case Qt::ToolTipRole:
        return pair ? toolTip(*pair) : QString();
    case Qt::AccessibleTextRole:
        return pair ? tr("%1, %2: %3")
                          .arg(m_rows[static_cast<std::size_t>(index.row())].title, m_columns[index.column()],
                              cellText(*pair))
                    : QVariant();
    case PairRole:
        return pair ? QVariant::fromValue(static_cast<int>(*pair)) : QVariant();
    default:
        return {};
    }
}

QVariant PictureGridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole && orientation == Qt::Vertical)
        return static_cast<int>(Qt::AlignLeft) | static_cast<int>(Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    if (orientation == Qt::Horizontal)
        return section < m_columns.size() ? m_columns[section] : QVariant();
    return section < rowCount() ? m_rows[static_cast<std::size_t>(section)].title : QVariant();
}

} // namespace mantissa::ui
