// SPDX-License-Identifier: GPL-3.0-or-later
// Findings and their fixes, measured errors, check boxes, notes, and the command line's twin, in the real
// window.
#include "tests/ui/support/synthetic_model.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/settings.h"
#include "ui/shell_command.h"
#include "ui/user_presets.h"
#include "ui/widgets/layer_tree_view.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QUndoStack>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

bool hasFinding(WindowFixture& f, std::string_view id)
{
    for (const Finding& finding : f.window.findings().findings())
        if (finding.id == id)
            return true;
    return false;
}

void press(WindowFixture& f, const char* row, const char* button)
{
    auto* found = f.find<QWidget>(row)->findChild<QAbstractButton*>(QLatin1String(button));
    INFO(row << " " << button);
    REQUIRE(found != nullptr);
    QTest::mouseClick(found, Qt::LeftButton);
}

const Decision& decisionOf(WindowFixture& f, std::size_t layer)
{
    return f.window.document().state()->resolved.decisions[layer];
}

std::size_t firstLayer(WindowFixture& f, const std::function<bool(const Layer&)>& fits)
{
    const auto& layers = f.window.document().model()->layers;
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i].kind == LayerKind::Linear && layers[i].component == 0 && fits(layers[i]))
            return i;
    FAIL("no such layer");
    return 0;
}

void setFormat(WindowFixture& f, std::size_t layer, const char* format)
{
    f.find<LayerTreeView>("layerTree")->selectLayers({layer});
    f.find<QWidget>("layerTree")->setFocus();
    for (QAction* action : f.window.actionTable().formatActions())
        if (action->data() == QLatin1String(format))
            action->trigger();
    f.settle();
}

} // namespace

TEST_CASE("A finding is mended by one click, and undo takes it back")
{
    WindowFixture f;
    f.openSample();
    const std::size_t layer = firstLayer(f, [](const Layer& each) { return each.critical; });
    REQUIRE(waitFor([&] { return f.find<QAbstractButton>("findingsButton")->text() == "No findings"; }));
    setFormat(f, layer, "float8_e4m3fn");
    REQUIRE(waitFor([&] { return hasFinding(f, "critical-quantized"); }));
    CHECK(f.find<QAbstractButton>("findingsButton")->text() == "1 finding");
    f.click("findingsButton");
    REQUIRE(waitFor([&] { return f.visible<QWidget>("finding_critical-quantized"); }));
    CHECK(f.find<QLabel>("findingsSummary")->text() == "1 warning");

    // Its layers are shown in the tree.
    f.find<LayerTreeView>("layerTree")->selectLayers({layer + 1});
    press(f, "finding_critical-quantized", "findingLayers");
    CHECK(f.find<LayerTreeView>("layerTree")->selectedLayers().picked == std::vector<std::size_t>{layer});

    QUndoStack* stack = f.window.document().undoStack();
    const int steps = stack->index();
    press(f, "finding_critical-quantized", "findingFix0");
    REQUIRE(waitFor([&] { return stack->index() == steps + 1 && !hasFinding(f, "critical-quantized"); }));
    CHECK(decisionOf(f, layer).choice.keeps());
    CHECK(stack->undoText().startsWith(QLatin1String("Mend:")));
    stack->undo();
    REQUIRE(waitFor([&] { return hasFinding(f, "critical-quantized"); }));
    CHECK(decisionOf(f, layer).choice.format == "float8_e4m3fn");
}

TEST_CASE("A format that the chosen runtime refuses is replaced by the nearest that it loads")
{
    WindowFixture f;
    f.openSample();
    const std::size_t layer
        = firstLayer(f, [](const Layer& each) { return !each.critical && each.shape[1] % 64 == 0; });
    setFormat(f, layer, "asym_w4a8_int8");
    auto* runtime = f.find<QComboBox>("findingsLoader");
    runtime->setCurrentIndex(runtime->findData(QStringLiteral("comfyui-0.29")));
    REQUIRE(runtime->currentIndex() > 0);
    REQUIRE(waitFor([&] { return hasFinding(f, "loader-refuses"); }));
    f.click("findingsButton");
    REQUIRE(waitFor([&] { return f.visible<QWidget>("finding_loader-refuses"); }));
    press(f, "finding_loader-refuses", "findingFix0");
    REQUIRE(waitFor([&] { return !hasFinding(f, "loader-refuses"); }));
    CHECK(decisionOf(f, layer).choice.format != "asym_w4a8_int8");
    CHECK_FALSE(decisionOf(f, layer).choice.keeps());
}

