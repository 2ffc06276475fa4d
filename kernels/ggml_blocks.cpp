// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/ggml_blocks.h"

#include "kernels/number_formats.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace mantissa::kernels {

namespace {

constexpr std::size_t kSmallBlock = 32; ///< values of the types that are not K types
constexpr std::size_t kGroup = 16; ///< values of a K type's block that share a scale (Q2_K, Q3_K, Q6_K)

unsigned byteAt(const std::byte* src, std::size_t index) noexcept
{
    return std::to_integer<unsigned>(src[index]);
}

float halfAt(const std::byte* src) noexcept
{
    std::uint16_t bits = 0;
    std::memcpy(&bits, src, sizeof(bits));
    return decodeF16(bits);
}

/// Code i of 32 in 16 bytes: the low halves come first.
unsigned nibbleAt(const std::byte* codes, std::size_t i) noexcept
{
    return i < kSmallBlock / 2 ? byteAt(codes, i) & 15u : byteAt(codes, i - kSmallBlock / 2) >> 4;
}

unsigned fifthBits(const std::byte* src) noexcept
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, src, sizeof(bits));
    return bits;
}

float signedFloat(unsigned code, int offset) noexcept
{
    return static_cast<float>(static_cast<int>(code) - offset);
}

/// The eight 6-bit scales and minima of Q4_K and Q5_K in their 12 bytes.
struct ScaleAndMinimum {
    unsigned scale = 0, minimum = 0;
};
ScaleAndMinimum scaleAndMinimum(const std::byte* packed, std::size_t group) noexcept
{
    if (group < 4)
        return {byteAt(packed, group) & 63u, byteAt(packed, group + 4) & 63u};
    const unsigned low = byteAt(packed, group + 4);
    return {
        (low & 15u) | (byteAt(packed, group - 4) >> 2 & 48u), low >> 4 | (byteAt(packed, group) >> 2 & 48u)};
}

/// Q4_K, and with the high bits Q5_K: 8 groups of 32 values, two groups in the halves of 32 bytes.
void decodeScaledGroups(
    const std::byte* src, const std::byte* highBits, const std::byte* codes, float* dst) noexcept
{
    const float d = halfAt(src), dmin = halfAt(src + 2);
    for (std::size_t group = 0; group < 8; ++group) {
        const auto [scale, minimum] = scaleAndMinimum(src + 4, group);
        const float step = d * static_cast<float>(scale), offset = dmin * static_cast<float>(minimum);
        for (std::size_t j = 0; j < 32; ++j) {
            unsigned code = byteAt(codes, group / 2 * 32 + j) >> (group % 2 * 4) & 15u;
            if (highBits != nullptr)
                code |= (byteAt(highBits, j) >> group & 1u) << 4;
            *dst++ = step * static_cast<float>(code) - offset;
        }
    }
}

/// 2-bit code i of a K type's block: four runs of 32 values in the bits of 32 bytes, twice.
unsigned twoBitsAt(const std::byte* codes, std::size_t i) noexcept
{
    return byteAt(codes, i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3u;
}

/// The levels of IQ4_NL and IQ4_XS (ggml-common.h, kvalues_iq4nl).
constexpr std::array<std::int8_t, 16> kUnevenLevels{
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
/// Twice the values of FP4 E2M1 (ggml-common.h, kvalues_mxfp4).
constexpr std::array<std::int8_t, 16> kDoubledE2M1{0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

} // namespace

void decodeQ4_0(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = d * signedFloat(nibbleAt(src + 2, i), 8);
}

void decodeQ4_1(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src), m = halfAt(src + 2);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = d * static_cast<float>(nibbleAt(src + 4, i)) + m;
}

void decodeQ5_0(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src);
    const unsigned high = fifthBits(src + 2);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = d * signedFloat(nibbleAt(src + 6, i) | (high >> i & 1u) << 4, 16);
}

void decodeQ5_1(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src), m = halfAt(src + 2);
    const unsigned high = fifthBits(src + 4);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = d * static_cast<float>(nibbleAt(src + 8, i) | (high >> i & 1u) << 4) + m;
}

