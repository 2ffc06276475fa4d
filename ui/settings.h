// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can set for the program as a whole: one table, which the settings dialog lists and everybody
// else reads through. Kept by QSettings; with MANTISSA_PORTABLE=FOLDER in that folder, as is the state.
#pragma once

#include <QList>
#include <QString>
#include <QVariant>

namespace mantissa::ui {

enum class Setting {
    ThemeChoice, ///< int of ThemeChoice
    Language, ///< "", "en", "de"
    VerifyExports, ///< bool
    MeasureExports, ///< bool
    TargetRuntime, ///< id of resources/loaders.json; empty: any
    CalibrationPrompts, ///< int
    CalibrationSteps, ///< int
    CalibrationDevice, ///< "cpu", "cuda"
    JobsApart, ///< bool
    Notifications, ///< bool
    LpipsWeights, ///< QStringList: one file or two, as readLpips() takes them; empty: LPIPS is not measured
    CrashFileNames, ///< bool
};

struct SettingSpec {
    Setting id;
    QString key; ///< of QSettings
    QString name, help; ///< translated
    QVariant standard; ///< the default; its type is the setting's
    QList<QPair<QString, QVariant>> choices; ///< shown → stored; empty: a check box, a number or files
    int least = 0, most = 0; ///< of a number; `most` also of a list of files
    bool afterRestart = false;
};

/// In the order in which they are shown.
QList<SettingSpec> settingTable();
QVariant settingValue(Setting id);
void setSettingValue(Setting id, const QVariant& value);
/// Where state and settings go if MANTISSA_PORTABLE is set, absolute; else empty.
QString portableFolder();
/// Before the first QSettings: points them to portableFolder().
void applyPortableMode();

} // namespace mantissa::ui
