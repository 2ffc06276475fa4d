// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing pictures in the real window, with real pictures of the sample model.
#include "tests/ui/support/window_fixture.h"
#include "ui/models/metric_columns.h"
#include "ui/pages/compare_page.h"
#include "ui/widgets/blind_test_dialog.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTreeWidget>
#include <QUndoStack>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

struct CompareFixture : WindowFixture {
    ComparisonPresenter& comparison() { return window.comparison(); }
    ComparePage* page() { return find<ComparePage>("comparePage"); }

    void openOwnSample()
    {
        const QString copy = folder.filePath(QStringLiteral("model.safetensors"));
        REQUIRE(QFile::copy(samplePath(), copy));
        open(copy);
    }
    void setBase(const char* format)
    {
        auto* picker = find<QComboBox>("basePicker");
        picker->setCurrentIndex(picker->findData(QLatin1String(format)));
        Q_EMIT picker->activated(picker->currentIndex());
        REQUIRE(waitFor([&] { return !window.document().isResolving(); }));
        REQUIRE(window.document().plan().base.format == format);
    }
    void choosePictures(const char* prompts, const char* seeds, int steps)
    {
        find<QComboBox>("compareSource")->setCurrentIndex(2);
        find<QPlainTextEdit>("compareTyped")->setPlainText(QLatin1String(prompts));
        find<QLineEdit>("compareSeeds")->setText(QLatin1String(seeds));
        find<QSpinBox>("compareSteps")->setValue(steps);
        INFO(find<QLabel>("compareProblem")->text().toStdString());
        REQUIRE_FALSE(visible<QLabel>("compareProblem"));
    }
    /// Starts by the button and waits for the end.
    void makePictures()
    {
        QSignalSpy finished(&comparison(), &ComparisonPresenter::finished);
        QSignalSpy failed(&comparison(), &ComparisonPresenter::failed);
        click("compareStart");
        REQUIRE(waitFor([&] { return finished.count() + failed.count() == 1; }, 240000));
        INFO(find<QLabel>("compareState")->text().toStdString());
        REQUIRE(finished.count() == 1);
    }
    std::uint32_t sum(std::uint32_t ComparedVariant::*count)
    {
        std::uint32_t all = 0;
        for (const ComparedVariant& variant : comparison().comparison().variants)
            all += variant.*count;
        return all;
    }
};

} // namespace

