// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration, recipes, projects, recovery and tools, in the real window.
#include "engine/export/convert.h"
#include "tests/support/tiny_checkpoint.h"
#include "tests/ui/support/synthetic_model.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/widgets/histogram_plot.h"
#include "ui/widgets/layer_tree_view.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTreeView>
#include <QUndoStack>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

/// A copy of the sample that has its folder to itself.
QString ownSample(WindowFixture& f)
{
    QString copy = f.folder.filePath(QStringLiteral("model.safetensors"));
    REQUIRE(QFile::copy(f.samplePath(), copy));
    return copy;
}

/// The first linear layer of the network that takes part in every step.
std::size_t someLayer(WindowFixture& f)
{
    return layerNamed(*f.window.document().model(),
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q");
}

std::size_t watchedLayer(WindowFixture& f)
{
    const Model& model = *f.window.document().model();
    for (std::size_t layer = 0; layer < model.layers.size(); ++layer)
        if (model.layers[layer].component == 0
            && model.layers[layer].name.find("attn1.to_q") != std::string::npos)
            return layer;
    return someLayer(f);
}

} // namespace

TEST_CASE("The sample is calibrated in the window, watched meanwhile, and exported with the recipe balanced",
    "[torch]")
{
    WindowFixture f;
    f.open(ownSample(f));
    // A recipe that needs statistics leads to calibration.
    choose(f.find<QComboBox>("recipePicker"), "balanced");
    f.settle();
    REQUIRE(waitFor([&] { return f.visible<QWidget>("calibrationPanel"); }));
    CHECK(f.find<QLabel>("messageText")->text().contains("balanced"));
    f.action(ActionId::Export)->trigger();
    CHECK(QApplication::activeModalWidget() == nullptr); // it says so instead of failing later

    f.find<LayerTreeView>("layerTree")->selectLayers({watchedLayer(f)});
    auto* source = f.find<QComboBox>("calibrationSource");
    source->setCurrentIndex(2);
    CHECK(f.find<QLabel>("calibrationProblem")->text().contains("Type"));
    f.find<QPlainTextEdit>("calibrationTyped")->setPlainText(QStringLiteral("a red circle\na blue square"));
    f.find<QSpinBox>("calibrationCount")->setValue(2);
    f.find<QSpinBox>("calibrationSteps")->setValue(2);
    const QString file = f.find<QLineEdit>("calibrationOutput")->text();
    CHECK(file.endsWith(QStringLiteral("model.statistics.safetensors")));

    QSignalSpy views(&f.window.calibration(), &CalibrationPresenter::viewChanged);
    QSignalSpy failures(&f.window.calibration(), &CalibrationPresenter::failed);
    QSignalSpy ended(&f.window.calibration(), &CalibrationPresenter::ended);
    f.click("calibrationStart");
    REQUIRE(waitFor([&] { return ended.count() == 1 || failures.count() > 0; }, 120000));
    INFO(f.find<QLabel>("calibrationState")->text().toStdString());
    REQUIRE(failures.count() == 0);
    REQUIRE(waitFor([&] {
        const auto& view = f.find<HistogramPlot>("histogramPlot")->view();
        return f.window.calibration().hasStatistics() && view
            && view->prompts == 0; // what was stored, not the run
    }));
    CHECK(QFile::exists(file));
    CHECK(f.find<QLabel>("calibrationStatistics")->text().contains("2 prompts"));
    CHECK(views.count() >= 1);

    // The clip line by keys and by mouse: what if at first, a step of the plan where it is let go.
    QUndoStack* stack = f.window.document().undoStack();
    const int steps = stack->index();
    const std::string name = f.window.document().model()->layers[watchedLayer(f)].name;
    const auto planned = [&] {
        const auto& overrides = f.window.document().plan().overrides;
        const auto at = overrides.find(name);
        return at == overrides.end() ? 0.0 : at->second.inputClip;
    };
    auto* plot = f.find<HistogramPlot>("histogramPlot");
    const double chosen = plot->clip();
    const QString outcome = f.find<QLabel>("calibrationOutcome")->text();
    plot->setFocus();
    QTest::keyPress(plot, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyPress(plot, Qt::Key_Left, Qt::ShiftModifier);
    CHECK(plot->clip() < chosen);
    CHECK(f.find<QLabel>("calibrationOutcome")->text() != outcome);
    CHECK(stack->index() == steps); // the key is still held
    const double held = plot->clip();
    QTest::keyRelease(plot, Qt::Key_Left, Qt::ShiftModifier);
    f.settle();
    CHECK(stack->index() == steps + 1);
    CHECK(planned() == Approx(held));
    CHECK(stack->undoText().contains(QLatin1String("Clip the inputs of")));
    REQUIRE(waitFor([&] { return plot->view() && plot->view()->grid.planClip == Approx(held); }));
    CHECK(f.find<QLabel>("calibrationWords")->text().contains("input_scale"));
    QTest::keyClick(plot, Qt::Key_Home);
    f.settle();
    CHECK(planned() == 0);
    REQUIRE(waitFor([&] { return plot->clip() == Approx(chosen); }));
    stack->setIndex(steps);
    f.settle();
    REQUIRE(waitFor([&] { return plot->view()->grid.planClip == 0; }));
    auto* canvas = f.find<QWidget>("histogramCanvas");
    const QPoint grip(static_cast<int>(plot->pixelOf(chosen)), canvas->height() / 3);
    QTest::mousePress(canvas, Qt::LeftButton, {}, grip);
    QTest::mouseMove(canvas, QPoint(grip.x() / 2 + 40, grip.y()));
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, QPoint(grip.x() / 2 + 40, grip.y()));
    CHECK(plot->clip() != Approx(chosen));
    CHECK_FALSE(plot->accessibleDescription().isEmpty());
    f.settle();
    CHECK(stack->index() == steps + 1); // one drag, one step
    const double dragged = planned();
    CHECK(dragged > 0);
    CHECK(dragged == Approx(plot->clip()));
    QTest::keyClick(f.find<QWidget>("layerTree"), Qt::Key_Z, Qt::ControlModifier);
    f.settle();
    CHECK(f.window.document().plan().overrides.empty());
    stack->redo();
    f.settle();
    CHECK(planned() == Approx(dragged));

    const QString out = f.folder.filePath(QStringLiteral("balanced.safetensors"));
    QSignalSpy finished(&f.window.exporter(), &ExportPresenter::finished);
    QSignalSpy failed(&f.window.exporter(), &ExportPresenter::failed);
    f.window.exporter().start(out, {});
    REQUIRE(waitFor([&] { return finished.count() + failed.count() == 1; }, 180000));
    INFO(f.find<QLabel>("exportStatus")->text().toStdString());
    REQUIRE(finished.count() == 1);
    CHECK(QFile::exists(out));
    CHECK(f.find<QLabel>("exportDetail")->text().contains("Verified"));
    const auto written = openCheckpoint(toPath(out));
    REQUIRE(written.has_value());
    const auto scale = (*written)->find(name + ".input_scale");
    REQUIRE(scale >= 0);
    float stored = 0;
    REQUIRE(
        (*written)->read(static_cast<std::size_t>(scale), 0, std::as_writable_bytes(std::span(&stored, 1))));
    CHECK(static_cast<double>(stored) * 448 == Approx(dragged));

    // The export says how it was made, and work goes on from there.
    f.open(out);
    REQUIRE(waitFor([&] { return f.window.project().record().has_value(); }));
    CHECK(f.window.project().record()->plan.recipe == "balanced");
    CHECK_FALSE(f.window.project().record()->plan.statistics.empty());
    CHECK(f.find<QLabel>("messageText")->text().contains("model.safetensors"));
    CHECK(QFileInfo(f.window.project().recordedSource()).fileName() == "model.safetensors");
    f.click("continueExport");
    REQUIRE(waitFor([&] { return QFileInfo(f.window.document().file()).fileName() == "model.safetensors"; }));
    CHECK(f.window.document().plan().recipe == "balanced");
    CHECK(f.window.document().isModified());
}

