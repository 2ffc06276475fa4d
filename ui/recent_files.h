// SPDX-License-Identifier: GPL-3.0-or-later
// Files that were opened lately, newest first, kept between runs.
#pragma once

#include <QObject>
#include <QStringList>

namespace mantissa::ui {

class RecentFiles : public QObject {
    Q_OBJECT
public:
    static constexpr int kMost = 10;

    explicit RecentFiles(QObject* parent = nullptr);
    QStringList files() const { return m_files; }
    void add(const QString& file);
    void remove(const QString& file);
    /// Pinned files come first, and stay when the list is full or cleared.
    void setPinned(const QString& file, bool pinned);
    bool isPinned(const QString& file) const { return m_pinned.contains(file); }
    void clear();
    static bool exists(const QString& file);

Q_SIGNALS:
    void changed();

private:
    void reload(); ///< what other windows stored meanwhile
    void store();
    QStringList m_files, m_pinned;
};

} // namespace mantissa::ui
