// SPDX-License-Identifier: GPL-3.0-or-later
// The picture viewport, pixel by pixel and key by key, without a window manager and without an engine run.
#include "ui/viewport/picture_viewport.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <catch2/catch.hpp>

#include <set>

using namespace mantissa::ui;

namespace {

constexpr QRgb kBack = qRgb(1, 2, 3);

/// Every pixel has a colour of its own; `shift` tells pictures apart.
QImage coloured(int width, int height, int shift)
{
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            image.setPixel(x, y, qRgb((x * 7 + shift) % 256, (y * 11 + shift) % 256, (x + y) % 256));
    return image;
}

std::shared_ptr<const PictureLevels> levels(const QImage& image)
{
    return std::make_shared<const PictureLevels>(image);
}

PicturePair pairOf(const QImage& a, const QImage& b)
{
    return {levels(a), levels(b), QStringLiteral("original"), QStringLiteral("NVFP4")};
}

QImage painted(
    const PicturePair& pair, const PictureView& view, QSize size, const DifferencePlane* plane = nullptr)
{
    QImage target(size, QImage::Format_RGB32);
    target.fill(Qt::magenta);
    paintPictures(target, pair, plane, view, kBack);
    return target;
}

PictureView viewOf(ViewMode mode, double scale, QPointF centre)
{
    PictureView view;
    view.mode = mode;
    view.scale = scale;
    view.centre = centre;
    return view;
}

const ViewMode kAllModes[] = {ViewMode::SplitVertical, ViewMode::SplitHorizontal, ViewMode::SideBySide,
    ViewMode::Blink, ViewMode::Overlay, ViewMode::Difference};

struct Viewport : PictureViewport {
    Viewport()
    {
        resize(200, 100);
        show();
        setFocus();
        REQUIRE(QTest::qWaitForWindowExposed(this));
    }
    QImage shot() { return grab().toImage().convertToFormat(QImage::Format_RGB32); }
};

/// Calls back whenever a widget paints.
struct FramesOf : QObject {
    FramesOf(QWidget& widget, std::function<void()> each)
        : m_each(std::move(each))
    {
        widget.installEventFilter(this);
    }
    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            m_each();
        return false;
    }
    std::function<void()> m_each;
};

} // namespace

TEST_CASE("At 1:1 every mode shows the pictures' own pixels")
{
    const QImage a = coloured(20, 10, 0), b = coloured(20, 10, 90);
    const PicturePair pair = pairOf(a, b);
    const QSize size(20, 10);
    const QPointF centre(10, 5);

    PictureView view = viewOf(ViewMode::SplitVertical, 1, centre);
    view.split = 0.25;
    QImage seen = painted(pair, view, size);
    for (int y = 0; y < 10; ++y)
        for (int x = 0; x < 20; ++x)
            REQUIRE(seen.pixel(x, y) == (x < 5 ? a : b).pixel(x, y));

    view.mode = ViewMode::SplitHorizontal;
    view.split = 0.3;
    seen = painted(pair, view, size);
    for (int y = 0; y < 10; ++y)
        for (int x = 0; x < 20; ++x)
            REQUIRE(seen.pixel(x, y) == (y < 3 ? a : b).pixel(x, y));

    view.mode = ViewMode::Blink;
    CHECK(painted(pair, view, size) == a);
    view.showsB = true;
    CHECK(painted(pair, view, size) == b);

    view.mode = ViewMode::Overlay;
    view.opacity = 0;
    CHECK(painted(pair, view, size) == a);
    view.opacity = 1;
    CHECK(painted(pair, view, size) == b);
    view.opacity = 0.5;
    for (const int percent : {25, 50, 75}) { // each channel by itself, whatever the others do
        view.opacity = percent / 100.0;
        seen = painted(pair, view, size);
        const auto mean = [&](int one, int two) { return (one * (100 - percent) + two * percent) / 100; };
        for (int y = 0; y < 10; ++y)
            for (int x = 0; x < 20; ++x) {
                const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
                REQUIRE(seen.pixel(x, y)
                    == qRgb(mean(qRed(p), qRed(q)), mean(qGreen(p), qGreen(q)), mean(qBlue(p), qBlue(q))));
            }
    }

    // Two panes of 20 with a gap of two pixels.
    view = viewOf(ViewMode::SideBySide, 1, centre);
    seen = painted(pair, view, {42, 10});
    CHECK(seen.copy(0, 0, 20, 10) == a);
    CHECK(seen.copy(22, 0, 20, 10) == b);
    CHECK(seen.pixel(20, 5) == kBack);
}

