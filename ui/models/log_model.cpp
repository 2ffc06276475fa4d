// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_model.h"

#include "engine/base/crash_report.h"
#include "ui/icons.h"
#include "ui/text.h"

#include <QLocale>

namespace mantissa::ui {

void LogModel::add(const QString& job, const QList<LogLine>& lines)
{
    if (lines.isEmpty())
        return;
    const QStringList before = jobs();
    const int room = kMost - static_cast<int>(m_rows.size()) - static_cast<int>(lines.size());
    if (room < 0) {
        const int drop = std::min(-room, rowCount());
        beginRemoveRows({}, 0, drop - 1);
        for (int row = 0; row < drop; ++row) {
            const auto count = m_jobs.find(m_rows[static_cast<std::size_t>(row)].job);
            if (--*count == 0)
                m_jobs.erase(count);
        }
        m_rows.erase(m_rows.begin(), m_rows.begin() + drop);
        endRemoveRows();
    }
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(lines.size()) - 1);
    for (const LogLine& line : lines) {
        noteForCrash(line.text);
        m_rows.push_back({QDateTime::currentDateTime(), job, line});
    }
    m_jobs[job] += static_cast<int>(lines.size());
    endInsertRows();
    if (jobs() != before)
        Q_EMIT jobsChanged();
}

void LogModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_jobs.clear();
    endResetModel();
    Q_EMIT jobsChanged();
}

QString LogModel::text(const Row& row, int column)
{
    switch (column) {
    case Time:
        return QLocale().toString(row.time.time(), QStringLiteral("HH:mm:ss"));
    case Level:
        return engineText(nameOf(row.line.level));
    case Job:
        return row.job;
    case Text:
        return sentenceText(row.line.text);
    case LayerName:
        return toQt(row.line.layer);
    default:
        return {};
    }
}

QString LogModel::asText() const
{
    QString all;
    for (const Row& row : m_rows) {
        QStringList parts{row.time.toString(Qt::ISODate)};
        for (int column = Level; column < ColumnCount; ++column)
            parts << text(row, column);
        all += parts.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return all;
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return text(row, index.column());
    if (role == Qt::DecorationRole && index.column() == Level && row.line.level == LogLevel::Warning)
        return icon(QStringLiteral("warning"));
    return role == LevelRole ? QVariant(static_cast<int>(row.line.level)) : QVariant();
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Level:
        return tr("Level");
    case Job:
        return tr("Job");
    case Text:
        return tr("Message");
    case LayerName:
        return tr("Layer");
    default:
        return {};
    }
}

} // namespace mantissa::ui
