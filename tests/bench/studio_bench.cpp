// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the window is, on a real screen (Xvfb will do): start, opening a checkpoint, memory, filtering ten
// thousand rows, and the frames of a live histogram. Prints the rows of docs/benchmarks.md. Starts and
// openings are times on the wall; filters and frames are what the window's thread computes.
//
// usage: studio_bench FILE.safetensors     (tests/ui/with_xvfb.sh build/release/bin/studio_bench FILE)
#include "engine/calibration/magnitude_histogram.h"
#include "tests/ui/support/synthetic_model.h"
#include "ui/language.h"
#include "ui/main_window.h"
#include "ui/pages/plan_page.h"
#include "ui/studio_application.h"
#include "ui/widgets/histogram_plot.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QTemporaryDir>

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <random>
#include <unistd.h>

using namespace mantissa;
using namespace mantissa::ui;

namespace {

constexpr int kRounds = 5; ///< of opening and filtering; the median counts
constexpr int kFrames = 100; ///< of the histogram, ten a second as a calibration sends them

/// Runs the event loop until `ready`; milliseconds.
double until(const std::function<bool()>& ready)
{
    QElapsedTimer clock;
    clock.start();
    while (!ready())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Milliseconds that this thread ran: what remains on a machine with nothing else to do.
double busyMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// A line of /proc/self/status in MB, or −1.
double memoryMb(const char* field)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith(field))
            return line.mid(static_cast<qsizetype>(qstrlen(field)) + 1)
                       .trimmed()
                       .split(' ')
                       .front()
                       .toDouble()
                / 1000;
    return -1;
}

/// Milliseconds since the kernel made this process; its clock ticks every ten.
double sinceProcessStart()
{
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = file.readAll();
    const QList<QByteArray> fields
        = text.mid(text.lastIndexOf(')') + 2).split(' '); // the name may hold blanks
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    constexpr int kStartTime = 19; // field 22, counted from the third
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6
        - 1e3 * fields[kStartTime].toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Notes when something was painted first.
class FirstPaint : public QObject {
public:
    bool eventFilter(QObject*, QEvent* event) override
    {
        painted = painted || event->type() == QEvent::Paint;
        return false;
    }
    bool painted = false;
};

void row(const char* what, double value, const char* unit, double limit)
{
    fmt::print("| {} | {:.1f} {} | {:g} {} |\n", what, value, unit, limit, unit);
    std::fflush(stdout);
}

double opening(MainWindow& window, const QString& file)
{
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) {
        const auto before = window.document().model();
        auto* tree = window.findChild<QWidget*>(QStringLiteral("layerTree"));
        window.openFile(file);
        times.push_back(until([&] {
            return !window.opener().isBusy() && window.document().model() != before && tree->isVisible();
        }));
    }
    return median(std::move(times));
}

double filtering(MainWindow& window)
{
    auto* tree = window.findChild<LayerTreeView*>(QStringLiteral("layerTree"));
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round)
        for (const char* query :
            {"to_q kind:linear", "-norm", "/blocks\\.1\\d\\./", "size:>100kb quantized"}) {
            const double before = busyMs();
            tree->setFilter(LayerFilter::parse(QString::fromLatin1(query)));
            QCoreApplication::processEvents();
            tree->repaint();
            times.push_back(busyMs() - before);
            tree->setFilter({});
            QCoreApplication::processEvents();
        }
    return *std::max_element(times.begin(), times.end());
}

struct Frames {
    double median = 0, longest = 0;
};

/// What a calibration costs the window's thread: a new view, and its painting.
Frames histogramFrames()
{
    HistogramPlot plot;
    plot.resize(900, 320);
    plot.show();
    until([&] { return plot.isVisible(); });
    std::mt19937 random(7);
    std::lognormal_distribution<float> values(0, 1.5F);
    InputGrid grid;
    grid.name = QStringLiteral("INT8");
    LiveView live;
    live.layer = "layer";
    live.channels = 3072;
    live.channelAbsMax.assign(3072, 1);
    live.bucketLargest.assign(10, 5);
    std::vector<float> chunk(65536);
    std::vector<double> times;
    for (int frame = 0; frame < kFrames; ++frame) {
        for (float& value : chunk)
            value = values(random);
        live.histogram.add(chunk);
        live.tokens += chunk.size() / live.channels;
        const ActivationView view = makeView(live, grid); // on an engine thread in the program
        const double before = busyMs();
        plot.setView(view);
        QCoreApplication::processEvents();
        plot.repaint();
        times.push_back(busyMs() - before);
    }
    return {median(times), *std::max_element(times.begin(), times.end())};
}

} // namespace

int main(int argc, char** argv)
{
    const QTemporaryDir home; // nothing of the person who measures
    qputenv("MANTISSA_PORTABLE", home.path().toUtf8());
    StudioApplication app(argc, argv);
    if (argc != 2) {
        fmt::print(stderr, "usage: studio_bench FILE.safetensors\n");
        return 2;
    }
    installLanguage(app, QStringLiteral("en"));
    Theme theme;
    theme.apply(ThemeChoice::Light);
    FirstPaint paint;
    MainWindow window(theme);
    window.installEventFilter(&paint);
    window.show();
    until([&] { return paint.painted; });
    const double started = sinceProcessStart();
    fmt::print("| what | measured | goal |\n|---|---|---|\n");
    row("start of the program to the first window", started, "ms", 1000);
    const double empty = memoryMb("VmRSS");

    const double opened = opening(window, QString::fromLocal8Bit(argv[1]));
    const auto layers = window.document().model()->layers.size();
    row("file chosen to usable tree", opened, "ms", 300);
    row("resident memory with the file open", memoryMb("VmRSS"), "MB", 250);
    fmt::print("<!-- {} layers; {:.1f} MB before the file was opened; peak {:.1f} MB -->\n", layers, empty,
        memoryMb("VmHWM"));

    const QString big = home.filePath(QStringLiteral("big.safetensors"));
    ui::test::writeSparseCheckpoint(big.toStdString(), 1000);
    opening(window, big);
    row("filter over 10,000 rows, the slowest of four", filtering(window), "ms", 50);
    const Frames frames = histogramFrames();
    row("frame of a live histogram, median", frames.median, "ms", 50);
    row("frame of a live histogram, the longest of 100", frames.longest, "ms", 50);
    return 0;
}
