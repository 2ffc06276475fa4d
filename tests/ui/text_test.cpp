// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/throughput.h"
#include "ui/widgets/format_badge.h"

#include <QGuiApplication>
#include <QMenuBar>
#include <QSet>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;

TEST_CASE("Sizes, shares and durations read as people write them")
{
    CHECK(sizeText(512) == "512 bytes");
    CHECK(sizeText(13'107'200) == "13.1 MB");
    CHECK(sizeText(6'938'040'682) == "6.94 GB");
    CHECK(savedText(200, 100) == QStringLiteral("−50.0 %"));
    CHECK(savedText(100, 104) == "+4.0 %");
    CHECK(savedText(0, 0) == "0 %");
    CHECK(shapeText({320, 768}) == QStringLiteral("320×768"));
    CHECK(shapeText({}) == "scalar");
    CHECK(durationText(80) == "1 min 20 s");
    CHECK(durationText(7262) == "2 h 1 min");
    CHECK(shortCountText(2'567'463'684) == "2.57 billion");
}

TEST_CASE("Values keep their order in a window that runs from right to left")
{
    const QString plain = sizeText(13'107'200);
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    const QString isolated = sizeText(13'107'200), saved = savedText(200, 100),
                  path = leftToRight("/home/me");
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    CHECK(isolated == QChar(0x2066) + plain + QChar(0x2069));
    CHECK(saved == QStringLiteral("\u2066−50.0 %\u2069"));
    CHECK(path == QStringLiteral("\u2066/home/me\u2069"));
    CHECK(leftToRight("/home/me") == "/home/me");
}

TEST_CASE("Errors become sentences")
{
    CHECK(errorSentence(
              {ErrorCode::InvalidInput, "the header is 9 bytes long", "a.safetensors", "download it again"})
        == "The header is 9 bytes long (a.safetensors).");
    CHECK(hintSentence({ErrorCode::InvalidInput, "x", "", "download it again"}) == "Download it again.");
    CHECK(asSentence(QStringLiteral("done…")) == QStringLiteral("Done…"));
}

TEST_CASE("Plural forms follow the number")
{
    const auto layers = [](int n) { return QCoreApplication::translate("Test", "%n layer(s)", nullptr, n); };
    CHECK(layers(1) == "1 layer");
    CHECK(layers(38) == "38 layers");
}

TEST_CASE("Throughput is smooth, and time left goes by bytes")
{
    Throughput throughput;
    CHECK_FALSE(throughput.bytesPerSecond());
    throughput.add(0, 0);
    for (int step = 1; step <= 100; ++step)
        throughput.add(static_cast<std::uint64_t>(step) * 10'000'000, step * 100);
    REQUIRE(throughput.bytesPerSecond());
    CHECK(*throughput.bytesPerSecond() == Approx(100e6).epsilon(0.01));
    CHECK(*throughput.secondsLeft(2'000'000'000) == Approx(10).epsilon(0.01));
    throughput.add(1'000'000'000, 10'100); // one slow step does not throw the estimate over
    CHECK(*throughput.bytesPerSecond() > 90e6);
    throughput.add(10, 10'200); // a new phase counts from zero
    CHECK(throughput.bytesPerSecond());
}

TEST_CASE("Badges of formats have letters of their own and readable text")
{
    QSet<QString> letters;
    for (const StorageFormat* format : storageFormats()) {
        const FormatInfo& info = format->info();
        INFO(info.id);
        CHECK_FALSE(badgeLetters(toQt(info.id)).isEmpty());
        CHECK_FALSE(letters.contains(badgeLetters(toQt(info.id))));
        letters.insert(badgeLetters(toQt(info.id)));
        const QColor color = formatColor(info.id);
        CHECK(contrastRatio(color, readableOn(color)) >= 4.5);
    }
}

TEST_CASE("Both palettes keep text readable")
{
    for (const QPalette& palette : {Theme::lightPalette(), Theme::darkPalette()}) {
        const QColor window = palette.color(QPalette::Window), base = palette.color(QPalette::Base);
        CHECK(contrastRatio(palette.color(QPalette::WindowText), window) >= 7);
        CHECK(contrastRatio(palette.color(QPalette::Text), base) >= 7);
        CHECK(contrastRatio(palette.color(QPalette::PlaceholderText), base) >= 4.5);
        CHECK(contrastRatio(palette.color(QPalette::PlaceholderText), window) >= 4.3);
        CHECK(contrastRatio(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight))
            >= 4.5);
        CHECK(contrastRatio(palette.color(QPalette::Link), base) >= 4.5);
        const ThemeColors& colors = Theme::colors(palette);
        for (const QColor& color : {colors.good, colors.warning, colors.danger, colors.muted})
            CHECK(contrastRatio(color, base) >= 4.5);
    }
}

TEST_CASE("Every action is in a menu, has a shortcut nobody else has, and an explanation")
{
    QMenuBar bar;
    Actions actions(&bar);
    actions.fill(&bar);
    QSet<QKeySequence> taken;
    int count = 0;
    for (const auto& [menu, group] : actions.byMenu())
        for (const QAction* action : group) {
            INFO(action->objectName().toStdString());
            ++count;
            CHECK_FALSE(action->text().isEmpty());
            CHECK_FALSE(action->toolTip().isEmpty());
            CHECK_FALSE(action->objectName().isEmpty());
            const bool beyondDigits = action->objectName().startsWith(QLatin1String("actionFormat_"));
            if (beyondDigits && action->shortcut().isEmpty())
                continue; // there are nine digits only
            CHECK_FALSE(action->shortcut().isEmpty());
            CHECK_FALSE(taken.contains(action->shortcut()));
            taken.insert(action->shortcut());
        }
    CHECK(count == static_cast<int>(ActionId::Count) + static_cast<int>(storageFormats().size()));
}
