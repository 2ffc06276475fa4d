// SPDX-License-Identifier: GPL-3.0-or-later
// Ratings, notes and blind results come back; seeds are read; tables of a comparison sort.
#include "tests/support/made_pictures.h"
#include "tests/ui/support/synthetic_model.h"
#include "engine/image/png.h"
#include "ui/models/metric_columns.h"
#include "ui/models/pair_table_model.h"
#include "ui/models/picture_grid_model.h"
#include "ui/models/variant_table_model.h"
#include "ui/text.h"
#include "ui/widgets/blind_test_dialog.h"
#include "ui/widgets/folders_dialog.h"
#include "ui/widgets/wrapped_header.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDir>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

ComparedPair pairOf(const char* reference, const char* test)
{
    ComparedPair pair;
    pair.reference = reference;
    pair.test = test;
    return pair;
}

/// Two folders of pictures: "same" is equal, "little" and "much" are not.
struct Folders {
    QTemporaryDir folder;
    PlanDocument document;
    JudgementStore judgements{folder.filePath(QStringLiteral("state"))};
    ComparisonPresenter presenter{document, judgements};

    Folders()
    {
        const Picture x = mantissa::test::madePicture(40, 30, 1);
        const Picture noisy = mantissa::test::distorted(x, "noise", 1);
        Picture dotted = x;
        dotted.rgb[600] = static_cast<std::uint8_t>(dotted.rgb[600] ^ 64U);
        write("a/same.png", x);
        write("a/little.png", x);
        write("a/much.png", x);
        write("b/same.png", x);
        write("b/little.png", dotted);
        write("b/much.png", noisy);
    }
    void write(const char* name, const Picture& picture)
    {
        const QString file = folder.filePath(QLatin1String(name));
        QDir().mkpath(QFileInfo(file).absolutePath());
        REQUIRE(writePng(toPath(file), picture, {}, true).has_value());
    }
    void compare()
    {
        QSignalSpy finished(&presenter, &ComparisonPresenter::finished);
        QSignalSpy failed(&presenter, &ComparisonPresenter::failed);
        presenter.startFolders({folder.filePath(QStringLiteral("a")), folder.filePath(QStringLiteral("b"))});
        REQUIRE(waitFor([&] { return finished.count() + failed.count() == 1; }, 30000));
        REQUIRE(finished.count() == 1);
    }
};

} // namespace

TEST_CASE("Judgements are kept by what was judged and come back")
{
    const QTemporaryDir folder;
    const char* key1 = "0123456789abcdef0123456789abcdef";
    const std::string cached = std::string("/cache/01/") + key1 + ".png";
    const QString key = JudgementStore::keyOf(pairOf(cached.c_str(), "/elsewhere/b.png"));
    // The cache may move: the name is the content.
    const std::string moved = std::string("/other/") + key1 + ".png";
    CHECK(JudgementStore::keyOf(pairOf(moved.c_str(), "/elsewhere/b.png")) == key);
    CHECK(JudgementStore::keyOf(pairOf(cached.c_str(), "/elsewhere/c.png")) != key);
    CHECK(JudgementStore::keyOf(pairOf("/elsewhere/b.png", cached.c_str())) != key);
    {
        JudgementStore store(folder.path());
        QSignalSpy changed(&store, &JudgementStore::changed);
        store.set(key, {4, true, "hands"});
        store.set(key, {4, true, "hands"}); // nothing new
        store.setBlind(QStringLiteral("variant"), {7, 2, 1});
        store.set(QStringLiteral("gone"), {1, false, ""});
        store.set(QStringLiteral("gone"), {});
        CHECK(changed.count() == 4);
    }
    JudgementStore again(folder.path());
    QSignalSpy loaded(&again, &JudgementStore::loaded);
    REQUIRE(waitFor([&] { return loaded.count() == 1; }));
    CHECK(again.of(key) == Judgement{4, true, "hands"});
    CHECK(again.blindOf(QStringLiteral("variant")) == BlindScore{7, 2, 1});
    CHECK(again.of(QStringLiteral("gone")).isEmpty());
    CHECK_FALSE(again.blindOf(key).has_value());

    REQUIRE(writeWhole(folder.filePath(QStringLiteral("judgements.json")), "{\"format\": 9}").has_value());
    JudgementStore broken(folder.path());
    QSignalSpy failed(&broken, &JudgementStore::failed);
    REQUIRE(waitFor([&] { return failed.count() == 1; }));
}

