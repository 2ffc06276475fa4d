// SPDX-License-Identifier: GPL-3.0-or-later
// What is free on the GPUs of this machine, read again every few seconds while somebody looks.
#pragma once

#include "engine/compat/gpu_memory.h"
#include "ui/job_controller.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace mantissa::ui {

class GpuMemoryWatch : public QObject {
    Q_OBJECT
public:
    explicit GpuMemoryWatch(QObject* parent = nullptr);
    /// Reads at once and then every five seconds, until it is told to stop.
    void setWatching(bool watching);

Q_SIGNALS:
    void changed(const mantissa::GpuMemoryReading& reading);

private:
    void read();

    QTimer m_timer;
    JobController m_job;
};

} // namespace mantissa::ui
