// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/variant_table_model.h"

#include "ui/models/metric_columns.h"
#include "ui/models/pair_table_model.h"
#include "ui/text.h"

#include <QFont>
#include <QLocale>

#include <cmath>

namespace mantissa::ui {

VariantTableModel::VariantTableModel(
    ComparisonPresenter& presenter, JudgementStore& judgements, QObject* parent)
    : QAbstractTableModel(parent)
    , m_presenter(presenter)
    , m_judgements(judgements)
{
    const auto reset = [this] {
        beginResetModel();
        endResetModel();
    };
    connect(&m_presenter, &ComparisonPresenter::started, this, reset);
    connect(&m_presenter, &ComparisonPresenter::finished, this, reset);
    connect(&m_presenter, &ComparisonPresenter::variantDone, this, [this](std::size_t variant) {
        const int row = static_cast<int>(variant);
        Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
    });
    const auto judged = [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, costColumn(Blind)), index(rowCount() - 1, costColumn(Rating)));
    };
    connect(&m_judgements, &JudgementStore::changed, this, judged);
    connect(&m_judgements, &JudgementStore::loaded, this, judged);
}

int VariantTableModel::costColumn(Cost cost) const
{
    return 1 + static_cast<int>(pictureMetrics().size()) + cost;
}

int VariantTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_presenter.comparison().variants.size());
}

int VariantTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : costColumn(CostCount);
}

QVariant VariantTableModel::costValue(const ComparedVariant& variant, Cost cost) const
{
    const Comparison& comparison = m_presenter.comparison();
    const auto number
        = [](const auto& value) { return value ? QVariant(static_cast<double>(*value)) : QVariant(); };
    const QString key = JudgementStore::keyOf(variant, comparison.variants.front());
    switch (cost) {
    case Size:
        return number(variant.bytes);
    case Step:
        return number(variant.secondsPerStep);
    case SpeedUp:
        return number(speedUp(comparison, variant));
    case Memory:
        return number(variant.gpuPeakBytes ? variant.gpuPeakBytes : variant.peakBytes);
    case Blind: {
        const auto score = m_judgements.blindOf(key);
        return score && score->decided() > 0 ? QVariant(score->share()) : QVariant();
    }
    case Rating: {
        const int rating = m_judgements.of(key).rating;
        return rating > 0 ? QVariant(rating) : QVariant();
    }
    case CostCount:
        break;
    }
    return {};
}

QString VariantTableModel::costText(const ComparedVariant& variant, Cost cost) const
{
    const bool baseline = &variant == &m_presenter.comparison().variants.front();
    const QVariant value = costValue(variant, cost);
    const QLocale locale;
    switch (cost) {
    case Rating:
        return judgementText(
            m_judgements.of(JudgementStore::keyOf(variant, m_presenter.comparison().variants.front())));
    case Blind: {
        if (!value.isValid())
            break;
        const BlindScore score = *m_judgements.blindOf(
            JudgementStore::keyOf(variant, m_presenter.comparison().variants.front()));
        return tr("%1 % of %2")
            .arg(locale.toString(100 * score.share(), 'f', 0))
            .arg(static_cast<int>(score.decided()));
    }
    case Size: {
        if (!value.isValid())
            break;
        const auto& whole = m_presenter.comparison().variants.front().bytes;
        const QString size = sizeText(*variant.bytes);
        return baseline || !whole ? size
                                  : QStringLiteral("%1 (%2)").arg(size, savedText(*whole, *variant.bytes));
    }
    case Step: {
        if (!value.isValid())
            break;
        const double seconds = value.toDouble();
        const QString text = seconds < 1 ? tr("%1 ms").arg(locale.toString(1000 * seconds, 'g', 3))
                                         : tr("%1 s").arg(locale.toString(seconds, 'g', 3));
        return variant.timedEarlier ? text + QStringLiteral(" *") : text;
    }
    case SpeedUp:
        if (value.isValid())
            return tr("%1 ×").arg(locale.toString(value.toDouble(), 'f', 2));
        break;
    case Memory:
        if (value.isValid())
            return sizeText(static_cast<std::uint64_t>(value.toDouble()));
        break;
    case CostCount:
        break;
    }
    return QStringLiteral("–");
}

QVariant VariantTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& variants = m_presenter.comparison().variants;
    const ComparedVariant& variant = variants[static_cast<std::size_t>(index.row())];
    const bool baseline = index.row() == 0;
    const int column = index.column();
    const bool isCost = column >= costColumn(Size);
    const auto metric = static_cast<std::size_t>(column - 1);
    switch (role) {
    case Qt::DisplayRole:
        if (column == 0)
            return baseline ? tr("%1 (baseline)").arg(toQt(variant.name)) : toQt(variant.name);
        if (isCost)
            return costText(variant, static_cast<Cost>(column - costColumn(Size)));
        return baseline || metric >= variant.mean.size() || variant.pairs.empty()
            ? QStringLiteral("–")
            : metricNumber(metric, variant.mean[metric]);
    case kSortRole:
        if (column == 0)
            return toQt(variant.name);
        if (isCost)
            return costValue(variant, static_cast<Cost>(column - costColumn(Size)));
        return baseline || metric >= variant.mean.size() || !variant.mean[metric]
            ? QVariant()
            : QVariant(*variant.mean[metric]);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::FontRole:
        if (baseline && column == 0) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    default:
        return {};
    }
}

QVariant VariantTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    if (section == 0)
        return tr("Variant");
    if (section < costColumn(Size))
        return tip ? metricToolTip(static_cast<std::size_t>(section - 1))
                   : metricName(static_cast<std::size_t>(section - 1));
    switch (static_cast<Cost>(section - costColumn(Size))) {
    case Size:
        return tip ? tr("Bytes of the file, or of the file that the plan would write") : tr("Size");
    case Step:
        return tip ? tr("Median of short runs of all variants in turn; *: measured by an earlier run")
                   : tr("A step");
    case SpeedUp:
        return tip ? tr("The baseline's time a step over this variant's") : tr("Speed-up");
    case Memory:
        return tip ? tr("Largest memory in use while its pictures were made") : tr("Memory");
    case Blind:
        return tip ? tr("How often it was preferred to the baseline in a blind test") : tr("Preferred");
    case Rating:
        return tr("Rating");
    case CostCount:
        break;
    }
    return {};
}

} // namespace mantissa::ui
