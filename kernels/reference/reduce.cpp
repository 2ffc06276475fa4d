// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

#include <algorithm>
#include <array>

namespace mantissa::kernels::reference {

namespace {

constexpr std::size_t kSumLanes = 8;

/// The folding order of the table's double sums.
double foldSum(const std::array<double, kSumLanes>& l) noexcept
{
    return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
}

} // namespace

float absmax(const float* src, std::size_t n) noexcept
{
    float largest = 0.0f;
    for (std::size_t i = 0; i < n; ++i) {
        const float magnitude = std::abs(src[i]);
        if (magnitude > largest) // false for NaN
            largest = magnitude;
    }
    return largest;
}

void groupAbsmax(const float* src, std::size_t n, std::size_t group, float* dst) noexcept
{
    for (std::size_t begin = 0; begin < n; begin += group)
        *dst++ = absmax(src + begin, std::min(group, n - begin));
}

std::size_t countNonFinite(const float* src, std::size_t n) noexcept
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i)
        count += std::isfinite(src[i]) ? 0 : 1;
    return count;
}

double sumSquares(const float* src, std::size_t n) noexcept
{
    std::array<double, kSumLanes> lanes{};
    for (std::size_t i = 0; i < n; ++i) {
        const double value = src[i];
        lanes[i % kSumLanes] += value * value;
    }
    return foldSum(lanes);
}

double sumSquaredError(const float* a, const float* b, std::size_t n) noexcept
{
    std::array<double, kSumLanes> lanes{};
    for (std::size_t i = 0; i < n; ++i) {
        const double difference = static_cast<double>(b[i]) - static_cast<double>(a[i]);
        lanes[i % kSumLanes] += difference * difference;
    }
    return foldSum(lanes);
}

} // namespace mantissa::kernels::reference
