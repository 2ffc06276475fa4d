// SPDX-License-Identifier: GPL-3.0-or-later
// Writes pictures of every screen, light and dark, into $MANTISSA_SCREENSHOTS. They are looked at by people;
// the test only checks that each one was written and is no blank sheet.
#include "tests/ui/support/window_fixture.h"
#include "ui/crash_folder.h"
#include "ui/language.h"
#include "ui/models/layer_tree_model.h"
#include "ui/project.h"
#include "ui/settings.h"
#include "ui/viewport/picture_viewport.h"
#include "ui/widgets/folders_dialog.h"
#include "ui/widgets/layer_tree_view.h"
#include "ui/widgets/parts_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScreen>
#include <QSet>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QTranslator>
#include <QUndoStack>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

QString folder()
{
    const QString wanted = qEnvironmentVariable("MANTISSA_SCREENSHOTS", QStringLiteral("screenshots"));
    REQUIRE(QDir().mkpath(wanted));
    return wanted;
}

/// Of the whole screen, so that dialogs and menus are in it.
void shoot(const QString& name)
{
    waitFor([] { return false; }, 150); // layouts, fades and delayed panels
    const QImage image = QGuiApplication::primaryScreen()->grabWindow(0).toImage();
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 7)
        for (int x = 0; x < image.width(); x += 7)
            colours.insert(image.pixel(x, y));
    CHECK(colours.size() > 20);
    CHECK(image.save(folder() + QLatin1Char('/') + name + QStringLiteral(".png")));
}

/// MANTISSA_SCREENSHOT_LANGUAGE=de: in that language, if there is a translation; as the program does it.
struct WantedLanguage {
    WantedLanguage()
        : translators(translatorsOf(qEnvironmentVariable("MANTISSA_SCREENSHOT_LANGUAGE")))
    {
        if (!translators.empty()) // numbers and dates follow
            QLocale::setDefault(QLocale(qEnvironmentVariable("MANTISSA_SCREENSHOT_LANGUAGE")));
        for (const auto& translator : translators)
            QCoreApplication::installTranslator(translator.get());
    }
    std::vector<std::unique_ptr<QTranslator>> translators; ///< take themselves off when they end
};

void closeDialog()
{
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    QTest::keyClick(QApplication::activeModalWidget(), Qt::Key_Escape);
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() == nullptr; }));
}

void raise(WindowFixture& f, const char* dock)
{
    auto* widget = f.find<QDockWidget>(dock);
    widget->show();
    widget->raise();
}

/// Calibration, loaders, rules, queue, log, palette.
void studioTour(WindowFixture& f, const QString& suffix)
{
    raise(f, "dockCalibration");
    f.window.resizeDocks({f.find<QDockWidget>("dockCalibration")}, {430}, Qt::Vertical);
    shoot(QStringLiteral("calibration-empty-") + suffix);
    auto* tree = f.find<LayerTreeView>("layerTree");
    const Model& model = *f.window.document().model();
    for (std::size_t layer = 0; layer < model.layers.size(); ++layer)
        if (model.layers[layer].name.ends_with("ff.net.2") && model.layers[layer].component == 0)
            tree->selectLayers({layer});
    CalibrationSettings settings;
    settings.count = 2;
    settings.steps = 4;
    settings.output = f.folder.filePath(QStringLiteral("sample.statistics.safetensors"));
    settings.overwrite = true;
    int views = 0;
    QObject::connect(
        &f.window.calibration(), &CalibrationPresenter::viewChanged, &f.window, [&views] { ++views; });
    f.window.calibration().start(settings);
    waitFor([&] { return views >= 2; }, 60000);
    shoot(QStringLiteral("calibrating-") + suffix);
    waitFor([&] { return f.window.calibration().hasStatistics(); }, 120000);
    if (f.visible<QWidget>("messageClose"))
        f.click("messageClose");
    shoot(QStringLiteral("calibrated-") + suffix);
    std::vector<std::size_t> several;
    for (std::size_t layer = 0; layer < model.layers.size(); ++layer)
        if (model.layers[layer].component == 0 && model.layers[layer].kind == LayerKind::Linear
            && model.layers[layer].name.find("transformer_blocks") != std::string::npos)
            several.push_back(layer);
    several.resize(std::min<std::size_t>(several.size(), 30));
    tree->selectLayers(several);
    f.find<QToolButton>("calibrationMore")->setChecked(true);
    f.find<QCheckBox>("calibrationRandom")->setChecked(true);
    waitFor([&] { return f.visible<QWidget>("calibrationMultiples"); }, 10000);
    shoot(QStringLiteral("calibration-multiples-") + suffix);
    f.find<QCheckBox>("calibrationRandom")->setChecked(false);
    f.find<QToolButton>("calibrationMore")->setChecked(false);
    raise(f, "dockLoad");
    auto* table = f.find<QTableView>("loadTable");
    table->setCurrentIndex(table->model()->index(1, 2));
    shoot(QStringLiteral("load-") + suffix);
    raise(f, "dockRules");
    f.find<QTableView>("rulesTable")->selectRow(0);
    shoot(QStringLiteral("rules-") + suffix);
    f.action(ActionId::AddRule)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    QTest::keyClicks(QApplication::activeModalWidget()->findChild<QLineEdit*>(QStringLiteral("rulePattern")),
        QStringLiteral("attn2"));
    waitFor([] { return false; }, 600);
    shoot(QStringLiteral("rule-dialog-") + suffix);
    closeDialog();
    f.action(ActionId::MeasureBudget)->trigger();
    waitFor([&] { return f.window.budget().hasTable(); }, 120000);
    shoot(QStringLiteral("budget-") + suffix);
    raise(f, "dockQueue");
    shoot(QStringLiteral("queue-") + suffix);
    raise(f, "dockLog");
    shoot(QStringLiteral("log-") + suffix);
    f.action(ActionId::Palette)->trigger();
    shoot(QStringLiteral("palette-") + suffix);
    closeDialog();
}

