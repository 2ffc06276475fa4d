// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs that run out of something or crash, dangerous files, crash reports and further windows, through the
// window.
#include "engine/base/crash_report.h"
#include "engine/export/part_file.h"
#include "tests/ui/support/child_processes.h"
#include "tests/ui/support/synthetic_model.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/crash_folder.h"
#include "ui/pages/start_page.h"
#include "ui/settings.h"
#include "ui/widgets/parts_dialog.h"

#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTextBrowser>
#include <QTimer>
#include <QTreeWidget>
#include <QUndoStack>
#include <QUrl>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

/// Starts an export that takes a while, and gives the process that does it once layers are being written.
/// `lastColumns`: as writeSparseCheckpoint() has it.
pid_t startLongExport(
    WindowFixture& f, const QString& source, const QString& out, std::int64_t lastColumns = 0)
{
    writeSparseCheckpoint(toPath(source), 1200, lastColumns);
    f.open(source);
    bool writes = false;
    const auto watching = QObject::connect(&f.window.exporter(), &ExportPresenter::progressed, &f.window,
        [&writes](const ExportProgress& progress) { writes = writes || progress.itemsDone > 0; });
    f.window.exporter().start(out, {});
    REQUIRE(waitFor([&] { return writes; }, 60000));
    QObject::disconnect(watching);
    const QList<pid_t> running = children();
    REQUIRE(running.size() == 1);
    return running.front();
}

/// Waits until the calibration that runs has done so many steps, and gives the process that does it.
pid_t processOfCalibration(WindowFixture& f, std::uint32_t steps)
{
    std::uint32_t done = 0;
    const auto watching = QObject::connect(&f.window.calibration(), &CalibrationPresenter::progressed,
        &f.window, [&done](const ProgressSnapshot& progress) { done = progress.itemsDone; });
    REQUIRE(waitFor([&] { return done >= steps || !f.window.queue().isRunning(); }, 120000));
    QObject::disconnect(watching);
    const QList<pid_t> running = children();
    REQUIRE(running.size() == 1);
    return running.front();
}

const QueuedJob& lastJob(WindowFixture& f)
{
    REQUIRE_FALSE(f.window.queue().model()->jobs().empty());
    return f.window.queue().model()->jobs().back();
}

QStringList buttonsOf(QWidget* parent)
{
    QStringList names;
    for (const QPushButton* button : parent->findChildren<QPushButton*>())
        if (!button->isHidden())
            names << button->objectName();
    return names;
}

/// Fills in the file dialog that opens next, and accepts it.
void answerFileDialog(const QString& file)
{
    auto* timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, timer, [timer, file] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr)
            return;
        auto* edit = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        if (edit == nullptr)
            return;
        edit->setText(file);
        timer->deleteLater();
        QTest::keyClick(edit, Qt::Key_Return);
    });
    timer->start(50);
}

} // namespace

TEST_CASE("A process that is killed pauses the job with choices, and a smaller budget finishes it")
{
    WindowFixture f;
    const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
    const pid_t worker = startLongExport(f, f.folder.filePath(QStringLiteral("big.safetensors")), out);
    REQUIRE(::kill(worker, SIGKILL) == 0); // as the kernel does where no memory is left
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Paused; }));
    CHECK(lastJob(f).shortage == Shortage::Memory);
    CHECK(QFile::exists(fromPath(partPath(toPath(out)))));
    CHECK(f.find<QLabel>("messageText")->text().startsWith(QLatin1String("Paused: ")));
    auto* choices = f.find<QWidget>("exportChoices");
    REQUIRE(waitFor([&] { return choices->isVisible(); }));
    CHECK(buttonsOf(choices) == QStringList{"exportSmallerBudget", "exportAgain"});
    CHECK(f.find<QPushButton>("exportSmallerBudget")
              ->text()
              .contains(QLatin1String("134"))); // MB: half of 256 MiB

    f.click("exportSmallerBudget");
    CHECK(lastJob(f).memoryLimit == (std::uint64_t{128} << 20));
    CHECK_FALSE(lastJob(f).shortage.has_value());
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Done; }, 120000));
    CHECK(QFile::exists(out));
    CHECK_FALSE(QFile::exists(fromPath(partPath(toPath(out)))));
}

