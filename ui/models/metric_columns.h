// SPDX-License-Identifier: GPL-3.0-or-later
// What the tables of a comparison have in common: metrics as columns, in words and as numbers to sort by.
#pragma once

#include "engine/compare/metric.h"

#include <QSortFilterProxyModel>
#include <QString>

#include <optional>

namespace mantissa::ui {

/// Place of a metric in pictureMetrics().
std::size_t metricIndex(std::string_view id);
QString metricName(std::size_t metric);
/// What it measures, and which way is closer.
QString metricToolTip(std::size_t metric);
/// "31.42", "∞", "not defined" in the user's locale.
QString metricNumber(std::size_t metric, const std::optional<double>& value, bool withUnit = false);

/// Role of numbers to sort by; invalid values come last either way.
inline constexpr int kSortRole = Qt::UserRole + 20;

/// Sorts numbers as numbers and what has none to the end.
class MetricSortProxy : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit MetricSortProxy(QAbstractItemModel* source, QObject* parent = nullptr);

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

} // namespace mantissa::ui
