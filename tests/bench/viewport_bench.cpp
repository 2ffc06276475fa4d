// SPDX-License-Identifier: GPL-3.0-or-later
// Milliseconds a frame while a pair of 4096 × 4096 pixels is panned and zoomed in every mode, painted in
// software: the whole way from a change of the view to pixels of the window (QWidget::render into an image).
//
//   QT_QPA_PLATFORM=offscreen viewport_bench [WIDTH HEIGHT [FRAMES]]     (default: 1600 1000 120)
#include "ui/viewport/picture_viewport.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

using namespace mantissa::ui;

namespace {

constexpr int kSide = 4096;

/// Gradients with grain, so that no two neighbours are equal.
QImage madePicture(unsigned seed)
{
    QImage image(kSide, kSide, QImage::Format_RGB32);
    unsigned state = seed * 2654435761U + 1;
    for (int y = 0; y < kSide; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < kSide; ++x) {
            state = state * 1664525U + 1013904223U;
            const int grain = static_cast<int>(state >> 28U);
            line[x] = qRgb((x >> 4) & 0xF0, ((y >> 4) & 0xF0) + grain, ((x + y) >> 5) & 0xFF);
        }
    }
    return image;
}

/// Time that this thread has computed; painting has no other.
double threadMs()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

struct Mode {
    const char* name;
    ViewMode mode;
    DifferenceKind kind = DifferenceKind::Absolute;
};

struct Times {
    std::vector<double> ms;
    void add(double value) { ms.push_back(value); }
    double at(double share)
    {
        std::sort(ms.begin(), ms.end());
        return ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
    }
};

/// One frame: the change, and everything that it makes the window paint.
template <typename Change>
void measure(PictureViewport& viewport, QImage& screen, Times& times, Change change)
{
    const double begin = threadMs();
    change();
    viewport.render(&screen);
    times.add(threadMs() - begin);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const int width = words.size() > 2 ? words[1].toInt() : 1600,
              height = words.size() > 2 ? words[2].toInt() : 1000;
    const int frames = words.size() > 3 ? words[3].toInt() : 120;
    if (width < 64 || height < 64 || frames < 10) {
        fmt::print(stderr, "usage: viewport_bench [WIDTH HEIGHT [FRAMES]]\n");
        return 2;
    }
    QElapsedTimer timer;
    timer.start();
    const PicturePair pair{std::make_shared<const PictureLevels>(madePicture(1)),
        std::make_shared<const PictureLevels>(madePicture(2)), QStringLiteral("original"),
        QStringLiteral("variant")};
    fmt::print("pair of {0} × {0}, viewport {1} × {2}, {3} frames a row; made in {4} ms\n", kSide, width,
        height, 2 * frames, timer.restart());
    const auto absolute = differenceOf(*pair.a, *pair.b, DifferenceKind::Absolute);
    const auto relative = differenceOf(*pair.a, *pair.b, DifferenceKind::Relative);
    const auto bothSigns = differenceOf(*pair.a, *pair.b, DifferenceKind::Signed);
    fmt::print("three maps of differences in {} ms\n\n", timer.elapsed());
    fmt::print("| mode | sampling | pan at fit | pan at 1:1 | zoom 12 % to 800 % | p95 | max "
               "| still |\n|---|---|---|---|---|---|---|---|\n");
    const Mode modes[] = {{"split, left and right", ViewMode::SplitVertical},
        {"split, above and below", ViewMode::SplitHorizontal}, {"side by side", ViewMode::SideBySide},
        {"blink", ViewMode::Blink}, {"overlay", ViewMode::Overlay},
        {"difference, absolute", ViewMode::Difference},
        {"difference, relative", ViewMode::Difference, DifferenceKind::Relative},
        {"difference, signed", ViewMode::Difference, DifferenceKind::Signed},
        {"difference, FLIP", ViewMode::Difference, DifferenceKind::Flip}};
    double worst = 0;
    for (const Mode& mode : modes)
        for (const bool smooth : {false, true}) {
            if (smooth && mode.mode == ViewMode::Difference)
                continue; // the map is the same: it shows the largest difference, not a mean
            PictureViewport viewport;
            viewport.resize(width, height);
            QImage screen(viewport.size(), QImage::Format_RGB32);
            viewport.setPair(pair);
            viewport.setMode(mode.mode);
            viewport.setDifferenceKind(mode.kind);
            viewport.setDifference(DifferenceKind::Absolute, absolute);
            viewport.setDifference(DifferenceKind::Relative, relative);
            viewport.setDifference(DifferenceKind::Signed, bothSigns);
            viewport.setDifference(
                DifferenceKind::Flip, absolute); // painted alike, whatever it was measured by
            viewport.setSmooth(smooth);
            viewport.render(&screen); // warm-up
            Times fit, actual, zoom, still, all;
            const auto pan = [&](Times& times) {
                for (int frame = 0; frame < frames; ++frame)
                    measure(viewport, screen, times, [&] {
                        // A step of the mouse; back and forth, so that the picture stays in view.
                        QKeyEvent key(QEvent::KeyPress, frame % 20 < 10 ? Qt::Key_Right : Qt::Key_Left,
                            Qt::ShiftModifier);
                        QCoreApplication::sendEvent(&viewport, &key);
                    });
            };
            viewport.fit();
            pan(fit);
            viewport.actualSize();
            pan(actual);
            viewport.fit();
            const double from = 0.12, to = 8;
            for (int frame = 0; frame < frames; ++frame)
                measure(viewport, screen, zoom, [&] {
                    const double wanted
                        = from * std::pow(to / from, static_cast<double>(frame) / (frames - 1));
                    viewport.zoomBy(wanted / viewport.view().scale, QPointF(0.6 * width, 0.4 * height));
                });
            for (int frame = 0; frame < 9; ++frame) { // what follows a movement, as large as it can cost
                viewport.fit();
                viewport.zoomBy(1.25 + 0.01 * frame);
                while (viewport.isDraft())
                    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
                measure(viewport, screen, still, [] {});
            }
            for (const Times* each : {&fit, &actual, &zoom})
                all.ms.insert(all.ms.end(), each->ms.begin(), each->ms.end());
            worst = std::max(worst, all.at(1));
            fmt::print("| {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} |\n", mode.name,
                mode.mode == ViewMode::Difference ? "largest"
                    : smooth                      ? "smooth"
                                                  : "nearest",
                fit.at(0.5), actual.at(0.5), zoom.at(0.5), all.at(0.95), all.at(1), still.at(0.5));
        }
    fmt::print(
        "\nmedians in ms; p95 and max over all frames of a row that move, still: the frame that refines; the "
        "slowest frame that moves took {:.1f} ms\n",
        worst);
    return 0;
}
