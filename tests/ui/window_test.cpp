// SPDX-License-Identifier: GPL-3.0-or-later
// The real window, used with mouse and keys.
#include "tests/support/gguf_bytes.h"
#include "tests/ui/support/synthetic_model.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/main_window.h"
#include "ui/models/layer_tree_model.h"
#include "ui/presenters/plan_editor.h"
#include "ui/rule_writer.h"
#include "ui/widgets/layer_tree_view.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QToolBar>
#include <QUrl>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

/// Widgets that toolkits make for themselves inside ours (scroll areas, views, line edits) and that assistive
/// tools see as part of their owner.
bool isInnerPart(const QWidget* widget)
{
    const QString name = widget->objectName();
    return name.startsWith(QLatin1String("qt_")) || widget->inherits("QScrollBar")
        || widget->inherits("QHeaderView") || widget->inherits("QTableCornerButton")
        || widget->inherits("QSizeGrip") || widget->inherits("QDockWidgetTitleButton")
        || widget->inherits("QDockWidgetLayout") || widget->inherits("QComboBoxPrivateContainer")
        || widget->inherits("QComboBoxListView") || widget->inherits("QLineEditIconButton")
        || widget->inherits("QToolBarExtension") || widget->inherits("QToolBarSeparator")
        || widget->inherits("QTabBar") || widget->inherits("QRubberBand")
        || widget->inherits("QExpandingLineEdit") || widget->inherits("QFocusFrame")
        || widget->inherits("QMainWindowTabBar")
        || (widget->parentWidget() != nullptr && isInnerPart(widget->parentWidget()));
}

QStringList unnamed(const QWidget* window)
{
    QStringList missing;
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
        if (isInnerPart(widget) || qobject_cast<const QMenu*>(widget) != nullptr)
            continue;
        const auto* label = qobject_cast<const QLabel*>(widget);
        const bool speaks
            = !widget->accessibleName().isEmpty() || (label != nullptr && !label->text().isEmpty());
        if (!speaks || (widget->objectName().isEmpty() && label == nullptr))
            missing << QStringLiteral("%1 \"%2\"")
                           .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
    }
    return missing;
}

/// A Linear layer of 64 × 64 that nothing protects.
std::size_t someLinear(WindowFixture& f)
{
    const auto& layers = f.window.document().model()->layers;
    const auto found = std::ranges::find_if(
        layers, [](const Layer& layer) { return layer.name.ends_with("attn2.to_q") && !layer.critical; });
    REQUIRE(found != layers.end());
    return static_cast<std::size_t>(found - layers.begin());
}

} // namespace

TEST_CASE("The window starts empty and says what to do")
{
    WindowFixture f;
    CHECK(f.visible<QWidget>("startPage"));
    CHECK(f.visible<QWidget>("dropTarget"));
    CHECK_FALSE(f.action(ActionId::Export)->isEnabled());
    CHECK_FALSE(f.action(ActionId::Undo)->isEnabled());
    CHECK_FALSE(f.visible<QWidget>("dockModel"));
}

TEST_CASE("The sample opens with one click and is recognised")
{
    WindowFixture f;
    f.click("startSample");
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty(); }));
    CHECK(f.visible<LayerTreeView>("layerTree"));
    CHECK(f.visible<QWidget>("dockModel"));
    CHECK_FALSE(f.find<QLabel>("architectureName")->text().isEmpty());
    CHECK(f.window.document().model()->architecture.id != "unknown");
    CHECK(f.find<QLabel>("totalSize")->text().contains(QStringLiteral("→")));
    CHECK(f.action(ActionId::Export)->isEnabled());
    CHECK(f.window.windowTitle().contains("tiny-sd"));
}

TEST_CASE("A page that is not seen makes the window no wider")
{
    WindowFixture f;
    f.openSample();
    const auto* pages = f.find<QWidget>("pages");
    const auto needed = [&f](const char* page) { return f.find<QWidget>(page)->minimumSizeHint().width(); };
    REQUIRE(needed("comparePage") > needed("planPage"));
    CHECK(pages->minimumSizeHint().width() == needed("planPage"));
    f.action(ActionId::ComparePictures)->trigger();
    CHECK(pages->minimumSizeHint().width() == needed("comparePage"));
}

