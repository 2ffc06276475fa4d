// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stored_path.h"

#include <QDir>
#include <QFileInfo>

namespace mantissa::ui {

QJsonObject pathObject(const QString& path, const QString& folder)
{
    return {
        {QStringLiteral("path"), path}, {QStringLiteral("relative"), QDir(folder).relativeFilePath(path)}};
}

QString pathOf(const QJsonObject& object, const QString& folder)
{
    QString path = object.value(QLatin1String("path")).toString();
    if (path.isEmpty() || QFileInfo::exists(path))
        return path;
    const QString moved
        = QDir::cleanPath(QDir(folder).absoluteFilePath(object.value(QLatin1String("relative")).toString()));
    return QFileInfo::exists(moved) ? moved : path;
}

} // namespace mantissa::ui
