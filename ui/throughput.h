// SPDX-License-Identifier: GPL-3.0-or-later
// Speed and time left of a job, by bytes (a count of layers would jump: layers differ a thousandfold in
// size).
#pragma once

#include <cstdint>
#include <optional>

namespace mantissa::ui {

class Throughput {
public:
    void reset();
    /// `timeMs` grows; calls closer together than 20 ms are folded into the next.
    void add(std::uint64_t bytesDone, std::int64_t timeMs);
    /// Smoothed bytes per second; empty until enough is known.
    std::optional<double> bytesPerSecond() const { return m_speed; }
    std::optional<double> secondsLeft(std::uint64_t bytesTotal) const;

private:
    std::optional<double> m_speed;
    std::uint64_t m_bytes = 0;
    std::int64_t m_timeMs = -1;
};

} // namespace mantissa::ui