TEST_CASE("A file dropped anywhere opens")
{
    WindowFixture f;
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(f.samplePath())});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&f.window, &enter);
    CHECK(enter.isAccepted());
    QDropEvent drop(QPointF(400, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&f.window, &drop);
    CHECK(drop.isAccepted());
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty(); }));
    CHECK(f.recentFiles().first() == f.samplePath());

    QMimeData text;
    text.setText(QStringLiteral("not a file"));
    QDragEnterEvent other(QPoint(400, 300), Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier);
    other.ignore();
    QCoreApplication::sendEvent(&f.window, &other);
    CHECK_FALSE(other.isAccepted());
}

TEST_CASE("A missing, a broken and a hostile file give a sentence, and the open model stays")
{
    WindowFixture f;
    f.openSample();
    const auto model = f.window.document().model();
    const QString broken = f.folder.filePath(QStringLiteral("broken.safetensors"));
    QFile file(broken);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromHex("ffffffffffffff7f") + "{}");
    file.close();
    for (const QString& each : {f.folder.filePath(QStringLiteral("missing.safetensors")), broken}) {
        f.window.openFile(each);
        REQUIRE(waitFor([&] { return !f.window.opener().isBusy() && f.visible<QLabel>("messageText"); }));
        const QString said = f.find<QLabel>("messageText")->text();
        INFO(said.toStdString());
        CHECK(said.contains(QFileInfo(each).fileName()));
        CHECK(said.endsWith(QLatin1Char('.')));
        CHECK(f.window.document().model() == model);
        CHECK(f.visible<LayerTreeView>("layerTree"));
        f.click("messageClose");
    }
}

TEST_CASE("A dropped GGUF file opens, and tree and card name its types")
{
    WindowFixture f;
    mantissa::test::GgufBytes gguf;
    namespace types = mantissa::test::gguf;
    gguf.tensors = {{"blocks.0.attn.proj.weight", {64, 256}, types::kQ4_K, std::string(64 * 144, '\1'), {}},
        {"blocks.0.norm.weight", {64}, types::kF32, std::string(256, '\0'), {}}};
    const QString path = f.folder.filePath(QStringLiteral("model.gguf"));
    QFile file(path);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(gguf.bytes()));
    file.close();
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&f.window, &enter); // Qt drops nothing where nothing was dragged to
    QDropEvent drop(QPointF(400, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&f.window, &drop);
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty(); }));
    CHECK(f.find<QLabel>("existingQuantization")->text().contains(QStringLiteral("1 × GGUF Q4_K")));
    const auto* model = f.find<LayerTreeView>("layerTree")->model();
    QStringList stored;
    for (const QModelIndex& index : model->match(model->index(0, LayerTreeModel::DType), Qt::DisplayRole,
             QStringLiteral("Q4"), -1, Qt::MatchStartsWith | Qt::MatchRecursive))
        stored << index.data().toString();
    CHECK(stored == QStringList{QStringLiteral("Q4_K")});

    // A layer that is kept cannot stay as it is; a matrix of numbers can.
    const auto keeps = [&](std::size_t layer, const char* text) {
        f.find<LayerTreeView>("layerTree")->selectLayers({layer});
        f.action(ActionId::Keep)->trigger();
        return waitFor([&] {
            const auto labels = f.find<QWidget>("detailsBody")->findChildren<QLabel*>();
            return std::ranges::any_of(
                labels, [&](const QLabel* label) { return label->text() == QLatin1String(text); });
        });
    };
    CHECK(keeps(0, "Decoded to BF16"));
    f.openSample();
    CHECK(keeps(someLinear(f), "As it is (F16)"));
}

