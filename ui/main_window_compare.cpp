// SPDX-License-Identifier: GPL-3.0-or-later
// The wiring of the main window, third part: the page where pictures are compared.
#include "ui/main_window.h"

#include "ui/pages/compare_page.h"
#include "ui/pages/plan_page.h"
#include "ui/pages/start_page.h"
#include "ui/text.h"
#include "ui/widgets/blind_test_dialog.h"
#include "ui/widgets/budget_panel.h"
#include "ui/widgets/calibration_panel.h"
#include "ui/widgets/folders_dialog.h"
#include "ui/widgets/message_bar.h"

#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QRandomGenerator>
#include <QStackedWidget>
#include <QUrl>

namespace mantissa::ui {

bool MainWindow::isComparing() const
{
    return m_pages->currentWidget() == m_compare;
}

QByteArray MainWindow::layoutState() const
{
    // Panels are hidden while pictures are compared; that is not how the window was laid out.
    return isComparing() ? m_layoutBefore : saveState(kLayoutVersion);
}

void MainWindow::showComparison()
{
    if (isComparing())
        return;
    m_layoutBefore = saveState(kLayoutVersion);
    for (QDockWidget* dock : docks())
        dock->hide();
    m_pages->setCurrentWidget(m_compare);
    m_compare->setActive(true);
}

void MainWindow::leaveComparison()
{
    if (!isComparing())
        return;
    m_compare->setActive(false);
    m_pages->setCurrentWidget(m_document.isEmpty() ? static_cast<QWidget*>(m_start) : m_plan);
    restoreState(m_layoutBefore, kLayoutVersion);
}

void MainWindow::compareFolders()
{
    auto* dialog = new FoldersDialog(QFileInfo(m_document.file()).absolutePath(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        showComparison();
        m_comparison.startFolders(dialog->folders());
    });
    dialog->open();
}

void MainWindow::writeReport()
{
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Folder for the report"), QFileInfo(m_document.file()).absolutePath());
    if (folder.isEmpty())
        return;
    m_message->show(MessageBar::Kind::Info, tr("Writing the report…"));
    // A folder of its own: it holds pictures and maps too. An earlier report stays.
    QString target = QStringLiteral("%1/%2").arg(folder, tr("comparison"));
    for (int n = 2; QFileInfo::exists(target); ++n)
        target = QStringLiteral("%1/%2-%3").arg(folder, tr("comparison")).arg(n);
    m_comparison.exportReport(target);
}

void MainWindow::offerComparison(const QString& exported)
{
    // The file is what the plan made, so the plan in memory has nothing to add.
    m_comparison.add({VariantChoice::Kind::File, exported, true});
    for (std::size_t i = 0; i < m_comparison.variants().size(); ++i)
        if (m_comparison.variants()[i].kind == VariantChoice::Kind::CurrentPlan)
            m_comparison.setWanted(i, false);
    QWidget* row = messageRow(m_message);
    QPushButton* button = messageButton(row, QStringLiteral("compareExport"), tr("Compare its pictures"));
    button->setToolTip(m_actions[ActionId::ComparePictures]->toolTip());
    connect(button, &QPushButton::clicked, this, [this] {
        m_message->clear();
        showComparison();
    });
    m_message->setDetails(row);
}

void MainWindow::offerPictures()
{
    m_pictures.offer(m_compare->viewport(), tr("comparison"));
    m_pictures.offer(m_calibrationPanel->plot(), tr("activations"));
    m_pictures.offer(m_budgetPanel->plot(), tr("budget"));
    connect(&m_pictures, &PictureSaver::saved, this, [this](const QString& file) {
        m_message->show(MessageBar::Kind::Success, tr("Saved %1.").arg(QFileInfo(file).fileName()),
            tr("In %1.").arg(QFileInfo(file).absolutePath()));
    });
    connect(&m_pictures, &PictureSaver::copied, this,
        [this] { m_message->show(MessageBar::Kind::Success, tr("The picture is on the clipboard.")); });
    connect(&m_pictures, &PictureSaver::failed, this, [this](const Error& error) {
        m_message->show(MessageBar::Kind::Error, errorSentence(error), hintSentence(error));
    });
}

void MainWindow::connectComparison()
{
    connect(m_actions[ActionId::ComparePictures], &QAction::triggered, this, &MainWindow::showComparison);
    connect(m_actions[ActionId::BackToPlan], &QAction::triggered, this, &MainWindow::leaveComparison);
    connect(m_actions[ActionId::CompareFolders], &QAction::triggered, this, &MainWindow::compareFolders);
    connect(m_actions[ActionId::ExportReport], &QAction::triggered, this, &MainWindow::writeReport);
    connect(m_actions[ActionId::BlindTest], &QAction::triggered, this, [this] {
        auto* dialog = new BlindTestDialog(
            m_comparison, m_judgements, m_compare->variant(), QRandomGenerator::global()->generate64(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    const auto showError = [this](const Error& error) {
        m_message->show(MessageBar::Kind::Error, errorSentence(error), hintSentence(error));
    };
    connect(m_compare, &ComparePage::failed, this, showError);
    connect(&m_comparison, &ComparisonPresenter::failed, this,
        [this] { m_crashes.look(); }); // its process may have left a report
    connect(&m_comparison, &ComparisonPresenter::reportFailed, this, showError);
    connect(&m_document, &PlanDocument::modelChanged, &m_judgements, &JudgementStore::forgetProject);
    connect(&m_judgements, &JudgementStore::failed, this, [this](const Error& error) {
        m_message->show(
            MessageBar::Kind::Warning, tr("Ratings and notes are not kept: %1").arg(errorSentence(error)));
    });
    connect(&m_comparison, &ComparisonPresenter::reportWritten, this, [this](const QString& file) {
        m_message->show(MessageBar::Kind::Success, tr("Wrote the report %1.").arg(QFileInfo(file).fileName()),
            tr("HTML, PDF, JSON and CSV in %1.").arg(QFileInfo(file).absolutePath()));
        QWidget* row = messageRow(m_message);
        connect(messageButton(row, QStringLiteral("openReport"), tr("Open it")), &QPushButton::clicked, this,
            [file] { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
        m_message->setDetails(row);
    });
    connect(&m_comparison, &ComparisonPresenter::finished, this, [this] {
        QStringList notes;
        for (const Sentence& warning : m_comparison.comparison().warnings)
            notes << sentenceText(warning);
        if (!notes.isEmpty())
            m_message->show(MessageBar::Kind::Warning,
                tr("%n note(s) about the comparison.", nullptr, static_cast<int>(notes.size())),
                notes.mid(0, 3).join(QLatin1Char('\n')));
    });
    connect(&m_calibration, &CalibrationPresenter::statisticsChanged, this,
        [this] { m_comparison.setStatistics(m_calibration.statistics().file); });
    connect(&m_comparison, &ComparisonPresenter::runningChanged, this, [this] {
        m_actions[ActionId::CompareFolders]->setEnabled(
            !m_comparison.isRunning() && !m_comparison.isExporting());
    });
    connect(&m_exporter, &ExportPresenter::finished, this,
        [this](const WriteReport& report) { offerComparison(fromPath(report.path)); });
    connect(&m_opener, &OpenPresenter::openStarted, this, &MainWindow::leaveComparison);
    m_compare->setActive(false);
    offerPictures();
}

} // namespace mantissa::ui
