// SPDX-License-Identifier: GPL-3.0-or-later
// Where to clip: the largest magnitude that a number grid shall reach, chosen from a histogram in four ways,
// and the curve of costs behind the choice, for a window to draw.
#pragma once

#include "engine/calibration/magnitude_histogram.h"

#include <string_view>
#include <vector>

namespace mantissa {

/// Grids of one scale for all values: what a static activation range is used with.
enum class RangeGrid { Int8, Int4, Float8E4M3, Float8E5M2, Float4E2M1 };
std::string_view nameOf(RangeGrid grid) noexcept; ///< "int8", "fp8_e4m3", …

/// The non-negative values that a grid has, ascending from 0, with the largest scaled to 1.
const std::vector<double>& gridLevels(RangeGrid grid);

struct RangePoint {
    double clip = 0;
    double cost = 0; ///< MSE: relative squared error; entropy: KL divergence in nats; percentile: share above
};

struct RangeChoice {
    double clip = 0; ///< 0 where the histogram is empty
    std::vector<RangePoint> curve; ///< ascending clips
};

/// Everything fits: the upper edge of the last bin that is not empty (at most one bin above the largest
/// value).
RangeChoice maxRange(const MagnitudeHistogram& histogram);
/// A share `share` (0.9999) of the values fits. The curve gives the share that does not, for each clip.
RangeChoice percentileRange(const MagnitudeHistogram& histogram, double share);
/// The clip of the smallest squared error, among clips from 1/64 of the largest value up.
RangeChoice mseRange(const MagnitudeHistogram& histogram, RangeGrid grid);
/// The clip whose quantized histogram diverges least from the clipped one, as TensorRT and ModelOpt choose it
/// (NVIDIA/Model-Optimizer, modelopt/torch/quantization/calib/histogram.py), for any grid. It cuts outliers
/// that matter in diffusion models: offer it, never default to it.
RangeChoice entropyRange(const MagnitudeHistogram& histogram, RangeGrid grid);

/// Σ(x − Q(x))² / Σx² of the histogram on a grid whose largest value is `clip`; values of a bin count as its
/// centre. 0 for an empty histogram.
double relativeSquaredError(const MagnitudeHistogram& histogram, RangeGrid grid, double clip);

} // namespace mantissa
