// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for the folders of pictures that are compared: the first one is what the others are compared with.
#pragma once

#include <QDialog>
#include <QStringList>

class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace mantissa::ui {

class FoldersDialog : public QDialog {
    Q_OBJECT
public:
    /// `start` is where looking for folders begins.
    explicit FoldersDialog(const QString& start, QWidget* parent = nullptr);
    QStringList folders() const;
    /// Nothing happens for one that is listed.
    void add(const QString& folder);

private:
    void choose();
    void makeFirst();
    void refresh();

    QString m_start;
    QLabel* m_hint;
    QListWidget* m_list;
    QToolButton* m_add;
    QToolButton* m_remove;
    QToolButton* m_first;
    QPushButton* m_compare;
};

} // namespace mantissa::ui