TEST_CASE("A network alone is calibrated with the parts of other files", "[torch]")
{
    WindowFixture f;
    const QString sample = ownSample(f);
    const QString network = f.folder.filePath(QStringLiteral("network.safetensors"));
    {
        ConvertOptions options;
        options.component = "diffusion_model";
        std::vector<Sentence> notes;
        auto assembly
            = assembleConversion(detectModel(openCheckpoint(toPath(sample)).value()).value(), options, notes);
        REQUIRE(assembly.has_value());
        REQUIRE(writeAssembly(*assembly, toPath(network), {}, {}).has_value());
    }
    f.open(network);
    CHECK(f.find<QLabel>("partsMissing")->text().contains("text encoder"));
    f.find<QSpinBox>("calibrationCount")->setValue(1);
    f.find<QSpinBox>("calibrationSteps")->setValue(1);
    f.action(ActionId::Calibrate)->setEnabled(true);
    QSignalSpy failed(&f.window.calibration(), &CalibrationPresenter::failed);
    f.action(ActionId::Calibrate)->trigger();
    REQUIRE(waitFor([&] { return failed.count() == 1; }, 60000));
    CHECK(failed.front().front().value<Error>().message.find("text encoder") != std::string::npos);

    f.action(ActionId::ModelParts)->trigger();
    REQUIRE(waitFor([&] { return f.visible<QDialog>("partsDialog"); }));
    f.find<QListWidget>("partsCompanions")->addItem(sample);
    f.click("partsOk");
    REQUIRE(waitFor([&] { return f.window.document().parts().companions == QStringList{sample}; }));
    CHECK(f.find<QLabel>("partsNames")->text() == QFileInfo(sample).fileName());
    CHECK_FALSE(f.visible<QLabel>("partsMissing"));
    QSignalSpy finished(&f.window.calibration(), &CalibrationPresenter::finished);
    f.action(ActionId::Calibrate)->trigger();
    REQUIRE(waitFor([&] { return finished.count() == 1 || failed.count() > 1; }, 120000));
    CHECK(finished.count() == 1);

    // Encoded text takes the place of the text encoder.
    const QString encoded = f.folder.filePath(QStringLiteral("text.safetensors"));
    mantissa::test::writeTiny(toPath(encoded), {mantissa::test::tinyRandom("context", {1, 77, 64}, 1, 1.0f)});
    f.window.document().setParts({{}, encoded, {}});
    CHECK(f.find<QLabel>("partsNames")->text() == QStringLiteral("text.safetensors"));
    f.find<QLineEdit>("calibrationOutput")->setText(f.folder.filePath(QStringLiteral("second.safetensors")));
    f.action(ActionId::Calibrate)->trigger();
    REQUIRE(waitFor([&] { return finished.count() + failed.count() > 2; }, 120000));
    CHECK(finished.count() == 2);
}

