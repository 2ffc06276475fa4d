// SPDX-License-Identifier: GPL-3.0-or-later
// QCustomPlot with Qt's keywords, which are off in our own code.
#pragma once

#include <QtGlobal>

// The library's header needs the words; nothing else may see them.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef foreach
#undef slots
#undef signals
