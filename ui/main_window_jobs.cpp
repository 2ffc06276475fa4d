// SPDX-License-Identifier: GPL-3.0-or-later
// The wiring of the main window, for what goes wrong and what goes on: paused jobs, conversions of dangerous
// files, crash reports, further windows.
#include "ui/main_window.h"

#include "engine/base/crash_report.h"
#include "ui/job_worker.h"
#include "ui/pages/start_page.h"
#include "ui/settings.h"
#include "ui/suggested_file.h"
#include "ui/text.h"
#include "ui/widgets/crash_dialog.h"
#include "ui/widgets/export_rules_dialog.h"
#include "ui/widgets/import_rules_dialog.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/paused_choices.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QProcess>
#include <QPushButton>

namespace mantissa::ui {

void MainWindow::offerJobs(int unfinished)
{
    m_message->show(MessageBar::Kind::Info,
        tr("%n job(s) of the last session did not end.", nullptr, unfinished),
        tr("Finished layers and prompts are kept."));
    QWidget* row = messageRow(m_message);
    connect(messageButton(row, QStringLiteral("resumeJobs"), tr("Resume them")), &QPushButton::clicked, this,
        [this] {
            m_message->clear();
            m_actions[ActionId::ResumeJobs]->trigger();
        });
    connect(messageButton(row, QStringLiteral("showQueue"), tr("Show the queue")), &QPushButton::clicked,
        this, [this] { showDock(m_queueDock); });
    m_message->setDetails(row);
}

void MainWindow::connectJobs()
{
    connect(&m_queue, &JobQueue::failed, this, [this](const QueuedJob& job, const Error& error) {
        if (error.code == ErrorCode::Cancelled)
            return;
        offerChoices(job, error);
        m_crashes.look(); // the job's process may have left a report
    });
    connect(&m_queue, &JobQueue::succeeded, this, [this](const QueuedJob& job) {
        if (job.kind == QueuedJob::Kind::Convert)
            offerConverted(job.output);
    });
}

/// Memory, a disk or a GPU that ran out is no end: the job waits, and the person says how it goes on.
void MainWindow::offerChoices(const QueuedJob& job, const Error& error)
{
    const bool paused = job.state == QueuedJob::State::Paused;
    m_message->show(paused ? MessageBar::Kind::Warning : MessageBar::Kind::Error,
        paused ? tr("Paused: %1").arg(errorSentence(error)) : errorSentence(error),
        paused ? tr("What is finished is kept. The job waits in the queue until you choose how it goes on.")
               : hintSentence(error));
    if (!paused && error.code != ErrorCode::System && error.code != ErrorCode::Internal)
        return;
    auto* choices = new PausedChoices(m_queue, QStringLiteral("export"), m_message);
    choices->setJob(job.id);
    connect(choices, &PausedChoices::chosen, this, [this, choices] {
        if (m_message->details() == choices) // else the job that began has another message already
            m_message->clear();
    });
    m_message->setDetails(choices);
}

void MainWindow::convertDangerous(const QString& file)
{
    const QString output = QFileDialog::getSaveFileName(this, tr("Save as safetensors"),
        suggestedFile(file, QStringLiteral(".safetensors")), tr("Safetensors (*.safetensors)"));
    if (output.isEmpty())
        return;
    m_message->clear();
    QueuedJob job;
    job.kind = QueuedJob::Kind::Convert;
    job.source = file;
    job.output = QFileInfo(output).suffix().isEmpty() ? output + QStringLiteral(".safetensors") : output;
    job.overwrite = true; // the dialog has asked
    m_queue.enqueue(std::move(job));
    showDock(m_queueDock);
}

void MainWindow::offerConverted(const QString& file)
{
    m_message->show(MessageBar::Kind::Success, tr("Saved %1.").arg(QFileInfo(file).fileName()),
        tr("It holds the plain tensors and cannot run anything. The log says what was left out."));
    QWidget* row = messageRow(m_message);
    connect(messageButton(row, QStringLiteral("openConverted"), tr("Open it")), &QPushButton::clicked, this,
        [this, file] { openFile(file); });
    m_message->setDetails(row);
}

void MainWindow::connectCrashReports()
{
    connect(m_actions[ActionId::CrashReports], &QAction::triggered, this, &MainWindow::showCrashReports);
    connect(&m_crashes, &CrashReports::appeared, this, [this](const CrashReport& report) {
        m_message->offer([this, report] { offerCrashReport(report); });
    });
    connect(&m_crashes, &CrashReports::failed, this, [this](const Error& error) {
        m_message->show(MessageBar::Kind::Error, errorSentence(error), hintSentence(error));
    });
    connect(
        &m_document, &PlanDocument::modelChanged, this, [this] { setCrashFile(toStd(m_document.file())); });
    m_crashes.look();
}

void MainWindow::showCrashReports()
{
    m_crashes.look();
    auto* dialog = new CrashDialog(m_crashes, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::offerCrashReport(const CrashReport& report)
{
    m_message->show(MessageBar::Kind::Warning,
        tr("Mantissa crashed on %1; a report was kept.")
            .arg(QLocale().toString(report.when, QLocale::ShortFormat)),
        tr("It stays on this machine, and nothing is sent. Help > Crash reports has it later, too."));
    QWidget* row = messageRow(m_message);
    connect(messageButton(row, QStringLiteral("crashReportShow"), tr("Show")), &QPushButton::clicked, this,
        &MainWindow::showCrashReports);
    QPushButton* copy = messageButton(row, QStringLiteral("crashReportCopy"), tr("Copy"));
    connect(copy, &QPushButton::clicked, this, [copy, text = report.text] {
        QGuiApplication::clipboard()->setText(text);
        copy->setText(tr("Copied"));
    });
    connect(messageButton(row, QStringLiteral("crashReportDelete"), tr("Delete")), &QPushButton::clicked,
        this, [this, file = report.file] {
            m_message->clear();
            m_crashes.remove(file);
        });
    m_message->setDetails(row);
}

void MainWindow::openFiles(const QStringList& files)
{
    openFile(files.constFirst());
    for (const QString& file : files.mid(1))
        openInNewWindow(file);
}

void MainWindow::openInNewWindow(const QString& file)
{
    const QStringList arguments = file.isEmpty() ? QStringList() : QStringList{file};
    if (!QProcess::startDetached(studioProgram(), arguments))
        m_message->show(MessageBar::Kind::Error, tr("A new window cannot be opened."),
            tr("The program %1 could not be started.").arg(studioProgram()));
}

void MainWindow::connectWindows()
{
    connect(m_actions[ActionId::ImportRules], &QAction::triggered, this, [this] {
        auto* dialog = new ImportRulesDialog(m_document, m_editor, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_actions[ActionId::ExportRules], &QAction::triggered, this, [this] {
        auto* dialog = new ExportRulesDialog(m_document, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_actions[ActionId::OpenInWindow], &QAction::triggered, this, [this] {
        const QString file = askForFile(tr("Open in a new window"));
        if (!file.isEmpty())
            openInNewWindow(file);
    });
    connect(m_start, &StartPage::newWindowRequested, this, &MainWindow::openInNewWindow);
    m_recentMenu->installEventFilter(this);
}

/// The middle button opens an entry of the recent files in a new window.
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_recentMenu && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QAction* action = mouse->button() == Qt::MiddleButton
            ? m_recentMenu->actionAt(mouse->position().toPoint())
            : nullptr;
        if (action != nullptr && action->isEnabled() && action->data().isValid()) {
            const QString file = action->data().toString();
            m_recentMenu->close();
            openInNewWindow(file);
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace mantissa::ui