TEST_CASE("A calibration is stopped and gone on with", "[torch]")
{
    WindowFixture f;
    f.open(ownSample(f));
    f.action(ActionId::Calibrate)->setEnabled(true);
    f.find<QSpinBox>("calibrationCount")->setValue(12);
    f.find<QSpinBox>("calibrationSteps")->setValue(4);
    QSignalSpy failed(&f.window.calibration(), &CalibrationPresenter::failed);
    QSignalSpy progressed(&f.window.calibration(), &CalibrationPresenter::progressed);
    f.action(ActionId::Calibrate)->trigger();
    REQUIRE(waitFor([&] { return f.window.calibration().isRunning() || failed.count() > 0; }, 60000));
    REQUIRE(waitFor(
        [&] {
            return failed.count() > 0
                || (!progressed.isEmpty()
                    && progressed.back().front().value<ProgressSnapshot>().itemsDone > 0);
        },
        120000));
    f.click("calibrationStop");
    REQUIRE(waitFor([&] { return !f.window.calibration().isRunning(); }, 120000));
    INFO(f.find<QLabel>("calibrationState")->text().toStdString());
    REQUIRE(failed.count() == 1);
    CHECK(f.find<QAbstractButton>("calibrationStart")->text() == "Resume");
    CHECK_FALSE(f.window.calibration().hasStatistics());
    CHECK(f.window.queue().model()->jobs().back().state == QueuedJob::State::Stopped);
    QSignalSpy finished(&f.window.calibration(), &CalibrationPresenter::finished);
    f.click("calibrationStart");
    REQUIRE(waitFor([&] { return finished.count() == 1 || failed.count() > 1; }, 180000));
    REQUIRE(finished.count() == 1);
    CHECK(finished.front().front().value<CalibrationReport>().prompts == 12);
    REQUIRE(waitFor([&] { return f.window.calibration().hasStatistics(); }));
}