TEST_CASE("A process whose memory runs out says so itself, and the job pauses")
{
#ifdef __SANITIZE_ADDRESS__
    WARN("left out: the address sanitizer cannot run within a limit of addresses");
    return;
#endif
    WindowFixture f;
    const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
    // All layers but the last fit into memory that the process has by now. The last has 32 Mi weights.
    const pid_t worker = startLongExport(
        f, f.folder.filePath(QStringLiteral("big.safetensors")), out, std::int64_t{1} << 25);
    const rlimit nothingMore{std::uint64_t{64} << 20, RLIM_INFINITY};
    REQUIRE(::prlimit(worker, RLIMIT_AS, &nothingMore, nullptr) == 0);
    REQUIRE(waitFor([&] { return !f.window.queue().isRunning(); }, 60000));
    INFO(lastJob(f).message.toStdString());
    CHECK(lastJob(f).state == QueuedJob::State::Paused);
    CHECK(lastJob(f).shortage == Shortage::Memory);
    CHECK(QFile::exists(fromPath(partPath(toPath(out)))));
}

TEST_CASE("A full disk pauses the job, which then goes elsewhere and leaves nothing behind")
{
    WindowFixture f;
    // Eight terabytes on no disk: the export's own check finds that the room is not there.
    const QString source = f.folder.filePath(QStringLiteral("huge.safetensors"));
    const std::string header
        = R"({"blocks.0.attn.weight":{"dtype":"BF16","shape":[2097152,2097152],"data_offsets":[0,8796093022208]}})";
    QFile file(source);
    REQUIRE(file.open(QIODevice::WriteOnly));
    const std::uint64_t length = header.size();
    file.write(reinterpret_cast<const char*>(&length), sizeof(length));
    file.write(header.data(), static_cast<qint64>(header.size()));
    REQUIRE(file.resize(static_cast<qint64>(8 + length + 8796093022208ULL)));
    file.close();
    f.open(source);
    f.window.exporter().start(f.folder.filePath(QStringLiteral("out.safetensors")), {});
    REQUIRE(waitFor([&] { return !f.window.queue().isRunning(); }, 60000));
    INFO(lastJob(f).message.toStdString());
    REQUIRE(lastJob(f).state == QueuedJob::State::Paused);
    CHECK(lastJob(f).shortage == Shortage::Disk);
    auto* choices = f.find<QWidget>("exportChoices");
    CHECK(buttonsOf(choices) == QStringList{"exportAgain", "exportElsewhere"});

    // The queue has the same choices when the message is gone.
    f.click("messageClose");
    f.find<QWidget>("dockQueue")->show();
    f.find<QTableView>("queueTable")->selectRow(0);
    CHECK(buttonsOf(f.find<QWidget>("queueChoices")) == QStringList{"queueAgain", "queueElsewhere"});
    const QString elsewhere = f.folder.filePath(QStringLiteral("elsewhere.safetensors"));
    answerFileDialog(elsewhere);
    f.click("queueElsewhere");
    CHECK(lastJob(f).output == elsewhere);
    REQUIRE(waitFor(
        [&] { return lastJob(f).state == QueuedJob::State::Paused; }, 60000)); // no room there, either
}