TEST_CASE("Enlarged pixels stay squares, and what lies beside the picture is background")
{
    const QImage a = coloured(6, 6, 0), b = coloured(6, 6, 90);
    const PicturePair pair = pairOf(a, b);
    PictureView view = viewOf(ViewMode::Blink, 4, {3, 3});
    QImage seen = painted(pair, view, {32, 32});
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x) {
            const bool inside = x >= 4 && x < 28 && y >= 4 && y < 28;
            REQUIRE(seen.pixel(x, y) == (inside ? a.pixel((x - 4) / 4, (y - 4) / 4) : kBack));
        }
    // Panned far away nothing is left, and nothing breaks.
    view.centre = {400, -300};
    seen = painted(pair, view, {16, 16});
    CHECK(seen.pixel(0, 0) == kBack);
    CHECK(seen.pixel(15, 15) == kBack);
}

TEST_CASE("Smooth averages what nearest leaves out")
{
    QImage board(64, 64, QImage::Format_RGB32);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x)
            board.setPixel(x, y, (x + y) % 2 == 0 ? qRgb(255, 255, 255) : qRgb(0, 0, 0));
    const PicturePair pair = pairOf(board, board);
    PictureView view = viewOf(ViewMode::Blink, 0.25, {32, 32});
    for (const bool smooth : {false, true}) {
        view.smooth = smooth;
        const QImage seen = painted(pair, view, {16, 16});
        std::set<QRgb> colours;
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 16; ++x)
                colours.insert(seen.pixel(x, y));
        if (smooth)
            CHECK(colours == std::set<QRgb>{qRgb(128, 128, 128)});
        else
            CHECK(colours.count(qRgb(128, 128, 128)) == 0);
    }
    // At 1:1 smooth changes nothing.
    view.scale = 1;
    CHECK(painted(pair, view, {64, 64}) == board);
}

TEST_CASE("A large smooth view is drafted while it moves and refined when it rests")
{
    const QImage a = coloured(3000, 2500, 0), b = coloured(3000, 2500, 90);
    Viewport viewport;
    viewport.resize(1600, 1000);
    viewport.setPair(pairOf(a, b));
    viewport.setMode(ViewMode::Overlay);
    viewport.zoomBy(1.3);
    CHECK_FALSE(viewport.isDraft()); // nearest: there is nothing to save
    viewport.setSmooth(true);
    CHECK_FALSE(viewport.isDraft()); // one step, not a movement

    // Of the middle of the window; tags lie at its edges.
    const QRect middle = viewport.rect().marginsRemoved(QMargins(150, 100, 150, 100));
    const auto expected = [&](bool draft) {
        PictureView view = viewport.view();
        view.draft = draft;
        return painted(viewport.pair(), view, viewport.size()).copy(middle);
    };
    const auto seen = [&] { return viewport.shot().copy(middle); };
    CHECK(seen() == expected(false));
    REQUIRE(expected(false) != expected(true));
    QTest::keyClick(&viewport, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&viewport, Qt::Key_Down, Qt::ShiftModifier);
    REQUIRE(viewport.isDraft());
    CHECK(seen() == expected(true));
    int refined = 0; // by itself: nobody asks for a picture here
    FramesOf frames(viewport, [&] { refined += viewport.isDraft() ? 0 : 1; });
    REQUIRE(QTest::qWaitFor([&] { return refined > 0; }, 5000));
    CHECK(seen() == expected(false));

    // What fits into a frame is never drafted.
    viewport.setMode(ViewMode::Blink);
    viewport.zoomBy(1.1);
    CHECK_FALSE(viewport.isDraft());
    CHECK(seen() == expected(false));
}

