// SPDX-License-Identifier: GPL-3.0-or-later
// The readable kernels, by area. What each one computes is written in kernels/kernel_set.h.
#pragma once

#include "kernels/kernel_set.h"

#include <cmath>

namespace mantissa::kernels::reference {

inline float round(Precision precision, float value) noexcept
{
    switch (precision) {
    case Precision::BF16:
        return roundToBF16(value);
    case Precision::F16:
        return roundToF16(value);
    case Precision::F32:
        break;
    }
    return value;
}

/// std::clamp with an answer for NaN: `ifNaN`.
inline float clampOr(float value, float low, float high, float ifNaN) noexcept
{
    if (std::isnan(value))
        return ifNaN;
    return value < low ? low : (value > high ? high : value);
}

/// Adds the upper half to the lower half until one value is left; `count` is a power of two.
inline float fold(float* values, std::size_t count) noexcept
{
    for (std::size_t half = count / 2; half > 0; half /= 2)
        for (std::size_t i = 0; i < half; ++i)
            values[i] += values[i + half];
    return values[0];
}

void floatFromF16(const std::byte* src, std::size_t n, float* dst) noexcept;
void floatFromBF16(const std::byte* src, std::size_t n, float* dst) noexcept;
void floatFromF64(const std::byte* src, std::size_t n, float* dst) noexcept;
void f16FromFloat(const float* src, std::size_t n, std::byte* dst) noexcept;
void bf16FromFloat(const float* src, std::size_t n, std::byte* dst) noexcept;
void roundTo(Precision precision, const float* src, std::size_t n, float* dst) noexcept;

float absmax(const float* src, std::size_t n) noexcept;
void groupAbsmax(const float* src, std::size_t n, std::size_t group, float* dst) noexcept;
std::size_t countNonFinite(const float* src, std::size_t n) noexcept;
double sumSquares(const float* src, std::size_t n) noexcept;
double sumSquaredError(const float* a, const float* b, std::size_t n) noexcept;

void encodeE4M3Run(
    const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept;
void encodeE5M2Run(
    const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept;
void decodeE4M3Run(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept;
void decodeE5M2Run(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept;

void encodeInt8Multiply(const float* src, std::size_t n, float multiplier, std::int8_t* dst) noexcept;
void encodeInt8Divide(const float* src, std::size_t n, float divisor, Precision precision, int lowest,
    std::int8_t* dst) noexcept;
void decodeInt8(const std::int8_t* src, std::size_t n, float scale, float* dst) noexcept;
void encodeInt4Divide(
    const float* src, std::size_t n, float divisor, Precision precision, std::uint8_t* dst) noexcept;
void decodeInt4(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept;
void roundingErrors(const float* src, std::size_t n, const float* scales, std::size_t count, float limit,
    float* errors) noexcept;

void rotate(float* values, std::size_t n, std::size_t group, Precision precision) noexcept;

void nvfp4Row(const float* src, std::size_t n, float tensorScale, std::size_t block, std::uint8_t* scales,
    std::uint8_t* packed) noexcept;
double nvfp4SearchRow(const float* src, std::size_t n, float tensorScale, std::size_t block,
    std::uint8_t* scales, std::uint8_t* packed) noexcept;
void decodeNvfp4Row(const std::uint8_t* packed, const std::uint8_t* scales, std::size_t n, float tensorScale,
    std::size_t block, float* dst) noexcept;

void mxfp8Row(const float* src, std::size_t n, std::uint8_t* exponents, std::uint8_t* codes) noexcept;
void decodeMxfp8Row(
    const std::uint8_t* codes, const std::uint8_t* exponents, std::size_t n, float* dst) noexcept;

void roundToGrid(const GridValues& grid, const float* src, const float* scale, const float* second,
    std::size_t n, float* dst) noexcept;
void addGridErrors(const GridValues& grid, const float* src, const float* scale, const float* second,
    float weight, std::size_t n, float* errors) noexcept;
void addScaled(const float* src, std::size_t n, float factor, float* dst) noexcept;

} // namespace mantissa::kernels::reference