TEST_CASE("The log shows one job alone, and its file is opened from the queue")
{
    WindowFixture f;
    f.openSample();
    CHECK_FALSE(f.action(ActionId::OpenJobLog)->isEnabled());
    for (const char* name : {"one", "two"}) {
        const QString out = f.folder.filePath(QStringLiteral("%1.safetensors").arg(QLatin1String(name)));
        f.window.exporter().start(out, {});
        REQUIRE(waitFor(
            [&] { return lastJob(f).output == out && lastJob(f).state == QueuedJob::State::Done; }, 60000));
    }
    auto* jobs = f.find<QComboBox>("logJob");
    REQUIRE(jobs->count() == 3); // and all
    const QAbstractItemModel* shown = f.find<QTableView>("logTable")->model();
    const int all = shown->rowCount();
    jobs->setCurrentIndex(1);
    CHECK(shown->rowCount() > 0);
    CHECK(shown->rowCount() < all);
    for (int row = 0; row < shown->rowCount(); ++row)
        CHECK(shown->index(row, LogModel::Job).data().toString() == jobs->currentText());
    f.click("logClear");
    CHECK(jobs->count() == 1);
    CHECK(jobs->currentIndex() == 0);

    f.find<QWidget>("dockQueue")->show();
    auto* table = f.find<QTableView>("queueTable");
    CHECK(table->contextMenuPolicy() == Qt::ActionsContextMenu);
    CHECK(table->actions().contains(f.action(ActionId::OpenJobLog)));
    table->selectRow(0);
    REQUIRE(f.action(ActionId::OpenJobLog)->isEnabled());
    const QString file = f.window.jobLogs().fileOf(f.window.queue().model()->jobs()[0].id);
    QTextBrowser reader; // in place of the desktop's
    QDesktopServices::setUrlHandler(QStringLiteral("file"), &reader, "setSource");
    f.action(ActionId::OpenJobLog)->trigger();
    REQUIRE(waitFor([&] { return !reader.source().isEmpty(); }));
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    CHECK(reader.source() == QUrl::fromLocalFile(file));
    QFile log(file);
    REQUIRE(log.open(QIODevice::ReadOnly));
    const QByteArray text = log.readAll();
    CHECK(text.contains("one.safetensors"));
    CHECK_FALSE(text.contains("two.safetensors"));
    CHECK(text.endsWith("\tinfo\tDone.\n"));

    REQUIRE(QFile::remove(file));
    f.action(ActionId::OpenJobLog)->trigger();
    REQUIRE(waitFor(
        [&] { return f.find<QLabel>("messageText")->text().contains(QLatin1String("no log any more")); }));
}

TEST_CASE("A GPU that is not there pauses a calibration, and the processor does it", "[torch]")
{
    WindowFixture f;
    setSettingValue(Setting::CalibrationDevice, QStringLiteral("cuda"));
    f.openSample();
    CalibrationSettings settings;
    settings.count = 1;
    settings.steps = 1;
    settings.output = f.folder.filePath(QStringLiteral("s.statistics.safetensors"));
    f.window.calibration().start(settings);
    REQUIRE(waitFor(
        [&] { return !f.window.queue().model()->jobs().empty() && !f.window.queue().isRunning(); }, 120000));
    INFO(lastJob(f).message.toStdString());
    if (lastJob(f).state == QueuedJob::State::Done)
        return; // this machine has one
    REQUIRE(lastJob(f).state == QueuedJob::State::Paused);
    CHECK(lastJob(f).shortage == Shortage::Device);
    REQUIRE(waitFor([&] { return f.visible<QPushButton>("exportUseCpu"); }));
    f.click("exportUseCpu");
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Done; }, 120000));
    CHECK(lastJob(f).device == "cpu");
}

