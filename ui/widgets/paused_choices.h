// SPDX-License-Identifier: GPL-3.0-or-later
// The ways on of a job that paused or failed, as buttons: in the message when it happens, in the queue later.
#pragma once

#include "ui/presenters/job_queue.h"

#include <QWidget>

namespace mantissa::ui {

class PausedChoices : public QWidget {
    Q_OBJECT
public:
    /// Object names of the buttons start with `prefix`.
    PausedChoices(JobQueue& queue, QString prefix, QWidget* parent = nullptr);
    /// Shows the choices of this job; hides where it is unknown, or has none.
    void setJob(const QString& id);

Q_SIGNALS:
    void chosen(); ///< the job goes on; this widget may be deleted

private:
    void choose(PausedChoice choice);
    JobQueue& m_queue;
    QString m_prefix, m_job;
    QList<QWidget*> m_buttons;
};

} // namespace mantissa::ui
