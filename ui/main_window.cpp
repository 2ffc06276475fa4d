// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/crash_folder.h"
#include "ui/icons.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/plan_page.h"
#include "ui/pages/start_page.h"
#include "ui/text.h"
#include "ui/widgets/architecture_card.h"
#include "ui/widgets/details_pane.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/findings_panel.h"
#include "ui/widgets/guide_bar.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/page_stack.h"

#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace mantissa::ui {

namespace {

const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kStateKey = QStringLiteral("window/state");
constexpr int kSideWidth = 300, kBottomHeight = 300;

QStringList localFiles(const QMimeData* data)
{
    QStringList files;
    if (data == nullptr || !data->hasUrls())
        return files;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            files << url.toLocalFile();
    return files;
}

} // namespace

MainWindow::MainWindow(Theme& theme, QWidget* parent)
    : QMainWindow(parent)
    , m_theme(theme)
    , m_actions(this)
    , m_pictures(m_actions)
    , m_editor(m_document)
    , m_opener(m_document, m_editor, m_recent)
    , m_queue(stateFolder())
    , m_exporter(m_document, m_queue)
    , m_calibration(m_document, m_queue)
    , m_project(
          m_document, m_opener, m_calibration, stateFolder(), [this] { return layoutState(); },
          [this] {
              return m_judgements.ofProject(
                  m_comparison.isOfDocument() ? m_comparison.comparison() : Comparison());
          })
    , m_budget(m_document, m_editor)
    , m_judgements(stateFolder())
    , m_comparison(m_document, m_judgements)
    , m_promotion(m_document)
    , m_sensitivity(m_document)
    , m_findingsPresenter(m_document, m_editor, m_calibration, m_sensitivity)
    , m_crashes(crashFolder())
{
    setObjectName(QStringLiteral("mainWindow"));
    setAccessibleName(tr("Mantissa Studio"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    setMinimumSize(800, 560);
    m_actions.fill(menuBar());
    menuBar()->setObjectName(QStringLiteral("menuBar"));
    menuBar()->setAccessibleName(tr("Menu"));
    makeCentre();
    makeDocks();
    makeToolBar();
    statusBar()->setObjectName(QStringLiteral("statusBar"));
    statusBar()->setAccessibleName(tr("Status"));
    connectFileActions();
    connectViewActions();
    connectOpening();
    connectDocument();
    connectExport();
    connectCalibration();
    connectQueue();
    connectProject();
    connectJobs();
    connectWindows();
    connectCrashReports();
    connectTools();
    connectComparison();
    connectFindings();
    connectGuide();

    resize(1280, 800);
    resetLayout();
    const QSettings settings;
    restoreGeometry(settings.value(kGeometryKey).toByteArray());
    if (restoreState(settings.value(kStateKey).toByteArray(), kLayoutVersion))
        m_plan->tree()->restoreColumns();
    for (QDockWidget* dock : docks())
        dock->setVisible(false); // nothing to show before a file is open
    showTitle();
    updateActions();
}

MainWindow::~MainWindow() = default;

void MainWindow::openFile(const QString& file)
{
    if (QFileInfo(file).suffix() == kProjectSuffix)
        m_project.open(file);
    else if (file.endsWith(QLatin1String(".statistics.safetensors")) && !m_document.isEmpty())
        m_calibration.openStatistics(file);
    else
        m_opener.open(file);
}

void MainWindow::makeCentre()
{
    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("centre"));
    centre->setAccessibleName(tr("Document"));
    m_message = new MessageBar(centre);
    m_guide = new GuideBar(m_actions, centre);
    m_pages = new PageStack(centre);
    m_pages->setObjectName(QStringLiteral("pages"));
    m_pages->setAccessibleName(tr("Pages"));
    m_start = new StartPage(m_actions, m_recent, m_pages);
    m_plan = new PlanPage(m_document, m_editor, m_actions, m_pages);
    m_compare = new ComparePage(m_actions, m_document, m_comparison, m_judgements, m_promotion, m_pages);

    m_loadingPage = new QWidget(m_pages);
    m_loadingPage->setObjectName(QStringLiteral("loadingPage"));
    m_loadingPage->setAccessibleName(tr("Opening"));
    m_loading = new QLabel(m_loadingPage);
    m_loading->setObjectName(QStringLiteral("loadingText"));
    m_loading->setAccessibleName(tr("Opening"));
    m_loading->setAlignment(Qt::AlignCenter);
    auto* busy = new QProgressBar(m_loadingPage);
    busy->setObjectName(QStringLiteral("loadingBar"));
    busy->setAccessibleName(tr("Reading"));
    busy->setRange(0, 0);
    busy->setTextVisible(false);
    busy->setFixedWidth(260);
    auto* cancel = new QPushButton(icon(QStringLiteral("cancel")), tr("Cancel"), m_loadingPage);
    cancel->setObjectName(QStringLiteral("loadingCancel"));
    cancel->setAccessibleName(tr("Cancel opening"));
    connect(cancel, &QPushButton::clicked, &m_opener, &OpenPresenter::cancel);
    auto* loading = new QVBoxLayout(m_loadingPage);
    loading->setSpacing(12);
    loading->addStretch(1);
    loading->addWidget(m_loading);
    loading->addWidget(busy, 0, Qt::AlignHCenter);
    loading->addWidget(cancel, 0, Qt::AlignHCenter);
    loading->addStretch(1);

    m_pages->addWidget(m_start);
    m_pages->addWidget(m_loadingPage);
    m_pages->addWidget(m_plan);
    m_pages->addWidget(m_compare);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_guide);
    column->addWidget(m_message);
    column->addWidget(m_pages, 1);
    setCentralWidget(centre);
}

