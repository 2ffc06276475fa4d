// SPDX-License-Identifier: GPL-3.0-or-later
// mantissa-studio [FILE]: the window.
#include "ui/language.h"
#include "ui/main_window.h"
#include "ui/settings.h"
#include "ui/studio_application.h"
#include "ui/theme.h"

#include <QCommandLineParser>
#include <QTimer>

#include <algorithm>

int main(int argc, char** argv)
{
    using namespace mantissa::ui;
    StudioApplication app(argc, argv);
    StudioApplication::setApplicationVersion(QStringLiteral(MANTISSA_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A quantization studio for diffusion models."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption language(QStringLiteral("language"),
        QStringLiteral("Language of the window (en, de) instead of the system's."), QStringLiteral("CODE"));
    parser.addOption(language);
    parser.addPositionalArgument(
        QStringLiteral("FILE"), QStringLiteral("Checkpoint or project to open."), QStringLiteral("[FILE]"));
    parser.process(app);
    installLanguage(
        app, parser.isSet(language) ? parser.value(language) : settingValue(Setting::Language).toString());

    Theme theme;
    const int stored = settingValue(Setting::ThemeChoice).toInt();
    theme.apply(static_cast<ThemeChoice>(std::clamp(stored, 0, 2)));
    MainWindow window(theme);
    window.show();
    if (!parser.positionalArguments().isEmpty())
        QTimer::singleShot(0, &window, [&] { window.openFile(parser.positionalArguments().constFirst()); });
    return StudioApplication::exec();
}