TEST_CASE("Judgements travel with a project, and those that are known stay as they are")
{
    const QTemporaryDir here, there;
    QJsonObject carried;
    const std::string shown = "/cache/01/0123456789abcdef0123456789abcdef.png";
    Comparison comparison;
    comparison.variants.resize(2);
    comparison.variants[1].name = "small";
    comparison.variants[1].pairs.push_back(pairOf(shown.c_str(), shown.c_str()));
    const QString ofShown = JudgementStore::keyOf(comparison.variants[1].pairs[0]);
    {
        JudgementStore store(here.path());
        store.set(QStringLiteral("before"), {1, false, "of another project"});
        store.set(ofShown, {2, false, ""});
        store.forgetProject();
        store.set(QStringLiteral("now"), {4, true, "hands"});
        store.setBlind(QStringLiteral("now"), {7, 2, 1});
        carried = store.ofProject(comparison);
    }
    CHECK(carried.keys().size() == 2);
    JudgementStore other(there.path());
    other.set(ofShown, {5, false, "mine"});
    other.forgetProject();
    other.takeOver(carried);
    CHECK(other.of(QStringLiteral("now")) == Judgement{4, true, "hands"});
    CHECK(other.blindOf(QStringLiteral("now")) == BlindScore{7, 2, 1});
    CHECK(other.of(ofShown) == Judgement{5, false, "mine"});
    CHECK(other.of(QStringLiteral("before")).isEmpty());
    CHECK(other.ofProject({}).keys() == carried.keys()); // saved again, they go on
}

