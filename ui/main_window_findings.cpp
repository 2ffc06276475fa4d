// SPDX-License-Identifier: GPL-3.0-or-later
// The wiring of the main window, third part: findings, measured errors, clips, and the command line's twin.
#include "ui/main_window.h"

#include "ui/pages/plan_page.h"
#include "ui/shell_command.h"
#include "ui/state_file.h"
#include "ui/text.h"
#include "ui/widgets/architecture_card.h"
#include "ui/widgets/calibration_panel.h"
#include "ui/widgets/checkpoint_dialog.h"
#include "ui/widgets/parts_dialog.h"
#include "ui/widgets/details_pane.h"
#include "ui/widgets/findings_panel.h"
#include "ui/widgets/guide_bar.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/presets_dialog.h"
#include "ui/widgets/totals_bar.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <QStatusBar>

#include <cmath>

namespace mantissa::ui {

void MainWindow::connectFindings()
{
    connect(&m_findingsPresenter, &FindingsPresenter::changed, this, [this] {
        m_plan->totals()->setFindings(
            m_findingsPresenter.count(Severity::Warning), m_findingsPresenter.count(Severity::Problem));
    });
    connect(
        m_findings, &FindingsPanel::layersRequested, this, [this](const std::vector<std::size_t>& layers) {
            m_plan->tree()->selectLayers(layers);
            m_plan->tree()->setFocus();
        });
    connect(m_calibrationPanel, &CalibrationPanel::clipChosen, &m_editor, &PlanEditor::setInputClip);
    connect(m_actions[ActionId::Explain], &QAction::triggered, this, [this] {
        showDock(m_detailsDock);
        m_details->setFocus();
    });
    connect(m_actions[ActionId::Presets], &QAction::triggered, this, [this] {
        auto* dialog = new PresetsDialog(m_document, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, dialog] {
            m_editor.replacePlan(dialog->plan(), tr("Apply preset %1").arg(dialog->presetName()));
        });
        dialog->open();
    });
    connect(m_actions[ActionId::CompareFile], &QAction::triggered, this, [this] {
        const QString file = QFileDialog::getOpenFileName(
            this, tr("Compare with"), QFileInfo(m_document.file()).absolutePath(), checkpointFilter());
        if (!file.isEmpty())
            compareWith(file);
    });
    connect(m_actions[ActionId::CopyCommand], &QAction::triggered, this, &MainWindow::copyCommand);

    connect(m_actions[ActionId::MeasureLayers], &QAction::triggered, this, [this] {
        m_message->show(MessageBar::Kind::Info, tr("Measuring every format on every layer…"),
            tr("Reads all weights once; the column “Error” and the details of a layer then show the "
               "results."));
        m_sensitivity.measure(m_calibration.statistics().file);
    });
    connect(&m_sensitivity, &SensitivityPresenter::measuringChanged, this, &MainWindow::updateActions);
    connect(&m_sensitivity, &SensitivityPresenter::progressed, this, [this](double share) {
        statusBar()->showMessage(tr("Measuring layers: %1 %").arg(static_cast<int>(std::floor(100 * share))));
    });
    connect(&m_sensitivity, &SensitivityPresenter::measured, this, [this] {
        const auto errors = m_sensitivity.errors();
        m_plan->tree()->showErrors(errors);
        m_detailsDelay.start();
        if (!errors)
            return;
        statusBar()->clearMessage();
        m_message->show(MessageBar::Kind::Success,
            tr("Measured %n layer(s).", nullptr, static_cast<int>(errors->table().layers.size())),
            errors->ofOutputs() ? tr(
                "The column “Error” has the relative errors at the layers' outputs, from the statistics that "
                "are open. Click its head to rank the layers; “sens:>5%” finds hot spots.")
                                : tr("The column “Error” has the relative errors of the weights, all "
                                     "elements counted. Click its "
                                     "head to rank the layers; “sens:>5%” finds hot spots; statistics give "
                                     "errors at the outputs."));
    });
    connect(&m_sensitivity, &SensitivityPresenter::failed, this, [this](const Error& error) {
        statusBar()->clearMessage();
        if (error.code != ErrorCode::Cancelled)
            m_message->show(MessageBar::Kind::Error, errorSentence(error), hintSentence(error));
    });
}

void MainWindow::showCard()
{
    m_card->setModel(m_document.model().get(), m_opener.overrides(), m_document.parts());
}

void MainWindow::chooseParts()
{
    if (m_document.isEmpty())
        return;
    auto* dialog = new PartsDialog(m_document.parts(), QFileInfo(m_document.file()).absolutePath(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_document.setParts(dialog->parts()); });
    dialog->open();
}

void MainWindow::compareWith(const QString& file)
{
    if (m_document.isEmpty())
        return;
    auto* dialog = new CheckpointDialog(m_document.model(), file, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &CheckpointDialog::layerRequested, this, [this](std::size_t layer) {
        if (m_document.model() && layer < m_document.model()->layers.size())
            m_plan->tree()->selectLayers({layer});
    });
    dialog->show();
}

void MainWindow::connectGuide()
{
    connect(m_actions[ActionId::Guide], &QAction::triggered, this, [this] {
        m_opener.openSample();
        m_guide->begin();
    });
    connect(m_document.undoStack(), &QUndoStack::indexChanged, this, [this](int idx) {
        if (idx > 0)
            m_guide->done(GuideBar::Step::Plan);
    });
    connect(&m_calibration, &CalibrationPresenter::statisticsChanged, this, [this] {
        if (m_calibration.hasStatistics())
            m_guide->done(GuideBar::Step::Calibrate);
    });
    connect(&m_exporter, &ExportPresenter::finished, this, [this] { m_guide->done(GuideBar::Step::Export); });
}

void MainWindow::copyCommand()
{
    if (m_document.isEmpty())
        return;
    const std::string plan = mantissa::toJson(m_document.plan());
    const QByteArray json = QByteArray::fromStdString(plan);
    const QString name
        = QString::fromLatin1(QCryptographicHash::hash(json, QCryptographicHash::Sha256).toHex().left(12));
    const QString file = QStringLiteral("%1/plans/%2.plan.json").arg(stateFolder(), name);
    const QString statistics = needsStatistics(PlanEditor::recipeOf(m_document.plan()))
        ? m_calibration.statistics().file
        : QString();
    const QString command = exportCommand(
        m_document.file(), m_document.overrides(), m_exporter.suggestedPath(), file, statistics);
    m_commandSaver.start<bool>(
        [file, json](const JobContext&) -> Result<bool> {
            if (Status written = writeWhole(file, json); !written)
                return forward(std::move(written));
            return true;
        },
        [this, command](const Result<bool>& done) {
            if (!done) {
                m_message->show(
                    MessageBar::Kind::Error, errorSentence(done.error()), hintSentence(done.error()));
                return;
            }
            QGuiApplication::clipboard()->setText(command);
            m_message->show(
                MessageBar::Kind::Info, tr("The command line of this export is on the clipboard."), command);
        });
}

} // namespace mantissa::ui
