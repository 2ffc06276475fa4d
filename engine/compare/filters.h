// SPDX-License-Identifier: GPL-3.0-or-later
// Planes of floats and separable filters on them: what the picture metrics are made of. All functions are
// reentrant and give the same bits on every machine.
#pragma once

#include "engine/image/picture.h"

#include <cstddef>
#include <span>
#include <vector>

namespace mantissa {

/// One channel of a picture, row-major.
struct FloatPlane {
    int width = 0, height = 0;
    std::vector<float> values;

    FloatPlane() = default;
    FloatPlane(int planeWidth, int planeHeight)
        : width(planeWidth)
        , height(planeHeight)
        , values(static_cast<std::size_t>(planeWidth) * static_cast<std::size_t>(planeHeight))
    { }
    bool empty() const { return values.empty(); }
    float* row(int y)
    {
        return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    const float* row(int y) const
    {
        return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
};

/// What lies beyond the edge: its last pixel again, or the picture mirrored with the edge pixel twice
/// ("reflect" of scipy.ndimage).
enum class Border { Replicate, Mirror };

/// dst[x] = Σ taps[k] · src[x + k − r] along rows; taps.size() = 2·r + 1. dst may be src.
void filterRows(const FloatPlane& src, std::span<const float> taps, Border border, FloatPlane& dst);
/// The same along columns; dst must not be src.
void filterColumns(const FloatPlane& src, std::span<const float> taps, Border border, FloatPlane& dst);
/// Rows, then columns. `scratch` is reused; none of the planes may be another.
void filterSeparable(
    const FloatPlane& src, std::span<const float> taps, Border border, FloatPlane& scratch, FloatPlane& dst);

/// exp(−x²/2σ²) for x = −radius…radius, with the sum 1.
std::vector<float> gaussianTaps(double sigma, int radius);

/// One channel (0 red, 1 green, 2 blue) through a table of 256 values.
FloatPlane channelPlane(const Picture& picture, int channel, std::span<const float, 256> table);

} // namespace mantissa
