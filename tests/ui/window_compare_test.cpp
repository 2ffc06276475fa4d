// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing pictures in the real window, with real pictures of the sample model.
#include "tests/support/tiny_checkpoint.h"
#include "tests/ui/support/child_processes.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/models/metric_columns.h"
#include "ui/pages/compare_page.h"
#include "ui/settings.h"
#include "ui/widgets/blind_test_dialog.h"
#include "ui/widgets/comparison_setup.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>
#include <QUndoStack>

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>

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
        choose(find<QComboBox>("basePicker"), format);
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

/// A small but whole AlexNet under the names of lpips.LPIPS.
void writeLpips(const QString& file)
{
    using mantissa::test::tinyF32;
    using mantissa::test::tinyRandom;
    struct Conv {
        int slice, index;
        std::int64_t outputs, inputs, kernel;
    };
    constexpr Conv kAlex[] = {{1, 0, 64, 3, 11}, {2, 3, 192, 64, 5}, {3, 6, 384, 192, 3}, {4, 8, 256, 384, 3},
        {5, 10, 256, 256, 3}};
    std::vector<mantissa::test::TinyTensor> tensors;
    unsigned seed = 1;
    for (const Conv& conv : kAlex) {
        const std::string name = fmt::format("net.slice{}.{}.", conv.slice, conv.index);
        tensors.push_back(
            tinyRandom(name + "weight", {conv.outputs, conv.inputs, conv.kernel, conv.kernel}, seed++));
        tensors.push_back(tinyRandom(name + "bias", {conv.outputs}, seed++));
        tensors.push_back(
            tinyF32(fmt::format("lin{}.model.1.weight", conv.slice - 1), {1, conv.outputs, 1, 1}, {0.1F}));
    }
    mantissa::test::writeTiny(toPath(file), tensors);
}

QStringList headersOf(const QTableView* table)
{
    QStringList headers;
    for (int column = 0; column < table->model()->columnCount(); ++column)
        headers << table->model()->headerData(column, Qt::Horizontal).toString();
    return headers;
}

QJsonObject readJson(const QString& file)
{
    const auto text = readWhole(file, 64 << 20);
    REQUIRE(text.has_value());
    return QJsonDocument::fromJson(*text).object();
}

} // namespace

TEST_CASE("LPIPS is a column where its weights are named, and a sentence where they are none", "[torch]")
{
    CompareFixture f;
    f.openOwnSample();
    f.setBase("nvfp4");
    f.action(ActionId::ComparePictures)->trigger();
    f.choosePictures("a red circle", "0", 2);
    const QString weights = f.folder.filePath(QStringLiteral("alex.safetensors"));
    writeLpips(weights);
    auto* pairs = f.find<QTableView>("comparePairs");
    CHECK_FALSE(headersOf(pairs).contains(QStringLiteral("LPIPS")));

    // By the dialog of settings, which the page's own field follows.
    setSettingValue(
        Setting::LpipsWeights, QStringList{f.folder.filePath(QStringLiteral("model.safetensors"))});
    f.page()->setup()->showLpips();
    CHECK(f.find<QLineEdit>("compareLpipsNames")->text() == "model.safetensors");
    QSignalSpy failed(&f.comparison(), &ComparisonPresenter::failed);
    f.click("compareStart");
    REQUIRE(waitFor([&] { return failed.count() == 1; }, 60000));
    CHECK(f.find<QLabel>("messageText")->text().contains("LPIPS"));
    CHECK(f.comparison().comparison().variants.empty());

    setSettingValue(Setting::LpipsWeights, QStringList{weights});
    f.makePictures();
    REQUIRE(headersOf(pairs).contains(QStringLiteral("LPIPS")));
    CHECK(headersOf(f.find<QTableView>("compareTotals")).contains(QStringLiteral("LPIPS")));
    const std::size_t lpips = metricIndex("lpips");
    const auto& variant = f.comparison().comparison().variants[1];
    REQUIRE(variant.pairs[0].values.at(lpips).has_value());
    CHECK(*variant.pairs[0].values[lpips] > 0);
    CHECK(*variant.mean.at(lpips) == *variant.pairs[0].values[lpips]);
    const QString report = f.folder.filePath(QStringLiteral("report"));
    QSignalSpy written(&f.comparison(), &ComparisonPresenter::reportWritten);
    f.comparison().exportReport(report);
    REQUIRE(waitFor([&] { return written.count() == 1; }, 60000));
    const QJsonObject json = readJson(report + QStringLiteral("/report.json"));
    CHECK(
        json[QStringLiteral("variants")][1][QStringLiteral("mean")][QStringLiteral("lpips")].toDouble() > 0);
    CHECK(json[QStringLiteral("command")].toString().contains(QStringLiteral("--lpips ") + weights));

    // Taken away, the next comparison does without.
    f.click("compareLpipsClear");
    CHECK(settingValue(Setting::LpipsWeights).toStringList().isEmpty());
    f.makePictures();
    CHECK_FALSE(headersOf(pairs).contains(QStringLiteral("LPIPS")));
    CHECK(f.sum(&ComparedVariant::made) == 0); // pictures have nothing to do with how they are measured
}

