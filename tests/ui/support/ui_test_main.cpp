// SPDX-License-Identifier: GPL-3.0-or-later
// Catch2 inside the application object, with settings in a folder of its own. Cases tagged [torch] run
// networks, and are left out of a build without libtorch (the asan preset).
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "engine/torch/loader.h"
#include "tests/support/test_root.h"
#include "ui/plural_translator.h"
#include "ui/studio_application.h"

#include <QLocale>
#include <QSettings>
#include <QTemporaryDir>

#include <iostream>

int main(int argc, char** argv)
{
    mantissa::test::enterSourceRoot();
    const QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
    qputenv("XDG_STATE_HOME", home.filePath(QStringLiteral("state")).toLocal8Bit());
    qputenv("XDG_CACHE_HOME", home.filePath(QStringLiteral("cache")).toLocal8Bit());
    qputenv("HOME", home.path().toLocal8Bit());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    mantissa::ui::StudioApplication app(argc, argv);
    mantissa::ui::PluralTranslator plurals;
    QCoreApplication::installTranslator(&plurals);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, home.path());
    Catch::Session session;
    if (const int problem = session.applyCommandLine(argc, argv); problem != 0)
        return problem;
    if (const auto torch = mantissa::loadTorch(); !torch) {
        std::cout << "left out: cases tagged [torch]. " << torch.error().message << '\n';
        auto& chosen = session.configData().testsOrTags;
        if (chosen.empty())
            chosen.emplace_back();
        for (std::string& each : chosen)
            each += "~[torch]";
    }
    return session.run();
}