TEST_CASE("A project brings back source, plan and layout")
{
    WindowFixture f;
    const QString source = ownSample(f);
    const QString file = f.folder.filePath(QStringLiteral("work.mantissa"));
    f.open(source);
    choose(f.find<QComboBox>("basePicker"), "nvfp4");
    f.settle();
    f.find<QDockWidget>("dockRules")->show();
    f.find<QDockWidget>("dockLayer")->hide();
    f.window.judgements().set(QStringLiteral("picture"), {2, true, "hands"});
    f.window.project().save(file);
    REQUIRE(waitFor([&] { return QFile::exists(file) && !f.window.document().isModified(); }));
    CHECK(f.window.project().file() == file);
    f.window.judgements().set(QStringLiteral("picture"), {});
    CHECK(readProject(file)->judgements[QStringLiteral("picture")][QStringLiteral("note")] == "hands");

    f.openSample();
    CHECK(f.window.project().file().isEmpty());
    f.find<QDockWidget>("dockRules")->hide();
    f.find<QDockWidget>("dockLayer")->show();
    f.window.openFile(file);
    REQUIRE(waitFor(
        [&] { return f.window.document().file() == source && f.visible<QWidget>("rulesPanel"); }, 30000));
    CHECK(f.window.document().plan().base.format == "nvfp4");
    CHECK_FALSE(f.find<QDockWidget>("dockLayer")->isVisible());
    CHECK_FALSE(f.window.document().isModified());
    CHECK(f.window.project().file() == file);

    // Another file under the same name is noticed.
    REQUIRE(QFile::remove(source));
    writeSparseCheckpoint(toPath(source), 2);
    f.window.openFile(file);
    REQUIRE(
        waitFor([&] { return f.find<QLabel>("messageText")->text().contains("is not the file"); }, 30000));
}

TEST_CASE("A plan that was being edited when the program died is offered and restored")
{
    QTemporaryDir folder;
    WindowFixture f;
    const QString source = ownSample(f);
    Project lost;
    lost.source = source;
    lost.plan.base.format = "mxfp8";
    lost.plan.rules.push_back({"attn2", Choice{}, "user", "by hand"});
    lost.saved = QDateTime::currentDateTimeUtc().addSecs(-300);
    const QString journal = stateFolder() + QStringLiteral("/journal-dead.mantissa");
    REQUIRE(writeWhole(journal, toJson(lost, stateFolder())).has_value());
    f.window.project().lookForJournals();
    REQUIRE(waitFor([&] { return f.visible<QWidget>("recoveryRestore"); }));
    CHECK(f.find<QLabel>("messageText")->text().contains("model.safetensors"));
    CHECK(f.find<QLabel>("messageHint")->text().contains("5 minutes ago"));
    f.click("recoveryShow");
    CHECK(f.find<QLabel>("recoveryPlan")->text().contains("attn2"));
    CHECK(f.find<QLabel>("recoveryPlan")->isVisible());
    f.click("recoveryRestore");
    REQUIRE(waitFor([&] { return f.window.document().file() == source; }, 30000));
    CHECK(f.window.document().plan().base.format == "mxfp8");
    CHECK(f.window.document().plan().rules.size() == 1);
    CHECK(f.window.document().isModified());
    REQUIRE(waitFor([&] { return !QFile::exists(journal); }));
}

TEST_CASE("Edits go into a journal, and an orderly end takes it away")
{
    const auto journals
        = [] { return QDir(stateFolder()).entryList({QStringLiteral("journal-*.mantissa")}).size(); };
    {
        WindowFixture f;
        f.openSample();
        choose(f.find<QComboBox>("basePicker"), "nvfp4");
        REQUIRE(waitFor([&] { return journals() == 1; }));
        const auto project = readProject(
            QDir(stateFolder())
                .filePath(QDir(stateFolder()).entryList({QStringLiteral("journal-*.mantissa")}).front()));
        REQUIRE(project.has_value());
        CHECK(project->plan.base.format == "nvfp4");
        CHECK(project->saved.isValid());
    }
    CHECK(journals() == 0);
}

