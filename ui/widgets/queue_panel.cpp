// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/queue_panel.h"

#include "ui/actions.h"
#include "ui/text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paused_choices.h"
#include "ui/widgets/table_panel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace mantissa::ui {

QueuePanel::QueuePanel(JobQueue& queue, const Actions& actions, QWidget* parent)
    : QWidget(parent)
    , m_queue(queue)
    , m_openLog(actions[ActionId::OpenJobLog])
    , m_table(makeTable(QStringLiteral("queueTable"), tr("Jobs"), queue.model(), QueueModel::Note, this))
    , m_empty(emptyLabel("queueEmpty", tr("No jobs"),
          tr("No jobs. Exports and calibrations line up here, and are still here after a crash."), this))
    , m_choices(new PausedChoices(queue, QStringLiteral("queue"), this))
    , m_state(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_whenDone(new QComboBox(this))
    , m_resume(
          iconButton(QStringLiteral("queueResume"), QStringLiteral("run"), tr("Go on with this job"), this))
    , m_stop(iconButton(QStringLiteral("queueStop"), QStringLiteral("cancel"),
          tr("Stop this job; what is finished is kept"), this))
    , m_remove(iconButton(
          QStringLiteral("queueRemove"), QStringLiteral("clear"), tr("Take this job out of the queue"), this))
    , m_up(iconButton(QStringLiteral("queueUp"), QStringLiteral("up"), tr("Earlier"), this))
    , m_down(iconButton(QStringLiteral("queueDown"), QStringLiteral("down"), tr("Later"), this))
    , m_clear(iconButton(
          QStringLiteral("queueClear"), QStringLiteral("check"), tr("Take finished jobs out"), this))
{
    setObjectName(QStringLiteral("queuePanel"));
    setAccessibleName(tr("Queue"));
    m_state->setObjectName(QStringLiteral("queueState"));
    m_state->setAccessibleName(tr("State of the queue"));
    m_state->setForegroundRole(QPalette::PlaceholderText);
    auto* hold = new QToolButton(this);
    hold->setObjectName(QStringLiteral("queueHold"));
    hold->setDefaultAction(actions[ActionId::HoldQueue]);
    hold->setAccessibleName(tr("Hold the queue after this job"));
    hold->setText(tr("Hold"));
    hold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_table->addAction(m_openLog);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_bar->setObjectName(QStringLiteral("queueBar"));
    m_bar->setAccessibleName(tr("Progress of all jobs"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(120, 8);
    m_bar->hide();
    m_whenDone->setObjectName(QStringLiteral("queueWhenDone"));
    m_whenDone->setAccessibleName(tr("When all jobs are done"));
    m_whenDone->setToolTip(m_whenDone->accessibleName());
    m_whenDone->addItem(tr("then do nothing"), static_cast<int>(WhenDone::Nothing));
    m_whenDone->addItem(
        tr("then open the folder of the last output"), static_cast<int>(WhenDone::OpenFolder));
    m_whenDone->addItem(tr("then close Mantissa"), static_cast<int>(WhenDone::Close));
    m_whenDone->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto* head = new QHBoxLayout;
    for (QToolButton* button : {m_resume, m_stop, m_up, m_down, m_remove, m_clear})
        head->addWidget(button);
    head->addWidget(hold);
    head->addWidget(m_bar);
    head->addWidget(m_state, 1);
    head->addWidget(m_whenDone);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_table, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_choices);

    const auto row = [this] { return currentRow(m_table); };
    connect(m_resume, &QToolButton::clicked, this, [this, row] { m_queue.resume(row()); });
    connect(m_stop, &QToolButton::clicked, &m_queue, &JobQueue::stop);
    connect(m_remove, &QToolButton::clicked, this, [this, row] { m_queue.remove(row()); });
    connect(m_up, &QToolButton::clicked, this, [this, row] { m_queue.moveBy(row(), -1); });
    connect(m_down, &QToolButton::clicked, this, [this, row] { m_queue.moveBy(row(), 1); });
    connect(m_clear, &QToolButton::clicked, &m_queue, &JobQueue::clearFinished);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &QueuePanel::refresh);
    connect(m_queue.model(), &QueueModel::changed, this, &QueuePanel::refresh);
    connect(&m_queue, &JobQueue::heldChanged, this, &QueuePanel::refresh);
    connect(&m_queue, &JobQueue::progressed, this, &QueuePanel::showProgress);
    connect(&m_queue, &JobQueue::runningChanged, this, &QueuePanel::refresh);
    connect(&m_queue, &JobQueue::allDone, this,
        [this] { Q_EMIT allDone(static_cast<WhenDone>(m_whenDone->currentData().toInt())); });
    refresh();
}

void QueuePanel::refresh()
{
    const auto& jobs = m_queue.model()->jobs();
    const int row = currentRow(m_table);
    const QueuedJob* job = chosenJob();
    const bool runs = job != nullptr && job->state == QueuedJob::State::Running;
    m_openLog->setEnabled(jobWithLog() != nullptr);
    m_choices->setJob(job != nullptr ? job->id : QString());
    m_resume->setEnabled(job != nullptr && job->canResume());
    m_stop->setEnabled(runs);
    m_remove->setEnabled(job != nullptr && !runs);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(job != nullptr && row + 1 < m_queue.model()->rowCount());
    const auto count = [&](QueuedJob::State state) {
        return static_cast<int>(std::count_if(
            jobs.begin(), jobs.end(), [&](const QueuedJob& each) { return each.state == state; }));
    };
    m_clear->setEnabled(count(QueuedJob::State::Done) > 0);
    m_table->setVisible(!jobs.empty());
    m_empty->setVisible(jobs.empty());
    const int waiting = count(QueuedJob::State::Waiting);
    m_state->setText(m_queue.isHeld()
            ? tr("Held: no other job is started. %n job(s) waiting.", nullptr, waiting)
            : waiting > 0 ? tr("%n job(s) waiting.", nullptr, waiting)
                          : QString());
    m_bar->setVisible(m_queue.isRunning());
    if (m_queue.isRunning() && !m_queue.isHeld())
        showProgress();
}

const QueuedJob* QueuePanel::chosenJob() const
{
    const auto& jobs = m_queue.model()->jobs();
    const int row = currentRow(m_table);
    return row >= 0 && static_cast<std::size_t>(row) < jobs.size() ? &jobs[static_cast<std::size_t>(row)]
                                                                   : nullptr;
}

const QueuedJob* QueuePanel::jobWithLog() const
{
    const QueuedJob* chosen = chosenJob();
    const QueuedJob* job = chosen != nullptr ? chosen : m_queue.running();
    return job != nullptr && job->state != QueuedJob::State::Waiting ? job : nullptr;
}

void QueuePanel::showProgress()
{
    m_bar->setValue(static_cast<int>(std::floor(1000 * m_queue.share())));
    if (m_queue.isHeld())
        return; // the words say that
    const auto& jobs = m_queue.model()->jobs();
    const auto waiting = std::count_if(jobs.begin(), jobs.end(),
        [](const QueuedJob& each) { return each.state == QueuedJob::State::Waiting; });
    QString text = tr("Job %1 of %2")
                       .arg(m_queue.jobsDone() + 1)
                       .arg(m_queue.jobsDone() + 1 + static_cast<int>(waiting));
    if (const auto left = m_queue.secondsLeft())
        text += tr(" · about %1 left for all").arg(durationText(*left));
    m_state->setText(text);
}

} // namespace mantissa::ui
