// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recent_files.h"

#include <QFileInfo>
#include <QSettings>

#include <algorithm>

namespace mantissa::ui {

namespace {
const QString kKey = QStringLiteral("recent/files");
const QString kPinnedKey = QStringLiteral("recent/pinned");
} // namespace

RecentFiles::RecentFiles(QObject* parent)
    : QObject(parent)
{
    reload();
}

void RecentFiles::reload()
{
    const QSettings settings;
    m_files = settings.value(kKey).toStringList();
    m_pinned = settings.value(kPinnedKey).toStringList();
}

void RecentFiles::add(const QString& file)
{
    reload();
    const QString absolute = QFileInfo(file).absoluteFilePath();
    m_files.removeAll(absolute);
    m_files.prepend(absolute);
    store();
}

void RecentFiles::remove(const QString& file)
{
    reload();
    m_pinned.removeAll(file);
    if (m_files.removeAll(file) > 0)
        store();
}

void RecentFiles::setPinned(const QString& file, bool pinned)
{
    reload();
    if (pinned == isPinned(file) || !m_files.contains(file))
        return;
    if (pinned)
        m_pinned << file;
    else
        m_pinned.removeAll(file);
    store();
}

void RecentFiles::clear()
{
    reload();
    m_files = m_pinned;
    store();
}

bool RecentFiles::exists(const QString& file)
{
    return QFileInfo::exists(file);
}

/// Pinned ones first, in the order in which they were opened, then as many others as there is room for.
void RecentFiles::store()
{
    QStringList first, rest;
    for (const QString& file : std::as_const(m_files))
        (isPinned(file) ? first : rest) << file;
    m_files = first + rest.mid(0, std::max<qsizetype>(0, kMost - first.size()));
    QSettings().setValue(kKey, m_files);
    QSettings().setValue(kPinnedKey, m_pinned);
    Q_EMIT changed();
}

} // namespace mantissa::ui
