// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings.h"

#include "engine/calibration/calibration.h"
#include "engine/compat/loaders.h"
#include "ui/language.h"
#include "ui/text.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QSettings>

namespace mantissa::ui {

namespace {

struct Settings {
    Q_DECLARE_TR_FUNCTIONS(Settings)
};

QList<QPair<QString, QVariant>> languages()
{
    QList<QPair<QString, QVariant>> list{
        {Settings::tr("of the system"), QString()}, {QStringLiteral("English"), QStringLiteral("en")}};
    for (const QString& code : shippedLanguages())
        list << qMakePair(QLocale(code).nativeLanguageName(), QVariant(code));
    return list;
}

QList<QPair<QString, QVariant>> runtimes()
{
    QList<QPair<QString, QVariant>> list{{Settings::tr("any runtime"), QString()}};
    for (const Loader& loader : knownLoaders())
        list << qMakePair((toQt(loader.name) + QLatin1Char(' ') + toQt(loader.version)).trimmed(),
            QVariant(toQt(loader.id)));
    return list;
}

SettingSpec specOf(Setting id)
{
    for (const SettingSpec& spec : settingTable())
        if (spec.id == id)
            return spec;
    return {};
}

} // namespace

QList<SettingSpec> settingTable()
{
    return {
        {Setting::ThemeChoice, QStringLiteral("window/theme"), Settings::tr("Colours"),
            Settings::tr("Light, dark, or as the desktop is set"), 0,
            {{Settings::tr("of the system"), 0}, {Settings::tr("light"), 1}, {Settings::tr("dark"), 2}}, 0, 0,
            false},
        {Setting::Language, QStringLiteral("window/language"), Settings::tr("Language"),
            Settings::tr("Of the window; the next start uses it"), QString(), languages(), 0, 0, true},
        {Setting::TargetRuntime, QStringLiteral("findings/runtime"), Settings::tr("Files are for"),
            Settings::tr("Formats that this runtime does not load become findings"), QString(), runtimes(), 0,
            0, false},
        {Setting::VerifyExports, QStringLiteral("export/verify"), Settings::tr("Verify exports"),
            Settings::tr("Reads each file back and decodes every layer after it was written"), true, {}, 0, 0,
            false},
        {Setting::MeasureExports, QStringLiteral("export/measure"),
            Settings::tr("Measure errors while exporting"),
            Settings::tr("Decodes every block after it was encoded; takes a little longer"), false, {}, 0, 0,
            false},
        {Setting::CalibrationPrompts, QStringLiteral("calibration/prompts"),
            Settings::tr("Prompts of a calibration"),
            Settings::tr("What the panel suggests; 8 are a quick look, 32 the usual number"),
            static_cast<int>(kQuickCalibrationPrompts), {}, 1, 10'000, false},
        {Setting::CalibrationSteps, QStringLiteral("calibration/steps"),
            Settings::tr("Sampling steps of a calibration"), Settings::tr("What the panel suggests"),
            static_cast<int>(kCalibrationSteps), {}, 1, 200, false},
        {Setting::LpipsWeights, QStringLiteral("compare/lpips"), Settings::tr("Weights of LPIPS"),
            Settings::tr("With them, comparisons measure LPIPS too: the state of lpips.LPIPS, or its linear "
                         "layers and torchvision's network in two files. The next comparison uses them"),
            QStringList(), {}, 0, 2, false},
        {Setting::CalibrationDevice, QStringLiteral("calibration/device"), Settings::tr("Calibrate on"),
            Settings::tr("A CUDA GPU is faster, where this machine has one"), QStringLiteral("cpu"),
            {{Settings::tr("the processor"), QStringLiteral("cpu")},
                {Settings::tr("the CUDA GPU"), QStringLiteral("cuda")}},
            0, 0, false},
        {Setting::JobsApart, QStringLiteral("export/apart"), // it began with exports
            Settings::tr("Run jobs in a process of their own"),
            Settings::tr("A crash of one, or memory that runs out, then leaves the window open"), true, {}, 0,
            0, false},
        {Setting::Notifications, QStringLiteral("window/notify"), Settings::tr("Desktop notifications"),
            Settings::tr("When a job of more than 30 seconds ends while the window is in the background"),
            true, {}, 0, 0, false},
        {Setting::CrashFileNames, QStringLiteral("crash/files"),
            Settings::tr("Names of files in crash reports"),
            Settings::tr("Reports stay on this machine; without this, they say nothing of your files"), false,
            {}, 0, 0, true},
    };
}

QVariant settingValue(Setting id)
{
    const SettingSpec spec = specOf(id);
    QVariant value = QSettings().value(spec.key, spec.standard);
    return value.convert(spec.standard.metaType()) ? value : spec.standard;
}

void setSettingValue(Setting id, const QVariant& value)
{
    const SettingSpec spec = specOf(id);
    if (value == spec.standard)
        QSettings().remove(spec.key); // a default that changes later is followed
    else
        QSettings().setValue(spec.key, value);
}

QString portableFolder()
{
    const QString folder = qEnvironmentVariable("MANTISSA_PORTABLE");
    return folder.isEmpty() ? QString() : QDir(folder).absolutePath();
}

void applyPortableMode()
{
    const QString folder = portableFolder();
    if (folder.isEmpty())
        return;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder + QStringLiteral("/settings"));
    QSettings::setPath(QSettings::IniFormat, QSettings::SystemScope, folder + QStringLiteral("/settings"));
}

} // namespace mantissa::ui