TEST_CASE("Layers are measured, ranked, filtered by their error, and explained")
{
    WindowFixture f;
    f.openSample();
    auto* tree = f.find<LayerTreeView>("layerTree");
    CHECK(tree->header()->isSectionHidden(LayerTreeModel::Sensitivity));
    f.action(ActionId::MeasureLayers)->trigger();
    REQUIRE(waitFor([&] { return f.window.sensitivity().errors() != nullptr; }, 120000));
    CHECK_FALSE(tree->header()->isSectionHidden(LayerTreeModel::Sensitivity));
    const auto errors = f.window.sensitivity().errors();
    CHECK_FALSE(errors->ofOutputs());
    const std::size_t layer = firstLayer(f, [](const Layer& each) { return !each.critical; });
    const auto eight = errors->errorOf(layer, decisionOf(f, layer).choice);
    REQUIRE(eight);
    CHECK(*eight > 0.001);
    CHECK(*eight < 0.1);
    CHECK(f.window.document().isModified() == false); // measuring changes nothing

    // Another format has another error at once, without being measured again.
    setFormat(f, layer, "nvfp4");
    const auto four = tree->layers()->errorOf(layer);
    REQUIRE(four);
    CHECK(*four > 2 * *eight);
    auto* search = f.find<QLineEdit>("searchBox");
    search->setText(QStringLiteral("sens:>%1").arg(*four * 0.99, 0, 'f', 6));
    QTest::keyClick(search, Qt::Key_Return);
    CHECK(tree->proxy()->matching() == std::vector<std::size_t>{layer});
    search->clear();
    QTest::keyClick(search, Qt::Key_Return);
    tree->selectLayers({layer});
    REQUIRE(waitFor([&] { return f.visible<QLabel>("detailsPrice"); }));
    CHECK(f.find<QLabel>("detailsPrice")->text().contains("would take"));
}

TEST_CASE("Check boxes quantize and keep, branches show what is below them")
{
    WindowFixture f;
    f.openSample();
    auto* tree = f.find<LayerTreeView>("layerTree");
    const std::size_t layer = firstLayer(f, [](const Layer& each) { return !each.critical; });
    const auto stateOf = [&](int node) {
        return tree->layers()->indexOfNode(node).data(Qt::CheckStateRole).value<Qt::CheckState>();
    };
    const int node = f.window.document().tree()->nodeOfLayer(layer);
    CHECK(stateOf(node) == Qt::Checked);
    tree->selectLayers({layer});
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Space);
    f.settle();
    CHECK(decisionOf(f, layer).choice.keeps());
    CHECK(stateOf(node) == Qt::Unchecked);
    CHECK(stateOf(f.window.document().tree()->node(node).parent) == Qt::PartiallyChecked);
    QTest::keyClick(tree, Qt::Key_Space);
    f.settle();
    CHECK(stateOf(node) == Qt::Checked);
    CHECK(decisionOf(f, layer).choice.format == f.window.document().plan().base.format);
    CHECK(f.window.document().undoStack()->count() == 2);
    for (std::size_t i = 0; i < f.window.document().model()->layers.size(); ++i)
        if (f.window.document().model()->layers[i].kind == LayerKind::Norm)
            CHECK_FALSE(tree->layers()
                            ->indexOfNode(f.window.document().tree()->nodeOfLayer(i))
                            .data(Qt::CheckStateRole)
                            .isValid());
}

TEST_CASE("A note is written, shown, found and undone")
{
    WindowFixture f;
    f.openSample();
    auto* tree = f.find<LayerTreeView>("layerTree");
    const std::size_t layer = firstLayer(f, [](const Layer&) { return true; });
    tree->selectLayers({layer});
    f.action(ActionId::EditNote)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    QWidget* dialog = QApplication::activeModalWidget();
    dialog->findChild<QPlainTextEdit*>(QStringLiteral("noteText"))
        ->setPlainText(QStringLiteral("looked grainy at 4 bits"));
    QTest::mouseClick(dialog->findChild<QAbstractButton*>(QStringLiteral("noteSave")), Qt::LeftButton);
    f.settle();
    const std::string& name = f.window.document().model()->layers[layer].name;
    CHECK(f.window.document().plan().notes.at(name) == "looked grainy at 4 bits");
    CHECK_FALSE(tree->header()->isSectionHidden(LayerTreeModel::Note));
    REQUIRE(waitFor([&] { return f.visible<QLabel>("detailsNote"); }));
    f.find<QLineEdit>("searchBox")->setText(QStringLiteral("noted"));
    QTest::keyClick(f.find<QLineEdit>("searchBox"), Qt::Key_Return);
    CHECK(tree->proxy()->matching() == std::vector<std::size_t>{layer});
    f.window.document().undoStack()->undo();
    f.settle();
    CHECK(f.window.document().plan().notes.empty());
}

