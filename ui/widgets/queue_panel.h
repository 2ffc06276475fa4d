// SPDX-License-Identifier: GPL-3.0-or-later
// The queue: what runs, what waits, what is to be gone on with.
#pragma once

#include "ui/presenters/job_queue.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QProgressBar;
class QTableView;
class QToolButton;

namespace mantissa::ui {

class Actions;
class PausedChoices;

class QueuePanel : public QWidget {
    Q_OBJECT
public:
    enum class WhenDone { Nothing, OpenFolder, Close };

    QueuePanel(JobQueue& queue, const Actions& actions, QWidget* parent = nullptr);

    /// Whose log is asked for: the chosen one, or the running one where none is. Null where neither is, or
    /// where it has not started.
    const QueuedJob* jobWithLog() const;

Q_SIGNALS:
    /// Every job ended, and the person wanted this to happen then.
    void allDone(mantissa::ui::QueuePanel::WhenDone then);

private:
    const QueuedJob* chosenJob() const; ///< null: none
    void refresh();
    void showProgress();
    JobQueue& m_queue;
    QAction* m_openLog;
    QTableView* m_table;
    QLabel* m_empty;
    PausedChoices* m_choices;
    QLabel* m_state;
    QProgressBar* m_bar;
    QComboBox* m_whenDone;
    QToolButton* m_resume;
    QToolButton* m_stop;
    QToolButton* m_remove;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_clear;
};

} // namespace mantissa::ui