void decodeQ8_0(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = static_cast<float>(static_cast<std::int8_t>(byteAt(src, 2 + i))) * d;
}

void decodeQ2_K(const std::byte* src, float* dst) noexcept
{
    const std::byte* const codes = src + 16;
    const float d = halfAt(src + 80), dmin = halfAt(src + 82);
    for (std::size_t i = 0; i < kMostGgmlBlockValues; ++i) {
        const unsigned packed = byteAt(src, i / kGroup);
        const float step = d * static_cast<float>(packed & 15u),
                    offset = dmin * static_cast<float>(packed >> 4);
        dst[i] = step * static_cast<float>(twoBitsAt(codes, i)) - offset;
    }
}

void decodeQ3_K(const std::byte* src, float* dst) noexcept
{
    const std::byte* const codes = src + 32;
    const std::byte* const scales = src + 96;
    const float d = halfAt(src + 108);
    std::array<float, kMostGgmlBlockValues / kGroup> steps{};
    for (std::size_t group = 0; group < steps.size(); ++group) {
        const unsigned low = byteAt(scales, group % 8) >> (group / 8 * 4) & 15u;
        const unsigned high = byteAt(scales, 8 + group % 4) >> (group / 4 * 2) & 3u;
        steps[group] = d * signedFloat(low | high << 4, 32);
    }
    for (std::size_t i = 0; i < kMostGgmlBlockValues; ++i) {
        const bool whole
            = (byteAt(src, i % 32) >> (i / 32) & 1u) != 0; // a set bit means: nothing is taken off
        dst[i] = steps[i / kGroup] * signedFloat(twoBitsAt(codes, i), whole ? 0 : 4);
    }
}

void decodeQ4_K(const std::byte* src, float* dst) noexcept
{
    decodeScaledGroups(src, nullptr, src + 16, dst);
}

void decodeQ5_K(const std::byte* src, float* dst) noexcept
{
    decodeScaledGroups(src, src + 16, src + 48, dst);
}

void decodeQ6_K(const std::byte* src, float* dst) noexcept
{
    const std::byte* const high = src + 128;
    const std::byte* const scales = src + 192;
    const float d = halfAt(src + 208);
    for (std::size_t i = 0; i < kMostGgmlBlockValues; ++i) {
        const auto scale = static_cast<std::int8_t>(byteAt(scales, i / kGroup));
        const unsigned low = byteAt(src, i / 128 * 64 + i % 64) >> (i % 128 / 64 * 4) & 15u;
        dst[i] = d * static_cast<float>(scale) * signedFloat(low | twoBitsAt(high, i) << 4, 32);
    }
}

void decodeIQ4_NL(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = d * static_cast<float>(kUnevenLevels[nibbleAt(src + 2, i)]);
}

void decodeIQ4_XS(const std::byte* src, float* dst) noexcept
{
    const float d = halfAt(src);
    const unsigned highScales = byteAt(src, 2) | byteAt(src, 3) << 8;
    for (std::size_t group = 0; group < 8; ++group) {
        const unsigned low = byteAt(src, 4 + group / 2) >> (group % 2 * 4) & 15u;
        const float step = d * signedFloat(low | (highScales >> (2 * group) & 3u) << 4, 32);
        for (std::size_t i = 0; i < kSmallBlock; ++i)
            *dst++ = step * static_cast<float>(kUnevenLevels[nibbleAt(src + 8 + group * 16, i)]);
    }
}

void decodeMXFP4(const std::byte* src, float* dst) noexcept
{
    // Half of 2^(e - 127), because the levels are doubled; the two smallest are subnormal.
    const unsigned exponent = byteAt(src, 0);
    const float half = std::bit_cast<float>(exponent < 2 ? 0x00200000u << exponent : (exponent - 1) << 23);
    for (std::size_t i = 0; i < kSmallBlock; ++i)
        dst[i] = half * static_cast<float>(kDoubledE2M1[nibbleAt(src + 1, i)]);
}

} // namespace mantissa::kernels