QDockWidget* MainWindow::makeDock(
    const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setAccessibleName(title);
    dock->setWidget(content);
    addDockWidget(area, dock);
    dock->toggleViewAction()->setObjectName(name + QStringLiteral("Toggle"));
    return dock;
}

void MainWindow::makeDocks()
{
    m_card = new ArchitectureCard(this);
    m_details = new DetailsPane(this);
    m_findings = new FindingsPanel(m_findingsPresenter, this);
    m_exportPanel = new ExportPanel(m_actions[ActionId::CancelExport], m_actions[ActionId::ShowResult], this);
    m_cardDock = makeDock(QStringLiteral("dockModel"), tr("Model"), m_card, Qt::RightDockWidgetArea);
    m_detailsDock = makeDock(QStringLiteral("dockLayer"), tr("Layer"), m_details, Qt::RightDockWidgetArea);
    m_findingsDock
        = makeDock(QStringLiteral("dockFindings"), tr("Findings"), m_findings, Qt::BottomDockWidgetArea);
    m_exportDock
        = makeDock(QStringLiteral("dockExport"), tr("Export"), m_exportPanel, Qt::BottomDockWidgetArea);

    makeStudioDocks();

    QMenu* view = m_actions.menu(MenuId::View);
    auto* panels = new QMenu(tr("&Panels"), view);
    panels->setObjectName(QStringLiteral("menuPanels"));
    view->insertMenu(m_actions[ActionId::ThemeSystem], panels);
    int key = Qt::Key_1;
    for (QDockWidget* dock : docks()) {
        QAction* toggle = dock->toggleViewAction();
        // Alt+0 is the tool bar
        toggle->setShortcut(key <= Qt::Key_9 ? QKeySequence(Qt::ALT | static_cast<Qt::Key>(key))
                                             : QKeySequence(Qt::ALT | Qt::Key_Minus));
        ++key;
        toggle->setToolTip(tr("Show or hide the panel “%1”").arg(dock->windowTitle()));
        panels->addAction(toggle);
        m_actions.addView(toggle);
    }
}

