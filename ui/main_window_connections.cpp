// SPDX-License-Identifier: GPL-3.0-or-later
// The wiring of the main window: actions to presenters, presenters to pages.
#include "ui/main_window.h"

#include "ui/icons.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/plan_page.h"
#include "ui/pages/start_page.h"
#include "ui/settings.h"
#include "ui/suggested_file.h"
#include "ui/text.h"
#include "ui/widgets/architecture_card.h"
#include "ui/widgets/comparison_setup.h"
#include "ui/widgets/danger_panel.h"
#include "ui/widgets/export_dialog.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/findings_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/paused_choices.h"
#include "ui/widgets/settings_dialog.h"
#include "ui/widgets/shortcuts_dialog.h"

#include <QApplication>
#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>

namespace mantissa::ui {

namespace {
const QString kFolderKey = QStringLiteral("window/folder");
constexpr int kStatusMs = 8000;
} // namespace

void MainWindow::connectFileActions()
{
    const auto on
        = [this](ActionId id, auto&& slot) { connect(m_actions[id], &QAction::triggered, this, slot); };
    on(ActionId::Open, [this] {
        const QString file = askForFile(tr("Open a checkpoint"));
        if (!file.isEmpty())
            openFile(file);
    });
    on(ActionId::OpenFolder, [this] {
        const QString folder = QFileDialog::getExistingDirectory(
            this, tr("Open a diffusers folder"), QSettings().value(kFolderKey).toString());
        if (!folder.isEmpty())
            openFile(folder);
    });
    on(ActionId::OpenSample, [this] { m_opener.openSample(); });
    on(ActionId::OpenPlan, [this] {
        const QString file
            = QFileDialog::getOpenFileName(this, tr("Open a plan"), QFileInfo(m_opener.file()).absolutePath(),
                tr("Plans and exports (*.json *.safetensors);;All files (*)"));
        if (!file.isEmpty())
            m_opener.openPlan(file);
    });
    on(ActionId::SavePlan, [this] {
        if (m_opener.planFile().isEmpty())
            savePlanAs();
        else
            m_opener.savePlan(m_opener.planFile());
    });
    on(ActionId::SavePlanAs, [this] { savePlanAs(); });
    on(ActionId::Quit, [this] { close(); });

    QMenu* file = m_actions.menu(MenuId::File);
    m_recentMenu = new QMenu(tr("Open &recent"), file);
    m_recentMenu->setObjectName(QStringLiteral("menuRecent"));
    m_recentMenu->setToolTipsVisible(true);
    m_recentMenu->setToolTip(tr("The middle button opens a file in a new window"));
    file->insertMenu(m_actions[ActionId::OpenSample], m_recentMenu);
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    connect(&m_recent, &RecentFiles::changed, this, &MainWindow::fillRecentMenu);
    fillRecentMenu();
    connect(m_start, &StartPage::openRequested, this, &MainWindow::openFile);
}

QString MainWindow::askForFile(const QString& title)
{
    const QString file = QFileDialog::getOpenFileName(this, title, QSettings().value(kFolderKey).toString(),
        tr("Checkpoints and projects (%1 *.mantissa);;All files (*)").arg(checkpointPatterns()));
    if (!file.isEmpty())
        QSettings().setValue(kFolderKey, QFileInfo(file).absolutePath());
    return file;
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    int number = 1;
    for (const QString& file : m_recent.files()) {
        QAction* action = m_recentMenu->addAction(
            QStringLiteral("&%1  %2")
                .arg(number++ % 10)
                .arg(QFileInfo(file).fileName().replace(QLatin1Char('&'), QStringLiteral("&&"))));
        action->setToolTip(file);
        action->setEnabled(RecentFiles::exists(file)); // a missing file is shown, but greyed
        action->setData(file);
        connect(action, &QAction::triggered, this, [this, file] { openFile(file); });
    }
    if (m_recent.files().isEmpty())
        m_recentMenu->addAction(tr("No files yet"))->setEnabled(false);
    m_recentMenu->addSeparator();
    QAction* clear = m_recentMenu->addAction(tr("&Clear the list"), &m_recent, &RecentFiles::clear);
    clear->setEnabled(!m_recent.files().isEmpty());
}

void MainWindow::savePlanAs()
{
    const QString suggestion = m_opener.planFile().isEmpty()
        ? suggestedFile(m_opener.file(), QStringLiteral(".plan.json"))
        : m_opener.planFile();
    const QString file
        = QFileDialog::getSaveFileName(this, tr("Save the plan"), suggestion, tr("Plans (*.json)"));
    if (!file.isEmpty())
        m_opener.savePlan(file);
}

void MainWindow::connectViewActions()
{
    const auto on
        = [this](ActionId id, auto&& slot) { connect(m_actions[id], &QAction::triggered, this, slot); };
    const auto choose = [this](ThemeChoice choice) {
        m_theme.apply(choice);
        setSettingValue(Setting::ThemeChoice, static_cast<int>(choice));
    };
    on(ActionId::ThemeSystem, [choose] { choose(ThemeChoice::System); });
    on(ActionId::ThemeLight, [choose] { choose(ThemeChoice::Light); });
    on(ActionId::ThemeDark, [choose] { choose(ThemeChoice::Dark); });
    const auto mark = [this] {
        const ThemeChoice choice = m_theme.choice();
        m_actions[choice == ThemeChoice::Light ? ActionId::ThemeLight
                : choice == ThemeChoice::Dark  ? ActionId::ThemeDark
                                               : ActionId::ThemeSystem]
            ->setChecked(true);
    };
    mark();
    on(ActionId::Settings, [this, mark] {
        auto* dialog = new SettingsDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &SettingsDialog::changed, this, [this, mark](Setting id) {
            if (id == Setting::ThemeChoice) {
                m_theme.apply(static_cast<ThemeChoice>(settingValue(id).toInt()));
                mark();
            } else if (id == Setting::TargetRuntime) {
                m_findingsPresenter.setLoader(settingValue(id).toString());
            } else if (id == Setting::LpipsWeights) {
                m_compare->setup()->showLpips();
            }
        });
        dialog->open();
    });
    on(ActionId::FullScreen,
        [this](bool full) { setWindowState(windowState().setFlag(Qt::WindowFullScreen, full)); });
    on(ActionId::ResetLayout, [this] { resetLayout(); });
    on(ActionId::Shortcuts, [this] {
        auto* dialog = new ShortcutsDialog(m_actions, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    on(ActionId::About, [this] {
        auto* dialog = new AboutDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    on(ActionId::AboutQt, [] { QApplication::aboutQt(); });
}

void MainWindow::connectOpening()
{
    connect(&m_opener, &OpenPresenter::openStarted, this, [this](const QString& file) {
        m_message->clear();
        m_loading->setText(tr("Opening %1…").arg(QFileInfo(file).fileName()));
        m_pages->setCurrentWidget(m_loadingPage);
    });
    connect(&m_opener, &OpenPresenter::openEnded, this, [this] {
        m_pages->setCurrentWidget(m_document.isEmpty() ? static_cast<QWidget*>(m_start) : m_plan);
        if (!m_document.isEmpty())
            m_plan->tree()->setFocus();
    });
    connect(&m_opener, &OpenPresenter::failed, this, &MainWindow::showFailure);
    const auto notice = [this](const QString& text) { m_message->show(MessageBar::Kind::Info, text); };
    connect(&m_opener, &OpenPresenter::notice, this, notice);
    connect(&m_editor, &PlanEditor::notice, this, notice);
    connect(&m_opener, &OpenPresenter::planFileChanged, this, &MainWindow::showTitle);
    connect(&m_document, &PlanDocument::partsChanged, this, &MainWindow::showCard);
    connect(m_card, &ArchitectureCard::partsRequested, this, &MainWindow::chooseParts);
    connect(m_actions[ActionId::ModelParts], &QAction::triggered, this, &MainWindow::chooseParts);
    connect(m_card, &ArchitectureCard::overrideRequested, &m_opener, &OpenPresenter::redetect);
}

void MainWindow::showFailure(const OpenFailure& failure)
{
    const QString name = QFileInfo(failure.file).fileName();
    QString text = errorSentence(failure.error);
    if (!text.contains(name))
        text = tr("%1: %2").arg(name, text);
    m_message->show(MessageBar::Kind::Error, text, hintSentence(failure.error));
    if (failure.dangerous.empty())
        return;
    auto* danger = new DangerPanel(failure.dangerous, m_message);
    connect(
        danger, &DangerPanel::convertRequested, this, [this, file = failure.file] { convertDangerous(file); },
        Qt::QueuedConnection);
    m_message->setDetails(danger);
}

void MainWindow::connectDocument()
{
    QUndoStack* stack = m_document.undoStack();
    QAction* undo = m_actions[ActionId::Undo];
    QAction* redo = m_actions[ActionId::Redo];
    connect(undo, &QAction::triggered, stack, &QUndoStack::undo);
    connect(redo, &QAction::triggered, stack, &QUndoStack::redo);
    const auto name = [](QAction* action, const QString& verb, const QString& step) {
        const QString icon = action->iconText();
        action->setText(step.isEmpty() ? verb : QStringLiteral("%1: %2").arg(verb, step));
        action->setIconText(icon);
        action->setStatusTip(action->text().remove(QLatin1Char('&')));
    };
    connect(stack, &QUndoStack::undoTextChanged, this,
        [undo, name](const QString& step) { name(undo, tr("&Undo"), step); });
    connect(stack, &QUndoStack::redoTextChanged, this,
        [redo, name](const QString& step) { name(redo, tr("&Redo"), step); });
    connect(stack, &QUndoStack::canUndoChanged, undo, &QAction::setEnabled);
    connect(stack, &QUndoStack::canRedoChanged, redo, &QAction::setEnabled);
    undo->setEnabled(false);
    redo->setEnabled(false);
    connect(stack, &QUndoStack::cleanChanged, this, [this] { setWindowModified(m_document.isModified()); });
    connect(stack, &QUndoStack::indexChanged, this, [this, stack](int idx) {
        if (idx > 0)
            statusBar()->showMessage(stack->text(idx - 1), kStatusMs);
    });

    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        const bool first = !m_cardDock->isVisible() && m_pages->currentWidget() != m_plan;
        showCard();
        if (first) {
            m_cardDock->show();
            m_detailsDock->show();
            resizeDocks({m_cardDock, m_detailsDock}, {3, 2}, Qt::Vertical);
        }
        showTitle();
    });
    connect(&m_document, &PlanDocument::planChanged, this, &MainWindow::updateActions);
    connect(&m_document, &PlanDocument::stateChanged, this, &MainWindow::updateActions);
    connect(&m_document, &PlanDocument::resolvingChanged, this, &MainWindow::updateActions);
    connect(&m_document, &PlanDocument::resolveFailed, this, [this](const Error& error) {
        m_message->show(MessageBar::Kind::Error, errorSentence(error), hintSentence(error));
    });
    m_detailsDelay.setSingleShot(true);
    m_detailsDelay.setInterval(0);
    connect(&m_detailsDelay, &QTimer::timeout, this, &MainWindow::showDetails);
    connect(m_plan, &PlanPage::detailsChanged, &m_detailsDelay, qOverload<>(&QTimer::start));
    connect(m_plan, &PlanPage::findingsRequested, this, [this] {
        m_findingsDock->show();
        m_findingsDock->raise();
    });
}

void MainWindow::connectExport()
{
    connect(m_actions[ActionId::Export], &QAction::triggered, this, &MainWindow::askForExport);
    connect(m_actions[ActionId::CancelExport], &QAction::triggered, &m_exporter, &ExportPresenter::cancel);
    connect(m_actions[ActionId::ShowResult], &QAction::triggered, this,
        [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_lastExport).absolutePath())); });
    connect(&m_exporter, &ExportPresenter::started, this, [this](const QString& file) {
        if (qobject_cast<PausedChoices*>(m_message->details()) == nullptr) // choices stay while others go on
            m_message->clear();
        m_exportPanel->start(file);
        m_exportDock->show();
        m_exportDock->raise();
    });
    connect(&m_exporter, &ExportPresenter::progressed, m_exportPanel, &ExportPanel::setProgress);
    connect(&m_exporter, &ExportPresenter::logged, m_exportPanel, &ExportPanel::addLog);
    connect(&m_exporter, &ExportPresenter::cancelling, m_exportPanel, &ExportPanel::setCancelling);
    connect(&m_exporter, &ExportPresenter::runningChanged, this, &MainWindow::updateActions);
    connect(&m_exporter, &ExportPresenter::finished, this, [this](const WriteReport& report) {
        m_lastExport = fromPath(report.path);
        m_exportPanel->finish(report);
        m_message->show(MessageBar::Kind::Success, tr("Exported %1.").arg(QFileInfo(m_lastExport).fileName()),
            tr("%1 in %2.").arg(sizeText(report.bytesWritten), QFileInfo(m_lastExport).absolutePath()));
    });
    connect(&m_exporter, &ExportPresenter::verified, this, [this](const VerifyReport& report) {
        m_exportPanel->showVerified(report);
        if (!report.passed())
            m_message->show(MessageBar::Kind::Error,
                tr("The file was written, but reading it back found problems; see the panel “Export”."));
    });
    connect(&m_exporter, &ExportPresenter::failed, this, [this](const Error& error) {
        m_exportPanel->fail(error); // what to do about it: offerChoices()
    });
}

void MainWindow::askForExport()
{
    const auto state = m_document.state();
    if (!state)
        return;
    if (needsCalibration()) {
        explainRecipe();
        return;
    }
    auto* dialog = new ExportDialog(
        m_exporter.suggestedPath(), state->fileBytes.value_or(state->resolved.dataBytesAfter),
        state->memoryBytes, [this](const QString& file) { return m_exporter.obstacle(file); }, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
        [this, dialog] { m_exporter.start(dialog->path(), dialog->options(), dialog->verifies()); });
    dialog->open();
}

} // namespace mantissa::ui