TEST_CASE("Pictures are made in the window, stopped, gone on with, and looked at in every way")
{
    CompareFixture f;
    f.openOwnSample();
    f.setBase("nvfp4");
    QTest::keyClick(&f.window, Qt::Key_K, Qt::ControlModifier);
    REQUIRE(f.visible<QWidget>("comparePage"));
    CHECK_FALSE(f.visible<QDockWidget>("dockModel"));
    CHECK(f.find<QLabel>("compareOriginal")->text().contains("model.safetensors"));
    f.find<QLineEdit>("compareSeeds")->setText(QStringLiteral("x"));
    CHECK(f.find<QLabel>("compareProblem")->text().contains("seeds"));
    f.choosePictures("a red circle\na blue square", "0, 1", 5);

    QSignalSpy pairs(&f.comparison(), &ComparisonPresenter::pairDone);
    QSignalSpy previews(&f.comparison(), &ComparisonPresenter::previewed);
    QSignalSpy failed(&f.comparison(), &ComparisonPresenter::failed);
    f.click("compareStart");
    REQUIRE(waitFor([&] { return pairs.count() >= 2 || failed.count() > 0; }, 120000));
    CHECK(previews.count() >= 1);
    f.click("compareStop");
    REQUIRE(waitFor([&] { return !f.comparison().isRunning(); }, 60000));
    INFO(f.find<QLabel>("compareState")->text().toStdString());
    REQUIRE(failed.count() == 1);
    CHECK(failed.front().front().value<Error>().code == ErrorCode::Cancelled);
    CHECK(f.find<QAbstractButton>("compareStart")->text() == "Go on");
    const auto done = static_cast<std::uint32_t>(pairs.count());
    CHECK(done < 8);
    CHECK_FALSE(f.page()->viewport()->pair().isEmpty()); // what was made is still seen

    f.makePictures();
    CHECK(f.sum(&ComparedVariant::reused) >= done);
    CHECK(f.sum(&ComparedVariant::made) + f.sum(&ComparedVariant::reused) == 8);
    f.makePictures(); // a restart makes only what is missing: nothing
    CHECK(f.sum(&ComparedVariant::made) == 0);

    auto* table = f.find<QTableView>("comparePairs");
    REQUIRE(table->model()->rowCount() == 4);
    CHECK(f.find<QTableView>("compareTotals")->model()->rowCount() == 2);
    CHECK(f.comparison().comparison().variants[1].bytes < f.comparison().comparison().variants[0].bytes);
    // The furthest pair is shown first, and the table is linked to the pictures.
    REQUIRE(waitFor([&] { return f.page()->viewport()->pair().isComplete(); }));
    CHECK(table->currentIndex().row() == 0);
    const auto first = f.page()->selection();
    QTest::keyClick(&f.window, Qt::Key_Down, Qt::AltModifier);
    CHECK(table->currentIndex().row() == 1);
    CHECK(f.page()->selection() != first);
    CHECK(f.find<QLabel>("compareCaption")->text().contains("PSNR"));
    auto* grid = f.find<QTableView>("compareGrid");
    CHECK(grid->model()->rowCount() == 2);
    CHECK(grid->model()->columnCount() == 2);
    grid->setCurrentIndex(grid->model()->index(1, 1));
    CHECK(f.page()->selection()->second
        == static_cast<std::size_t>(grid->currentIndex().data(Qt::UserRole + 1).toInt()));

    // Every way of looking, by its keys.
    REQUIRE(waitFor([&] { return f.page()->viewport()->pair().isComplete(); }));
    for (int mode = 0; mode < kViewModes; ++mode) {
        QTest::keyClick(
            &f.window, static_cast<Qt::Key>(Qt::Key_1 + mode), Qt::ControlModifier | Qt::AltModifier);
        CHECK(static_cast<int>(f.page()->viewport()->view().mode) == mode);
    }
    for (int kind = 0; kind < kDifferenceKinds; ++kind) {
        auto* picker = f.find<QComboBox>("differenceKind");
        picker->setCurrentIndex(kind);
        Q_EMIT picker->activated(kind);
        REQUIRE(waitFor([&] { return f.page()->viewport()->description().startsWith("Difference"); }, 20000));
    }
    // Back to the plan, with its panels.
    f.action(ActionId::BackToPlan)->trigger();
    CHECK_FALSE(f.visible<QWidget>("comparePage"));
    CHECK(f.visible<QDockWidget>("dockModel"));
    CHECK_FALSE(f.action(ActionId::ViewBlink)->isEnabled());
}

TEST_CASE("From a bad picture back to the plan: one step, which undo takes back")
{
    CompareFixture f;
    f.openOwnSample();
    f.setBase("nvfp4");
    f.action(ActionId::ComparePictures)->trigger();
    f.choosePictures("a red circle", "3", 4);
    f.makePictures();
    REQUIRE(f.page()->selection());
    f.action(ActionId::MarkBad)->trigger();
    f.find<QPlainTextEdit>("pairNote")->setPlainText(QStringLiteral("no circle"));
    f.find<QComboBox>("pairRating")->setCurrentIndex(2);
    f.find<QComboBox>("variantRating")->setCurrentIndex(4);
    const ComparedVariant& variant = f.comparison().comparison().variants[1];
    const QString key = JudgementStore::keyOf(variant.pairs[0]);
    CHECK(f.window.judgements().of(key) == Judgement{2, true, "no circle"});

    QUndoStack* stack = f.window.document().undoStack();
    const int steps = stack->count();
    QSignalSpy measured(&f.window.promotion(), &PromotionPresenter::measured);
    QSignalSpy failed(&f.window.promotion(), &PromotionPresenter::failed);
    f.action(ActionId::FindLayers)->trigger();
    REQUIRE(waitFor([&] { return measured.count() + failed.count() == 1; }, 240000));
    INFO(f.find<QLabel>("promotionSummary")->text().toStdString());
    REQUIRE(measured.count() == 1);
    const Promotion promotion = *f.window.promotion().promotion();
    CHECK(promotion.measure == HarmMeasure::DenoiserError); // of this prompt and seed
    REQUIRE_FALSE(promotion.chosen.empty());
    CHECK(promotion.harmAfter <= (1 - kWantedRelief) * promotion.harmBefore);
    CHECK(promotion.bytesAfter > promotion.bytesBefore);
    CHECK(promotion.bytesBefore == f.window.document().state()->fileBytes.value());
    for (std::size_t i = 1; i < promotion.layers.size(); ++i)
        CHECK(promotion.layers[i - 1].harm >= promotion.layers[i].harm);
    CHECK(f.find<QTreeWidget>("promotionList")->topLevelItemCount()
        >= static_cast<int>(promotion.chosen.size()));

    f.click("promotionApply");
    REQUIRE(waitFor([&] { return !f.window.document().isResolving(); }));
    CHECK(stack->count() == steps + 1);
    CHECK(stack->undoText().startsWith(QLatin1String("Promote")));
    CHECK(f.window.document().state()->fileBytes.value() == promotion.bytesAfter); // the forecast holds
    // The promoted plan draws a picture that is closer to the original's.
    const double before = variant.mean.at(metricIndex("psnr_db")).value();
    f.makePictures();
    const ComparedVariant& after = f.comparison().comparison().variants[1];
    CHECK(after.mean.at(metricIndex("psnr_db")).value() > before);
    CHECK(f.comparison().comparison().variants[0].reused == 1);
    stack->undo();
    CHECK(f.window.document().plan().overrides.empty());
}

