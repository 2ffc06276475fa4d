// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio_application.h"

#include "ui/accessible_label.h"
#include "ui/crash_folder.h"
#include "ui/icons.h"

#include <QAccessible>
#include <QEvent>
#include <QLoggingCategory>
#include <QThread>

#include <algorithm>
#include <ctime>

namespace mantissa::ui {

namespace {
Q_LOGGING_CATEGORY(watchdogLog, "mantissa.watchdog")

double threadBusyMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}
} // namespace

StudioApplication::StudioApplication(int& argc, char** argv)
    : QApplication(argc, argv)
{
    nameStudio();
    setApplicationDisplayName(QStringLiteral("Mantissa Studio"));
    setDesktopFileName(QStringLiteral("io.github.mantissa.Studio"));
    setWindowIcon(applicationIcon());
    QAccessible::installFactory(accessibleLabel);
#ifndef NDEBUG
    m_watchdog = true;
#endif
    if (qEnvironmentVariableIsSet("MANTISSA_WATCHDOG"))
        m_watchdog = qEnvironmentVariableIntValue("MANTISSA_WATCHDOG") != 0;
}

void StudioApplication::resetStalls()
{
    m_longestMs = 0;
    m_longestBusyMs = 0;
    m_longestIn.clear();
}

bool StudioApplication::notify(QObject* receiver, QEvent* event)
{
    if (!m_watchdog || QThread::currentThread() != thread())
        return QApplication::notify(receiver, event);

    const int level = QThread::currentThread()->loopLevel();
    for (Frame& frame : m_frames)
        frame.opensLoop = frame.opensLoop || level > frame.loopLevel;
    m_frames.push_back({{}, threadBusyMs(), level, false});
    m_frames.back().clock.start();
    // Kept beforehand: the receiver may be gone afterwards.
    const QByteArray className = receiver->metaObject()->className();
    const QString objectName = receiver->objectName();
    const int type = event->type();

    const bool handled = QApplication::notify(receiver, event);

    const Frame frame = m_frames.back();
    m_frames.pop_back();
    const qint64 tookMs = frame.clock.elapsed();
    if (!frame.opensLoop)
        m_longestBusyMs = std::max(m_longestBusyMs, threadBusyMs() - frame.busySinceMs);
    if (!frame.opensLoop && tookMs > m_longestMs) {
        m_longestMs = tookMs;
        m_longestIn
            = QStringLiteral("%1 \"%2\", event %3").arg(QString::fromLatin1(className), objectName).arg(type);
    }
    const bool innermost = m_frames.empty() || m_frames.back().loopLevel < level;
    if (!frame.opensLoop && innermost && tookMs > kStallMs)
        qCWarning(watchdogLog).noquote() << "the window stood still for" << tookMs << "ms in" << className
                                         << objectName << "event" << type;
    return handled;
}

} // namespace mantissa::ui
