// SPDX-License-Identifier: GPL-3.0-or-later
// What the window shows before a file is open: where to drop one, a sample to try, and files of before.
#pragma once

#include "ui/recent_files.h"

#include <QFrame>
#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace mantissa::ui {

class Actions;

/// A large area that says "drop here" and lights up while a file hovers over the window.
class DropTarget : public QFrame {
    Q_OBJECT
public:
    explicit DropTarget(const Actions& actions, QWidget* parent = nullptr);
    void setHighlighted(bool highlighted);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_highlighted = false;
};

class StartPage : public QWidget {
    Q_OBJECT
public:
    StartPage(const Actions& actions, RecentFiles& recent, QWidget* parent = nullptr);
    DropTarget* dropTarget() { return m_drop; }

Q_SIGNALS:
    void openRequested(const QString& file);
    void newWindowRequested(const QString& file);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showRecent();
    void showMenu(const QPoint& pos);
    RecentFiles& m_recent;
    DropTarget* m_drop;
    QListWidget* m_list;
    QLabel* m_heading;
    QLabel* m_empty;
    QPushButton* m_clear;
};

} // namespace mantissa::ui