void MainWindow::resetLayout()
{
    for (QDockWidget* dock : {m_cardDock, m_detailsDock})
        addDockWidget(Qt::RightDockWidgetArea, dock);
    splitDockWidget(m_cardDock, m_detailsDock, Qt::Vertical);
    const QList<QDockWidget*> bottom{m_findingsDock, m_exportDock, m_calibrationDock, m_loadDock, m_rulesDock,
        m_budgetDock, m_queueDock, m_logDock};
    for (QDockWidget* dock : bottom)
        addDockWidget(Qt::BottomDockWidgetArea, dock);
    for (QDockWidget* dock : bottom.mid(1))
        tabifyDockWidget(bottom.front(), dock);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    for (QDockWidget* dock : docks()) {
        dock->setFloating(false);
        dock->setVisible(!m_document.isEmpty() && (dock == m_cardDock || dock == m_detailsDock));
    }
    resizeDocks({m_findingsDock}, {kBottomHeight}, Qt::Vertical);
    resizeDocks({m_cardDock, m_detailsDock}, {kSideWidth, kSideWidth}, Qt::Horizontal);
    resizeDocks({m_cardDock, m_detailsDock}, {3, 2}, Qt::Vertical);
    m_plan->tree()->resetColumns();
}

void MainWindow::makeToolBar()
{
    auto* bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setAccessibleName(tr("Tools"));
    bar->setMovable(false);
    bar->setIconSize(QSize(20, 20));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const auto add = [&](ActionId id, const QString& text) {
        bar->addAction(m_actions[id]);
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(m_actions[id]));
        button->setObjectName(m_actions[id]->objectName() + QStringLiteral("Button"));
        button->setAccessibleName(m_actions[id]->toolTip());
        button->setText(text);
        m_actions[id]->setIconText(text);
        const QString keys = m_actions[id]->shortcut().toString(QKeySequence::NativeText);
        button->setToolTip(keys.isEmpty() ? m_actions[id]->toolTip()
                                          : QStringLiteral("%1 (%2)").arg(m_actions[id]->toolTip(), keys));
    };
    add(ActionId::Open, tr("Open"));
    add(ActionId::SavePlan, tr("Save plan"));
    bar->addSeparator();
    add(ActionId::Undo, tr("Undo"));
    add(ActionId::Redo, tr("Redo"));
    bar->addSeparator();
    auto* format = new QToolButton(bar);
    format->setObjectName(QStringLiteral("setFormatButton"));
    format->setAccessibleName(tr("Set the format of the selected layers"));
    format->setToolTip(tr("Set the format of the selected layers (Ctrl+1 to Ctrl+9)"));
    format->setText(tr("Set format") + QStringLiteral("  ▾"));
    format->setIcon(icon(QStringLiteral("format")));
    format->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    format->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(format);
    menu->setObjectName(QStringLiteral("setFormatMenu"));
    menu->setAccessibleName(tr("Formats"));
    menu->setToolTipsVisible(true);
    m_actions.fillFormatMenu(menu);
    menu->addSeparator();
    menu->addAction(m_actions[ActionId::SetFormatWithOptions]);
    format->setMenu(menu);
    connect(m_actions[ActionId::Keep], &QAction::changed, format,
        [this, format] { format->setEnabled(m_actions[ActionId::Keep]->isEnabled()); });
    bar->addWidget(format);
    add(ActionId::Keep, tr("Keep"));
    add(ActionId::ClearOverride, tr("Clear"));
    m_actions.menu(MenuId::View)->insertAction(m_actions[ActionId::ThemeSystem], bar->toggleViewAction());
    bar->toggleViewAction()->setText(tr("&Tool bar"));
    bar->toggleViewAction()->setShortcut(QKeySequence(Qt::ALT | Qt::Key_0));
}

void MainWindow::showTitle()
{
    if (m_document.isEmpty()) {
        setWindowTitle(tr("Mantissa Studio"));
        return;
    }
    setWindowFilePath(m_opener.file());
    setWindowTitle(tr("%1[*] — Mantissa Studio").arg(QFileInfo(m_opener.file()).fileName()));
    setWindowModified(m_document.isModified());
}

