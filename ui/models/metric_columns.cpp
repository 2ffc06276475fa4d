// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/metric_columns.h"

#include "ui/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace mantissa::ui {

namespace {

struct Metrics {
    Q_DECLARE_TR_FUNCTIONS(mantissa::ui::Metrics)
};

const MetricInfo& infoOf(std::size_t metric)
{
    return pictureMetrics()[metric]->info();
}

} // namespace

std::size_t metricIndex(std::string_view id)
{
    std::size_t index = 0;
    while (index + 1 < pictureMetrics().size() && infoOf(index).id != id)
        ++index;
    return index;
}

QString metricName(std::size_t metric)
{
    return toQt(infoOf(metric).name);
}

QString metricToolTip(std::size_t metric)
{
    const MetricInfo& info = infoOf(metric);
    return asSentence(engineText(info.what)) + QLatin1Char(' ')
        + (info.better == Better::Lower ? Metrics::tr("Lower is closer.") : Metrics::tr("Higher is closer."));
}

QString metricNumber(std::size_t metric, const std::optional<double>& value, bool withUnit)
{
    if (!value)
        return Metrics::tr("not defined");
    const MetricInfo& info = infoOf(metric);
    const QString number
        = std::isinf(*value) ? QStringLiteral("∞") : QLocale().toString(*value, 'f', info.decimals);
    return withUnit && !info.unit.empty() ? number + QLatin1Char(' ') + toQt(info.unit) : number;
}

MetricSortProxy::MetricSortProxy(QAbstractItemModel* source, QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSourceModel(source);
    setSortRole(kSortRole);
    setSortLocaleAware(true);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

bool MetricSortProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(kSortRole), b = right.data(kSortRole);
    if (a.isValid() != b.isValid())
        return a.isValid() == (sortOrder() == Qt::AscendingOrder);
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace mantissa::ui