TEST_CASE("A crash of an export leaves the window, a report, and what is finished")
{
    WindowFixture f;
    const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
    const pid_t worker = startLongExport(f, f.folder.filePath(QStringLiteral("big.safetensors")), out);
    REQUIRE(::kill(worker, SIGSEGV) == 0);
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Failed; }));
    CHECK(lastJob(f).message.contains(QLatin1String("SIGSEGV")));
    CHECK(QFile::exists(fromPath(partPath(toPath(out)))));
    REQUIRE(waitFor([&] { return f.window.crashReports().reports().size() == 1; }));
    const QString text = f.window.crashReports().reports().front().text;
    INFO(text.toStdString());
    CHECK(text.contains(QLatin1String("SIGSEGV")));
    CHECK(text.contains(QLatin1String("mantissa-studio +0x")));
    CHECK_FALSE(text.contains(QLatin1String("big.safetensors")));

    // The report is offered as soon as the failure was answered.
    f.click("exportAgain");
    REQUIRE(waitFor([&] { return f.visible<QPushButton>("crashReportShow"); }));
    f.click("crashReportCopy");
    CHECK(QGuiApplication::clipboard()->text() == text);
    f.click("crashReportShow");
    QWidget* dialog = waitForDialog("crashDialog");
    REQUIRE(waitFor(
        [&] { return dialog->findChild<QPlainTextEdit*>(QStringLiteral("crashText"))->isVisible(); }));
    CHECK(dialog->findChild<QPlainTextEdit*>(QStringLiteral("crashText"))->toPlainText() == text);
    QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("crashDelete")), Qt::LeftButton);
    REQUIRE(waitFor([&] { return f.window.crashReports().reports().isEmpty(); }));
    CHECK(QDir(crashFolder()).entryList({QStringLiteral("*.txt")}).isEmpty());
    CHECK(dialog->findChild<QLabel*>(QStringLiteral("crashEmpty"))->isVisible());
    QTest::keyClick(dialog, Qt::Key_Escape);
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Done; }, 120000));
    CHECK(QFile::exists(out));
}

TEST_CASE("A calibration that is killed or crashes leaves the window, and goes on to the same statistics",
    "[torch]")
{
    WindowFixture f;
    f.openSample();
    CalibrationSettings settings;
    settings.count = 20; // long enough for views to come before it is killed
    settings.steps = 3;
    settings.output = f.folder.filePath(QStringLiteral("whole.safetensors"));
    setSettingValue(Setting::JobsApart, false);
    bool apart = false;
    const auto watching = QObject::connect(&f.window.queue(), &JobQueue::progressed, &f.window,
        [&apart] { apart = apart || !children().isEmpty(); });
    QSignalSpy views(&f.window.calibration(), &CalibrationPresenter::viewChanged);
    f.window.calibration().start(settings);
    REQUIRE(waitFor([&] { return f.window.queue().isRunning(); }, 10000));
    REQUIRE(waitFor([&] { return !f.window.queue().isRunning(); }, 180000));
    REQUIRE(lastJob(f).state == QueuedJob::State::Done);
    QObject::disconnect(watching);
    CHECK_FALSE(apart);
    CHECK(views.count() > 1);

    setSettingValue(Setting::JobsApart, true);
    views.clear();
    settings.output = f.folder.filePath(QStringLiteral("resumed.safetensors"));
    f.window.calibration().start(settings);
    REQUIRE(waitFor([&] { return f.window.queue().isRunning(); }, 10000));
    pid_t worker = processOfCalibration(f, 4); // the first prompt is kept
    REQUIRE(waitFor([&] { return views.count() >= 1; }));
    REQUIRE(::kill(worker, SIGKILL) == 0);
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Paused; }));
    CHECK(lastJob(f).shortage == Shortage::Memory);
    CHECK_FALSE(f.window.calibration().isRunning());
    CHECK(f.find<QLabel>("messageText")->text().startsWith(QLatin1String("Paused: ")));
    CHECK(buttonsOf(f.find<QWidget>("exportChoices")) == QStringList{"exportSmallerBudget", "exportAgain"});
    CHECK(QFile::exists(settings.output + QStringLiteral(".part")));
    CHECK_FALSE(QFile::exists(settings.output));

    views.clear();
    f.click("exportAgain");
    worker = processOfCalibration(f, 1);
    REQUIRE(::kill(worker, SIGSEGV) == 0);
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Failed; }));
    CHECK(f.find<QLabel>("messageText")->text().contains(QLatin1String("SIGSEGV")));
    REQUIRE(waitFor([&] { return f.window.crashReports().reports().size() == 1; }));

    // What was chosen in the message goes on, and is seen as the first run was.
    views.clear();
    std::size_t resumed = 0;
    QObject::connect(&f.window.calibration(), &CalibrationPresenter::finished, &f.window,
        [&resumed](const CalibrationReport& report) { resumed = report.resumedPrompts; });
    f.click("exportAgain");
    REQUIRE(waitFor([&] { return !f.window.queue().isRunning(); }, 180000));
    INFO(lastJob(f).message.toStdString());
    REQUIRE(lastJob(f).state == QueuedJob::State::Done);
    CHECK(resumed >= 1);
    CHECK(views.count() >= 1);
    CHECK(readWhole(settings.output, 1 << 28).value()
        == readWhole(f.folder.filePath(QStringLiteral("whole.safetensors")), 1 << 28).value());
}

