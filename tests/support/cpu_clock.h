// SPDX-License-Identifier: GPL-3.0-or-later
// How long this process computed: for bounds that catch runaway work and hold on a busy machine, too. Figures
// belong into tests/bench.
#pragma once

#include <chrono>
#include <ctime>

namespace mantissa::test {

class CpuClock {
public:
    /// Since construction, all threads together.
    std::chrono::duration<double> elapsed() const { return now() - m_begin; }

private:
    static std::chrono::duration<double> now()
    {
        return std::chrono::duration<double>(static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
    }
    std::chrono::duration<double> m_begin = now();
};

} // namespace mantissa::test