TEST_CASE("A draft takes pixels of the halving that smooth would interpolate")
{
    QImage board(64, 64, QImage::Format_RGB32);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x)
            board.setPixel(x, y, (x + y) % 2 == 0 ? qRgb(255, 255, 255) : qRgb(0, 0, 0));
    PictureView view = viewOf(ViewMode::Overlay, 0.25, {32, 32});
    view.smooth = view.draft = true;
    const QImage seen = painted(pairOf(board, board), view, {16, 16});
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 16; ++x)
            REQUIRE(seen.pixel(x, y) == qRgb(128, 128, 128));
}

TEST_CASE("Equal pictures have a zero map of every kind, shown as black")
{
    const QImage a = coloured(37, 23, 5);
    const PicturePair pair = pairOf(a, a);
    for (const DifferenceKind kind :
        {DifferenceKind::Absolute, DifferenceKind::Relative, DifferenceKind::Signed}) {
        const auto plane = differenceOf(*pair.a, *pair.b, kind);
        CHECK(plane->isZero());
        for (const double scale : {0.2, 1.0, 3.0}) {
            PictureView view = viewOf(ViewMode::Difference, scale, {18.5, 11.5});
            view.difference = kind;
            view.gain = 64;
            const QImage seen = painted(pair, view, {200, 100}, plane.get());
            std::set<QRgb> colours;
            for (int y = 0; y < 100; ++y)
                for (int x = 0; x < 200; ++x)
                    colours.insert(seen.pixel(x, y));
            CHECK(colours.count(qRgb(0, 0, 0)) == 1);
            colours.erase(kBack);
            CHECK(colours.size() == 1);
        }
    }
    CHECK(differenceOf(2, 2, {0, 0, 0, 0})->isZero());
    CHECK_FALSE(differenceOf(2, 2, {0, 0, 1e-6F, 0})->isZero());
}

TEST_CASE("A difference of one step in one pixel of a large picture is seen from afar")
{
    QImage a(1000, 800, QImage::Format_RGB32);
    a.fill(qRgb(100, 100, 100));
    QImage b = a;
    b.setPixel(733, 411, qRgb(100, 101, 100));
    const PicturePair pair = pairOf(a, b);
    const auto plane = differenceOf(*pair.a, *pair.b, DifferenceKind::Absolute);
    CHECK_FALSE(plane->isZero());
    PictureView view = viewOf(ViewMode::Difference, 0.05, {500, 400});
    view.gain = 64;
    const auto lit = [&] {
        const QImage seen = painted(pair, view, {50, 40}, plane.get());
        int count = 0;
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 50; ++x)
                count += seen.pixel(x, y) == qRgb(0, 0, 0) ? 0 : 1;
        return count;
    };
    CHECK(lit() >= 1);
    CHECK(lit() <= 4);
    view.tolerance = 1;
    CHECK(lit() == 0);
}

TEST_CASE("Gain and tolerance do what they say, and signs have colours")
{
    const auto plain = magnitudeColours(1, 0), strong = magnitudeColours(4, 0),
               deaf = magnitudeColours(4, 10);
    CHECK(strong[10] == plain[40]);
    CHECK(strong[200] == plain[255]);
    CHECK(deaf[10] == plain[0]);
    CHECK(deaf[11] == plain[44]);
    const auto both = signedColours(1, 0);
    CHECK(both[255] == qRgb(0, 0, 0));
    CHECK(qBlue(both[255 - 100]) > qRed(both[255 - 100])); // darker: blue
    CHECK(qRed(both[255 + 100]) > qBlue(both[255 + 100])); // lighter: orange
    QImage a(1, 1, QImage::Format_RGB32), b = a;
    a.setPixel(0, 0, qRgb(10, 10, 10));
    b.setPixel(0, 0, qRgb(30, 10, 10));
    CHECK(
        differenceOf(PictureLevels(a), PictureLevels(b), DifferenceKind::Absolute)->level(0).values[0] == 20);
    CHECK(differenceOf(PictureLevels(a), PictureLevels(b), DifferenceKind::Signed)->level(0).values[0] > 0);
    CHECK(differenceOf(PictureLevels(b), PictureLevels(a), DifferenceKind::Signed)->level(0).values[0] < 0);
}

