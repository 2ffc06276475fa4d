// SPDX-License-Identifier: GPL-3.0-or-later
// The wiring of the main window, second part: calibration, queue, projects, and the tools around the plan.
#include "ui/main_window.h"

#include "engine/compat/hardware.h"
#include "ui/icons.h"
#include "ui/notifier.h"
#include "ui/pages/plan_page.h"
#include "ui/rule_writer.h"
#include "ui/settings.h"
#include "ui/text.h"
#include "ui/widgets/budget_panel.h"
#include "ui/widgets/calibration_panel.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/load_panel.h"
#include "ui/widgets/log_panel.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/queue_panel.h"
#include "ui/widgets/rules_panel.h"

#include <QDesktopServices>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <map>

namespace mantissa::ui {

namespace {

/// What a plan says beyond its preset, a line each: how it differs from one that nobody touched.
QString planText(const QuantPlan& plan)
{
    constexpr std::size_t kMost = 8;
    QStringList lines;
    for (const Rule& rule : plan.rules)
        if (isOfUser(rule))
            lines << MainWindow::tr("Rule “%1”: %2").arg(toQt(rule.pattern), choiceText(rule.choice));
    std::map<QString, std::pair<int, QString>> byChoice; // layers, and the first of them
    for (const auto& [name, choice] : plan.overrides) {
        auto& [count, first] = byChoice[choiceText(choice)];
        first = count++ == 0 ? toQt(name) : first;
    }
    for (const auto& [choice, layers] : byChoice)
        lines << (layers.first == 1
                ? MainWindow::tr("%1: %2").arg(layers.second, choice)
                : MainWindow::tr("%1 and %n other layer(s): %2", nullptr, layers.first - 1)
                      .arg(layers.second, choice));
    if (!plan.notes.empty())
        lines << MainWindow::tr("%n note(s)", nullptr, static_cast<int>(plan.notes.size()));
    if (lines.isEmpty())
        lines << MainWindow::tr("No rules or layers were set by hand.");
    const auto all = static_cast<std::size_t>(lines.size());
    if (all > kMost)
        lines = lines.mid(0, kMost) << MainWindow::tr("and %n more", nullptr, static_cast<int>(all - kMost));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QList<QDockWidget*> MainWindow::docks() const
{
    return {m_cardDock, m_detailsDock, m_findingsDock, m_exportDock, m_calibrationDock, m_loadDock,
        m_rulesDock, m_budgetDock, m_queueDock, m_logDock};
}

void MainWindow::makeStudioDocks()
{
    m_calibrationPanel = new CalibrationPanel(m_actions, m_calibration, this);
    m_load = new LoadPanel(this);
    m_rules = new RulesPanel(m_document, m_editor, m_actions[ActionId::AddRule], this);
    m_budgetPanel = new BudgetPanel(m_budget, m_actions, this);
    m_queuePanel = new QueuePanel(m_queue, m_actions, this);
    m_logPanel = new LogPanel(m_log, m_actions[ActionId::SaveLog], this);
    const auto make = [this](const char* name, const QString& title, QWidget* panel) {
        return makeDock(QLatin1String(name), title, panel, Qt::BottomDockWidgetArea);
    };
    m_calibrationDock = make("dockCalibration", tr("Calibration"), m_calibrationPanel);
    m_loadDock = make("dockLoad", tr("Will it load?"), m_load);
    m_rulesDock = make("dockRules", tr("Rules"), m_rules);
    m_budgetDock = make("dockBudget", tr("Budget"), m_budgetPanel);
    m_queueDock = make("dockQueue", tr("Queue"), m_queuePanel);
    m_logDock = make("dockLog", tr("Log"), m_logPanel);
}

void MainWindow::showDock(QDockWidget* dock)
{
    dock->show();
    dock->raise();
}

bool MainWindow::needsCalibration() const
{
    return needsStatistics(PlanEditor::recipeOf(m_document.plan())) && !m_calibration.hasStatistics();
}

void MainWindow::explainRecipe()
{
    showDock(m_calibrationDock);
    m_message->show(MessageBar::Kind::Info,
        tr("The recipe “%1” needs statistics of the model's inputs, and none are open.")
            .arg(toQt(m_document.plan().recipe)),
        tr("Calibrate on a few prompts below, or open statistics of this model; the recipe “fast” works "
           "without."));
}

void MainWindow::startCalibration()
{
    showDock(m_calibrationDock);
    const CalibrationSettings settings = m_calibrationPanel->settings();
    const QString obstacle = m_calibration.obstacle(settings);
    if (obstacle.isEmpty())
        m_calibration.start(settings);
    else
        m_message->show(MessageBar::Kind::Warning, obstacle);
}

void MainWindow::connectCalibration()
{
    connect(m_actions[ActionId::Calibrate], &QAction::triggered, this, &MainWindow::startCalibration);
    connect(m_actions[ActionId::StopCalibration], &QAction::triggered, &m_calibration,
        &CalibrationPresenter::stop);
    connect(m_actions[ActionId::OpenStatistics], &QAction::triggered, this, [this] {
        const QString file = QFileDialog::getOpenFileName(this, tr("Open statistics"),
            QFileInfo(m_document.file()).absolutePath(), tr("Statistics (*.safetensors);;All files (*)"));
        if (file.isEmpty())
            return;
        showDock(m_calibrationDock);
        m_calibration.openStatistics(file);
    });
    connect(&m_calibration, &CalibrationPresenter::started, this, &MainWindow::updateActions);
    connect(&m_calibration, &CalibrationPresenter::ended, this, &MainWindow::updateActions);
    connect(&m_calibration, &CalibrationPresenter::statisticsChanged, this,
        [this] { m_exporter.setStatistics(m_calibration.statistics().file); });
    connect(&m_calibration, &CalibrationPresenter::finished, this, [this](const CalibrationReport& report) {
        m_message->show(MessageBar::Kind::Success,
            tr("Calibrated %n layer(s).", nullptr, static_cast<int>(report.layers)),
            tr("The recipes light, balanced and best now use %1.")
                .arg(QFileInfo(fromPath(report.path)).fileName()));
    });
    connect(&m_calibration, &CalibrationPresenter::failed, this, [this](const Error& error) {
        if (error.code != ErrorCode::Cancelled)
            m_message->show(MessageBar::Kind::Error, errorSentence(error), hintSentence(error));
    });
    connect(&m_document, &PlanDocument::modelChanged, m_calibrationPanel, &CalibrationPanel::reset);
    connect(m_plan, &PlanPage::detailsChanged, this, [this] {
        if (m_document.isEmpty())
            return;
        const auto& layers = m_document.model()->layers;
        const int node = m_plan->tree()->currentNode();
        const std::ptrdiff_t layer = node < 0 ? -1 : m_document.tree()->node(node).layer;
        QStringList shown;
        std::size_t selected = 0;
        for (const std::size_t each : m_plan->tree()->selectedLayers().all()) {
            if (!isWeight(layers[each].kind))
                continue;
            if (++selected <= kMostLiveLayers)
                shown << toQt(layers[each].name);
        }
        m_calibration.select(
            layer < 0 ? QString() : toQt(layers[static_cast<std::size_t>(layer)].name), shown, selected);
    });
    connect(m_plan, &PlanPage::recipeChosen, this, [this] {
        if (needsCalibration())
            explainRecipe();
    });
}

void MainWindow::connectQueue()
{
    connect(m_actions[ActionId::HoldQueue], &QAction::toggled, &m_queue, &JobQueue::setHeld);
    connect(&m_queue, &JobQueue::heldChanged, m_actions[ActionId::HoldQueue], &QAction::setChecked);
    connect(m_actions[ActionId::ResumeJobs], &QAction::triggered, this, [this] {
        for (int row = 0; row < m_queue.model()->rowCount(); ++row) {
            const auto state = m_queue.model()->jobs()[static_cast<std::size_t>(row)].state;
            if (state == QueuedJob::State::Stopped || state == QueuedJob::State::Interrupted)
                m_queue.resume(row);
        }
        m_queue.setHeld(false);
        showDock(m_queueDock);
    });
    connect(&m_queue, &JobQueue::loaded, this, [this](int unfinished) {
        if (unfinished > 0)
            m_message->offer([this, unfinished] { offerJobs(unfinished); });
    });
    connect(&m_queue, &JobQueue::storeFailed, this, [this](const Error& error) {
        m_message->show(MessageBar::Kind::Warning, tr("The queue is not kept: %1").arg(errorSentence(error)));
    });
    connect(&m_queue, &JobQueue::runningChanged, this, &MainWindow::updateActions);
    connect(
        m_queuePanel, &QueuePanel::allDone, this,
        [this](QueuePanel::WhenDone then) {
            if (then == QueuePanel::WhenDone::OpenFolder)
                m_actions[ActionId::ShowResult]->trigger();
            else if (then == QueuePanel::WhenDone::Close)
                close(); // asks where the plan has changes
        },
        Qt::QueuedConnection);
    const auto jobName = [](const QueuedJob& job) {
        return QStringLiteral("%1 %2").arg(nameOf(job.kind), QFileInfo(job.output).fileName());
    };
    const auto note = [this, jobName](const QueuedJob& job, const QList<LogLine>& lines) {
        m_log.add(jobName(job), lines);
        m_jobLogs.append(job.id, lines);
    };
    const auto ended = [this, jobName, note](const QueuedJob& job, const QString& how) {
        note(job, {{LogLevel::Info, toStd(how), {}}});
        if (settingValue(Setting::Notifications).toBool()
            && deservesNotification(m_queue.elapsedMs(), isActiveWindow()))
            notifyDesktop(this, jobName(job), how);
    };
    connect(&m_queue, &JobQueue::started, this, [this, note](const QueuedJob& job) {
        m_jobLogs.prune();
        note(job, {{LogLevel::Info, toStd(tr("Started: %1").arg(job.output)), {}}});
    });
    connect(&m_queue, &JobQueue::logged, this, [this, note](const QList<LogLine>& lines) {
        if (const QueuedJob* job = m_queue.running())
            note(*job, lines);
    });
    connect(&m_queue, &JobQueue::succeeded, this, [ended](const QueuedJob& job) { ended(job, tr("Done.")); });
    connect(&m_queue, &JobQueue::failed, this, [ended, note](const QueuedJob& job, const Error& error) {
        if (error.code == ErrorCode::Cancelled) {
            ended(job, tr("Stopped; what is finished was kept."));
            return;
        }
        note(job,
            {{LogLevel::Warning, toStd(errorSentence(error) + QLatin1Char(' ') + hintSentence(error)), {}}});
        ended(job, job.state == QueuedJob::State::Paused ? tr("Paused.") : tr("Failed."));
    });
    connect(m_actions[ActionId::OpenJobLog], &QAction::triggered, this, &MainWindow::openJobLog);
    connect(m_actions[ActionId::SaveLog], &QAction::triggered, this, &MainWindow::saveLog);
    connect(m_logPanel, &LogPanel::layerRequested, this, [this](const QString& name) {
        const auto model = m_document.model();
        for (std::size_t layer = 0; model && layer < model->layers.size(); ++layer)
            if (model->layers[layer].name == toStd(name))
                m_plan->tree()->selectLayers({layer});
    });
}

void MainWindow::openJobLog()
{
    const QueuedJob* job = m_queuePanel->jobWithLog();
    if (job == nullptr)
        return;
    m_logFinder.start<bool>(
        [this, file = m_jobLogs.fileOf(job->id)](const JobContext&) -> Result<bool> {
            m_jobLogs.flush();
            return QFile::exists(file);
        },
        [this, file = m_jobLogs.fileOf(job->id)](const Result<bool>& there) {
            if (there && *there)
                QDesktopServices::openUrl(QUrl::fromLocalFile(file));
            else
                m_message->show(MessageBar::Kind::Info, tr("This job has no log any more."),
                    tr("Only the logs of the newest jobs are kept."));
        });
}

void MainWindow::saveLog()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the log"), QStringLiteral("mantissa.log"), tr("Logs (*.log *.txt)"));
    if (file.isEmpty())
        return;
    m_logSaver.start<bool>(
        [file, text = m_log.asText().toUtf8()](const JobContext&) -> Result<bool> {
            Status written = writeWhole(file, text);
            if (!written)
                return forward(std::move(written));
            return true;
        },
        [this](const Result<bool>& done) {
            if (!done)
                m_message->show(
                    MessageBar::Kind::Error, errorSentence(done.error()), hintSentence(done.error()));
        });
}

void MainWindow::saveProjectAs()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the project"), m_project.suggestedFile(), tr("Projects of Mantissa (*.mantissa)"));
    if (!file.isEmpty())
        m_project.save(QFileInfo(file).suffix().isEmpty() ? file + QStringLiteral(".mantissa") : file);
}

void MainWindow::continueExport()
{
    QString source = m_project.recordedSource();
    if (source.isEmpty() && m_project.record())
        source = QFileDialog::getOpenFileName(this,
            tr("Where is %1, which this file was made from?").arg(toQt(m_project.record()->sourceName)),
            QFileInfo(m_document.file()).absolutePath());
    if (!source.isEmpty())
        m_project.continueFrom(source);
}

void MainWindow::showRecord()
{
    updateActions();
    const auto& record = m_project.record();
    if (!record)
        return;
    m_message->show(MessageBar::Kind::Info,
        tr("Mantissa %1 made this file from %2.").arg(toQt(record->version), toQt(record->sourceName)),
        tr("Base format %1, recipe %2, %n rule(s), the plan is in the file.", nullptr,
            static_cast<int>(record->plan.rules.size()))
            .arg(formatName(record->plan.base.format), toQt(record->plan.recipe)));
    QWidget* row = messageRow(m_message);
    QPushButton* button
        = messageButton(row, QStringLiteral("continueExport"), tr("Continue from this plan…"));
    button->setToolTip(m_actions[ActionId::ContinueExport]->toolTip());
    connect(button, &QPushButton::clicked, m_actions[ActionId::ContinueExport], &QAction::trigger);
    m_message->setDetails(row);
}

void MainWindow::offerRecovery(const Project& project)
{
    const qint64 minutes = std::max<qint64>(0, project.saved.secsTo(QDateTime::currentDateTimeUtc()) / 60);
    const QString age = minutes < 60 ? tr("%n minute(s) ago", nullptr, static_cast<int>(minutes))
                                     : QLocale().toString(project.saved.toLocalTime(), QLocale::ShortFormat);
    m_message->show(MessageBar::Kind::Warning,
        tr("The last session ended without closing; its plan for %1 was kept.")
            .arg(QFileInfo(project.source).fileName()),
        tr("Last change %1: base format %2, %3 rules, %4 layers set by hand.")
            .arg(age, formatName(project.plan.base.format), countText(project.plan.rules.size()),
                countText(project.plan.overrides.size())));
    auto* both = new QWidget(m_message);
    both->setObjectName(QStringLiteral("recoveryDetails"));
    both->setAccessibleName(tr("What to do"));
    auto* column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    QWidget* row = messageRow(both);
    column->addWidget(row);
    auto* what = new QLabel(planText(project.plan), both);
    what->setObjectName(QStringLiteral("recoveryPlan"));
    what->setAccessibleName(tr("What the kept plan sets"));
    what->setTextFormat(Qt::PlainText);
    what->setWordWrap(true);
    what->hide();
    connect(messageButton(row, QStringLiteral("recoveryRestore"), tr("Restore")), &QPushButton::clicked, this,
        [this] {
            m_message->clear();
            m_project.restore();
        });
    connect(messageButton(row, QStringLiteral("recoveryDiscard"), tr("Discard")), &QPushButton::clicked, this,
        [this] {
            m_message->clear();
            m_project.discardRecovery();
        });
    QPushButton* show = messageButton(row, QStringLiteral("recoveryShow"), tr("What was set?"));
    show->setCheckable(true);
    connect(show, &QPushButton::toggled, what, &QWidget::setVisible);
    column->addWidget(what);
    m_message->setDetails(both);
}

void MainWindow::connectProject()
{
    connect(m_actions[ActionId::SaveProject], &QAction::triggered, this, [this] {
        if (m_project.file().isEmpty())
            saveProjectAs();
        else
            m_project.save(m_project.file());
    });
    connect(m_actions[ActionId::SaveProjectAs], &QAction::triggered, this, &MainWindow::saveProjectAs);
    connect(m_actions[ActionId::ContinueExport], &QAction::triggered, this, &MainWindow::continueExport);
    connect(&m_project, &ProjectPresenter::opened, this, [this](const Project& project) {
        restoreState(project.window, kLayoutVersion);
        m_judgements.takeOver(project.judgements);
        showTitle();
    });
    connect(&m_project, &ProjectPresenter::saved, this, [this](const QString& file) {
        m_recent.add(file);
        m_message->show(
            MessageBar::Kind::Info, tr("Saved the project as %1.").arg(QFileInfo(file).fileName()));
    });
    connect(&m_project, &ProjectPresenter::failed, this, [this](const QString& file, const Error& error) {
        showFailure({file, error, {}});
    });
    connect(&m_project, &ProjectPresenter::recordChanged, this, &MainWindow::showRecord);
    connect(&m_project, &ProjectPresenter::recoveryFound, this,
        [this](const Project& project) { m_message->offer([this, project] { offerRecovery(project); }); });
    m_project.lookForJournals();
}

void MainWindow::connectTools()
{
    connect(m_actions[ActionId::MeasureBudget], &QAction::triggered, this, [this] {
        showDock(m_budgetDock);
        m_budget.measure(m_calibration.statistics().file);
    });
    connect(m_actions[ActionId::StopMeasuring], &QAction::triggered, &m_budget, &BudgetPresenter::cancel);
    connect(&m_budget, &BudgetPresenter::measuringChanged, this, &MainWindow::updateActions);
    connect(m_actions[ActionId::Palette], &QAction::triggered, this, [this] {
        auto* palette = new CommandPalette(m_actions, this);
        palette->setAttribute(Qt::WA_DeleteOnClose);
        palette->open();
    });
    connect(m_actions[ActionId::AddRule], &QAction::triggered, this, [this] { m_rules->addRule({}); });
    connect(m_rules, &RulesPanel::layersRequested, this, [this](const std::vector<std::size_t>& layers) {
        m_plan->tree()->selectLayers(layers);
        m_plan->tree()->setFocus();
    });
    connect(&m_document, &PlanDocument::stateChanged, this, [this] {
        if (m_document.state())
            m_load->setPlan(m_document.model(), m_document.state());
    });
    connect(m_load, &LoadPanel::shown, &m_gpuMemory, &GpuMemoryWatch::setWatching);
    connect(&m_gpuMemory, &GpuMemoryWatch::changed, m_load, &LoadPanel::setFree);
    m_gpuSearch.start<std::vector<Gpu>>(
        [](const JobContext&) -> Result<std::vector<Gpu>> {
            std::vector<Gpu> gpus = detectGpus().gpus;
            if (gpus.empty()) // Windows' Linux subsystem names none, but its tool does
                for (const GpuMemory& memory : readGpuMemory().gpus)
                    gpus.push_back(memory.gpu);
            return gpus;
        },
        [this](const Result<std::vector<Gpu>>& gpus) {
            if (gpus)
                m_load->setDetected(*gpus);
        });
}

} // namespace mantissa::ui