TEST_CASE("The plan becomes a preset, and a preset is shown before it applies")
{
    WindowFixture f;
    QDir(presetFolder()).removeRecursively();
    f.openSample();
    const std::string name = f.window.document()
                                 .model()
                                 ->layers[firstLayer(f, [](const Layer& each) { return !each.critical; })]
                                 .name;
    QuantPlan plan = f.window.document().plan();
    plan.base.format = "nvfp4";
    plan.rules.push_back({"attn2", Choice{}, "user", "by hand"});
    plan.overrides[name] = Choice{"mxfp8", {}};
    REQUIRE(saveUserPreset(QStringLiteral("mine"), plan).has_value());
    CHECK_FALSE(saveUserPreset(QStringLiteral("../evil"), plan).has_value());
    const auto own = readUserPresets();
    REQUIRE(own.size() == 1);
    CHECK(own[0].name == "mine");
    CHECK(own[0].plan.overrides.empty()); // of one model only

    f.action(ActionId::Presets)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    QWidget* dialog = QApplication::activeModalWidget();
    auto* list = dialog->findChild<QListWidget*>(QStringLiteral("presetList"));
    const auto row = [&]() -> int {
        for (int at = 0; at < list->count(); ++at)
            if (list->item(at)->text().startsWith(QLatin1String("mine")))
                return at;
        return -1;
    };
    REQUIRE(waitFor([&] { return row() >= 0; }));
    list->setCurrentRow(row());
    auto* count = dialog->findChild<QLabel*>(QStringLiteral("presetCount"));
    REQUIRE(waitFor([&] { return count->text().contains("would be stored differently"); }));
    CHECK_FALSE(f.window.document().isModified()); // shown, not applied
    QTest::mouseClick(dialog->findChild<QAbstractButton*>(QStringLiteral("presetApply")), Qt::LeftButton);
    REQUIRE(waitFor([&] { return f.window.document().isModified(); }));
    f.settle();
    CHECK(f.window.document().plan().base.format == "nvfp4");
    CHECK(f.window.document().plan().rules.back().origin == "preset mine");
    f.window.document().undoStack()->undo();
    f.settle();
    CHECK_FALSE(f.window.document().isModified());
}

TEST_CASE("Another checkpoint is compared, the largest differences first")
{
    WindowFixture f;
    f.openSample();
    const QString out = f.folder.filePath(QStringLiteral("eight.safetensors"));
    QSignalSpy finished(&f.window.exporter(), &ExportPresenter::finished);
    f.window.exporter().start(out, {}, false);
    REQUIRE(waitFor([&] { return finished.count() == 1; }, 120000));
    f.window.compareWith(out);
    auto* dialog = f.window.findChild<QDialog*>(QStringLiteral("checkpointDialog"));
    REQUIRE(dialog != nullptr);
    auto* rows = dialog->findChild<QTreeWidget*>(QStringLiteral("checkpointRows"));
    REQUIRE(waitFor([&] { return rows->topLevelItemCount() > 0; }, 60000));
    CHECK(static_cast<std::size_t>(rows->topLevelItemCount()) >= f.window.document().model()->layers.size());
    CHECK(rows->topLevelItem(0)->text(1) == "stored otherwise");
    CHECK(rows->topLevelItem(0)->text(3) == "float8_e4m3fn");
    CHECK(rows->topLevelItem(rows->topLevelItemCount() - 1)->text(1) == "same");
    Q_EMIT rows->itemActivated(rows->topLevelItem(0), 0);
    CHECK(f.find<LayerTreeView>("layerTree")->selectedLayers().picked.size() == 1);
    dialog->close();
}