TEST_CASE("What was compared becomes a command line with its files")
{
    const QTemporaryDir folder;
    const QString target = folder.filePath(QStringLiteral("it's a report"));
    ComparisonRecord record;
    CHECK(comparisonCommand(record, target).isEmpty());
    auto plan = std::make_shared<QuantPlan>();
    plan->base.format = "nvfp4";
    record.variants = {{QStringLiteral("original"), QStringLiteral("/m/a b.safetensors"), {}, nullptr},
        {QStringLiteral("FP8 (E4M3)"), {}, QStringLiteral("float8_e4m3fn"), nullptr},
        {QStringLiteral("a/b"), QStringLiteral("/m/c.safetensors"), {}, nullptr},
        {QStringLiteral("Plan as it is now"), {}, {}, plan}};
    record.prompts = {"a red circle", "a \"blue\" square"};
    record.seeds = {0, 7};
    record.steps = 5;
    record.width = record.height = 64;
    record.sampling = {QStringLiteral("euler"), QStringLiteral("karras"), 4.5};
    record.negative = QStringLiteral("a blue one");
    record.statistics = QStringLiteral("/m/s.safetensors");
    record.lpips = {QStringLiteral("/w/alex.pth")};
    const std::string text = comparisonCommand(record, target).toStdString();
    CHECK(text.starts_with("mantissa compare 'original=/m/a b.safetensors' 'FP8 (E4M3)=:float8_e4m3fn' "
                           "/m/c.safetensors 'Plan as it is now=:"));
    CHECK(text.find("it'\\''s a report/plans/Plan_as_it_is_now.json' -o ") != std::string::npos);
    CHECK(text.find(" --seeds 0,7 --steps 5 --size 64x64 --sampler euler --scheduler karras --cfg 4.5 "
                    "--negative 'a blue one' --calibration /m/s.safetensors --lpips /w/alex.pth")
        != std::string::npos);
    REQUIRE(writeComparisonInputs(record, target));
    CHECK(readWhole(target + QStringLiteral("/prompts.txt"), 1000).value()
        == "a red circle\na \"blue\" square\n");
    const auto written = readWhole(target + QStringLiteral("/plans/Plan_as_it_is_now.json"), 100'000);
    REQUIRE(written.has_value());
    CHECK(parsePlan(written->toStdString()).value() == *plan);
    record.repeatable = false;
    CHECK(comparisonCommand(record, target).isEmpty());
}

TEST_CASE("Titles are wrapped, and elided where there is no room")
{
    const QFont font = QApplication::font();
    const QFontMetricsF metrics(font);
    const QString prompt
        = QStringLiteral("a red circle above a blue square on a grey ground, seen from afar");
    const double width = metrics.horizontalAdvance(QStringLiteral("a red circle above a bl"));
    const QStringList whole = wrappedAndElided(prompt, font, width, 9).split(QLatin1Char('\n'));
    CHECK(whole.join(QLatin1Char(' ')) == prompt);
    CHECK(whole.size() > 2);
    const QStringList two = wrappedAndElided(prompt, font, width, 2).split(QLatin1Char('\n'));
    REQUIRE(two.size() == 2);
    CHECK(two[0] == whole[0]);
    CHECK(two[1].endsWith(QStringLiteral("…")));
    for (const QString& line : two)
        CHECK(metrics.horizontalAdvance(line) <= width);
    CHECK(wrappedAndElided(QStringLiteral("short"), font, width, 2) == "short");
}

TEST_CASE("More than two folders are compared, the first is the baseline of all")
{
    Folders f;
    const Picture x = mantissa::test::madePicture(40, 30, 1);
    for (const char* name : {"c/same.png", "c/little.png", "c/much.png"})
        f.write(name, x);
    FoldersDialog dialog(f.folder.path());
    auto* compare = dialog.findChild<QPushButton*>(QStringLiteral("foldersCompare"));
    for (const char* name : {"b", "a", "a", "c"})
        dialog.add(f.folder.filePath(QLatin1String(name)));
    CHECK(compare->isEnabled());
    dialog.findChild<QListWidget*>(QStringLiteral("foldersList"))->setCurrentRow(1);
    dialog.findChild<QToolButton*>(QStringLiteral("foldersFirst"))->click();
    REQUIRE(dialog.folders()
        == QStringList{f.folder.filePath(QStringLiteral("a")), f.folder.filePath(QStringLiteral("b")),
            f.folder.filePath(QStringLiteral("c"))});
    QSignalSpy finished(&f.presenter, &ComparisonPresenter::finished);
    f.presenter.startFolders(dialog.folders());
    REQUIRE(waitFor([&] { return finished.count() == 1; }, 30000));
    const auto& variants = f.presenter.comparison().variants;
    REQUIRE(variants.size() == 3);
    CHECK(variants[0].name == "a");
    CHECK(variants[1].mean.at(metricIndex("flip")).value() > 0);
    CHECK(variants[2].mean.at(metricIndex("flip")).value() == 0);
    CHECK(comparisonCommand(f.presenter.record(), QStringLiteral("/r"))
              .contains(QStringLiteral("--images a=")));
    PictureGridModel grid(f.presenter);
    grid.setVariant(2);
    CHECK(grid.rowCount() == 3);
}

TEST_CASE("Two windows keep each other's judgements")
{
    const QTemporaryDir folder;
    {
        JudgementStore first(folder.path()), second(folder.path());
        Judgement good;
        good.rating = 5;
        first.set(QStringLiteral("a"), good);
        first.set(QStringLiteral("gone"), good);
        REQUIRE(waitFor([&] {
            const auto text = readWhole(folder.filePath(QStringLiteral("judgements.json")), 1 << 20);
            return text && text->contains("gone");
        }));
        second.set(QStringLiteral("b"), good);
        REQUIRE(waitFor([&] {
            const auto text = readWhole(folder.filePath(QStringLiteral("judgements.json")), 1 << 20);
            return text && text->contains("\"b\"");
        }));
        first.set(QStringLiteral("gone"), {});
    } // what waits is written
    JudgementStore again(folder.path());
    QSignalSpy loaded(&again, &JudgementStore::loaded);
    REQUIRE(waitFor([&] { return loaded.count() == 1; }));
    CHECK(again.of(QStringLiteral("a")).rating == 5);
    CHECK(again.of(QStringLiteral("b")).rating == 5);
    CHECK(again.of(QStringLiteral("gone")).isEmpty());
}

TEST_CASE("Seeds are numbers and ranges")
{
    using Seeds = std::vector<std::uint64_t>;
    CHECK(parseSeeds(QStringLiteral("0, 1, 5-8")) == Seeds{0, 1, 5, 6, 7, 8});
    CHECK(parseSeeds(QStringLiteral("3")) == Seeds{3});
    CHECK(parseSeeds(QStringLiteral("3;3; 2 – 4")) == Seeds{3, 2, 4});
    CHECK(parseSeeds(QStringLiteral("18446744073709551615")) == Seeds{18446744073709551615ULL});
    for (const char* bad : {"", "x", "1,,x", "-1", "4-2", "0-5000", "1.5", "18446744073709551616"})
        CHECK(parseSeeds(QLatin1String(bad)).empty());
}

TEST_CASE("Tables of a comparison of folders show, sort and stay valid")
{
    Folders f;
    PairTableModel pairs(f.presenter, f.judgements);
    PictureGridModel grid(f.presenter);
    VariantTableModel variants(f.presenter, f.judgements);
    MetricSortProxy sorted(&pairs);
    const QAbstractItemModelTester first(&pairs), second(&grid), third(&variants), fourth(&sorted);
    f.compare();
    grid.setVariant(1);
    REQUIRE(pairs.rowCount() == 3);
    REQUIRE(variants.rowCount() == 2);
    const int psnr = PairTableModel::FirstMetric + static_cast<int>(metricIndex("psnr_db"));
    const int flip = PairTableModel::FirstMetric + static_cast<int>(metricIndex("flip"));
    const int msSsim = PairTableModel::FirstMetric + static_cast<int>(metricIndex("ms_ssim"));
    const auto names = [&] {
        QStringList order;
        for (int row = 0; row < sorted.rowCount(); ++row)
            order << sorted.index(row, PairTableModel::Prompt).data().toString();
        return order.join(QLatin1Char(' ')).toStdString();
    };
    sorted.sort(flip, Qt::DescendingOrder);
    CHECK(names() == "much little same");
    sorted.sort(psnr, Qt::DescendingOrder);
    CHECK(names() == "same little much");
    CHECK(sorted.index(0, psnr).data().toString() == "∞");
    CHECK(pairs.index(0, msSsim).data().toString() == "not defined"); // 40 × 30 pixels are too few
    // Outliers first.
    CHECK(grid.headerData(0, Qt::Vertical, Qt::DisplayRole).toString() == "much");
    grid.setOutliersFirst(false);
    CHECK(grid.headerData(0, Qt::Vertical, Qt::DisplayRole).toString() == "little"); // by name
    REQUIRE(waitFor([&] { return !grid.index(0, 0).data(Qt::DecorationRole).isNull(); }));

    // A rating shows, sorts, and what has none comes last either way.
    const auto [variant, pair] = pairs.placeOf(0);
    f.judgements.set(JudgementStore::keyOf(*f.presenter.pair(variant, pair)), {3, false, "edges"});
    const QString rated = pairs.index(0, pairs.ratingColumn()).data().toString();
    CHECK(rated.startsWith(QStringLiteral("★★★☆☆")));
    for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        sorted.sort(pairs.ratingColumn(), order);
        CHECK(sorted.index(0, pairs.ratingColumn()).data().toString() == rated);
    }
}

