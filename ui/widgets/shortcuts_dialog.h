// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of all actions with their keys, made from the action table.
#pragma once

#include "ui/actions.h"

#include <QDialog>

namespace mantissa::ui {

class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsDialog(const Actions& actions, QWidget* parent = nullptr);
};

/// Version, licence and what the program is, in a dialog.
class AboutDialog : public QDialog {
    Q_OBJECT
public:
    explicit AboutDialog(QWidget* parent = nullptr);
};

} // namespace mantissa::ui