TEST_CASE("The guide goes on with what is done")
{
    WindowFixture f;
    f.click("startGuide");
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty() && !f.window.opener().isBusy(); }, 30000));
    CHECK(f.find<QLabel>("guideTitle")->text() == "Step 1 of 4");
    f.click("guideDo");
    f.settle();
    CHECK(f.window.document().isModified());
    REQUIRE(waitFor([&] { return f.find<QLabel>("guideTitle")->text() == "Step 2 of 4"; }));
    f.click("guideSkip");
    CHECK(f.find<QLabel>("guideTitle")->text() == "Step 3 of 4");
    QSignalSpy finished(&f.window.exporter(), &ExportPresenter::finished);
    f.window.exporter().start(f.folder.filePath(QStringLiteral("out.safetensors")), {});
    REQUIRE(waitFor([&] { return finished.count() == 1; }, 120000));
    CHECK(f.find<QLabel>("guideTitle")->text() == "Step 4 of 4");
    f.click("guideDo"); // it ends where the pictures are compared, with what was exported
    CHECK_FALSE(f.visible<QWidget>("guideBar"));
    CHECK(f.visible<QWidget>("comparePage"));
    CHECK(f.window.comparison().variants().back().kind == VariantChoice::Kind::File);
}

TEST_CASE("Settings are searched, changed and put back to their defaults")
{
    WindowFixture f;
    CHECK(settingValue(Setting::VerifyExports).toBool());
    f.action(ActionId::Settings)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    QWidget* dialog = QApplication::activeModalWidget();
    const auto shown
        = [&](const char* name) { return dialog->findChild<QWidget*>(QLatin1String(name))->isVisible(); };
    dialog->findChild<QLineEdit*>(QStringLiteral("settingsSearch"))->setText(QStringLiteral("verify"));
    CHECK(shown("setting_export_verify"));
    CHECK_FALSE(shown("setting_window_theme"));
    auto* box = dialog->findChild<QAbstractButton*>(QStringLiteral("settingValue_export_verify"));
    box->setChecked(false);
    CHECK_FALSE(settingValue(Setting::VerifyExports).toBool());
    QTest::mouseClick(
        dialog->findChild<QWidget*>(QStringLiteral("settingReset_export_verify")), Qt::LeftButton);
    CHECK(settingValue(Setting::VerifyExports).toBool());
    CHECK(box->isChecked());
    dialog->findChild<QLineEdit*>(QStringLiteral("settingsSearch"))->setText(QStringLiteral("zzz"));
    CHECK(shown("settingsNone"));
    dialog->findChild<QLineEdit*>(QStringLiteral("settingsSearch"))->clear();
    auto* theme = dialog->findChild<QComboBox*>(QStringLiteral("settingValue_window_theme"));
    theme->setCurrentIndex(2);
    CHECK(f.theme.isDark());
    CHECK(f.action(ActionId::ThemeDark)->isChecked());
    QTest::keyClick(dialog, Qt::Key_Escape);
}

TEST_CASE("Keys are changed, taken ones are refused, and the change lasts")
{
    {
        WindowFixture f;
        f.action(ActionId::Shortcuts)->trigger();
        REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
        QWidget* dialog = QApplication::activeModalWidget();
        auto* list = dialog->findChild<QTreeWidget*>(QStringLiteral("shortcutsList"));
        const auto found
            = list->findItems(QStringLiteral("Measure the layers"), Qt::MatchContains | Qt::MatchRecursive);
        REQUIRE(found.size() == 1);
        list->setCurrentItem(found.front());
        auto* key = dialog->findChild<QKeySequenceEdit*>(QStringLiteral("shortcutsKey"));
        key->setKeySequence(QKeySequence(Qt::CTRL | Qt::Key_E)); // that of Export
        QTest::mouseClick(dialog->findChild<QWidget*>(QStringLiteral("shortcutsAssign")), Qt::LeftButton);
        CHECK(dialog->findChild<QLabel*>(QStringLiteral("shortcutsProblem"))->text().contains("Export"));
        CHECK(
            f.action(ActionId::MeasureLayers)->shortcut() == QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M));
        key->setKeySequence(QKeySequence(Qt::CTRL | Qt::Key_J));
        QTest::mouseClick(dialog->findChild<QWidget*>(QStringLiteral("shortcutsAssign")), Qt::LeftButton);
        CHECK(f.action(ActionId::MeasureLayers)->shortcut() == QKeySequence(Qt::CTRL | Qt::Key_J));
        const Actions again(nullptr);
        CHECK(again[ActionId::MeasureLayers]->shortcut() == QKeySequence(Qt::CTRL | Qt::Key_J));
        QTest::mouseClick(dialog->findChild<QWidget*>(QStringLiteral("shortcutsStandard")), Qt::LeftButton);
        CHECK(
            f.action(ActionId::MeasureLayers)->shortcut() == QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M));
        QTest::keyClick(dialog, Qt::Key_Escape);
    }
    CHECK_FALSE(QSettings().contains(QStringLiteral("shortcuts/actionMeasureLayers")));
}

