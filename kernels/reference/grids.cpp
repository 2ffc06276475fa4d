// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

#include <algorithm>

namespace mantissa::kernels::reference {

namespace {

constexpr float kInt8Max = 127.0f;

/// The level with as many midpoints below it as `value` exceeds.
float nearestLevel(const std::array<float, 16>& levels, float value) noexcept
{
    float result = levels[0];
    for (std::size_t k = 0; k + 1 < levels.size(); ++k)
        if (value > (levels[k] + levels[k + 1]) * 0.5f)
            result = levels[k + 1];
    return result;
}

float nearestValue(const GridValues& grid, float value, float scale, float second) noexcept
{
    if (grid.kind == GridKind::IntegerLevels) {
        std::array<float, 16> integers{};
        for (std::size_t k = 0; k < integers.size(); ++k)
            integers[k] = std::nearbyint(clampOr(grid.levels[k] * scale, -kInt8Max, kInt8Max, 0.0f)) + 0.0f;
        return second == 0.0f ? 0.0f : nearestLevel(integers, value / second) * second;
    }
    if (scale == 0.0f)
        return second;
    const float units = (value - second) / scale;
    switch (grid.kind) {
    case GridKind::E4M3:
        return decodeE4M3(encodeE4M3(units)) * scale;
    case GridKind::E5M2:
        return decodeE5M2(encodeE5M2(clampOr(units, -kE5M2Max, kE5M2Max, 0.0f))) * scale;
    case GridKind::E2M1:
        return decodeE2M1(encodeE2M1(units)) * scale;
    case GridKind::Levels:
        return nearestLevel(grid.levels, units) * scale;
    default:
        break;
    }
    return (clampOr(std::nearbyint(units), grid.low, grid.high, 0.0f) + 0.0f) * scale + second;
}

} // namespace

void roundToGrid(const GridValues& grid, const float* src, const float* scale, const float* second,
    std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = nearestValue(grid, src[i], scale[i], second == nullptr ? 0.0f : second[i]);
}

void addGridErrors(const GridValues& grid, const float* src, const float* scale, const float* second,
    float weight, std::size_t n, float* errors) noexcept
{
    for (std::size_t i = 0; i < n; ++i) {
        const float difference
            = src[i] - nearestValue(grid, src[i], scale[i], second == nullptr ? 0.0f : second[i]);
        errors[i] += weight * (difference * difference);
    }
}

void addScaled(const float* src, std::size_t n, float factor, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] += factor * src[i];
}

} // namespace mantissa::kernels::reference
