// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a golden inference fixture: makes its checkpoint, opens it as any other file, and compares what the
// network gives with what its reference implementation gave.
#pragma once

#include "engine/base/error.h"

#include <filesystem>
#include <map>
#include <string>

namespace mantissa::test {

struct ParityReport {
    std::string fixture, architecture;
    /// Largest difference from the golden tensor, divided by its root mean square. A golden tensor that the
    /// network did not produce has infinity.
    std::map<std::string, double> outputs, taps;
    double tolerance = 0; ///< max(1e-5, 20 × float64_difference of the fixture); 1e-4 where it has none
    bool pass() const;
};

/// `computeInBfloat16`: the same in bf16, whose tolerance the caller sets.
Result<ParityReport> runFixture(const std::filesystem::path& fixture, bool computeInBfloat16 = false);

std::string toJsonLine(const ParityReport& report);

} // namespace mantissa::test