/// Waits for the end of whatever is measured or made.
void settle(WindowFixture& f)
{
    REQUIRE(waitFor(
        [&] { return !f.window.comparison().isRunning() && !f.window.promotion().isRunning(); }, 240000));
    waitFor([] { return false; }, 300); // pictures and maps are read after that
}

/// The page where pictures are compared: empty, at work, every way of looking, every table.
void compareTour(WindowFixture& f, const QString& suffix)
{
    f.action(ActionId::ComparePictures)->trigger();
    shoot(QStringLiteral("compare-empty-") + suffix);
    f.find<QToolButton>("compareMore")->setChecked(true);
    shoot(QStringLiteral("compare-more-") + suffix);
    f.find<QToolButton>("compareMore")->setChecked(false);
    f.window.comparison().setWanted(0, false);
    for (const char* format : {"float8_e4m3fn", "nvfp4"})
        f.window.comparison().add({VariantChoice::Kind::Format, QLatin1String(format), true});
    f.find<QSpinBox>("compareCount")->setValue(3);
    std::size_t done = 0;
    const auto counting = QObject::connect(
        &f.window.comparison(), &ComparisonPresenter::pairDone, &f.window, [&done] { ++done; });
    f.click("compareStart");
    waitFor([&] { return done >= 9; }, 120000);
    shoot(QStringLiteral("compare-making-") + suffix);
    settle(f);
    QObject::disconnect(counting);
    const QPair<ActionId, const char*> modes[]
        = {{ActionId::ViewSplitHorizontal, "split-horizontal"}, {ActionId::ViewSideBySide, "side-by-side"},
            {ActionId::ViewBlink, "blink"}, {ActionId::ViewOverlay, "overlay"},
            {ActionId::ViewDifference, "difference"}, {ActionId::ViewSplitVertical, "split-vertical"}};
    for (const auto& [id, name] : modes) {
        f.action(id)->trigger();
        settle(f);
        shoot(QStringLiteral("compare-%1-").arg(QLatin1String(name)) + suffix);
    }
    auto* viewport = f.find<PictureViewport>("pictureViewport");
    viewport->setMode(ViewMode::Difference);
    viewport->setDifferenceKind(DifferenceKind::Flip);
    settle(f);
    shoot(QStringLiteral("compare-flip-") + suffix);
    viewport->setDifferenceKind(DifferenceKind::Signed);
    settle(f);
    shoot(QStringLiteral("compare-signed-") + suffix);
    viewport->setDifferenceKind(DifferenceKind::Relative);
    viewport->setLoupe(true);
    settle(f);
    shoot(QStringLiteral("compare-relative-") + suffix);
    viewport->setLoupe(false);
    f.action(ActionId::CompareFolders)->trigger();
    waitFor([] { return QApplication::activeModalWidget() != nullptr; });
    if (auto* folders = qobject_cast<FoldersDialog*>(QApplication::activeModalWidget()))
        for (const char* name : {"original", "nvfp4", "int8"})
            folders->add(QStringLiteral("/home/me/pictures/") + QLatin1String(name));
    shoot(QStringLiteral("compare-folders-") + suffix);
    closeDialog();
    viewport->setMode(ViewMode::SideBySide);
    viewport->setLoupe(true);
    auto* tabs = f.find<QTabWidget>("compareTabs");
    tabs->setCurrentIndex(1);
    shoot(QStringLiteral("compare-numbers-") + suffix);
    viewport->setLoupe(false);
    tabs->setCurrentIndex(2);
    shoot(QStringLiteral("compare-totals-") + suffix);
    f.action(ActionId::MarkBad)->trigger();
    f.action(ActionId::FindLayers)->trigger();
    settle(f);
    shoot(QStringLiteral("compare-layers-") + suffix);
    tabs->setCurrentIndex(4);
    f.find<QPlainTextEdit>("pairNote")->setPlainText(QStringLiteral("The edge of the disc is frayed."));
    f.find<QComboBox>("pairRating")->setCurrentIndex(2);
    shoot(QStringLiteral("compare-notes-") + suffix);
    f.action(ActionId::BlindTest)->trigger();
    waitFor([] { return QApplication::activeModalWidget() != nullptr; });
    waitFor([] { return false; }, 300);
    shoot(QStringLiteral("compare-blind-") + suffix);
    QWidget* blind = QApplication::activeModalWidget();
    for (int key = 0; key < 6; ++key) {
        QTest::keyClick(blind, static_cast<Qt::Key>(Qt::Key_0 + key % 3));
        waitFor([] { return false; }, 200);
    }
    shoot(QStringLiteral("compare-blind-result-") + suffix);
    closeDialog();
    f.action(ActionId::BackToPlan)->trigger();
}

