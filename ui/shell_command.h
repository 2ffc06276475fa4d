// SPDX-License-Identifier: GPL-3.0-or-later
// The command line that does what a button does.
#pragma once

#include "engine/model/model.h"

#include <QString>

namespace mantissa::ui {

/// A word of a POSIX shell: as it is where that is safe, else in single quotes.
QString shellWord(const QString& text);
/// `mantissa quantize …` with a plan file. `statistics` may be empty.
QString exportCommand(const QString& source, const DetectionOverrides& overrides, const QString& output,
    const QString& planFile, const QString& statistics);

} // namespace mantissa::ui