TEST_CASE("A plan that statistics make is compared, and the report's command does it again", "[torch]")
{
    CompareFixture f;
    f.openOwnSample();
    f.setBase("nvfp4");
    QuantPlan plan = f.window.document().plan();
    plan.recipe = "light";
    f.window.document().edit(std::move(plan), QStringLiteral("Recipe"));
    f.settle();
    f.action(ActionId::ComparePictures)->trigger();
    f.find<QComboBox>("compareSource")->setCurrentIndex(2);
    f.find<QPlainTextEdit>("compareTyped")->setPlainText(QStringLiteral("a red circle\nit's a \"square\""));
    CHECK(f.find<QLabel>("compareProblem")->text().contains("statistics"));

    CalibrationSettings calibration;
    calibration.count = 1;
    calibration.steps = 2;
    calibration.output = f.folder.filePath(QStringLiteral("s.safetensors"));
    f.window.calibration().start(calibration);
    REQUIRE(waitFor([&] { return f.window.calibration().hasStatistics(); }, 240000));
    f.choosePictures("a red circle\nit's a \"square\"", "0, 3", 2);
    f.comparison().add({VariantChoice::Kind::Format, QStringLiteral("nvfp4"), true});
    f.makePictures();
    const Comparison& comparison = f.comparison().comparison();
    REQUIRE(comparison.variants.size() == 3);
    CHECK(comparison.variants[1].plan.find("\"recipe\": \"light\"") != std::string::npos);
    const std::size_t psnr = metricIndex("psnr_db");
    CHECK(comparison.variants[1].mean.at(psnr) != comparison.variants[2].mean.at(psnr));

    const QString report = f.folder.filePath(QStringLiteral("report"));
    QSignalSpy written(&f.comparison(), &ComparisonPresenter::reportWritten);
    f.comparison().exportReport(report);
    REQUIRE(waitFor([&] { return written.count() == 1; }, 60000));
    const QJsonObject json = readJson(report + QStringLiteral("/report.json"));
    const QString command = json[QStringLiteral("command")].toString();
    INFO(command.toStdString());
    CHECK(QFile::exists(report + QStringLiteral("/plans/Plan_as_it_is_now.json")));
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"),
        {QStringLiteral("-c"),
            QStringLiteral("PATH=\"%1:$PATH\"; %2").arg(QCoreApplication::applicationDirPath(), command)});
    REQUIRE(shell.waitForFinished(120000));
    INFO(shell.readAllStandardError().toStdString());
    REQUIRE(shell.exitCode() == 0);
    const QJsonObject again = readJson(report + QStringLiteral("-again/report.json"));
    for (int variant = 0; variant < 3; ++variant) {
        const auto of = [variant](const QJsonObject& document, const char* key) {
            return document[QStringLiteral("variants")][variant][QLatin1String(key)];
        };
        CHECK(of(again, "name") == of(json, "name"));
        CHECK(of(again, "mean") == of(json, "mean"));
        CHECK(of(again, "pictures_made") == 0); // the very same pictures
    }
}