/// Measured errors, findings of several severities, a note.
void findingsTour(WindowFixture& f, const QString& suffix)
{
    auto* tree = f.find<LayerTreeView>("layerTree");
    const auto& layers = f.window.document().model()->layers;
    const auto use = [&](const char* format, const std::function<bool(const Layer&)>& fits) {
        for (std::size_t layer = 0; layer < layers.size(); ++layer)
            if (layers[layer].kind == LayerKind::Linear && layers[layer].component == 0
                && fits(layers[layer])) {
                tree->selectLayers({layer});
                for (QAction* action : f.window.actionTable().formatActions())
                    if (action->data() == QLatin1String(format))
                        action->trigger();
                waitFor([&] { return !f.window.document().isResolving(); });
                return;
            }
    };
    use("float8_e4m3fn_rowwise",
        [](const Layer& layer) { return !layer.critical && layer.name.ends_with("to_out.0"); });
    use("nvfp4", [](const Layer& layer) { return layer.critical; });
    f.click("findingsButton");
    shoot(QStringLiteral("findings-") + suffix);
    f.window.document().undoStack()->undo();
    f.window.document().undoStack()->undo();
    if (layers.size() < 500) {
        f.action(ActionId::MeasureLayers)->trigger();
        waitFor([&] { return f.window.sensitivity().errors() != nullptr; }, 120000);
        tree->setFocus();
        shoot(QStringLiteral("measured-") + suffix);
    }
    if (f.action(ActionId::EditNote)->isEnabled()) { // a single layer is selected
        f.action(ActionId::EditNote)->trigger();
        shoot(QStringLiteral("note-") + suffix);
        closeDialog();
    }
}

