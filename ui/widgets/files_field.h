// SPDX-License-Identifier: GPL-3.0-or-later
// A few files, as one line: their names, a button that chooses others, and one that takes them away.
#pragma once

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace mantissa::ui {

class FilesField : public QWidget {
    Q_OBJECT
public:
    /// Object names begin with `name`: `name`Names, `name`Choose, `name`Clear. `what` is the accessible name
    /// and the title of the file dialog, `none` what stands there without files; at most `most` files.
    FilesField(const QString& name, const QString& what, const QString& none, int most, QWidget* parent);
    const QStringList& files() const { return m_files; }
    /// Does not emit changed().
    void setFiles(const QStringList& files);

Q_SIGNALS:
    void changed(const QStringList& files); ///< by a person

private:
    void choose();
    void take(const QStringList& files);

    QString m_what, m_none;
    int m_most;
    QStringList m_files;
    QLineEdit* m_names;
    QToolButton* m_choose;
    QToolButton* m_clear;
};

} // namespace mantissa::ui
