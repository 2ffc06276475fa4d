// SPDX-License-Identifier: GPL-3.0-or-later
// The tests inside the application object, with settings in a folder of its own. Cases tagged [torch] run
// networks, and are left out of a build without libtorch (the asan preset).
#include "engine/torch/loader.h"
#include "tests/support/test_root.h"
#include "tests/support/test_session.h"
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
    const auto torch = mantissa::loadTorch();
    if (!torch)
        std::cout << "left out: cases tagged [torch]. " << torch.error().message << '\n';
    return mantissa::test::runTests(argc, argv, torch ? "" : "[torch]");
}