void tour(ThemeChoice choice, const QString& suffix)
{
    const WantedLanguage language;
    WindowFixture f;
    f.theme.apply(choice);
    f.window.showMaximized();
    shoot(QStringLiteral("start-") + suffix);
    f.click("startGuide");
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty() && !f.window.opener().isBusy(); }, 30000));
    shoot(QStringLiteral("guide-") + suffix);
    f.click("guideEnd");

    QString file = qEnvironmentVariable("MANTISSA_SCREENSHOT_FILE");
    f.open(file.isEmpty() ? f.samplePath() : file);
    shoot(QStringLiteral("opened-") + suffix);

    auto* tree = f.find<LayerTreeView>("layerTree");
    auto* search = f.find<QLineEdit>("searchBox");
    search->setText(QStringLiteral("attn kind:linear"));
    QTest::keyClick(search, Qt::Key_Return);
    f.action(ActionId::SelectMatching)->trigger();
    f.action(ActionId::FullScreen)->setChecked(false);
    for (QAction* format : f.window.actionTable().formatActions())
        if (format->data() == QStringLiteral("nvfp4"))
            format->trigger();
    REQUIRE(waitFor([&] { return !f.window.document().isResolving(); }));
    tree->setFocus();
    shoot(QStringLiteral("filtered-") + suffix);
    search->clear();
    QTest::keyClick(search, Qt::Key_Return);
    const auto& byUser = f.window.document().state()->byUser;
    const auto chosen = std::find(byUser.begin(), byUser.end(), true);
    if (chosen != byUser.end())
        tree->selectLayers({static_cast<std::size_t>(chosen - byUser.begin())});
    tree->setFocus();
    if (f.visible<QWidget>("messageClose"))
        f.click("messageClose");
    shoot(QStringLiteral("edited-") + suffix);

    Q_EMIT tree->customContextMenuRequested(
        tree->visualRect(tree->currentIndex()).bottomLeft() + QPoint(60, 0));
    shoot(QStringLiteral("menu-") + suffix);
    if (QWidget* menu = QApplication::activePopupWidget())
        menu->close();
    f.action(ActionId::SetFormatWithOptions)->trigger();
    shoot(QStringLiteral("options-") + suffix);
    closeDialog();
    f.action(ActionId::Export)->trigger();
    shoot(QStringLiteral("export-dialog-") + suffix);
    closeDialog();
    f.action(ActionId::Shortcuts)->trigger();
    shoot(QStringLiteral("shortcuts-") + suffix);
    closeDialog();
    f.action(ActionId::Settings)->trigger();
    shoot(QStringLiteral("settings-") + suffix);
    closeDialog();
    f.action(ActionId::Presets)->trigger();
    waitFor([] { return false; }, 400);
    shoot(QStringLiteral("presets-") + suffix);
    closeDialog();
    findingsTour(f, suffix);

    f.window.exporter().start(f.folder.filePath(QStringLiteral("out.safetensors")), {});
    REQUIRE(waitFor([&] { return f.window.exporter().isRunning(); }));
    if (!file.isEmpty())
        waitFor(
            [&] { return f.find<QLabel>("exportDetail")->text().contains(QStringLiteral(" left")); }, 3000);
    shoot(QStringLiteral("exporting-") + suffix);
    if (!file.isEmpty())
        f.window.exporter().cancel();
    REQUIRE(waitFor([&] { return !f.window.exporter().isRunning(); }, 60000));
    shoot(QStringLiteral("exported-") + suffix);

    if (f.visible<QWidget>("messageClose"))
        f.click("messageClose");
    if (file.isEmpty()) {
        f.window.compareWith(f.folder.filePath(QStringLiteral("out.safetensors")));
        auto* dialog = f.window.findChild<QDialog*>(QStringLiteral("checkpointDialog"));
        waitFor(
            [&] {
                return dialog->findChild<QTreeWidget*>(QStringLiteral("checkpointRows"))->topLevelItemCount()
                    > 0;
            },
            60000);
        shoot(QStringLiteral("checkpoints-") + suffix);
        dialog->close();
        studioTour(f, suffix);
        compareTour(f, suffix);
    }

    const QString evil = f.folder.filePath(QStringLiteral("evil.ckpt"));
    QFile pickle(evil);
    REQUIRE(pickle.open(QIODevice::WriteOnly));
    pickle.write("cos\nsystem\n(S'echo hello'\ntR.");
    pickle.close();
    f.window.openFile(evil);
    REQUIRE(waitFor([&] { return !f.window.opener().isBusy(); }));
    shoot(QStringLiteral("danger-") + suffix);
}

