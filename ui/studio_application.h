// SPDX-License-Identifier: GPL-3.0-or-later
// The application object with a watchdog: it measures how long each event keeps the window's thread. Events
// that open a loop of their own (dialogs, menus, drags) do not count, the events inside them do.
#pragma once

#include <QApplication>
#include <QElapsedTimer>

#include <vector>

namespace mantissa::ui {

class StudioApplication : public QApplication {
    Q_OBJECT
public:
    /// No event may keep the window longer than this (spec: ux 2.8, 53).
    static constexpr qint64 kStallMs = 50;

    StudioApplication(int& argc, char** argv);

    /// Logs stalls; on in debug builds and with MANTISSA_WATCHDOG=1.
    void setWatchdog(bool on) { m_watchdog = on; }
    /// Longest event since the last reset, in milliseconds of the clock on the wall.
    qint64 longestStallMs() const { return m_longestMs; }
    /// The same in milliseconds that this thread really ran: what remains on a machine with nothing else to
    /// do.
    double longestBusyMs() const { return m_longestBusyMs; }
    QString longestStallIn() const { return m_longestIn; }
    void resetStalls();

    bool notify(QObject* receiver, QEvent* event) override;

private:
    struct Frame {
        QElapsedTimer clock;
        double busySinceMs = 0;
        int loopLevel = 0;
        bool opensLoop = false;
    };
    std::vector<Frame> m_frames;
    bool m_watchdog = false;
    qint64 m_longestMs = 0;
    double m_longestBusyMs = 0;
    QString m_longestIn;
};

} // namespace mantissa::ui
