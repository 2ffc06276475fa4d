// SPDX-License-Identifier: GPL-3.0-or-later
// The window: puts pages, panels and actions together. No logic of its own: presenters decide, the document
// holds.
#pragma once

#include "ui/actions.h"
#include "ui/document.h"
#include "ui/picture_saver.h"
#include "ui/presenters/budget_presenter.h"
#include "ui/presenters/calibration_presenter.h"
#include "ui/presenters/comparison_presenter.h"
#include "ui/presenters/crash_reports.h"
#include "ui/presenters/export_presenter.h"
#include "ui/presenters/findings_presenter.h"
#include "ui/presenters/gpu_memory_watch.h"
#include "ui/presenters/job_queue.h"
#include "ui/presenters/open_presenter.h"
#include "ui/presenters/plan_editor.h"
#include "ui/presenters/project_presenter.h"
#include "ui/presenters/promotion_presenter.h"
#include "ui/job_logs.h"
#include "ui/models/log_model.h"
#include "ui/recent_files.h"
#include "ui/theme.h"

#include <QMainWindow>
#include <QTimer>

class QDockWidget;
class QLabel;
class QStackedWidget;

namespace mantissa::ui {

class ArchitectureCard;
class BudgetPanel;
class CalibrationPanel;
class ComparePage;
class DetailsPane;
class ExportPanel;
class FindingsPanel;
class GuideBar;
class LoadPanel;
class LogPanel;
class MessageBar;
class PlanPage;
class QueuePanel;
class RulesPanel;
class StartPage;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Of saved layouts; counts up when panels change their names.
    static constexpr int kLayoutVersion = 2;

    explicit MainWindow(Theme& theme, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openFile(const QString& file);
    /// The first one here, each other one in a window of its own.
    void openFiles(const QStringList& files);
    /// In a second process, so that a crash of one window leaves the others; empty: no file.
    void openInNewWindow(const QString& file);
    /// Lists what differs between the open checkpoint and another one.
    void showCard();
    void chooseParts(); ///< files that have what the checkpoint lacks
    void compareWith(const QString& file);
    Actions& actionTable() { return m_actions; }
    PlanDocument& document() { return m_document; }
    ExportPresenter& exporter() { return m_exporter; }
    OpenPresenter& opener() { return m_opener; }
    JobQueue& queue() { return m_queue; }
    JobLogs& jobLogs() { return m_jobLogs; }
    CalibrationPresenter& calibration() { return m_calibration; }
    ProjectPresenter& project() { return m_project; }
    BudgetPresenter& budget() { return m_budget; }
    ComparisonPresenter& comparison() { return m_comparison; }
    PictureSaver& pictures() { return m_pictures; }
    PromotionPresenter& promotion() { return m_promotion; }
    JudgementStore& judgements() { return m_judgements; }
    bool isComparing() const;
    SensitivityPresenter& sensitivity() { return m_sensitivity; }
    CrashReports& crashReports() { return m_crashes; }
    FindingsPresenter& findings() { return m_findingsPresenter; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeCentre();
    void makeDocks();
    void makeToolBar();
    void connectFileActions();
    void connectViewActions();
    void connectOpening();
    void connectDocument();
    void connectExport();
    void makeStudioDocks();
    void connectCalibration();
    void connectQueue();
    void connectProject();
    void connectTools();
    void connectComparison();
    void showComparison();
    void leaveComparison();
    void compareFolders();
    void offerPictures();
    void writeReport();
    void offerComparison(const QString& exported);
    QByteArray layoutState() const;
    void connectFindings();
    void copyCommand();
    void connectGuide();
    void offerChoices(const QueuedJob& job, const Error& error);
    void offerJobs(int unfinished);
    void connectJobs();
    void connectWindows();
    QString askForFile(const QString& title);
    void connectCrashReports();
    void showCrashReports();
    void offerCrashReport(const CrashReport& report);
    void convertDangerous(const QString& file);
    void offerConverted(const QString& file);
    void startCalibration();
    void explainRecipe();
    bool needsCalibration() const;
    void saveProjectAs();
    void continueExport();
    void offerRecovery(const Project& project);
    void showRecord();
    void saveLog();
    void openJobLog();
    void showDock(QDockWidget* dock);
    QList<QDockWidget*> docks() const;
    void fillRecentMenu();
    void showDetails();
    void showTitle();
    void updateActions();
    void askForExport();
    void savePlanAs();
    void resetLayout();
    void showFailure(const OpenFailure& failure);
    QDockWidget* makeDock(
        const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area);

    Theme& m_theme;
    Actions m_actions;
    PictureSaver m_pictures;
    RecentFiles m_recent;
    PlanDocument m_document;
    PlanEditor m_editor;
    OpenPresenter m_opener;
    JobQueue m_queue;
    ExportPresenter m_exporter;
    CalibrationPresenter m_calibration;
    ProjectPresenter m_project;
    BudgetPresenter m_budget;
    JudgementStore m_judgements;
    ComparisonPresenter m_comparison;
    PromotionPresenter m_promotion;
    SensitivityPresenter m_sensitivity;
    FindingsPresenter m_findingsPresenter;
    CrashReports m_crashes;
    LogModel m_log;
    GpuMemoryWatch m_gpuMemory;
    JobLogs m_jobLogs{stateFolder() + QStringLiteral("/logs")};
    JobController m_gpuSearch, m_logSaver, m_logFinder, m_commandSaver;

    MessageBar* m_message = nullptr;
    GuideBar* m_guide = nullptr;
    QStackedWidget* m_pages = nullptr;
    StartPage* m_start = nullptr;
    QLabel* m_loading = nullptr;
    QWidget* m_loadingPage = nullptr;
    PlanPage* m_plan = nullptr;
    ComparePage* m_compare = nullptr;
    QByteArray m_layoutBefore; ///< of the panels, while pictures are compared
    ArchitectureCard* m_card = nullptr;
    DetailsPane* m_details = nullptr;
    ExportPanel* m_exportPanel = nullptr;
    FindingsPanel* m_findings = nullptr;
    QDockWidget* m_cardDock = nullptr;
    QDockWidget* m_detailsDock = nullptr;
    QDockWidget* m_exportDock = nullptr;
    QDockWidget* m_findingsDock = nullptr;
    CalibrationPanel* m_calibrationPanel = nullptr;
    LoadPanel* m_load = nullptr;
    BudgetPanel* m_budgetPanel = nullptr;
    RulesPanel* m_rules = nullptr;
    QueuePanel* m_queuePanel = nullptr;
    LogPanel* m_logPanel = nullptr;
    QDockWidget* m_calibrationDock = nullptr;
    QDockWidget* m_loadDock = nullptr;
    QDockWidget* m_rulesDock = nullptr;
    QDockWidget* m_queueDock = nullptr;
    QDockWidget* m_logDock = nullptr;
    QDockWidget* m_budgetDock = nullptr;
    QMenu* m_recentMenu = nullptr;
    QString m_lastExport;
    QTimer m_detailsDelay; ///< one selection makes several signals
};

} // namespace mantissa::ui
