// SPDX-License-Identifier: GPL-3.0-or-later
// The small number formats, one value at a time: readable, portable, and the truth that every faster kernel
// is tested against. Rounding is to nearest, ties to even, everywhere. Nothing here depends on flush-to-zero
// modes being set or not, as long as nobody sets them (nothing in this program does). Facts: docs of the
// formats, spec 3 "Encoders"; codes and casts are checked against torch in tests/kernels.
#pragma once

#include <bit>
#include <cstdint>

namespace mantissa::kernels {

namespace detail {

constexpr std::uint32_t kSignBit = 0x80000000u;
constexpr std::uint32_t kInfinityBits = 0x7F800000u;
constexpr std::uint32_t kQuietBit = 0x00400000u;
constexpr int kFloatMantissa = 23;
constexpr int kFloatBias = 127;

/// Rounds a finite magnitude (float bits without the sign) to a code with `mantissa` mantissa bits and
/// exponent bias `bias`. Too large magnitudes come out as codes past the largest one: the caller saturates.
constexpr std::uint32_t roundMagnitude(std::uint32_t magnitude, int mantissa, int bias) noexcept
{
    const std::uint32_t smallestNormal = static_cast<std::uint32_t>(kFloatBias + 1 - bias) << kFloatMantissa;
    if (magnitude < smallestNormal) {
        // Adding the power of two whose last place is the format's smallest step lets the addition round for
        // us; the sum's low bits are then the code (one past the last subnormal is the smallest normal:
        // correct too).
        const std::uint32_t anchor
            = static_cast<std::uint32_t>(kFloatBias + 1 - bias - mantissa + kFloatMantissa) << kFloatMantissa;
        return std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + std::bit_cast<float>(anchor))
            - anchor;
    }
    const int dropped = kFloatMantissa - mantissa;
    const std::uint32_t odd = (magnitude >> dropped) & 1u;
    const std::uint32_t rounded = (magnitude + (1u << (dropped - 1)) - 1u + odd) >> dropped;
    return rounded - (static_cast<std::uint32_t>(kFloatBias - bias) << mantissa);
}

/// The value of a finite magnitude code (without sign) of such a format.
constexpr float decodeMagnitude(std::uint32_t code, int mantissa, int bias) noexcept
{
    const std::uint32_t exponent = code >> mantissa;
    if (exponent == 0) {
        const std::uint32_t step = static_cast<std::uint32_t>(kFloatBias + 1 - bias - mantissa)
            << kFloatMantissa;
        return static_cast<float>(code) * std::bit_cast<float>(step);
    }
    return std::bit_cast<float>((code << (kFloatMantissa - mantissa))
        + (static_cast<std::uint32_t>(kFloatBias - bias) << kFloatMantissa));
}

constexpr float withSign(float value, std::uint32_t negative) noexcept
{
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | (negative != 0 ? kSignBit : 0u));
}

} // namespace detail

// --- E4M3 (the "fn" variant: no infinity; 0x7F and 0xFF are NaN; largest 448; smallest step 2^-9)

constexpr float kE4M3Max = 448.0f;
constexpr float kE5M2Max = 57344.0f;
constexpr float kE2M1Max = 6.0f;

/// Saturates to ±448, infinities too. NaN gives 0x7F with the sign of the NaN. Negative zero stays negative.
constexpr std::uint8_t encodeE4M3(float value) noexcept
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 24) & 0x80u;
    const std::uint32_t magnitude = bits & ~detail::kSignBit;
    if (magnitude > detail::kInfinityBits)
        return static_cast<std::uint8_t>(sign | 0x7Fu);
    if (magnitude >= std::bit_cast<std::uint32_t>(kE4M3Max))
        return static_cast<std::uint8_t>(sign | 0x7Eu);
    return static_cast<std::uint8_t>(sign | detail::roundMagnitude(magnitude, 3, 7));
}

constexpr float decodeE4M3(std::uint8_t code) noexcept
{
    const std::uint32_t magnitude = code & 0x7Fu;
    if (magnitude == 0x7Fu)
        return detail::withSign(std::bit_cast<float>(0x7FF00000u), code & 0x80u);
    return detail::withSign(detail::decodeMagnitude(magnitude, 3, 7), code & 0x80u);
}

// --- E5M2 (IEEE-like: 0x7C is infinity, above it NaN; largest 57344)

/// Overflows to infinity from 61440 up, as torch does: formats that must saturate clamp first. NaN gives 0x7F
/// with the sign of the NaN. Negative zero stays negative.
constexpr std::uint8_t encodeE5M2(float value) noexcept
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 24) & 0x80u;
    const std::uint32_t magnitude = bits & ~detail::kSignBit;
    if (magnitude > detail::kInfinityBits)
        return static_cast<std::uint8_t>(sign | 0x7Fu);
    const std::uint32_t code = detail::roundMagnitude(magnitude, 2, 15);
    return static_cast<std::uint8_t>(sign | (code > 0x7Cu ? 0x7Cu : code));
}

