// SPDX-License-Identifier: GPL-3.0-or-later
// One file, as a line that can be typed into and a button that chooses it.
#pragma once

#include <QWidget>

class QLineEdit;

namespace mantissa::ui {

class PathField : public QWidget {
    Q_OBJECT
public:
    enum class For { Reading, Writing };
    /// Object names: `name` (the line), `name`Row (this), `name`Browse. `what` is the accessible name and the
    /// title of the file dialog, `filter` the dialog's. Writing: a file that exists may be chosen; whoever
    /// writes it says so.
    PathField(const QString& name, const QString& what, const QString& filter, QWidget* parent,
        For use = For::Reading);
    QLineEdit* edit() const { return m_edit; }
    QString file() const; ///< without spaces around it; empty: none
    void setFile(const QString& file);
    /// Where the dialog looks first while no file is named.
    void setFolder(const QString& folder) { m_folder = folder; }

Q_SIGNALS:
    void changed();

private:
    void browse();

    QString m_what, m_filter, m_folder;
    For m_use;
    QLineEdit* m_edit;
};

} // namespace mantissa::ui
