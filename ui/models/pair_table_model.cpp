// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pair_table_model.h"

#include "ui/models/metric_columns.h"
#include "ui/text.h"

namespace mantissa::ui {

QString judgementText(const Judgement& judgement)
{
    QString text;
    if (judgement.rating > 0)
        text = QString(judgement.rating, QChar(0x2605))
            + QString(kBestRating - judgement.rating, QChar(0x2606));
    if (judgement.bad)
        text.prepend(text.isEmpty() ? QStringLiteral("✗") : QStringLiteral("✗ "));
    if (!judgement.note.empty())
        text += text.isEmpty() ? QStringLiteral("✎") : QStringLiteral(" ✎");
    return text;
}

PairTableModel::PairTableModel(ComparisonPresenter& presenter, JudgementStore& judgements, QObject* parent)
    : QAbstractTableModel(parent)
    , m_presenter(presenter)
    , m_judgements(judgements)
{
    connect(&m_presenter, &ComparisonPresenter::started, this, &PairTableModel::rebuild);
    connect(&m_presenter, &ComparisonPresenter::finished, this, &PairTableModel::rebuild);
    connect(
        &m_presenter, &ComparisonPresenter::pairDone, this, [this](std::size_t variant, std::size_t pair) {
            if (variant == 0)
                return;
            beginInsertRows({}, rowCount(), rowCount());
            m_rows.emplace_back(variant, pair);
            endInsertRows();
        });
    const auto judged = [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, ratingColumn()), index(rowCount() - 1, ratingColumn()));
    };
    connect(&m_judgements, &JudgementStore::changed, this, judged);
    connect(&m_judgements, &JudgementStore::loaded, this, judged);
    rebuild();
}

void PairTableModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    const auto& variants = m_presenter.comparison().variants;
    for (std::size_t variant = 1; variant < variants.size(); ++variant)
        for (std::size_t pair = 0; pair < variants[variant].pairs.size(); ++pair)
            m_rows.emplace_back(variant, pair);
    endResetModel();
}

int PairTableModel::rowOf(std::size_t variant, std::size_t pair) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (placeOf(row) == std::pair(variant, pair))
            return row;
    return -1;
}

int PairTableModel::ratingColumn() const
{
    return FirstMetric + static_cast<int>(pictureMetrics().size());
}

int PairTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PairTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ratingColumn() + 1;
}

QString PairTableModel::text(const ComparedPair& pair, const std::string& variant, int column) const
{
    if (column == Variant)
        return toQt(variant);
    if (column == Prompt)
        return toQt(pair.prompt.empty() ? pair.name : pair.prompt);
    if (column == Seed)
        return pair.seed ? QString::number(*pair.seed) : QStringLiteral("–");
    if (column == ratingColumn())
        return judgementText(m_judgements.of(JudgementStore::keyOf(pair)));
    const auto metric = static_cast<std::size_t>(column - FirstMetric);
    return metricNumber(metric, pair.values.at(metric));
}

QVariant PairTableModel::sortValue(const ComparedPair& pair, const std::string& variant, int column) const
{
    if (column == Variant || column == Prompt)
        return text(pair, variant, column);
    if (column == Seed)
        return pair.seed ? QVariant(static_cast<qulonglong>(*pair.seed)) : QVariant();
    if (column == ratingColumn()) {
        const Judgement judgement = m_judgements.of(JudgementStore::keyOf(pair));
        return judgement.bad ? QVariant(-1) : judgement.rating > 0 ? QVariant(judgement.rating) : QVariant();
    }
    const auto& value = pair.values.at(static_cast<std::size_t>(column - FirstMetric));
    return value ? QVariant(*value) : QVariant();
}

QVariant PairTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto [variant, place] = placeOf(index.row());
    const ComparedPair* pair = m_presenter.pair(variant, place);
    if (pair == nullptr)
        return {};
    const std::string& name = m_presenter.comparison().variants[variant].name;
    const int column = index.column();
    if (role == kSortRole)
        return sortValue(*pair, name, column);
    if (role == Qt::TextAlignmentRole
        && (column == Seed || (column >= FirstMetric && column < ratingColumn())))
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && column == ratingColumn())
        return toQt(m_judgements.of(JudgementStore::keyOf(*pair)).note);
    if (role == Qt::AccessibleTextRole && column == ratingColumn()) {
        const Judgement judgement = m_judgements.of(JudgementStore::keyOf(*pair));
        QStringList parts;
        if (judgement.bad)
            parts << tr("marked as bad");
        if (judgement.rating > 0)
            parts << tr("%1 of 5").arg(judgement.rating);
        if (!judgement.note.empty())
            parts << toQt(judgement.note);
        return parts.join(QStringLiteral(", "));
    }
    return role == Qt::DisplayRole || role == Qt::ToolTipRole ? QVariant(text(*pair, name, column))
                                                              : QVariant();
}

QVariant PairTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return {};
    const bool metric = section >= FirstMetric && section < ratingColumn();
    if (role == Qt::ToolTipRole && metric)
        return metricToolTip(static_cast<std::size_t>(section - FirstMetric));
    if (role != Qt::DisplayRole)
        return {};
    if (metric)
        return metricName(static_cast<std::size_t>(section - FirstMetric));
    switch (section) {
    case Variant:
        return tr("Variant");
    case Prompt:
        return tr("Picture");
    case Seed:
        return tr("Seed");
    default:
        return tr("Rating");
    }
}

} // namespace mantissa::ui