TEST_CASE("A report of the window has ratings, notes and the blind test in it")
{
    Folders f;
    f.compare();
    const ComparedVariant& variant = f.presenter.comparison().variants[1];
    f.judgements.set(JudgementStore::keyOf(variant.pairs[0]), {2, true, "the sky, \"banded\""});
    f.judgements.setBlind(
        JudgementStore::keyOf(variant, f.presenter.comparison().variants[0]), BlindScore{1, 4, 0});
    QSignalSpy written(&f.presenter, &ComparisonPresenter::reportWritten);
    f.presenter.exportReport(f.folder.filePath(QStringLiteral("report")));
    REQUIRE(waitFor([&] { return written.count() == 1; }, 30000));
    const auto text = [&](const char* name) {
        const auto read = readWhole(f.folder.filePath(QLatin1String(name)), 64 << 20);
        REQUIRE(read.has_value());
        return read->toStdString();
    };
    CHECK(text("report/report.csv").find(",2,yes,\"the sky, \"\"banded\"\"\"") != std::string::npos);
    CHECK(text("report/report.json").find("\"baseline_preferred\": 4") != std::string::npos);
    CHECK(text("report/report.html").find("banded") != std::string::npos);
    CHECK(text("report/report.pdf").starts_with("%PDF-"));
    CHECK(QFile::exists(f.folder.filePath(QStringLiteral("report/maps/b/much-flip.png"))));
}

TEST_CASE("What a blind test proves is said in words")
{
    const QString name = QStringLiteral("FP8");
    const QString even = blindText({5, 4, 1}, name);
    CHECK(even.contains(QStringLiteral("5 of 9")));
    CHECK(even.contains(QStringLiteral("may be chance")));
    const QString worse = blindText({0, 9, 0}, name);
    CHECK(worse.contains(QStringLiteral("less than the baseline")));
    CHECK(blindText({9, 0, 0}, name).contains(QStringLiteral("better than the baseline")));
    CHECK(blindText({0, 0, 6}, name).contains(QStringLiteral("no difference")));
}
