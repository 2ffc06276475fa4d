// SPDX-License-Identifier: GPL-3.0-or-later
// The table of hot loops. One set is the readable reference (kernels/reference), the others are its Highway
// versions (kernels/cpu); all of them give the same bytes for the same input, on every machine.
//
// Conventions for all entries
//  - noexcept, no allocation, no global state: may run on any number of threads at once.
//  - `n` may be any number, zero too, unless the entry says otherwise. Pointers need no alignment and, unless
//  the
//    entry says otherwise, source and destination do not overlap.
//  - float32 arithmetic, one rounding per operation, in the order that is written down here; never a fused
//    multiply-add. Rounding to integers and to number formats is to nearest, ties to even.
//  - `Precision` is the dtype that the imitated tool computes in: with BF16 or F16 the result of the named
//    operation is rounded to that type before it goes on (the operation itself is float32).
//  - NaN as a number to encode gives the format's NaN with the sign of the input, or 0 in formats without
//  one;
//    infinities saturate. NaN payloads of float results are not part of the promise.
//  - Nothing here sets or expects flush-to-zero: subnormals count.
#pragma once

#include "kernels/number_formats.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mantissa::kernels {

/// The dtype that intermediate results are rounded to.
enum class Precision : std::uint8_t { F32, BF16, F16 };

/// NVFP4's search tries the E4M3 scale codes from (code of the absmax rule) + kNvfp4SearchFirst to
/// + kNvfp4SearchLast. That range holds the scale ratios 0.75 to 1.6, and so the "four over six" choice
/// (1.5).
constexpr int kNvfp4SearchFirst = -2;
constexpr int kNvfp4SearchLast = 6;

/// Columns that share one MXFP8 exponent.
constexpr std::size_t kMxfp8Block = 32;
/// Largest NVFP4 block and largest rotation group that the entries take.
constexpr std::size_t kMaxNvfp4Block = 32;
constexpr std::size_t kMaxRotation = 4096;
/// Largest number of scales that roundingErrors() takes.
constexpr std::size_t kMaxErrorScales = 32;

struct KernelSet {
    const char* name; ///< "reference", "avx3", …

    // --- Conversions of stored dtypes
    // E4M3, E5M2 and I8 runs are converted by their decode entries with scale 1.

    /// Exact. The sources are arrays of little-endian elements.
    void (*floatFromF16)(const std::byte* src, std::size_t n, float* dst) noexcept;
    void (*floatFromBF16)(const std::byte* src, std::size_t n, float* dst) noexcept;
    /// Rounds; overflow gives infinity.
    void (*floatFromF64)(const std::byte* src, std::size_t n, float* dst) noexcept;
    /// encodeF16 / encodeBF16 of each value.
    void (*f16FromFloat)(const float* src, std::size_t n, std::byte* dst) noexcept;
    void (*bf16FromFloat)(const float* src, std::size_t n, std::byte* dst) noexcept;
    /// dst[i] = src[i] rounded to the precision. src and dst may be the same run.
    void (*roundTo)(Precision precision, const float* src, std::size_t n, float* dst) noexcept;

    // --- Reductions

    /// Largest |x|, +0 for an empty run. NaNs are skipped; an infinity counts.
    float (*absmax)(const float* src, std::size_t n) noexcept;
    /// dst[g] = absmax of columns [g·group, min(n, (g+1)·group)), for ceil(n / group) groups; group > 0.
    void (*groupAbsmax)(const float* src, std::size_t n, std::size_t group, float* dst) noexcept;
    /// How many values are NaN or infinite.
    std::size_t (*countNonFinite)(const float* src, std::size_t n) noexcept;
    /// Σ x² in double. Value i is added to lane i mod 8, each lane in ascending order; the lanes are folded
    /// (l0+l4)+(l2+l6) + ((l1+l5)+(l3+l7)).
    double (*sumSquares)(const float* src, std::size_t n) noexcept;
    /// Σ (b − a)² in double (operands converted first), same order of summation.
    double (*sumSquaredError)(const float* a, const float* b, std::size_t n) noexcept;

    // --- FP8

