// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/suggested_file.h"

#include "engine/base/resource.h"
#include "ui/text.h"

#include <QDir>
#include <QFileInfo>

namespace mantissa::ui {

namespace {

bool isOurOwn(const QString& folder)
{
    const auto sample = resourcePath("sample");
    return sample
        && QFileInfo(fromPath(*sample)).canonicalFilePath() == QFileInfo(folder).canonicalFilePath();
}

} // namespace

QString suggestedFile(const QString& checkpoint, const QString& ending)
{
    const QFileInfo source(checkpoint);
    QString folder = source.absolutePath();
    if (!QFileInfo(folder).isWritable() || isOurOwn(folder))
        folder = QDir::homePath();
    QString stem = source.isDir() ? source.fileName() : source.completeBaseName();
    stem.remove(QStringLiteral(".safetensors.index"));
    return QDir(folder).filePath(stem + ending);
}

} // namespace mantissa::ui
