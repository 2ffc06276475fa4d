// SPDX-License-Identifier: GPL-3.0-or-later
// How other threads, and code that must not change what it stands in, hand work to the window's thread.
#pragma once

#include <QMetaObject>
#include <QObject>

#include <utility>

namespace mantissa::ui {

/// Runs `work` on the thread of `receiver` when its event loop is next free, never at once and in the order
/// of the calls; not at all if the receiver ends before. From any thread, while the receiver lives.
template <typename Work> void post(QObject* receiver, Work&& work)
{
    QMetaObject::invokeMethod(receiver, std::forward<Work>(work), Qt::QueuedConnection);
}

} // namespace mantissa::ui
