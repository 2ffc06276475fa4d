// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of all actions with their keys, made from the action table; keys can be changed there.
#pragma once

#include "ui/actions.h"

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QTreeWidget;

namespace mantissa::ui {

class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsDialog(Actions& actions, QWidget* parent = nullptr);

private:
    QWidget* makeEditor();
    QAction* current() const;
    void showCurrent();
    void assign(const QKeySequence& key);

    Actions& m_actions;
    QTreeWidget* m_list;
    QKeySequenceEdit* m_key;
    QPushButton* m_assign;
    QPushButton* m_standard;
    QLabel* m_problem;
};

/// Version, licence and what the program is, in a dialog.
class AboutDialog : public QDialog {
    Q_OBJECT
public:
    explicit AboutDialog(QWidget* parent = nullptr);
};

} // namespace mantissa::ui