    /// dst[i] = encodeE4M3(P(src[i] · multiplier)), P the rounding to `precision`.
    void (*encodeE4M3)(
        const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept;
    /// The same with E5M2, clamped to ±57344 first (NaN stays NaN).
    void (*encodeE5M2)(
        const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept;
    /// dst[i] = decode(src[i]) · scale.
    void (*decodeE4M3)(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept;
    void (*decodeE5M2)(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept;

    // --- INT8 and INT4

    /// y = clamp(src[i] · multiplier, −127, 127); dst[i] = y to the nearest integer. NaN gives 0.
    void (*encodeInt8Multiply)(const float* src, std::size_t n, float multiplier, std::int8_t* dst) noexcept;
    /// y = P(src[i] / divisor); dst[i] = clamp(y to the nearest integer, lowest, 127). NaN gives 0. `lowest`
    /// is −128 or −127.
    void (*encodeInt8Divide)(const float* src, std::size_t n, float divisor, Precision precision, int lowest,
        std::int8_t* dst) noexcept;
    /// dst[i] = float(src[i]) · scale.
    void (*decodeInt8)(const std::int8_t* src, std::size_t n, float scale, float* dst) noexcept;
    /// q = clamp(P(src[i] / divisor) to the nearest integer, −7, 7) as signed nibbles, the even column in the
    /// low half of the byte. n is even; n / 2 bytes.
    void (*encodeInt4Divide)(
        const float* src, std::size_t n, float divisor, Precision precision, std::uint8_t* dst) noexcept;
    /// dst[i] = float(signed nibble i) · scale; n is even.
    void (*decodeInt4)(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept;
    /// For each scale s = scales[k]: r = 1 / s; over all i: q = clamp(src[i]·r, −limit, limit) to the nearest
    /// integer, d = src[i] − q·s, and d² is added to lane i mod 16 in ascending order, in float32; errors[k]
    /// = fold of the 16 lanes (see below). For choosing between scales. count ≤ kMaxErrorScales; values and
    /// all 1 / s are finite.
    void (*roundingErrors)(const float* src, std::size_t n, const float* scales, std::size_t count,
        float limit, float* errors) noexcept;

    // --- Rotation

    /// Multiplies each run of `group` values by the normalized regular Hadamard matrix (spec 3.7), in place.
    /// group is 4, 16, 64, 256, 1024 or 4096 and divides n. Every value is first multiplied by 1/√group;
    /// then, for the strides 1, 4, 16, … < group, each quadruple (a, b, c, d) at that stride becomes
    /// (a+b)+(c−d), (a+b)−(c−d), (a−b)+(c+d), (c+d)−(a−b). At the end P rounds every value.
    void (*rotate)(float* values, std::size_t n, std::size_t group, Precision precision) noexcept;

    // --- NVFP4
    // A row of n columns has ceil(n / block) blocks (block = 8, 16 or 32); columns past the end count as
    // zeros and are written as code 0. `scales` gets one E4M3 code a block, `packed` blocks · block / 2
    // bytes, even column in the high nibble. The tensor scale is finite and > 0.

    /// The plain rule (spec 3.9): b = (blockmax / 6) / tensorScale; scale code
    /// f = encodeE4M3(min(b, 448)); t = tensorScale · decode(f); code = encodeE2M1(clamp(x / t, −6, 6)), all
    /// codes +0 where t = 0. A NaN weight gives the code of 6 with its sign.
    void (*nvfp4Row)(const float* src, std::size_t n, float tensorScale, std::size_t block,
        std::uint8_t* scales, std::uint8_t* packed) noexcept;
    /// The block scale with the least squared error. f0 is the plain rule's code; the codes from
    /// max(0, f0 + kNvfp4SearchFirst) to min(0x7E, f0 + kNvfp4SearchLast) are tried in ascending order, and a
    /// code is taken when its error is less than the best so far (which starts at +infinity, with f0). The
    /// error of a code: t as above, r = 1 / t (r = 0 for code 0), for every value of the block m =
    /// decodeE2M1(encodeE2M1(|x|·r)), d = |x| − m·t, fold of the d² (see below). A zero block has the code 0.
    /// The codes are then made as in nvfp4Row, with a division. Returns Σ of the blocks' best errors in
    /// double, in ascending order, blocks whose best error is not finite left out. The tensor scale is at
    /// least 2^-100, so that no reciprocal overflows. scales and packed may both be null: only the error is
    /// wanted.
    double (*nvfp4SearchRow)(const float* src, std::size_t n, float tensorScale, std::size_t block,
        std::uint8_t* scales, std::uint8_t* packed) noexcept;
    /// t = tensorScale · decodeE4M3(scales[c / block]); dst[c] = decodeE2M1(code c) · t.
    void (*decodeNvfp4Row)(const std::uint8_t* packed, const std::uint8_t* scales, std::size_t n,
        float tensorScale, std::size_t block, float* dst) noexcept;

    // --- MXFP8
    // A row of n columns has ceil(n / 32) blocks; columns past the end count as zeros and get code 0.

    /// e = mxfp8Exponent(blockmax); code = encodeE4M3(x · 2^(127−e)), which is exact and so equals the
    /// division (spec 3.10). Where e = 0 all codes are +0. `codes` gets 32 bytes a block, `exponents` one.
    void (*mxfp8Row)(const float* src, std::size_t n, std::uint8_t* exponents, std::uint8_t* codes) noexcept;
    /// dst[c] = decodeE4M3(codes[c]) · decodeE8M0(exponents[c / 32]).
    void (*decodeMxfp8Row)(
        const std::uint8_t* codes, const std::uint8_t* exponents, std::size_t n, float* dst) noexcept;
};

// Folding: the upper half of the values is added to the lower half until one is left: for 16 values
// v[i] += v[i+8] for i < 8, v[i] += v[i+4] for i < 4, v[0] += v[2], v[1] += v[3], v[0] + v[1]; for blocks of
// 8 from the second step on, for blocks of 32 with one step before.

/// The MXFP8 exponent code of a block: n = max(blockMax / 448, 2^-127), e = clamp(ceil(log2f(n)) + 127, 0,
/// 254), with a float32 logarithm (correctly rounded: a few values just above a power of two count as that
/// power). A blockMax that is not finite gives 254.
std::uint8_t mxfp8ExponentByLogarithm(float blockMax) noexcept;

/// The same from the bits of n, without a logarithm; proven equal by a test. torch 2.15's log2 agrees with
/// both on the 4096 floats above and below every power of two, on each of its CPU paths (default, AVX2,
/// AVX-512). kMxfp8Slack(e): the largest mantissa (in units of the last place above 2^(e−127)) whose log2 is
/// still rounded to the integer. Half a unit in the last place of the logarithm k = e − 127, over log2(1 +
/// 2^-23) = 1.72e-7: the unit doubles where |k| passes a power of two.
constexpr std::uint32_t mxfp8Slack(int k) noexcept
{
    // Above a negative power of two (-4, -8, …) floats are twice as dense: hence -k - 1 there.
    const int magnitude = k < 0 ? -k - 1 : k;
    if (magnitude >= 64)
        return 22;
    if (magnitude >= 32)
        return 11;
    if (magnitude >= 16)
        return 5;
    if (magnitude >= 8)
        return 2;
    return magnitude >= 4 ? 1 : 0;
}

constexpr std::uint8_t mxfp8Exponent(float blockMax) noexcept
{
    constexpr std::uint32_t kTwoToMinus127 = 0x00400000u; // a subnormal
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(blockMax / kE4M3Max);
    if (bits >= 0x7F800000u) // infinity or NaN
        return 254;
    const std::uint32_t exponent = bits >> 23;
    if (exponent
        == 0) // log2 in [-127, -126): 11 units of this subnormal binade are half a unit of the logarithm
        return bits > kTwoToMinus127 + 11 ? 1 : 0;
    const bool up = (bits & 0x007FFFFFu) > mxfp8Slack(static_cast<int>(exponent) - 127);
    const std::uint32_t code = exponent + (up ? 1u : 0u);
    return static_cast<std::uint8_t>(code > 254u ? 254u : code);
}

/// The readable set.
const KernelSet& referenceKernels() noexcept;
/// Reference first, then every SIMD set that this machine can run, slowest first.
std::span<const KernelSet* const> allKernels() noexcept;
/// The fastest set, or the one named by the environment variable MANTISSA_KERNELS. Chosen once.
const KernelSet& activeKernels() noexcept;

} // namespace mantissa::kernels
