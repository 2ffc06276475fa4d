// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the image pipeline over prompts and keeps the statistics of what its layers see.
#pragma once

#include "engine/calibration/calibration.h"

namespace mantissa {

/// Opens headers and settings; weights are read when they are first used.
Result<std::unique_ptr<CalibrationRunner>> makeCalibration(
    std::shared_ptr<const Model> model, const GeneratorOptions& options);

} // namespace mantissa
