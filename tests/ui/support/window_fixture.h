// SPDX-License-Identifier: GPL-3.0-or-later
// A shown window with a folder of its own, and short ways to find and press what is in it.
#pragma once

#include "engine/base/resource.h"
#include "tests/ui/support/synthetic_model.h"
#include "ui/main_window.h"
#include "ui/state_file.h"
#include "ui/studio_application.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include <catch2/catch.hpp>

namespace mantissa::ui::test {

#ifdef MANTISSA_SLOW_BUILD // sanitizers and debug builds: a frozen window would still show
constexpr double kLimitMs = 1500; ///< of one event of the window
constexpr qint64 kCancelledMs = 20'000; ///< from the click until nothing runs any more
#else
constexpr double kLimitMs = StudioApplication::kStallMs;
constexpr qint64 kCancelledMs = 2000;
#endif

struct WindowFixture {
    WindowFixture()
    {
        theme.apply(ThemeChoice::Light);
        window.show();
        bool shown = false;
        for (int attempt = 0; attempt < 10 && !shown; ++attempt) { // the window manager may still be starting
            window.activateWindow();
            shown = QTest::qWaitForWindowActive(&window, 1000);
        }
        REQUIRE(shown);
    }
    ~WindowFixture() { window.hide(); }

    template <typename T> T* find(const char* name)
    {
        T* found = window.findChild<T*>(QLatin1String(name));
        INFO("widget " << name);
        REQUIRE(found != nullptr);
        return found;
    }
    template <typename T> bool visible(const char* name)
    {
        const T* found = window.findChild<T*>(QLatin1String(name));
        return found != nullptr && found->isVisible();
    }
    void click(const char* name) { QTest::mouseClick(find<QWidget>(name), Qt::LeftButton); }
    QAction* action(ActionId id) { return window.actionTable()[id]; }
    QStringList recentFiles() const
    {
        return QSettings().value(QStringLiteral("recent/files")).toStringList();
    }
    QString samplePath() const { return fromPath(resourcePath("sample/tiny-sd.safetensors").value()); }

    void open(const QString& file)
    {
        window.openFile(file);
        REQUIRE(waitFor([this] { return !window.opener().isBusy(); }, 30000));
        REQUIRE_FALSE(window.document().isEmpty());
    }
    void openSample() { open(samplePath()); }
    /// Waits until the plan is resolved as it stands.
    void settle()
    {
        REQUIRE(waitFor([this] { return !window.document().isResolving(); }));
    }

    struct CleanSettings {
        CleanSettings()
        {
            QSettings().clear();
            QDir(stateFolder()).removeRecursively();
        }
    } clean;
    QTemporaryDir folder;
    Theme theme;
    MainWindow window{theme};
};

/// The modal dialog of this name, once it is there.
inline QWidget* waitForDialog(const char* name)
{
    QWidget* dialog = nullptr;
    waitFor([&] {
        dialog = QApplication::activeModalWidget();
        return dialog != nullptr && dialog->objectName() == QLatin1String(name);
    });
    INFO("dialog " << name);
    REQUIRE(dialog != nullptr);
    return dialog;
}

/// Chooses an entry by its data, as a person does.
inline void choose(QComboBox* combo, const char* data)
{
    const int row = combo->findData(QLatin1String(data));
    REQUIRE(row >= 0);
    combo->setCurrentIndex(row);
    Q_EMIT combo->activated(row);
}

} // namespace mantissa::ui::test