TEST_CASE("A relative difference is a share of what A has there, and says so")
{
    const auto shareOf = [](QRgb a, QRgb b) {
        QImage one(1, 1, QImage::Format_RGB32), two = one;
        one.setPixel(0, 0, a);
        two.setPixel(0, 0, b);
        return differenceOf(PictureLevels(one), PictureLevels(two), DifferenceKind::Relative)
            ->level(0)
            .values[0];
    };
    CHECK(shareOf(qRgb(200, 200, 200), qRgb(200, 200, 200)) == 0);
    CHECK(shareOf(qRgb(200, 100, 200), qRgb(150, 100, 200)) == 64); // a quarter: 63.75, rounded up
    CHECK(shareOf(qRgb(200, 100, 200), qRgb(150, 150, 200)) == 128); // the largest share counts
    CHECK(shareOf(qRgb(255, 255, 255), qRgb(254, 255, 255)) == 1); // nothing disappears
    CHECK(shareOf(qRgb(20, 20, 20), qRgb(200, 20, 20)) == 255); // nine times as much: the end of the scale
    // The darkest levels count as the floor.
    CHECK(shareOf(qRgb(0, 0, 0), qRgb(4, 0, 0)) == 64);
    CHECK(shareOf(qRgb(kRelativeFloor, 0, 0), qRgb(kRelativeFloor + 4, 0, 0)) == 64);
    CHECK(shareOf(qRgb(kRelativeFloor + 1, 0, 0), qRgb(kRelativeFloor + 5, 0, 0)) == 60);

    Viewport viewport;
    QImage a(8, 8, QImage::Format_RGB32);
    a.fill(qRgb(200, 200, 200));
    QImage b = a;
    b.setPixel(4, 4, qRgb(150, 200, 200));
    viewport.setPair(pairOf(a, b));
    viewport.setMode(ViewMode::Difference);
    QSignalSpy wanted(&viewport, &PictureViewport::differenceWanted);
    viewport.setDifferenceKind(DifferenceKind::Relative);
    REQUIRE(wanted.count() == 1);
    viewport.setDifference(DifferenceKind::Relative,
        differenceOf(*viewport.pair().a, *viewport.pair().b, DifferenceKind::Relative));
    CHECK(viewport.description().startsWith(QStringLiteral("Difference |B − A| / max(A, 16), 4 times")));
    viewport.setLoupe(true);
    CHECK(viewport.pixelText().endsWith(QStringLiteral("|B − A| / max(A, 16) = 25.1 %")));
    QTest::keyClick(&viewport, Qt::Key_Up, Qt::ControlModifier);
    CHECK(viewport.pixelText().endsWith(QStringLiteral("= 0 %")));
    viewport.setLoupe(false);
    viewport.resize(400, 300);
    // The legend is in the picture: the colours of none and of much are both there.
    const QImage shot = viewport.shot();
    const auto colours = magnitudeColours(viewport.view().gain, 0);
    bool none = false, much = false;
    for (int x = 0; x < shot.width(); ++x)
        for (int y = 0; y < shot.height() / 2; ++y) {
            none = none || shot.pixel(x, y) == colours[0];
            much = much || shot.pixel(x, y) == colours[60];
        }
    CHECK(none);
    CHECK(much);
}

TEST_CASE("All modes share one zoom and one pan")
{
    Viewport viewport;
    viewport.setPair(pairOf(coloured(64, 64, 0), coloured(64, 64, 90)));
    viewport.zoomBy(3, QPointF(40, 70));
    const double scale = viewport.view().scale;
    const QPointF centre = viewport.view().centre;
    for (const ViewMode mode : kAllModes) {
        viewport.setMode(mode);
        CHECK(viewport.view().scale == scale);
        CHECK(viewport.view().centre == centre);
    }
    // The next pair of that size is seen where this one was.
    viewport.setPair(pairOf(coloured(64, 64, 30), coloured(64, 64, 20)));
    CHECK(viewport.view().scale == scale);
    CHECK(viewport.view().centre == centre);
    viewport.setPair(pairOf(coloured(32, 64, 30), coloured(32, 64, 20)));
    CHECK(viewport.view().scale == Approx(100.0 / 64));
}

