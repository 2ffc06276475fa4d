// SPDX-License-Identifier: GPL-3.0-or-later
// A push button that is an action of the table: same icon, same state, own words.
#pragma once

#include <QString>

class QAction;
class QPushButton;
class QWidget;

namespace mantissa::ui {

QPushButton* actionButton(QAction* action, const QString& name, const QString& text, QWidget* parent);

} // namespace mantissa::ui