TEST_CASE("A calibration in its process answers a stop at once, and keeps what is finished", "[torch]")
{
    WindowFixture f;
    f.openSample();
    CalibrationSettings settings;
    settings.count = 12;
    settings.steps = 4;
    settings.output = f.folder.filePath(QStringLiteral("s.safetensors"));
    f.window.calibration().start(settings);
    REQUIRE(waitFor([&] { return f.window.queue().isRunning(); }, 10000));
    processOfCalibration(f, 5);
    f.window.calibration().stop();
    CHECK(f.window.queue().stopRequested());
    REQUIRE(waitFor([&] { return !f.window.queue().isRunning(); }, 120000));
    CHECK(lastJob(f).state == QueuedJob::State::Stopped);
    CHECK(QFile::exists(settings.output + QStringLiteral(".part")));
    CHECK(children().isEmpty());
}

TEST_CASE("A crash report of an earlier run is offered once")
{
    WindowFixture::CleanSettings clean;
    REQUIRE(writeWhole(crashFolder() + QStringLiteral("/crash-1-2.txt"), "Mantissa Studio 1\nsignal: 11\n"));
    struct Window {
        Theme theme;
        MainWindow window{theme};
    };
    Window first;
    REQUIRE(waitFor([&] { return first.window.findChild<QPushButton*>("crashReportShow") != nullptr; }));
    Window second;
    REQUIRE(waitFor([&] { return second.window.crashReports().reports().size() == 1; }));
    CHECK(second.window.findChild<QPushButton*>("crashReportShow") == nullptr);
    second.window.crashReports().remove(crashFolder() + QStringLiteral("/crash-1-2.txt"));
    REQUIRE(waitFor([&] { return second.window.crashReports().reports().isEmpty(); }));
}

TEST_CASE("The window's own process exports when that is wished")
{
    WindowFixture f;
    setSettingValue(Setting::JobsApart, false);
    f.openSample();
    const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
    bool apart = false;
    QObject::connect(&f.window.queue(), &JobQueue::progressed, &f.window,
        [&apart] { apart = apart || !children().isEmpty(); });
    f.window.exporter().start(out, {});
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Done; }, 60000));
    CHECK(QFile::exists(out));
    CHECK_FALSE(apart);
    setSettingValue(Setting::JobsApart, true);
}