TEST_CASE("Zooming keeps the point under the pointer")
{
    Viewport viewport;
    viewport.setPair(pairOf(coloured(64, 64, 0), coloured(64, 64, 90)));
    viewport.actualSize();
    CHECK(viewport.view().scale == 1);
    const QPointF at(120, 40);
    const QPointF before = toPicture(viewport.view(), {200, 100}, at);
    QWheelEvent wheel(
        at, viewport.mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&viewport, &wheel);
    CHECK(viewport.view().scale > 1.5);
    const QPointF after = toPicture(viewport.view(), {200, 100}, at);
    CHECK(after.x() == Approx(before.x()));
    CHECK(after.y() == Approx(before.y()));
    QTest::keyClick(&viewport, Qt::Key_Home);
    CHECK(viewport.view().scale == Approx(100.0 / 64));
    QTest::keyClick(&viewport, Qt::Key_End);
    CHECK(viewport.view().scale == 1);
    QTest::keyClick(&viewport, Qt::Key_Plus);
    CHECK(viewport.view().scale == Approx(1.25));
}

TEST_CASE("A stays left and on top; names belong to the pictures")
{
    Viewport viewport;
    QImage red(100, 100, QImage::Format_RGB32), green = red;
    red.fill(qRgb(200, 0, 0));
    green.fill(qRgb(0, 200, 0));
    viewport.setPair(pairOf(red, green));
    viewport.zoomBy(4);
    CHECK(viewport.shot().pixel(60, 70) == qRgb(200, 0, 0));
    CHECK(viewport.shot().pixel(140, 70) == qRgb(0, 200, 0));
    viewport.setMode(ViewMode::SplitHorizontal);
    CHECK(viewport.shot().pixel(150, 40) == qRgb(200, 0, 0));
    CHECK(viewport.shot().pixel(150, 70) == qRgb(0, 200, 0));
    viewport.setMode(ViewMode::SideBySide);
    CHECK(viewport.shot().pixel(80, 70) == qRgb(200, 0, 0));
    CHECK(viewport.shot().pixel(180, 70) == qRgb(0, 200, 0));
    // What the labels say is what the description says; A comes first whatever is seen.
    for (const ViewMode mode : kAllModes) {
        viewport.setMode(mode);
        if (mode == ViewMode::Difference)
            viewport.setDifference(DifferenceKind::Absolute,
                differenceOf(*viewport.pair().a, *viewport.pair().b, DifferenceKind::Absolute));
        const QString text = viewport.description();
        INFO(text.toStdString());
        CHECK(text.indexOf(QStringLiteral("A  original")) >= 0);
        CHECK(text.indexOf(QStringLiteral("A  original")) < text.indexOf(QStringLiteral("B  NVFP4")));
        CHECK(viewport.accessibleDescription() == text);
    }
}

TEST_CASE("The split moves by keys and by mouse; Space blinks while it is held")
{
    Viewport viewport;
    viewport.setPair(pairOf(coloured(64, 64, 0), coloured(64, 64, 90)));
    QTest::keyClick(&viewport, Qt::Key_Right);
    CHECK(viewport.view().split == Approx(0.51));
    QTest::keyClick(&viewport, Qt::Key_Left);
    QTest::keyClick(&viewport, Qt::Key_Left);
    CHECK(viewport.view().split == Approx(0.49));
    const QPointF centre = viewport.view().centre;
    QTest::keyClick(&viewport, Qt::Key_Right, Qt::ShiftModifier);
    CHECK(viewport.view().centre.x() > centre.x());
    QTest::mousePress(&viewport, Qt::LeftButton, {}, QPoint(98, 50));
    QTest::mouseMove(&viewport, QPoint(150, 50));
    QTest::mouseRelease(&viewport, Qt::LeftButton, {}, QPoint(150, 50));
    CHECK(viewport.view().split == Approx(0.75));
    const QPointF before = viewport.view().centre;
    QTest::mousePress(&viewport, Qt::LeftButton, {}, QPoint(40, 50));
    QTest::mouseMove(&viewport, QPoint(30, 50));
    QTest::mouseRelease(&viewport, Qt::LeftButton, {}, QPoint(30, 50));
    CHECK(viewport.view().split == Approx(0.75));
    CHECK(viewport.view().centre.x() > before.x());

    QTest::keyPress(&viewport, Qt::Key_Space);
    CHECK_FALSE(viewport.view().showsB); // only where blinking is the way of looking
    QTest::keyRelease(&viewport, Qt::Key_Space);
    viewport.setMode(ViewMode::Blink);
    QTest::keyPress(&viewport, Qt::Key_Space);
    CHECK(viewport.view().showsB);
    CHECK(viewport.description().contains(QStringLiteral("B is shown")));
    QTest::keyRelease(&viewport, Qt::Key_Space);
    CHECK_FALSE(viewport.view().showsB);
    QTest::keyPress(&viewport, Qt::Key_Space);
    QFocusEvent gone(QEvent::FocusOut);
    QCoreApplication::sendEvent(&viewport, &gone);
    CHECK_FALSE(viewport.view().showsB);
}