TEST_CASE("A pickle that would run code is refused, and the panel lists what it would have run")
{
    WindowFixture f;
    const QString evil = f.folder.filePath(QStringLiteral("evil.ckpt"));
    QFile file(evil);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write("cos\nsystem\n(S'echo hello'\ntR.");
    file.close();
    f.window.openFile(evil);
    REQUIRE(waitFor([&] { return !f.window.opener().isBusy() && f.visible<QLabel>("messageText"); }));
    CHECK(f.window.document().isEmpty());
    REQUIRE(waitFor([&] { return f.visible<QWidget>("dangerPanel"); })); // layouts show it a moment later
    const auto* calls = f.find<QTreeWidget>("dangerCalls");
    REQUIRE(calls->topLevelItemCount() >= 1);
    CHECK(calls->topLevelItem(0)->text(0).contains("system"));
}

TEST_CASE("Search, select, set a format with keys, and undo")
{
    WindowFixture f;
    f.openSample();
    QTest::keyClick(&f.window, Qt::Key_F, Qt::ControlModifier);
    auto* search = f.find<QLineEdit>("searchBox");
    CHECK(search->hasFocus());
    QTest::keyClicks(search, QStringLiteral("attn2 kind:linear"));
    QTest::keyClick(search, Qt::Key_Return);
    auto* tree = f.find<LayerTreeView>("layerTree");
    const std::size_t found = tree->proxy()->matching().size();
    REQUIRE(found > 0);
    CHECK(found < f.window.document().model()->layers.size());
    CHECK(f.find<QLabel>("matchCount")->text().contains(QString::number(found)));

    QTest::keyClick(&f.window, Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier); // select matching
    CHECK(tree->selectedLayers().picked.size() == found);
    QAction* second = f.window.actionTable().formatActions().at(1);
    QTest::keyClick(&f.window, Qt::Key_2, Qt::ControlModifier);
    REQUIRE(waitFor([&] { return !f.window.document().isResolving() && f.window.document().isModified(); }));
    CHECK(f.action(ActionId::Undo)->text().contains(second->text()));
    // One layer in all blocks is one rule; what has no short rule is listed.
    const auto wishes = [&] {
        const QuantPlan& plan = f.window.document().plan();
        return plan.overrides.size()
            + static_cast<std::size_t>(std::count_if(plan.rules.begin(), plan.rules.end(), isOfUser));
    };
    CHECK(wishes() > 0);
    const auto& state = *f.window.document().state();
    for (const std::size_t layer : tree->proxy()->matching())
        CHECK(state.resolved.decisions[layer].choice.format == second->data().toString().toStdString());

    QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier);
    CHECK(wishes() == 0);
    QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    CHECK(wishes() > 0);
    QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier);
    REQUIRE(waitFor([&] { return !f.window.document().isResolving(); }));
    CHECK_FALSE(f.window.document().isModified());
}

TEST_CASE("A branch is set from the context menu, and the details say why")
{
    WindowFixture f;
    f.openSample();
    auto* tree = f.find<LayerTreeView>("layerTree");
    tree->goTo(tree->proxy()->index(0, 0));
    tree->setFocus();
    QContextMenuEvent asked(
        QContextMenuEvent::Keyboard, QPoint(20, 10), tree->viewport()->mapToGlobal(QPoint(20, 10)));
    QCoreApplication::sendEvent(tree->viewport(), &asked);
    REQUIRE(waitFor([&] { return f.visible<QMenu>("layerMenu"); }));
    auto* menu = f.find<QMenu>("layerMenu");
    QAction* wanted = f.window.actionTable().formatActions().at(2);
    REQUIRE(menu->actions().contains(wanted));
    QTest::mouseClick(menu, Qt::LeftButton, Qt::NoModifier, menu->actionGeometry(wanted).center());
    REQUIRE(waitFor([&] { return f.window.document().isModified() && !f.window.document().isResolving(); }));
    REQUIRE(f.window.document().plan().overrides.empty()); // one rule says it all
    const auto& rules = f.window.document().plan().rules;
    REQUIRE_FALSE(rules.empty());
    const auto& byUser = f.window.document().state()->byUser;
    const auto layer
        = static_cast<std::size_t>(std::find(byUser.begin(), byUser.end(), true) - byUser.begin());
    REQUIRE(layer < byUser.size());
    tree->selectLayers({layer});
    REQUIRE(waitFor([&] { return f.visible<QLabel>("detailsWinner"); }));
    CHECK(f.find<QLabel>("detailsWinner")->text().contains("(user)"));
    CHECK_FALSE(f.window.findChildren<QLabel*>(QStringLiteral("detailsBeaten")).isEmpty());
    CHECK(f.find<QLabel>("detailsFormat")->text().contains(wanted->text()));
}

