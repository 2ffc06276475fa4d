// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

#include <array>

namespace mantissa::kernels::reference {

namespace {

constexpr float kInt8Max = 127.0f;
constexpr float kInt4Max = 7.0f;
constexpr std::size_t kErrorLanes = 16;

/// The code of src / divisor; nearbyint rounds ties to even (nobody changes the rounding mode).
int divideAndRound(float value, float divisor, Precision precision, float low, float high) noexcept
{
    const float quotient = round(precision, value / divisor);
    return static_cast<int>(clampOr(std::nearbyint(quotient), low, high, 0.0f));
}

/// Four bits of two's complement as a value.
int signedNibble(unsigned nibble) noexcept
{
    return static_cast<int>(nibble & 15u) - (nibble & 8u ? 16 : 0);
}

} // namespace

void encodeInt8Multiply(const float* src, std::size_t n, float multiplier, std::int8_t* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i) {
        const float clamped = clampOr(src[i] * multiplier, -kInt8Max, kInt8Max, 0.0f);
        dst[i] = static_cast<std::int8_t>(std::nearbyint(clamped));
    }
}

void encodeInt8Divide(const float* src, std::size_t n, float divisor, Precision precision, int lowest,
    std::int8_t* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = static_cast<std::int8_t>(
            divideAndRound(src[i], divisor, precision, static_cast<float>(lowest), kInt8Max));
}

void decodeInt8(const std::int8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = static_cast<float>(src[i]) * scale;
}

void encodeInt4Divide(
    const float* src, std::size_t n, float divisor, Precision precision, std::uint8_t* dst) noexcept
{
    for (std::size_t i = 0; i < n / 2; ++i) {
        const int even = divideAndRound(src[2 * i], divisor, precision, -kInt4Max, kInt4Max);
        const int odd = divideAndRound(src[2 * i + 1], divisor, precision, -kInt4Max, kInt4Max);
        dst[i] = static_cast<std::uint8_t>((even & 15) | (odd & 15) << 4);
    }
}

void decodeInt4(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    for (std::size_t i = 0; i < n / 2; ++i) {
        dst[2 * i] = static_cast<float>(signedNibble(src[i])) * scale;
        dst[2 * i + 1] = static_cast<float>(signedNibble(src[i] >> 4u)) * scale;
    }
}

void roundingErrors(const float* src, std::size_t n, const float* scales, std::size_t count, float limit,
    float* errors) noexcept
{
    for (std::size_t k = 0; k < count; ++k) {
        const float reciprocal = 1.0f / scales[k];
        std::array<float, kErrorLanes> lanes{};
        for (std::size_t i = 0; i < n; ++i) {
            const float code = std::nearbyint(clampOr(src[i] * reciprocal, -limit, limit, 0.0f));
            const float difference = src[i] - code * scales[k];
            lanes[i % kErrorLanes] += difference * difference;
        }
        errors[k] = fold(lanes.data(), kErrorLanes);
    }
}

} // namespace mantissa::kernels::reference
