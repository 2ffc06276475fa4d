// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recent_files.h"

#include <QFileInfo>
#include <QSettings>

namespace mantissa::ui {

namespace {
const QString kKey = QStringLiteral("recent/files");
}

RecentFiles::RecentFiles(QObject* parent)
    : QObject(parent)
    , m_files(QSettings().value(kKey).toStringList())
{ }

void RecentFiles::add(const QString& file)
{
    const QString absolute = QFileInfo(file).absoluteFilePath();
    m_files.removeAll(absolute);
    m_files.prepend(absolute);
    m_files = m_files.mid(0, kMost);
    store();
}

void RecentFiles::remove(const QString& file)
{
    if (m_files.removeAll(file) > 0)
        store();
}

void RecentFiles::clear()
{
    m_files.clear();
    store();
}

bool RecentFiles::exists(const QString& file)
{
    return QFileInfo::exists(file);
}

void RecentFiles::store()
{
    QSettings().setValue(kKey, m_files);
    Q_EMIT changed();
}

} // namespace mantissa::ui