TEST_CASE("An export leads to its comparison, a blind test and a report")
{
    CompareFixture f;
    f.openOwnSample();
    f.setBase("float8_e4m3fn");
    QSignalSpy exported(&f.window.exporter(), &ExportPresenter::finished);
    f.window.exporter().start(f.folder.filePath(QStringLiteral("small.safetensors")), {});
    REQUIRE(waitFor([&] { return exported.count() == 1; }, 60000));
    REQUIRE(waitFor([&] { return f.visible<QWidget>("compareExport"); }));
    f.click("compareExport");
    REQUIRE(f.visible<QWidget>("comparePage"));
    auto* list = f.find<QListWidget>("compareVariants");
    REQUIRE(list->count() == 2);
    CHECK(list->item(0)->checkState() == Qt::Unchecked); // the plan in memory has nothing to add
    CHECK(list->item(1)->text() == "small");
    f.choosePictures("a red circle\na blue square\na green triangle", "0", 4);
    f.makePictures();
    const Comparison& comparison = f.comparison().comparison();
    REQUIRE(comparison.variants.size() == 2);
    CHECK(comparison.variants[1].bytes
        == static_cast<std::uint64_t>(
            QFileInfo(f.folder.filePath(QStringLiteral("small.safetensors"))).size()));
    CHECK(comparison.variants[1].secondsPerStep.has_value());

    f.action(ActionId::BlindTest)->trigger();
    REQUIRE(waitFor([] { return QApplication::activeModalWidget() != nullptr; }));
    auto* dialog = qobject_cast<BlindTestDialog*>(QApplication::activeModalWidget());
    REQUIRE(dialog != nullptr);
    auto* viewport = dialog->findChild<PictureViewport*>();
    CHECK_FALSE(viewport->description().contains(QStringLiteral("small")));
    for (int trial = 0; trial < 3; ++trial) {
        REQUIRE(waitFor([&] { return viewport->pair().isComplete(); }));
        REQUIRE(waitFor([&] {
            QTest::keyClick(dialog, trial == 2 ? Qt::Key_0 : Qt::Key_1);
            return dialog->test().answered() == static_cast<std::size_t>(trial) + 1;
        }));
    }
    CHECK(dialog->test().isFinished());
    const BlindScore score = dialog->test().score();
    CHECK(score.undecided == 1);
    CHECK(score.decided() == 2);
    CHECK(
        dialog->findChild<QLabel*>(QStringLiteral("blindQuestion"))->text().contains(QStringLiteral("of 2")));
    QTest::keyClick(dialog, Qt::Key_Escape);
    CHECK(f.window.judgements().blindOf(JudgementStore::keyOf(comparison.variants[1], comparison.variants[0]))
        == score);

    QSignalSpy written(&f.comparison(), &ComparisonPresenter::reportWritten);
    f.comparison().exportReport(f.folder.filePath(QStringLiteral("report")));
    REQUIRE(waitFor([&] { return written.count() == 1; }, 60000));
    for (const char* name : {"report.html", "report.pdf", "report.json", "report.csv"})
        CHECK(QFile::exists(f.folder.filePath(QStringLiteral("report/") + QLatin1String(name))));
    CHECK(f.find<QLabel>("messageText")->text().contains("report.html"));
    // The pictures went along; those that are shown are still the cache's.
    CHECK(QFile::exists(f.folder.filePath(QStringLiteral("report/pictures/small/001-seed0.png"))));
}
