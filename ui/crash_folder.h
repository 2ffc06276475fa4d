// SPDX-License-Identifier: GPL-3.0-or-later
// Where crash reports of the window and its workers go.
#pragma once

#include "engine/base/error.h"

#include <QString>

namespace mantissa::ui {

/// "crashes" below the state.
QString crashFolder();
/// As the settings say; after nameStudio().
Status installStudioCrashReports();
/// Gives the application the names that settings are kept under, and applies the portable mode.
void nameStudio();

} // namespace mantissa::ui
