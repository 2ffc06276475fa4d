// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/crash_folder.h"

#include "engine/base/crash_report.h"
#include "ui/settings.h"
#include "ui/state_file.h"
#include "ui/text.h"

#include <QCoreApplication>

namespace mantissa::ui {

QString crashFolder()
{
    return stateFolder() + QStringLiteral("/crashes");
}

Status installStudioCrashReports()
{
    return installCrashReports({toPath(crashFolder()), "Mantissa Studio", MANTISSA_VERSION,
        settingValue(Setting::CrashFileNames).toBool()});
}

void nameStudio()
{
    QCoreApplication::setApplicationName(QStringLiteral("mantissa-studio"));
    QCoreApplication::setOrganizationName(QStringLiteral("mantissa"));
    applyPortableMode();
}

} // namespace mantissa::ui
