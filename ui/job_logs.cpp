// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/job_logs.h"

#include "ui/state_file.h"
#include "ui/text.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace mantissa::ui {

namespace {

/// In English, as the command line says it: these files go into reports of defects.
QByteArray textOf(const QList<LogLine>& lines)
{
    const QByteArray time = QDateTime::currentDateTime().toString(Qt::ISODate).toUtf8();
    QByteArray text;
    for (const LogLine& line : lines) {
        text += time + '\t' + QByteArray(nameOf(line.level)) + '\t' + QByteArray::fromStdString(line.text);
        if (!line.layer.empty())
            text += '\t' + QByteArray::fromStdString(line.layer);
        text += '\n';
    }
    return text;
}

/// Whole lines of the newer half.
void dropOlderHalf(const QString& name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly)
        || !file.seek(std::max<qint64>(0, file.size() - JobLogs::kMostBytes / 2)))
        return;
    file.readLine(); // a part of one
    const QByteArray rest = file.readAll();
    file.close();
    const Status ignored = writeWhole(name, "(older messages were dropped)\n" + rest);
    static_cast<void>(ignored);
}

} // namespace

JobLogs::JobLogs(QString folder)
    : m_folder(std::move(folder))
{
    m_writer.setMaxThreadCount(1);
}

JobLogs::~JobLogs()
{
    m_writer.waitForDone();
}

QString JobLogs::fileOf(const QString& id) const
{
    return QStringLiteral("%1/%2.log").arg(m_folder, id);
}

void JobLogs::append(const QString& id, const QList<LogLine>& lines)
{
    if (lines.isEmpty())
        return;
    m_writer.start([folder = m_folder, name = fileOf(id), text = textOf(lines)] {
        QDir().mkpath(folder);
        QFile file(name);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Append))
            return;
        file.write(text);
        const bool full = file.size() > kMostBytes;
        file.close();
        if (full)
            dropOlderHalf(name);
    });
}

void JobLogs::prune()
{
    m_writer.start([folder = m_folder] {
        const QFileInfoList files // the newest first
            = QDir(folder).entryInfoList({QStringLiteral("*.log")}, QDir::Files, QDir::Time);
        for (qsizetype idx = kMostFiles; idx < files.size(); ++idx)
            QFile::remove(files[idx].filePath());
    });
}

void JobLogs::flush()
{
    m_writer.waitForDone();
}

} // namespace mantissa::ui
