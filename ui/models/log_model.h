// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of all jobs since the window was opened, oldest first, bounded.
#pragma once

#include "engine/base/job.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QMap>
#include <QStringList>

#include <deque>

namespace mantissa::ui {

class LogModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Level, Job, Text, LayerName, ColumnCount };
    enum Role { LevelRole = Qt::UserRole };
    static constexpr int kMost = 20'000;

    using QAbstractTableModel::QAbstractTableModel;
    void add(const QString& job, const QList<LogLine>& lines);
    void clear();
    /// Names of the jobs that have messages here, in alphabetical order.
    QStringList jobs() const { return m_jobs.keys(); }
    /// One line a message, tabs between the columns.
    QString asText() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void jobsChanged();

private:
    struct Row {
        QDateTime time;
        QString job;
        LogLine line;
    };
    static QString text(const Row& row, int column);
    std::deque<Row> m_rows;
    QMap<QString, int> m_jobs; ///< how many messages of each are there
};

} // namespace mantissa::ui
