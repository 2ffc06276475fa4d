// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/notifier.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QVariantMap>

namespace mantissa::ui {

namespace {
constexpr qint64 kLongJobMs = 30'000;
}

bool deservesNotification(qint64 tookMs, bool windowIsActive)
{
    return tookMs >= kLongJobMs && !windowIsActive;
}

void notifyDesktop(QWidget* window, const QString& title, const QString& text)
{
    QApplication::alert(window);
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("/org/freedesktop/Notifications"), QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("Notify"));
    call << QStringLiteral("Mantissa Studio") << 0U << QGuiApplication::desktopFileName() << title << text
         << QStringList()
         << QVariantMap{{QStringLiteral("desktop-entry"), QGuiApplication::desktopFileName()}} << -1;
    bus.asyncCall(call);
}

} // namespace mantissa::ui