/// NaN codes give quiet NaNs with their payload.
constexpr float decodeE5M2(std::uint8_t code) noexcept
{
    const std::uint32_t magnitude = code & 0x7Fu;
    if (magnitude > 0x7Cu)
        return detail::withSign(
            std::bit_cast<float>(detail::kInfinityBits | detail::kQuietBit | ((magnitude & 3u) << 21)),
            code & 0x80u);
    if (magnitude == 0x7Cu)
        return detail::withSign(std::bit_cast<float>(detail::kInfinityBits), code & 0x80u);
    return detail::withSign(detail::decodeMagnitude(magnitude, 2, 15), code & 0x80u);
}

// --- E8M0 (an exponent alone)

/// What the loaders compute: the code as a float's exponent field. Code 0 is therefore 0, not 2^-127, and
/// code 255 is infinity (spec 3.10).
constexpr float decodeE8M0(std::uint8_t code) noexcept
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(code) << detail::kFloatMantissa);
}

/// The value that the format's definition (and torch) gives the code: 0 is 2^-127 and 255 is NaN.
constexpr float decodeE8M0Nominal(std::uint8_t code) noexcept
{
    if (code == 0)
        return std::bit_cast<float>(detail::kQuietBit); // 2^-127, a subnormal float
    if (code == 255)
        return std::bit_cast<float>(detail::kInfinityBits | detail::kQuietBit);
    return decodeE8M0(code);
}

// --- E2M1 (0, .5, 1, 1.5, 2, 3, 4, 6 in codes 0..7; bit 3 is the sign)

/// Saturates to ±6; NaN, which the format lacks, too (with its sign). Negative zero stays negative (code 8).
constexpr std::uint8_t encodeE2M1(float value) noexcept
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 28) & 0x8u;
    const std::uint32_t magnitude = bits & ~detail::kSignBit;
    if (magnitude >= std::bit_cast<std::uint32_t>(kE2M1Max))
        return static_cast<std::uint8_t>(sign | 0x7u);
    return static_cast<std::uint8_t>(sign | detail::roundMagnitude(magnitude, 1, 1));
}

/// Looks at the low four bits only.
constexpr float decodeE2M1(std::uint8_t nibble) noexcept
{
    return detail::withSign(detail::decodeMagnitude(nibble & 0x7u, 1, 1), nibble & 0x8u);
}

// --- F16 (IEEE binary16)

/// Overflows to infinity from 65520 up. NaN becomes quiet and keeps its sign and the top of its payload.
constexpr std::uint16_t encodeF16(float value) noexcept
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000u;
    const std::uint32_t magnitude = bits & ~detail::kSignBit;
    if (magnitude > detail::kInfinityBits)
        return static_cast<std::uint16_t>(sign | 0x7E00u | ((magnitude >> 13) & 0x3FFu));
    const std::uint32_t code = detail::roundMagnitude(magnitude, 10, 15);
    return static_cast<std::uint16_t>(sign | (code > 0x7C00u ? 0x7C00u : code));
}

/// NaN becomes quiet and keeps its sign and payload.
constexpr float decodeF16(std::uint16_t code) noexcept
{
    const std::uint32_t magnitude = code & 0x7FFFu;
    if (magnitude >= 0x7C00u) {
        const std::uint32_t payload = (magnitude & 0x3FFu) << 13;
        const std::uint32_t quiet = payload != 0 ? detail::kQuietBit : 0u;
        return detail::withSign(
            std::bit_cast<float>(detail::kInfinityBits | quiet | payload), code & 0x8000u);
    }
    return detail::withSign(detail::decodeMagnitude(magnitude, 10, 15), code & 0x8000u);
}

// --- BF16 (the upper half of a float)

/// Overflows to infinity by rounding. NaN becomes quiet and keeps its sign and the top of its payload.
constexpr std::uint16_t encodeBF16(float value) noexcept
{
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & ~detail::kSignBit) > detail::kInfinityBits)
        return static_cast<std::uint16_t>((bits | detail::kQuietBit) >> 16);
    return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

/// Exact for every code, signalling NaN included.
constexpr float decodeBF16(std::uint16_t code) noexcept
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(code) << 16);
}

constexpr float roundToF16(float value) noexcept
{
    return decodeF16(encodeF16(value));
}
constexpr float roundToBF16(float value) noexcept
{
    return decodeBF16(encodeBF16(value));
}

} // namespace mantissa::kernels
