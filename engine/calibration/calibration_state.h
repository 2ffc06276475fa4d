// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a calibration run that is under way. OUT.part is a statistics file over the prompts that are
// finished; it replaces itself atomically and becomes OUT at the end.
#pragma once

#include "engine/calibration/statistics_file.h"

#include <filesystem>
#include <memory>

namespace mantissa {

/// OUT.part.
std::filesystem::path statePath(const std::filesystem::path& output);
/// Before a run: Usage where OUT exists and may not be replaced, or where OUT.part is no state of ours.
Status checkCalibrationOutput(const std::filesystem::path& output, bool overwrite);
/// The state that an earlier run left; null where there is none.
Result<std::shared_ptr<const StatisticsFile>> openState(const std::filesystem::path& output);
/// OUT.part becomes OUT.
Status publishStatistics(const std::filesystem::path& output, bool overwrite);

} // namespace mantissa
