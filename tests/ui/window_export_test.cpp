// SPDX-License-Identifier: GPL-3.0-or-later
// Exports, driven through the window.
#include "tests/ui/support/synthetic_model.h"
#include "tests/ui/support/window_fixture.h"

#include <QAbstractButton>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ui;
using namespace mantissa::ui::test;

namespace {

template <typename T> T* in(QWidget* dialog, const char* name)
{
    T* found = dialog->findChild<T*>(QLatin1String(name));
    INFO("widget " << name);
    REQUIRE(found != nullptr);
    return found;
}

void enterPath(QWidget* dialog, const QString& path)
{
    auto* edit = in<QLineEdit>(dialog, "exportPath");
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, path);
}

} // namespace

TEST_CASE("The sample is exported by hand: open, choose, export, and the file has the promised size")
{
    WindowFixture f;
    f.click("startSample");
    REQUIRE(waitFor([&] { return !f.window.document().isEmpty(); }));
    const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
    f.click("exportButton");
    QWidget* dialog = waitForDialog("exportDialog");
    CHECK(in<QLineEdit>(dialog, "exportPath")->text().contains("tiny-sd-"));
    enterPath(dialog, out);
    CHECK(in<QAbstractButton>(dialog, "exportStart")->text().contains("Export"));
    const std::uint64_t promised = f.window.document().state()->fileBytes.value();
    QTest::mouseClick(in<QAbstractButton>(dialog, "exportStart"), Qt::LeftButton);
    REQUIRE(waitFor([&] { return f.window.exporter().isRunning() || QFile::exists(out); }));
    REQUIRE(waitFor([&] { return !f.window.exporter().isRunning(); }, 60000));
    INFO(f.find<QLabel>("exportStatus")->text().toStdString());
    REQUIRE(QFile::exists(out));
    CHECK(static_cast<std::uint64_t>(QFileInfo(out).size()) == promised);
    CHECK(f.visible<QWidget>("exportPanel"));
    CHECK(f.find<QLabel>("exportStatus")->text() == "Exported out.safetensors");
    CHECK(f.find<QLabel>("messageText")->text().contains("out.safetensors"));
    CHECK(f.action(ActionId::ShowResult)->isEnabled());
    CHECK_FALSE(f.action(ActionId::CancelExport)->isEnabled());

    // The result opens on its own and is known to be quantized.
    f.open(out);
    CHECK_FALSE(f.window.document().model()->quantization.scheme.empty());
    CHECK(f.find<QLabel>("existingQuantization")->text().contains("quantized"));
}

TEST_CASE("An existing file is asked about at once, the source itself is refused")
{
    WindowFixture f;
    const QString source = f.folder.filePath(QStringLiteral("source.safetensors"));
    const QString existing = f.folder.filePath(QStringLiteral("there.safetensors"));
    REQUIRE(QFile::copy(f.samplePath(), source));
    REQUIRE(QFile::copy(f.samplePath(), existing));
    f.open(source);
    QTest::keyClick(&f.window, Qt::Key_E, Qt::ControlModifier);
    QWidget* dialog = waitForDialog("exportDialog");
    auto* start = in<QAbstractButton>(dialog, "exportStart");
    enterPath(dialog, source);
    CHECK_FALSE(start->isEnabled());
    CHECK(in<QLabel>(dialog, "exportProblem")->text().contains("being read"));
    enterPath(dialog, f.folder.filePath(QStringLiteral("no/such/folder/x.safetensors")));
    CHECK_FALSE(start->isEnabled());
    enterPath(dialog, existing);
    CHECK(start->isEnabled());
    CHECK(start->text().contains("Overwrite"));
    QTest::mouseClick(start, Qt::LeftButton);
    REQUIRE(waitFor(
        [&] { return f.find<QLabel>("exportStatus")->text().startsWith(QLatin1String("Exported")); }, 60000));
    CHECK(QFileInfo(existing).size() != QFileInfo(source).size());
}

TEST_CASE("Cancel is acknowledged at once and leaves nothing under the final name")
{
    WindowFixture f;
    const QString source = f.folder.filePath(QStringLiteral("big.safetensors"));
    writeSparseCheckpoint(toPath(source), 1200); // over a gigabyte, none of it on disk
    f.open(source);
    const QString out = f.folder.filePath(QStringLiteral("big-out.safetensors"));
    f.window.exporter().start(out, {});
    REQUIRE(waitFor([&] { return f.action(ActionId::CancelExport)->isEnabled(); }));
    REQUIRE(waitFor(
        [&] { return f.find<QLabel>("exportDetail")->text().contains(QStringLiteral("/s")); }, 30000));
    QElapsedTimer clock;
    clock.start();
    f.click("exportCancelButton");
    CHECK(f.find<QLabel>("exportStatus")->text() == QStringLiteral("Cancelling…"));
    CHECK(clock.elapsed() < 200);
    REQUIRE(waitFor([&] { return !f.window.exporter().isRunning(); }));
    CHECK(clock.elapsed() < kCancelledMs);
    CHECK(f.find<QLabel>("exportStatus")->text() == "Cancelled");
    CHECK_FALSE(QFile::exists(out));
    CHECK(f.action(ActionId::Export)->isEnabled());
}

TEST_CASE("A failing export says why and what to do")
{
    WindowFixture f;
    const QString source = f.folder.filePath(QStringLiteral("shrinks.safetensors"));
    writeSparseCheckpoint(toPath(source), 20);
    f.open(source);
    REQUIRE(QFile::resize(source, QFileInfo(source).size() / 2));
    const QString out = f.folder.filePath(QStringLiteral("out.safetensors"));
    f.window.exporter().start(out, {});
    REQUIRE(waitFor([&] { return !f.window.exporter().isRunning(); }, 60000));
    const QString status = f.find<QLabel>("exportStatus")->text();
    INFO(status.toStdString());
    CHECK(status.endsWith(QLatin1Char('.')));
    CHECK_FALSE(status.startsWith(QLatin1String("Exported")));
    CHECK(f.visible<QLabel>("messageText"));
    CHECK_FALSE(QFile::exists(out));
}

TEST_CASE("The window can be closed while an export runs")
{
    QTemporaryDir folder;
    const QString source = folder.filePath(QStringLiteral("big.safetensors"));
    const QString out = folder.filePath(QStringLiteral("out.safetensors"));
    writeSparseCheckpoint(toPath(source), 1200);
    {
        WindowFixture f;
        f.open(source);
        f.window.exporter().start(out, {});
        REQUIRE(waitFor([&] { return f.window.exporter().isRunning(); }));
    } // the destructor stops the job and waits for it
    CHECK_FALSE(QFile::exists(out));
}