TEST_CASE("Pictures and plots are copied and saved as they are seen", "[torch]")
{
    CompareFixture f;
    f.openOwnSample();
    PictureSaver& pictures = f.window.pictures();
    QSignalSpy saved(&pictures, &PictureSaver::saved), failed(&pictures, &PictureSaver::failed);
    const auto save = [&](QWidget* view, const char* name) {
        const QString file = f.folder.filePath(QLatin1String(name));
        const auto before = saved.count() + failed.count();
        pictures.save(view, file);
        REQUIRE(waitFor([&] { return saved.count() + failed.count() == before + 1; }));
        return readWhole(file, 64 << 20).value_or(QByteArray());
    };
    f.find<QDockWidget>("dockBudget")->show();
    f.find<QDockWidget>("dockBudget")->raise();
    auto* plot = f.find<QWidget>("budgetPlot");
    const QByteArray svg = save(plot, "plot.svg");
    CHECK(svg.contains("<svg"));
    CHECK(svg.contains("Signal to error")); // letters, not pixels
    CHECK(save(plot, "plot.pdf").startsWith("%PDF-"));

    f.action(ActionId::ComparePictures)->trigger();
    CHECK(pictures.current() == f.page()->viewport());
    f.setBase("nvfp4");
    f.choosePictures("a red circle", "0", 2);
    f.makePictures();
    REQUIRE(waitFor([&] { return f.page()->viewport()->pair().isComplete(); }));
    const QImage seen = f.page()->viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
    const QByteArray png = save(f.page()->viewport(), "view.png");
    CHECK(QImage::fromData(png, "PNG").convertToFormat(QImage::Format_RGB32) == seen);
    CHECK(f.find<QLabel>("messageText")->text().contains("view.png"));
    CHECK(save(f.page()->viewport(), "view.pdf").startsWith("%PDF-"));
    CHECK(save(f.page()->viewport(), "view.gif").isEmpty());
    CHECK(failed.count() == 1);
    f.action(ActionId::CopyPicture)->trigger();
    CHECK(QApplication::clipboard()->image().convertToFormat(QImage::Format_RGB32) == seen);
    CHECK(f.page()->viewport()->actions().size() == 2); // in its context menu too
}

TEST_CASE("Pictures are made in the window, stopped, gone on with, and looked at in every way", "[torch]")
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

    auto* more = f.find<QToolButton>("compareMore");
    CHECK_FALSE(f.visible<QComboBox>("compareSampler"));
    more->click();
    auto* sampler = f.find<QComboBox>("compareSampler");
    sampler->setCurrentIndex(sampler->findData(QStringLiteral("heun")));
    f.find<QDoubleSpinBox>("compareCfg")->setValue(2.5);
    f.find<QLineEdit>("compareNegative")->setText(QStringLiteral("blue"));
    more->click();
    CHECK(more->text() == "More: heun, guidance 2.5, not: blue");
    f.makePictures(); // other settings, other pictures
    CHECK(f.sum(&ComparedVariant::reused) == 0);
    const auto& facts = f.comparison().comparison().settings;
    const auto fact = [&facts](const std::string& name) {
        const auto it
            = std::find_if(facts.begin(), facts.end(), [&](const auto& each) { return each.first == name; });
        return it == facts.end() ? std::string() : it->second;
    };
    CHECK(fact("Sampler") == "heun");
    CHECK(fact("Guidance") == "2.5");
    CHECK(fact("Negative prompt") == "blue");
    CHECK(comparisonCommand(f.comparison().record(), QStringLiteral("/r"))
              .contains(" --sampler heun --cfg 2.5 --negative blue"));
    sampler->setCurrentIndex(0);
    f.find<QDoubleSpinBox>("compareCfg")->setValue(-0.5);
    f.find<QLineEdit>("compareNegative")->clear();
    f.makePictures();
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

