// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that this one started.
#pragma once

#include <QDir>
#include <QFile>
#include <QList>

#include <unistd.h>

namespace mantissa::ui::test {

/// Those that still run.
inline QList<pid_t> children()
{
    QList<pid_t> found;
    for (const QString& process :
        QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(process));
        if (process.toInt() <= 0 || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray stat = file.readAll(); // "pid (name) state parent …"
        const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
        if (fields.size() > 1 && fields[0] != "Z" && fields[1].toInt() == ::getpid())
            found << process.toInt();
    }
    return found;
}

} // namespace mantissa::ui::test