TEST_CASE("Exports of both kinds of process are the same bytes and reports")
{
    WindowFixture f;
    f.openSample();
    QByteArray bytes[2];
    WriteReport written[2];
    VerifyReport verified[2];
    for (const bool apart : {false, true}) {
        setSettingValue(Setting::JobsApart, apart);
        const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
        QSignalSpy done(&f.window.exporter(), &ExportPresenter::verified);
        const auto keep = QObject::connect(&f.window.exporter(), &ExportPresenter::finished, &f.window,
            [&](const WriteReport& report) { written[apart] = report; });
        const auto keepToo = QObject::connect(&f.window.exporter(), &ExportPresenter::verified, &f.window,
            [&](const VerifyReport& report) { verified[apart] = report; });
        WriteOptions options;
        options.overwrite = true;
        options.measureErrors = true;
        f.window.exporter().start(out, options);
        REQUIRE(waitFor([&] { return done.count() == 1; }, 60000));
        QObject::disconnect(keep);
        QObject::disconnect(keepToo);
        bytes[apart] = readWhole(out, 1 << 28).value();
    }
    CHECK(bytes[0] == bytes[1]);
    CHECK(written[0].sourceHash == written[1].sourceHash);
    CHECK(written[0].bytesWritten == written[1].bytesWritten);
    REQUIRE(written[0].layers.size() == written[1].layers.size());
    REQUIRE(verified[0].layers.size() == verified[1].layers.size());
    for (std::size_t i = 0; i < written[0].layers.size(); ++i) {
        CHECK(written[0].layers[i].name == written[1].layers[i].name);
        CHECK(written[0].layers[i].snrDb == written[1].layers[i].snrDb);
        CHECK(written[0].layers[i].bytesAfter == written[1].layers[i].bytesAfter);
    }
    for (std::size_t i = 0; i < verified[0].layers.size(); ++i)
        CHECK(verified[0].layers[i].relativeError == verified[1].layers[i].relativeError);
}

TEST_CASE("A dangerous file is saved as safetensors from its panel, and opens")
{
    WindowFixture f;
    const QString source = QStringLiteral(MANTISSA_GOLDEN "/io/evil_zip.pt");
    REQUIRE(QFile::exists(source));
    f.window.openFile(source);
    REQUIRE(waitFor([&] { return f.visible<QPushButton>("dangerConvert"); }));
    const QString out = f.folder.filePath(QStringLiteral("saved.safetensors"));
    answerFileDialog(out);
    f.click("dangerConvert");
    REQUIRE(waitFor([&] { return f.visible<QPushButton>("openConverted"); }, 30000));
    CHECK(lastJob(f).kind == QueuedJob::Kind::Convert);
    CHECK(lastJob(f).state == QueuedJob::State::Done);
    f.click("openConverted");
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty(); }, 30000));
    CHECK(f.window.document().model()->source->info().container == "safetensors");
}

TEST_CASE("A new window is a process of its own, and neither touches what the other keeps")
{
    WindowFixture f;
    f.openSample();
    f.window.openInNewWindow(f.samplePath());
    // Its queue is the second one, and its lock says who has it.
    const QString lock = stateFolder() + QStringLiteral("/queue-2.lock");
    pid_t other = 0;
    REQUIRE(waitFor(
        [&] {
            QFile file(lock);
            other = file.open(QIODevice::ReadOnly) ? file.readLine().trimmed().toInt() : 0;
            return other > 0;
        },
        30000));
    CHECK(other != ::getpid());
    QFile command(QStringLiteral("/proc/%1/cmdline").arg(other));
    REQUIRE(command.open(QIODevice::ReadOnly));
    const QByteArray words = command.readAll();
    CHECK(words.contains("mantissa-studio"));
    CHECK(words.contains(f.samplePath().toUtf8()));
    const QString theirQueue = stateFolder() + QStringLiteral("/queue-2.json");
    REQUIRE(waitFor([&] { return QFile::exists(theirQueue); }, 30000)); // it comes after the lock

    f.window.exporter().start(f.folder.filePath(QStringLiteral("out.safetensors")), {});
    REQUIRE(waitFor([&] { return lastJob(f).state == QueuedJob::State::Done; }, 60000));
    REQUIRE(waitFor([&] {
        const auto text = readWhole(stateFolder() + QStringLiteral("/queue.json"), 1 << 20);
        return text && text->contains("out.safetensors");
    }));
    const auto theirs = readWhole(theirQueue, 1 << 20);
    CHECK((theirs && !theirs->contains("out.safetensors")));
    REQUIRE(::kill(other, SIGTERM) == 0);
    CHECK(waitFor([&] { return !QFile::exists(QStringLiteral("/proc/%1").arg(other)); }));
}

