// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/queue_model.h"

#include "ui/icons.h"
#include "ui/text.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

namespace {

/// Never colour alone: each state has a sign of its own.
QString iconOf(QueuedJob::State state)
{
    switch (state) {
    case QueuedJob::State::Running:
        return QStringLiteral("run");
    case QueuedJob::State::Done:
        return QStringLiteral("check");
    case QueuedJob::State::Failed:
        return QStringLiteral("danger");
    case QueuedJob::State::Paused:
        return QStringLiteral("warning");
    case QueuedJob::State::Stopped:
    case QueuedJob::State::Interrupted:
        return QStringLiteral("pause");
    case QueuedJob::State::Waiting:
        return QStringLiteral("queue");
    }
    return {};
}

} // namespace

int QueueModel::rowOf(const QString& id) const
{
    const auto found
        = std::find_if(m_jobs.begin(), m_jobs.end(), [&](const QueuedJob& job) { return job.id == id; });
    return found == m_jobs.end() ? -1 : static_cast<int>(found - m_jobs.begin());
}

void QueueModel::insert(int row, QueuedJob job)
{
    beginInsertRows({}, row, row);
    m_jobs.insert(m_jobs.begin() + row, std::move(job));
    m_progressRow += m_progressRow >= row ? 1 : 0;
    endInsertRows();
    Q_EMIT changed();
}

void QueueModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_jobs.erase(m_jobs.begin() + row);
    m_progressRow = m_progressRow == row ? -1 : m_progressRow - (m_progressRow > row ? 1 : 0);
    endRemoveRows();
    Q_EMIT changed();
}

void QueueModel::move(int row, int to)
{
    if (row == to || !beginMoveRows({}, row, row, {}, to > row ? to + 1 : to))
        return;
    QueuedJob job = std::move(m_jobs[static_cast<std::size_t>(row)]);
    m_jobs.erase(m_jobs.begin() + row);
    m_jobs.insert(m_jobs.begin() + to, std::move(job));
    m_progressRow = -1;
    endMoveRows();
    Q_EMIT changed();
}

void QueueModel::update(int row, const std::function<void(QueuedJob&)>& change)
{
    change(m_jobs[static_cast<std::size_t>(row)]);
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    Q_EMIT changed();
}

void QueueModel::setProgress(int row, double share)
{
    m_progressRow = row;
    m_share = share;
    Q_EMIT dataChanged(index(row, State), index(row, State));
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

int QueueModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString QueueModel::text(const QueuedJob& job, int row, int column) const
{
    switch (column) {
    case What:
        return job.kind == QueuedJob::Kind::Export && !job.plan.base.keeps()
            ? tr("%1 as %2").arg(nameOf(job.kind), formatName(job.plan.base.format))
            : nameOf(job.kind);
    case State:
        return job.state == QueuedJob::State::Running && row == m_progressRow
            ? tr("running, %1 %").arg(static_cast<int>(std::floor(100 * m_share)))
            : nameOf(job.state);
    case Output:
        return QFileInfo(job.output).fileName();
    case Source:
        return QFileInfo(job.source).fileName();
    case Note:
        return job.message;
    default:
        return {};
    }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QueuedJob& job = m_jobs[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(job, index.row(), index.column());
    case Qt::ToolTipRole:
        return index.column() == Output ? job.output
            : index.column() == Source  ? job.source
                                        : text(job, index.row(), index.column());
    case Qt::DecorationRole:
        return index.column() == State ? QVariant(icon(iconOf(job.state))) : QVariant();
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal).toString(), text(job, index.row(), index.column()));
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case What:
        return tr("Job");
    case State:
        return tr("State");
    case Output:
        return tr("Output");
    case Source:
        return tr("Source");
    case Note:
        return tr("Note");
    default:
        return {};
    }
}

} // namespace mantissa::ui