TEST_CASE("The palette runs an action by a part of its name")
{
    WindowFixture f;
    f.openSample();
    QTest::keyClick(&f.window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QWidget* palette = waitForDialog("commandPalette");
    QTest::keyClicks(
        palette->findChild<QLineEdit*>(QStringLiteral("paletteSearch")), QStringLiteral("will it"));
    CHECK(palette->findChild<QTreeView*>(QStringLiteral("paletteList"))->model()->rowCount() >= 1);
    QTest::keyClick(palette->findChild<QLineEdit*>(QStringLiteral("paletteSearch")), Qt::Key_Return);
    REQUIRE(waitFor([&] { return f.visible<QWidget>("loadPanel"); }));
    CHECK_FALSE(f.find<QLabel>("loadSummary")->text().isEmpty());
    auto* table = f.find<QTableView>("loadTable");
    table->setCurrentIndex(table->model()->index(1, 2));
    CHECK(f.find<QLabel>("loadReasons")->text().endsWith(QLatin1Char('.')));
}

TEST_CASE("Every action has a menu, a tip, and a shortcut of its own")
{
    WindowFixture f;
    QStringList keys;
    for (const auto& [menu, actions] : f.window.actionTable().byMenu())
        for (const QAction* action : actions) {
            INFO(action->objectName().toStdString());
            CHECK_FALSE(action->text().isEmpty());
            CHECK_FALSE(action->toolTip().isEmpty());
            const QString key = action->shortcut().toString();
            if (!action->objectName().startsWith(QLatin1String("actionFormat_")))
                CHECK_FALSE(key.isEmpty());
            if (!key.isEmpty())
                CHECK_FALSE(keys.contains(key));
            keys << key;
        }
    CHECK(keys.size() > 45);
}

TEST_CASE("A rule is added through its dialog, with a preview, and selects its layers")
{
    WindowFixture f;
    f.openSample();
    QTest::keyClick(&f.window, Qt::Key_R, Qt::ControlModifier | Qt::AltModifier);
    QWidget* dialog = waitForDialog("ruleDialog");
    auto* apply = dialog->findChild<QAbstractButton*>(QStringLiteral("ruleApply"));
    CHECK_FALSE(apply->isEnabled());
    QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("rulePattern")), QStringLiteral("attn2"));
    auto* count = dialog->findChild<QLabel*>(QStringLiteral("rulePreviewCount"));
    REQUIRE(waitFor([&] { return count->text().contains("would be stored differently"); }));
    CHECK(dialog->findChild<QTreeWidget*>(QStringLiteral("rulePreview"))->topLevelItemCount() > 0);
    CHECK(f.window.document().plan().rules.empty() == !f.window.document().isModified());
    REQUIRE(apply->isEnabled());
    QTest::mouseClick(apply, Qt::LeftButton);
    REQUIRE(waitFor([&] { return f.window.document().isModified(); }));
    f.settle();
    CHECK(f.window.document().plan().rules.back().pattern == "attn2");
    f.find<QDockWidget>("dockRules")->show();
    f.find<QDockWidget>("dockRules")->raise();
    auto* table = f.find<QTableView>("rulesTable");
    table->selectRow(table->model()->rowCount() - 1);
    f.click("ruleSelect");
    CHECK_FALSE(f.find<LayerTreeView>("layerTree")->selectedLayers().picked.empty());
    QTest::keyClick(f.find<QWidget>("layerTree"), Qt::Key_Z, Qt::ControlModifier);
    CHECK_FALSE(f.window.document().isModified());
}

TEST_CASE("A budget is measured, and moving along the curve is one step each")
{
    WindowFixture f;
    f.openSample();
    f.action(ActionId::MeasureBudget)->trigger();
    REQUIRE(waitFor([&] { return f.window.budget().hasTable(); }, 120000));
    const auto& curve = f.window.budget().curve();
    REQUIRE(curve.size() > 2);
    CHECK(curve.front().bytes < curve.back().bytes);
    CHECK(curve.front().harm > curve.back().harm);
    QUndoStack* stack = f.window.document().undoStack();
    QSignalSpy applied(&f.window.budget(), &BudgetPresenter::applied);
    const std::uint64_t middle = (curve.front().bytes + curve.back().bytes) / 2;
    auto* target = f.find<QLineEdit>("budgetTarget");
    target->setText(QString::number(middle));
    f.click("budgetApply");
    REQUIRE(waitFor([&] { return applied.count() == 1; }, 30000));
    f.settle();
    CHECK(stack->count() == 1);
    CHECK(f.window.document().state()->fileBytes.value() <= middle);
    auto* slider = f.find<QAbstractSlider>("budgetSlider");
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_PageDown);
    REQUIRE(waitFor([&] { return applied.count() == 2; }, 30000));
    f.settle();
    CHECK(stack->count() == 2);
    CHECK(stack->undoText().startsWith(QLatin1String("Fit the file into")));
    stack->undo();
    stack->undo();
    CHECK_FALSE(f.window.document().isModified());
    target->setText(QStringLiteral("nonsense"));
    f.click("budgetApply");
    CHECK(f.find<QLabel>("budgetState")->text().endsWith(QLatin1Char('.')));
}