TEST_CASE("The middle button and the menu of a recent file ask for a new window")
{
    WindowFixture f;
    f.openSample();
    MainWindow fresh(f.theme);
    fresh.show();
    auto* list = fresh.findChild<QListWidget*>(QStringLiteral("recentList"));
    REQUIRE(waitFor([&] { return list->count() == 1 && list->isVisible(); }));
    auto* page = fresh.findChild<StartPage*>();
    REQUIRE(page != nullptr);
    QObject::disconnect(
        page, &StartPage::newWindowRequested, &fresh, nullptr); // what follows is tested above
    QSignalSpy wanted(page, &StartPage::newWindowRequested);
    QSignalSpy opened(page, &StartPage::openRequested);
    QTest::mouseClick(list->viewport(), Qt::MiddleButton, {}, list->visualItemRect(list->item(0)).center());
    REQUIRE(wanted.count() == 1);
    CHECK(wanted.front().front().toString() == f.samplePath());
    CHECK(opened.isEmpty());
}

TEST_CASE("Windows keep one list of recent files")
{
    WindowFixture::CleanSettings clean;
    RecentFiles first, second;
    first.add(QStringLiteral("/a/1.safetensors"));
    second.add(QStringLiteral("/a/2.safetensors"));
    first.setPinned(QStringLiteral("/a/2.safetensors"), true);
    CHECK(first.files() == QStringList{"/a/2.safetensors", "/a/1.safetensors"});
    CHECK(RecentFiles().files() == first.files());
}

TEST_CASE("Rules of another tool are shown before they apply, and are one step")
{
    WindowFixture f;
    f.openSample();
    const std::size_t before = f.window.document().plan().rules.size();
    QTest::keyClick(&f.window, Qt::Key_I, Qt::ControlModifier | Qt::AltModifier);
    QWidget* dialog = waitForDialog("importDialog");
    auto* text = dialog->findChild<QPlainTextEdit*>(QStringLiteral("importText"));
    auto* apply = dialog->findChild<QPushButton*>(QStringLiteral("importApply"));
    auto* rows = dialog->findChild<QTreeWidget*>(QStringLiteral("importRows"));
    auto* count = dialog->findChild<QLabel*>(QStringLiteral("importCount"));
    CHECK_FALSE(apply->isEnabled());
    text->setPlainText(QStringLiteral("attn=q99"));
    REQUIRE(waitFor([&] { return count->text().contains(QLatin1String("q99")); }));
    CHECK_FALSE(apply->isEnabled());
    text->setPlainText(QStringLiteral("attn2=f16,diffusion_model.*attn=q4_K"));
    REQUIRE(waitFor([&] { return apply->isEnabled() && rows->topLevelItemCount() > 0; }));
    CHECK(dialog->findChild<QLabel*>(QStringLiteral("importNotes"))->text().contains(QLatin1String("INT4")));
    QTest::mouseClick(apply, Qt::LeftButton);
    f.settle();
    const QuantPlan& plan = f.window.document().plan();
    REQUIRE(plan.rules.size() == before + 2);
    CHECK(plan.rules.back().pattern == "attn2"); // the first of theirs is the strongest
    CHECK(plan.rules.back().choice.keeps());
    f.window.document().undoStack()->undo();
    CHECK(f.window.document().plan().rules.size() == before);
}

