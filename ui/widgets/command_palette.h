// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window behind one search box: letters in order find it ("exal" finds "Expand all").
#pragma once

#include "ui/actions.h"

#include <QDialog>

class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace mantissa::ui {

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    explicit CommandPalette(const Actions& actions, QWidget* parent = nullptr);

    /// Whether the letters of `typed` occur in `text` in this order; smaller is better, -1: no.
    static int match(const QString& typed, const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void run();
    QLineEdit* m_search;
    QSortFilterProxyModel* m_proxy;
    QTreeView* m_list;
};

} // namespace mantissa::ui
