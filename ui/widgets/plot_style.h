// SPDX-License-Identifier: GPL-3.0-or-later
// What plots look like in either theme.
#pragma once

#include "ui/theme.h"

#include <QFont>

class QCPAxis;

namespace mantissa::ui {

/// Lines, labels and grid of an axis; again after each change of palette or font.
void styleAxis(QCPAxis* axis, const ThemeColors& colors, const QFont& font);

} // namespace mantissa::ui
