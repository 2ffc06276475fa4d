// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs of the queue as a table. Owned and changed by the presenter JobQueue.
#pragma once

#include "ui/queued_job.h"

#include <QAbstractTableModel>

#include <functional>
#include <vector>

namespace mantissa::ui {

class QueueModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { What, State, Output, Source, Note, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    const std::vector<QueuedJob>& jobs() const { return m_jobs; }
    int rowOf(const QString& id) const; ///< -1: none

    void insert(int row, QueuedJob job);
    void remove(int row);
    /// Moves a job so that it ends up in row `to`.
    void move(int row, int to);
    void update(int row, const std::function<void(QueuedJob&)>& change);
    /// Share done of the running job, shown in its row.
    void setProgress(int row, double share);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// Something that has to survive a crash changed.
    void changed();

private:
    QString text(const QueuedJob& job, int row, int column) const;
    std::vector<QueuedJob> m_jobs;
    int m_progressRow = -1;
    double m_share = 0;
};

} // namespace mantissa::ui
