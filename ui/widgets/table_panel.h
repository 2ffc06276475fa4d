// SPDX-License-Identifier: GPL-3.0-or-later
// What panels with a table and a row of buttons have in common.
#pragma once

#include <QString>

class QAbstractItemModel;
class QTableView;
class QToolButton;
class QWidget;

namespace mantissa::ui {

/// Rows are selected as a whole; `stretched` takes the room that is left.
QTableView* makeTable(const QString& name, const QString& accessible, QAbstractItemModel* model,
    int stretched, QWidget* parent);
QToolButton* iconButton(const QString& name, const QString& iconName, const QString& text, QWidget* parent);
/// -1: none.
int currentRow(const QTableView* table);

} // namespace mantissa::ui
