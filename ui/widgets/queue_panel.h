// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: what runs, what waits, what is to be gone on with.
#pragma once

#include "ui/presenters/job_queue.h"

#include <QWidget>

class QLabel;
class QTableView;
class QToolButton;

namespace mantissa::ui {

class Actions;

class QueuePanel : public QWidget {
    Q_OBJECT
public:
    QueuePanel(JobQueue& queue, const Actions& actions, QWidget* parent = nullptr);

private:
    void refresh();
    JobQueue& m_queue;
    QTableView* m_table;
    QLabel* m_empty;
    QLabel* m_state;
    QToolButton* m_resume;
    QToolButton* m_stop;
    QToolButton* m_remove;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_clear;
};

} // namespace mantissa::ui