TEST_CASE("Pinned files stay first, and outlive the list's clearing")
{
    const WindowFixture::CleanSettings clean;
    RecentFiles recent;
    for (int i = 0; i < 12; ++i)
        recent.add(QStringLiteral("/models/%1.safetensors").arg(i));
    CHECK(recent.files().size() == RecentFiles::kMost);
    recent.setPinned(QStringLiteral("/models/5.safetensors"), true);
    CHECK(recent.files().front() == "/models/5.safetensors");
    for (int i = 20; i < 40; ++i)
        recent.add(QStringLiteral("/models/%1.safetensors").arg(i));
    CHECK(recent.files().front() == "/models/5.safetensors");
    CHECK(recent.files().size() == RecentFiles::kMost);
    CHECK(RecentFiles().isPinned(QStringLiteral("/models/5.safetensors")));
    recent.clear();
    CHECK(recent.files() == QStringList{QStringLiteral("/models/5.safetensors")});
    recent.setPinned(QStringLiteral("/models/5.safetensors"), false);
    recent.clear();
    CHECK(recent.files().isEmpty());
}

TEST_CASE("The command line on the clipboard names a plan that is the window's")
{
    CHECK(shellWord(QStringLiteral("/a/b-1.safetensors")) == "/a/b-1.safetensors");
    CHECK(shellWord(QStringLiteral("it's here")) == "'it'\\''s here'");
    CHECK(shellWord({}) == "''");
    WindowFixture f;
    f.openSample();
    setFormat(f, firstLayer(f, [](const Layer& each) { return !each.critical; }), "nvfp4");
    f.action(ActionId::CopyCommand)->trigger();
    REQUIRE(waitFor(
        [&] { return QGuiApplication::clipboard()->text().startsWith(QLatin1String("mantissa quantize")); }));
    const QStringList words = QGuiApplication::clipboard()->text().split(QLatin1Char(' '));
    const auto at = words.indexOf(QStringLiteral("--plan"));
    REQUIRE(at > 0);
    QFile file(words[at + 1]);
    REQUIRE(file.open(QIODevice::ReadOnly));
    const auto plan = parsePlan(file.readAll().toStdString());
    REQUIRE(plan.has_value());
    CHECK(*plan == f.window.document().plan());
}

TEST_CASE("A screen reader hears what labels show, not only what they are for")
{
    WindowFixture f;
    f.openSample();
    const auto heard = [&](const char* name) {
        return QAccessible::queryAccessibleInterface(f.find<QLabel>(name))->text(QAccessible::Name);
    };
    const QString found = f.find<QLabel>("matchCount")->text();
    REQUIRE_FALSE(found.isEmpty());
    CHECK(heard("matchCount") == QStringLiteral("Layers found: %1").arg(found));
    CHECK(heard("budgetTargetLabel") == "Fit into"); // a label of a field is its text alone
    auto* label = f.find<QLabel>("budgetTargetLabel");
    CHECK_FALSE(QAccessible::queryAccessibleInterface(label)->relations(QAccessible::Labelled).isEmpty());
}

TEST_CASE("The forecast of a GPU's memory follows the plan and the picture")
{
    WindowFixture f;
    f.openSample();
    f.find<QDockWidget>("dockLoad")->show();
    const QString first = f.find<QLabel>("vramForecast")->text();
    CHECK(first.startsWith(QLatin1String("about ")));
    f.find<QComboBox>("vramSize")->setCurrentIndex(4);
    CHECK(f.find<QLabel>("vramForecast")->text() != first);
    CHECK(f.find<QLabel>("vramForecast")->toolTip().contains("weights +"));
}