TEST_CASE("The loupe names the pixels of both pictures and moves by keys")
{
    Viewport viewport;
    const QImage a = coloured(64, 64, 0), b = coloured(64, 64, 90);
    viewport.setPair(pairOf(a, b));
    QSignalSpy told(&viewport, &PictureViewport::pixelChanged);
    QTest::keyClick(&viewport, Qt::Key_L);
    CHECK(viewport.hasLoupe());
    const auto textOf = [&](int x, int y) {
        const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
        return QStringLiteral("x %1, y %2 — A: %3 %4 %5, B: %6 %7 %8")
            .arg(x)
            .arg(y)
            .arg(qRed(p))
            .arg(qGreen(p))
            .arg(qBlue(p))
            .arg(qRed(q))
            .arg(qGreen(q))
            .arg(qBlue(q));
    };
    CHECK(viewport.pixelText().toStdString() == textOf(32, 32).toStdString());
    QTest::keyClick(&viewport, Qt::Key_Right, Qt::ControlModifier);
    QTest::keyClick(&viewport, Qt::Key_Up, Qt::ControlModifier);
    CHECK(viewport.pixelText().toStdString() == textOf(33, 31).toStdString());
    CHECK(told.count() == 3);
    viewport.actualSize();
    QTest::mouseMove(&viewport, QPoint(100 - 20, 50 + 10));
    CHECK(viewport.pixelText().toStdString() == textOf(12, 42).toStdString());
    CHECK_FALSE(viewport.shot().isNull());
}

TEST_CASE("Pictures of different sizes have no difference, and B is only stretched on demand")
{
    Viewport viewport;
    QSignalSpy wanted(&viewport, &PictureViewport::differenceWanted);
    QImage small(32, 32, QImage::Format_RGB32);
    small.fill(qRgb(0, 0, 200));
    QImage large(64, 64, QImage::Format_RGB32);
    large.fill(qRgb(200, 0, 0));
    viewport.setPair(pairOf(large, small));
    viewport.setMode(ViewMode::Difference);
    CHECK(wanted.count() == 0);
    CHECK(viewport.description().contains(QStringLiteral("64 × 64")));
    CHECK(viewport.description().contains(QStringLiteral("32 × 32")));
    PictureView view = viewOf(ViewMode::Blink, 1, {32, 32});
    view.showsB = true;
    CHECK(painted(viewport.pair(), view, {64, 64}).pixel(50, 50) == kBack);
    view.fitB = true;
    CHECK(painted(viewport.pair(), view, {64, 64}).pixel(50, 50) == qRgb(0, 0, 200));
    // Of one size it is asked for, once.
    viewport.setPair(pairOf(large, large));
    CHECK(wanted.count() == 1);
}

TEST_CASE("Without pictures the viewport says what to do")
{
    Viewport viewport;
    viewport.setMessage(QStringLiteral("Make pictures."));
    CHECK(viewport.accessibleDescription() == "Make pictures.");
    QTest::keyClick(&viewport, Qt::Key_Right);
    CHECK(viewport.view().split == 0.5);
    CHECK_FALSE(viewport.shot().isNull());
}
