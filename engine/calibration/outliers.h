// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that a plan hurts because a few of their input channels are much larger than the rest.
#pragma once

#include "engine/calibration/statistics_file.h"
#include "engine/plan/plan.h"

#include <vector>

namespace mantissa {

/// A channel this many times the median one leaves the median less than three bits of an 8-bit integer grid
/// (127 / 20 ≈ 6 steps on each side).
inline constexpr double kOutlierRatio = 20;

/// Largest channel maximum over the median one; 0 where nothing was seen.
double outlierRatio(std::span<const float> absMax);

/// Layers whose inputs the runtime rounds to integers, one scale for a whole token, without rotation, and
/// that have outlier channels; with the rotation of the same format or the recipe `best` as the fix. Reads
/// the channel maxima of these layers. The error of a damaged file.
Result<std::vector<Finding>> outlierFindings(const QuantPlan& plan, const Model& model,
    const ResolvedPlan& resolved, const StatisticsFile& statistics);

} // namespace mantissa
