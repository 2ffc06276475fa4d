// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/throughput.h"

#include <cmath>

namespace mantissa::ui {

namespace {
constexpr std::int64_t kMinStepMs = 20;
constexpr double kTimeConstantMs = 3000; // steady enough to read, quick enough to show a slow disk
} // namespace

void Throughput::reset()
{
    *this = {};
}

void Throughput::add(std::uint64_t bytesDone, std::int64_t timeMs)
{
    if (m_timeMs < 0 || bytesDone < m_bytes) { // first look, or a new phase that counts from zero
        m_timeMs = timeMs;
        m_bytes = bytesDone;
        return;
    }
    const std::int64_t step = timeMs - m_timeMs;
    if (step < kMinStepMs)
        return;
    const double now = 1000.0 * static_cast<double>(bytesDone - m_bytes) / static_cast<double>(step);
    const double weight = m_speed ? 1.0 - std::exp(-static_cast<double>(step) / kTimeConstantMs) : 1.0;
    m_speed = m_speed.value_or(0) + weight * (now - m_speed.value_or(0));
    m_bytes = bytesDone;
    m_timeMs = timeMs;
}

std::optional<double> Throughput::secondsLeft(std::uint64_t bytesTotal) const
{
    if (!m_speed || *m_speed <= 0 || bytesTotal < m_bytes)
        return std::nullopt;
    return static_cast<double>(bytesTotal - m_bytes) / *m_speed;
}

} // namespace mantissa::ui
