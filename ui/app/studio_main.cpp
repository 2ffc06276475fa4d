// SPDX-License-Identifier: GPL-3.0-or-later
// mantissa-studio [FILE…]: the window, one for each file; with --worker, a job of a window without one.
#include "engine/torch/loader.h"
#include "ui/crash_folder.h"
#include "ui/job_worker.h"
#include "ui/language.h"
#include "ui/main_window.h"
#include "ui/settings.h"
#include "ui/studio_application.h"
#include "ui/theme.h"

#include <QCommandLineParser>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <string_view>

int main(int argc, char** argv)
{
    using namespace mantissa::ui;
    mantissa::restWaitingThreads();
    if (argc > 1 && std::string_view(argv[1]) == kWorkerOption)
        return workerMain(argc, argv);
    StudioApplication app(argc, argv);
    StudioApplication::setApplicationVersion(QStringLiteral(MANTISSA_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A quantization studio for diffusion models."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption language(QStringLiteral("language"),
        QStringLiteral("Language of the window (en, de) instead of the system's."), QStringLiteral("CODE"));
    parser.addOption(language);
    parser.addPositionalArgument(QStringLiteral("FILE"),
        QStringLiteral("Checkpoints or projects to open, each in a window of its own."),
        QStringLiteral("[FILE…]"));
    parser.process(app);
    if (const mantissa::Status reports = installStudioCrashReports(); !reports)
        std::fprintf(stderr, "mantissa-studio: %s\n", reports.error().message.c_str());
    installLanguage(
        app, parser.isSet(language) ? parser.value(language) : settingValue(Setting::Language).toString());

    Theme theme;
    const int stored = settingValue(Setting::ThemeChoice).toInt();
    theme.apply(static_cast<ThemeChoice>(std::clamp(stored, 0, 2)));
    MainWindow window(theme);
    window.show();
    if (!parser.positionalArguments().isEmpty())
        QTimer::singleShot(0, &window, [&] { window.openFiles(parser.positionalArguments()); });
    return StudioApplication::exec();
}