/// What goes wrong, and what can be done about it; rules of other tools.
void troubleTour(ThemeChoice choice, const QString& suffix)
{
    const WantedLanguage language;
    WindowFixture f;
    f.theme.apply(choice);
    f.window.showMaximized();
    f.openSample();
    f.action(ActionId::ImportRules)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    QApplication::activeModalWidget()
        ->findChild<QPlainTextEdit*>(QStringLiteral("importText"))
        ->setPlainText(QStringLiteral("^first_stage_model\\.=f16,attn2=q4_K,diffusion_model\\.=q8_0"));
    waitFor([] { return false; }, 800);
    shoot(QStringLiteral("import-rules-") + suffix);
    closeDialog();

    f.action(ActionId::ExportRules)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    waitFor([] { return false; }, 800);
    shoot(QStringLiteral("export-rules-") + suffix);
    QApplication::activeModalWidget()
        ->findChild<QComboBox*>(QStringLiteral("exportRulesTool"))
        ->setCurrentIndex(1);
    waitFor([] { return false; }, 800);
    shoot(QStringLiteral("export-rules-comfy-") + suffix);
    closeDialog();

    f.action(ActionId::ModelParts)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    shoot(QStringLiteral("parts-empty-") + suffix);
    closeDialog();
    PartsDialog parts(
        {{QStringLiteral("/home/me/models/vae/diffusion_pytorch_model.safetensors"),
             QStringLiteral("/home/me/models/a folder with quite a long name/another one of that kind/"
                            "text_encoder_2-t5-v1_1-xxl_encoder_fp16.safetensors")},
            QStringLiteral("/home/me/models/prompts/qwen-embeddings.safetensors"), {}},
        QString(), &f.window);
    parts.open();
    parts.findChild<QListWidget*>(QStringLiteral("partsCompanions"))->setCurrentRow(1);
    shoot(QStringLiteral("parts-") + suffix);
    parts.reject();

    // Everything unfolded in a low dock.
    raise(f, "dockCalibration");
    f.window.resizeDocks({f.find<QDockWidget>("dockCalibration")}, {200}, Qt::Vertical);
    f.find<QToolButton>("calibrationMore")->setChecked(true);
    f.find<QCheckBox>("calibrationRandom")->setChecked(true);
    shoot(QStringLiteral("calibration-low-") + suffix);
    f.window.resizeDocks({f.find<QDockWidget>("dockCalibration")}, {560}, Qt::Vertical);
    f.find<QComboBox>("calibrationSource")->setCurrentIndex(1);
    shoot(QStringLiteral("calibration-options-") + suffix);
    f.find<QComboBox>("calibrationSource")->setCurrentIndex(0);
    f.find<QCheckBox>("calibrationRandom")->setChecked(false);
    f.find<QToolButton>("calibrationMore")->setChecked(false);

    // A GPU that is asked for, on machines without one.
    setSettingValue(Setting::CalibrationDevice, QStringLiteral("cuda"));
    CalibrationSettings settings;
    settings.count = settings.steps = 1;
    settings.output = f.folder.filePath(QStringLiteral("sample.statistics.safetensors"));
    f.window.calibration().start(settings);
    waitFor([&] { return f.visible<QWidget>("exportChoices"); }, 60000);
    raise(f, "dockQueue");
    f.find<QTableView>("queueTable")->selectRow(0);
    shoot(QStringLiteral("paused-") + suffix);
    f.click("messageClose");

    REQUIRE(writeWhole(crashFolder() + QStringLiteral("/crash-1-2.txt"),
        "Mantissa Studio 0.1.0\ncrashed: 2026-11-28 12:00:00 UTC\nsignal: 11, SIGSEGV, memory that is not "
        "its "
        "own\nlast lines of the log:\n  Started: (file)\ncalls, newest first:\n  mantissa-studio "
        "+0x12345\n"));
    f.window.crashReports().look();
    REQUIRE(waitFor([&] { return f.visible<QWidget>("crashReportShow"); }));
    shoot(QStringLiteral("crash-offer-") + suffix);
    f.click("crashReportShow");
    shoot(QStringLiteral("crash-dialog-") + suffix);
    closeDialog();
    f.click("messageClose"); // offers wait for each other

    Project lost;
    lost.source = f.samplePath();
    lost.plan.base.format = "mxfp8";
    lost.plan.rules.push_back({"attn2", Choice{}, "user", "by hand"});
    lost.plan.rules.push_back({"ff\\.net\\.2$", Choice{"nvfp4", {}}, "user", {}});
    lost.saved = QDateTime::currentDateTimeUtc().addSecs(-300);
    REQUIRE(
        writeWhole(stateFolder() + QStringLiteral("/journal-dead.mantissa"), toJson(lost, stateFolder())));
    f.window.project().lookForJournals();
    REQUIRE(waitFor([&] { return f.visible<QWidget>("recoveryRestore"); }));
    f.click("recoveryShow");
    shoot(QStringLiteral("recovery-") + suffix);
}

} // namespace

TEST_CASE("Pictures of what goes wrong, light")
{
    troubleTour(ThemeChoice::Light, QStringLiteral("light"));
}

TEST_CASE("Pictures of what goes wrong, dark")
{
    troubleTour(ThemeChoice::Dark, QStringLiteral("dark"));
}

TEST_CASE("Pictures of every screen, light", "[torch]")
{
    tour(ThemeChoice::Light, QStringLiteral("light"));
}

TEST_CASE("Pictures of every screen, dark", "[torch]")
{
    tour(ThemeChoice::Dark, QStringLiteral("dark"));
}