TEST_CASE("A format with options: what it offers is shown, and what was chosen comes back")
{
    WindowFixture f;
    f.openSample();
    const std::size_t layer = someLinear(f);
    const auto choice = [&] { return f.window.document().state()->resolved.decisions[layer].choice; };
    const auto ask = [&] {
        f.find<LayerTreeView>("layerTree")->selectLayers({layer});
        f.action(ActionId::SetFormatWithOptions)->trigger();
        return waitForDialog("formatDialog");
    };
    const auto picker = [](QWidget* dialog, const char* name) {
        return dialog->findChild<QComboBox*>(QLatin1String(name));
    };
    const auto accept = [&](QWidget* dialog) {
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("formatAccept")), Qt::LeftButton);
    };

    CHECK(f.window.exporter().suggestedPath().endsWith(QLatin1String("/tiny-sd-float8_e4m3fn.safetensors")));
    QWidget* dialog = ask();
    choose(picker(dialog, "formatPicker"), "svdquant_w4a4");
    CHECK(picker(dialog, "rankPicker")->isVisible());
    CHECK_FALSE(picker(dialog, "bitsPicker")->isVisible());
    CHECK_FALSE(picker(dialog, "rotationPicker")->isVisible());
    // The layer has 64 × 64 weights: too few for the usual rank of 32 and more.
    picker(dialog, "rankPicker")->setCurrentIndex(picker(dialog, "rankPicker")->findData(16));
    accept(dialog);
    REQUIRE(waitFor([&] { return choice().format == "svdquant_w4a4"; }));
    CHECK(choice().params.rank == 16);
    CHECK(f.window.exporter().suggestedPath().endsWith(QLatin1String("/tiny-sd-mixed.safetensors")));

    dialog = ask();
    CHECK(picker(dialog, "rankPicker")->currentData() == 16);
    choose(picker(dialog, "formatPicker"), "asym_w4a8_int8");
    CHECK_FALSE(picker(dialog, "rankPicker")->isVisible());
    picker(dialog, "bitsPicker")->setCurrentIndex(picker(dialog, "bitsPicker")->findData(6));
    accept(dialog);
    REQUIRE(waitFor([&] { return choice().format == "asym_w4a8_int8"; }));
    CHECK(choice().params.bits == 6);
    CHECK(choice().params.rank == 0);

    // What the dialog does not offer is not lost.
    Choice base{"convrot_w4a4", {}};
    base.params.linearDtype = "int8";
    base.params.convrotGroup = 4;
    PlanEditor(f.window.document()).setBase(base);
    f.settle();
    f.action(ActionId::BaseOptions)->trigger();
    dialog = waitForDialog("formatDialog");
    picker(dialog, "rotationPicker")->setCurrentIndex(picker(dialog, "rotationPicker")->findData(16));
    accept(dialog);
    base.params.convrotGroup = 16;
    REQUIRE(waitFor([&] { return f.window.document().plan().base.params.convrotGroup == 16; }));
    CHECK(f.window.document().plan().base == base);
}

TEST_CASE("Base format, recipe and preset are steps; the plan is saved and loaded")
{
    WindowFixture f;
    f.openSample();
    const QString size = f.find<QLabel>("totalSize")->text();
    auto* base = f.find<QComboBox>("basePicker");
    base->setFocus();
    choose(base, "nvfp4");
    REQUIRE(waitFor([&] { return !f.window.document().isResolving(); }));
    CHECK(f.window.document().plan().base.format == "nvfp4");
    CHECK(f.find<QLabel>("totalSize")->text() != size);
    CHECK_FALSE(f.find<QLabel>("baseLoader")->text().isEmpty());

    const QString file = f.folder.filePath(QStringLiteral("mine.json"));
    f.window.opener().savePlan(file);
    REQUIRE(waitFor([&] { return QFile::exists(file) && !f.window.document().isModified(); }));
    QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier);
    CHECK(f.window.document().plan().base.format != "nvfp4");
    f.window.openFile(file); // a plan, recognised by its name
    REQUIRE(waitFor([&] { return f.window.document().plan().base.format == "nvfp4"; }));
    CHECK(f.action(ActionId::Undo)->text().contains("mine.json"));
}