TEST_CASE("What a plan does is shown as rules of other tools, copied and saved")
{
    WindowFixture f;
    f.openSample();
    QuantPlan plan = f.window.document().plan();
    plan.base = Choice{"float8_e4m3fn", {}};
    plan.rules.push_back({"attn2", Choice{"nvfp4", {}}, "user", {}});
    f.window.document().edit(plan, QStringLiteral("two formats"));
    QTest::keyClick(&f.window, Qt::Key_X, Qt::ControlModifier | Qt::AltModifier);
    QWidget* dialog = waitForDialog("exportRulesDialog");
    auto* tool = dialog->findChild<QComboBox*>(QStringLiteral("exportRulesTool"));
    auto* format = dialog->findChild<QComboBox*>(QStringLiteral("exportRulesFormat"));
    auto* text = dialog->findChild<QPlainTextEdit*>(QStringLiteral("exportRulesText"));
    auto* notes = dialog->findChild<QLabel*>(QStringLiteral("exportRulesNotes"));
    auto* done = dialog->findChild<QLabel*>(QStringLiteral("exportRulesDone"));
    auto* copy = dialog->findChild<QPushButton*>(QStringLiteral("exportRulesCopy"));
    auto* save = dialog->findChild<QPushButton*>(QStringLiteral("exportRulesSave"));
    const auto shows = [&](const char* part) {
        return waitFor(
            [&] { return copy->isEnabled() && text->toPlainText().contains(QLatin1String(part)); });
    };
    REQUIRE(tool->count() == 3);
    REQUIRE(shows("\"_default\""));
    CHECK(notes->text().contains(
        QLatin1String("a layer config says nvfp4, convert-to-quant 1.3.4 stores FP8")));
    CHECK_FALSE(format->isVisible());

    tool->setCurrentIndex(tool->findData(QStringLiteral("comfy-quants")));
    REQUIRE(shows("target_dtype: fp8_e4m3\n"));
    REQUIRE(format->isVisible());
    CHECK(format->count() == 2);
    CHECK(notes->text().contains(QLatin1String("in nvfp4 are left out")));
    format->setCurrentIndex(1);
    REQUIRE(shows("target_dtype: nvfp4\n"));
    CHECK(format->count() == 2);

    tool->setCurrentIndex(tool->findData(QStringLiteral("stable-diffusion.cpp")));
    REQUIRE(shows("=q8_0,"));
    CHECK_FALSE(format->isVisible());
    CHECK_FALSE(done->isVisible());
    QTest::mouseClick(copy, Qt::LeftButton);
    CHECK(QGuiApplication::clipboard()->text() == text->toPlainText());
    CHECK(done->isVisible());
    const QString file = f.folder.filePath(QStringLiteral("rules.txt"));
    answerFileDialog(file);
    QTest::mouseClick(save, Qt::LeftButton);
    REQUIRE(waitFor([&] { return done->text().contains(file); }));
    QFile written(file);
    REQUIRE(written.open(QIODevice::ReadOnly));
    CHECK(QString::fromUtf8(written.readAll()) == text->toPlainText());
    dialog->close();

    // A format that comfy-quants lacks: the reason takes the place of the text.
    plan.rules.pop_back();
    plan.base.format = "int4";
    f.window.document().edit(plan, QStringLiteral("one format"));
    f.action(ActionId::ExportRules)->trigger();
    QWidget* second = waitForDialog("exportRulesDialog");
    auto* choice = second->findChild<QComboBox*>(QStringLiteral("exportRulesTool"));
    choice->setCurrentIndex(choice->findData(QStringLiteral("comfy-quants")));
    auto* reason = second->findChild<QLabel*>(QStringLiteral("exportRulesNotes"));
    REQUIRE(waitFor([&] { return reason->text().contains(QLatin1String("format that comfy-quants has")); }));
    CHECK_FALSE(second->findChild<QPushButton*>(QStringLiteral("exportRulesSave"))->isEnabled());
    CHECK(second->findChild<QPlainTextEdit*>(QStringLiteral("exportRulesText"))->toPlainText().isEmpty());
    second->close();
}

TEST_CASE("Parts can be of every file that is a checkpoint")
{
    PartsDialog parts({}, QDir::tempPath());
    parts.open();
    QStringList filters;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        if (auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
            filters = dialog->nameFilters();
            dialog->reject();
        }
    });
    timer.start(50);
    QTest::mouseClick(parts.findChild<QPushButton*>(QStringLiteral("partsAdd")), Qt::LeftButton);
    REQUIRE_FALSE(filters.isEmpty());
    for (const char* pattern : {"*.sft", "*.index.json", "*.safetensors", "*.gguf"})
        CHECK(filters.front().contains(QLatin1String(pattern)));
}
