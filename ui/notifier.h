// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the desktop that a long job ended while nobody was looking.
#pragma once

#include <QString>

class QWidget;

namespace mantissa::ui {

/// Whether a job that took this long is worth a notification for this window.
bool deservesNotification(qint64 tookMs, bool windowIsActive);
/// Over D-Bus (org.freedesktop.Notifications), without waiting; and marks the window in the task bar.
void notifyDesktop(QWidget* window, const QString& title, const QString& text);

} // namespace mantissa::ui