void MainWindow::updateActions()
{
    const bool open = !m_document.isEmpty();
    for (const ActionId id : {ActionId::OpenPlan, ActionId::SavePlan, ActionId::SavePlanAs,
             ActionId::SaveProject, ActionId::SaveProjectAs, ActionId::OpenStatistics, ActionId::ModelParts,
             ActionId::AddRule, ActionId::ImportRules, ActionId::ExportRules, ActionId::CopyCommand,
             ActionId::Explain, ActionId::Presets, ActionId::CompareFile})
        m_actions[id]->setEnabled(open);
    m_actions[ActionId::MeasureBudget]->setEnabled(open && !m_budget.isMeasuring());
    m_actions[ActionId::StopMeasuring]->setEnabled(m_budget.isMeasuring());
    m_actions[ActionId::MeasureLayers]->setEnabled(open && !m_sensitivity.isMeasuring());
    m_actions[ActionId::Calibrate]->setEnabled(open && !m_calibration.isRunning());
    m_actions[ActionId::StopCalibration]->setEnabled(m_calibration.isRunning());
    m_actions[ActionId::ContinueExport]->setEnabled(m_project.record().has_value());
    m_actions[ActionId::Export]->setEnabled(open && !m_exporter.isRunning() && !m_document.isResolving());
    m_actions[ActionId::CancelExport]->setEnabled(m_exporter.isRunning());
    m_actions[ActionId::ShowResult]->setEnabled(!m_lastExport.isEmpty() && !m_exporter.isRunning());
}

void MainWindow::showDetails()
{
    if (m_document.isEmpty())
        return;
    const auto state = m_document.state();
    const int node = m_plan->tree()->currentNode();
    const LayerSelection selection = m_plan->tree()->selectedLayers();
    if (!state || node < 0 || selection.isEmpty()) {
        m_details->showNothing();
        return;
    }
    const std::vector<std::size_t> layers = selection.all();
    if (layers.size() == 1)
        m_details->showLayer(
            *m_document.model(), m_document.plan(), *state, layers.front(), m_sensitivity.errors().get());
    else if (m_plan->tree()->selectionModel()->selectedRows().size() == 1)
        m_details->showGroup(
            m_document.tree()->node(node).path, state->nodes[static_cast<std::size_t>(node)]);
    else
        m_details->showGroup(tr("%n layer(s) selected", nullptr, static_cast<int>(layers.size())),
            summarize(*m_document.model(), *state, layers));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    const bool working = m_queue.isRunning() || m_comparison.isRunning();
    if (m_document.isModified() || working) {
        QMessageBox box(QMessageBox::Question, tr("Close Mantissa Studio"),
            working ? tr("A job is running. Closing stops it; what is finished is kept for resuming.")
                    : tr("The plan has changes that are not saved."),
            QMessageBox::NoButton, this);
        box.setObjectName(QStringLiteral("closeQuestion"));
        box.addButton(working ? tr("Stop and close") : tr("Close without saving"), QMessageBox::AcceptRole);
        QPushButton* stay = box.addButton(tr("Keep open"), QMessageBox::RejectRole);
        box.setDefaultButton(stay);
        box.exec();
        if (box.clickedButton() == stay || box.clickedButton() == nullptr) {
            event->ignore();
            return;
        }
    }
    if (!m_document.isEmpty()) {
        QSettings settings;
        settings.setValue(kGeometryKey, saveGeometry());
        settings.setValue(kStateKey, layoutState());
        m_plan->tree()->saveColumns();
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (localFiles(event->mimeData()).isEmpty())
        return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    m_start->dropTarget()->setHighlighted(true);
    statusBar()->showMessage(tr("Drop to open"));
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*)
{
    m_start->dropTarget()->setHighlighted(false);
    statusBar()->clearMessage();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QStringList files = localFiles(event->mimeData());
    m_start->dropTarget()->setHighlighted(false);
    statusBar()->clearMessage();
    if (files.isEmpty())
        return;
    event->setDropAction(Qt::CopyAction);
    event->accept();
    openFiles(files);
}

} // namespace mantissa::ui
