// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/presenters/gpu_memory_watch.h"

namespace mantissa::ui {

GpuMemoryWatch::GpuMemoryWatch(QObject* parent)
    : QObject(parent)
{
    constexpr int kEveryMs = 5000; // starting the driver's tool takes some 50 ms of a core
    m_timer.setInterval(kEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &GpuMemoryWatch::read);
}

void GpuMemoryWatch::setWatching(bool watching)
{
    if (watching == m_timer.isActive())
        return;
    if (!watching) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    read();
}

void GpuMemoryWatch::read()
{
    if (m_job.isRunning())
        return;
    m_job.start<GpuMemoryReading>(
        [](const JobContext&) -> Result<GpuMemoryReading> { return readGpuMemory(); },
        [this](const Result<GpuMemoryReading>& reading) {
            if (reading)
                Q_EMIT changed(*reading);
        });
}

} // namespace mantissa::ui