TEST_CASE("The architecture can be set by hand; what was set stays")
{
    WindowFixture f;
    f.openSample();
    const std::string detected = f.window.document().model()->architecture.id;
    auto* tree = f.find<LayerTreeView>("layerTree");
    const auto userRules = [&] {
        std::vector<Rule> rules = f.window.document().plan().rules;
        std::erase_if(rules, [](const Rule& rule) { return !isOfUser(rule); });
        return rules;
    };
    QTest::keyClick(tree, Qt::Key_Home);
    f.action(ActionId::Keep)->trigger();
    REQUIRE(waitFor([&] { return !f.window.document().isResolving(); }));
    const std::vector<Rule> rules = userRules();
    REQUIRE(rules.size() + f.window.document().plan().overrides.size() > 0);
    const auto overrides = f.window.document().plan().overrides;
    auto* combo = f.find<QComboBox>("architectureOverride");
    const int row = combo->findData(QStringLiteral("sdxl"));
    REQUIRE(row > 0);
    combo->setCurrentIndex(row);
    Q_EMIT combo->activated(row);
    REQUIRE(waitFor([&] { return !f.window.opener().isBusy(); }));
    CHECK(f.window.document().model()->architecture.id == "sdxl");
    CHECK(detected != "sdxl");
    CHECK(f.window.document().plan().overrides == overrides);
    CHECK(userRules() == rules);
}

TEST_CASE("Every widget of every screen has a name for assistive tools")
{
    WindowFixture f;
    CHECK(unnamed(&f.window).join(QStringLiteral(", ")).toStdString() == "");
    f.openSample();
    f.action(ActionId::ComparePictures)->trigger();
    REQUIRE(f.visible<QWidget>("comparePage"));
    CHECK(unnamed(&f.window).join(QStringLiteral(", ")).toStdString() == "");
    f.action(ActionId::BackToPlan)->trigger();
    for (const ActionId id : {ActionId::Export, ActionId::Shortcuts, ActionId::About, ActionId::BaseOptions,
             ActionId::AddRule, ActionId::Palette}) {
        f.action(id)->trigger();
        QWidget* dialog = nullptr;
        REQUIRE(waitFor([&] { return (dialog = QApplication::activeModalWidget()) != nullptr; }));
        CHECK(unnamed(dialog).join(QStringLiteral(", ")).toStdString() == "");
        CHECK_FALSE(dialog->accessibleName().isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape);
        REQUIRE(waitFor([&] { return QApplication::activeModalWidget() == nullptr; }));
    }
    f.find<QWidget>("findingsButton");
    f.click("findingsButton");
    for (QDockWidget* dock : f.window.findChildren<QDockWidget*>())
        dock->show();
    QCoreApplication::processEvents();
    CHECK(unnamed(&f.window).join(QStringLiteral(", ")).toStdString() == "");
}

TEST_CASE("Recent files come back, and missing ones are greyed")
{
    WindowFixture f;
    f.openSample();
    const QString copy = f.folder.filePath(QStringLiteral("gone.safetensors"));
    REQUIRE(QFile::copy(f.samplePath(), copy));
    f.window.openFile(copy);
    REQUIRE(waitFor([&] { return !f.window.opener().isBusy(); }));
    REQUIRE(QFile::remove(copy));
    auto* menu = f.find<QMenu>("menuRecent");
    Q_EMIT menu->aboutToShow();
    REQUIRE(menu->actions().size() >= 3);
    CHECK(menu->actions().at(0)->text().contains("gone"));
    CHECK_FALSE(menu->actions().at(0)->isEnabled());
    CHECK(menu->actions().at(1)->isEnabled());
    menu->actions().last()->trigger(); // clear
    CHECK(f.recentFiles().isEmpty());
}