TEST_CASE("A comparison whose process is killed or crashes leaves the window, and goes on after its pictures",
    "[torch]")
{
    CompareFixture f;
    f.openOwnSample();
    f.setBase("nvfp4");
    f.action(ActionId::ComparePictures)->trigger();
    f.choosePictures("a red circle\na blue square", "7, 8", 5); // of no other test: they are kept
    QSignalSpy pairs(&f.comparison(), &ComparisonPresenter::pairDone);
    QSignalSpy previews(&f.comparison(), &ComparisonPresenter::previewed);
    QSignalSpy failed(&f.comparison(), &ComparisonPresenter::failed);
    const auto endBy = [&](int signal) {
        pairs.clear();
        failed.clear();
        f.click("compareStart");
        REQUIRE(waitFor([&] { return pairs.count() >= 2 || failed.count() > 0; }, 120000));
        const QList<pid_t> running = children();
        REQUIRE(running.size() == 1);
        REQUIRE(::kill(running.front(), signal) == 0);
        REQUIRE(waitFor([&] { return failed.count() == 1 && !f.comparison().isRunning(); }));
        return f.find<QLabel>("messageText")->text();
    };
    CHECK(endBy(SIGKILL).contains(QLatin1String("was killed")));
    CHECK(previews.count() >= 1);
    CHECK_FALSE(f.page()->viewport()->pair().isEmpty()); // what was made is still seen
    CHECK(endBy(SIGSEGV).contains(QLatin1String("SIGSEGV")));
    REQUIRE(waitFor([&] { return f.window.crashReports().reports().size() == 1; }));
    f.makePictures();
    CHECK(f.sum(&ComparedVariant::reused) >= 2);
    CHECK(f.sum(&ComparedVariant::made) + f.sum(&ComparedVariant::reused) == 8);

    // The window's own process takes the very same pictures, and says the same of them.
    const Comparison apart = f.comparison().comparison();
    setSettingValue(Setting::JobsApart, false);
    f.makePictures();
    const Comparison& here = f.comparison().comparison();
    CHECK(f.sum(&ComparedVariant::made) == 0);
    CHECK(here.settings == apart.settings);
    REQUIRE(here.variants.size() == apart.variants.size());
    for (std::size_t v = 0; v < here.variants.size(); ++v) {
        const ComparedVariant &a = here.variants[v], &b = apart.variants[v];
        CHECK(a.name == b.name);
        CHECK(a.bytes == b.bytes);
        CHECK(a.facts == b.facts);
        CHECK(a.plan == b.plan);
        CHECK(a.mean == b.mean);
        REQUIRE(a.worstLayers.size() == b.worstLayers.size());
        for (std::size_t i = 0; i < a.worstLayers.size(); ++i)
            CHECK(a.worstLayers[i].snrDb == b.worstLayers[i].snrDb);
        REQUIRE(a.pairs.size() == b.pairs.size());
        for (std::size_t i = 0; i < a.pairs.size(); ++i) {
            CHECK(a.pairs[i].test == b.pairs[i].test);
            CHECK(a.pairs[i].values == b.pairs[i].values);
            REQUIRE(a.pairs[i].steps.size() == b.pairs[i].steps.size());
            for (std::size_t step = 0; step < a.pairs[i].steps.size(); ++step)
                CHECK(a.pairs[i].steps[step].relativeError == b.pairs[i].steps[step].relativeError);
        }
    }
}

TEST_CASE("From a bad picture back to the plan: one step, which undo takes back", "[torch]")
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

TEST_CASE("An export leads to its comparison, a blind test and a report", "[torch]")
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
