// SPDX-License-Identifier: GPL-3.0-or-later
// Building blocks of the vector kernels, compiled once per target (hence the peculiar include guard).
#if defined(MANTISSA_KERNELS_CPU_VECTOR_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef MANTISSA_KERNELS_CPU_VECTOR_INL_H
#undef MANTISSA_KERNELS_CPU_VECTOR_INL_H
#else
#define MANTISSA_KERNELS_CPU_VECTOR_INL_H
#endif

#include "kernels/kernel_set.h"

#include <cstring>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

namespace hn = hwy::HWY_NAMESPACE;

/// The natural vectors of 32-bit lanes.
using FloatTag = hn::ScalableTag<float>;
using WordTag = hn::RebindToUnsigned<FloatTag>;
using IntTag = hn::RebindToSigned<FloatTag>;
using Floats = hn::Vec<FloatTag>;
using Words = hn::Vec<WordTag>;
using Ints = hn::Vec<IntTag>;
constexpr std::size_t kLanes = hn::MaxLanes(FloatTag());

/// As many bytes or halfwords as there are float lanes.
using ByteTag = hn::Rebind<std::uint8_t, FloatTag>;
using SignedByteTag = hn::Rebind<std::int8_t, FloatTag>;
using HalfwordTag = hn::Rebind<std::uint16_t, FloatTag>;

constexpr FloatTag kFloat{};
constexpr WordTag kWord{};
constexpr IntTag kInt{};

HWY_INLINE Words word(std::uint32_t value)
{
    return hn::Set(kWord, value);
}
HWY_INLINE Words bitsOf(Floats value)
{
    return hn::BitCast(kWord, value);
}
HWY_INLINE Floats floatOf(Words bits)
{
    return hn::BitCast(kFloat, bits);
}
HWY_INLINE Words select(hn::Mask<WordTag> mask, Words yes, Words no)
{
    return hn::IfThenElse(mask, yes, no);
}

HWY_INLINE Words magnitudeOf(Floats value)
{
    return hn::And(bitsOf(value), word(0x7FFFFFFFu));
}
/// Magnitudes compare as signed integers, which every target does fastest.
HWY_INLINE hn::Mask<WordTag> greater(Words a, Words b)
{
    return hn::RebindMask(kWord, hn::Gt(hn::BitCast(kInt, a), hn::BitCast(kInt, b)));
}
HWY_INLINE hn::Mask<WordTag> isNan(Words magnitude)
{
    return greater(magnitude, word(0x7F800000u));
}
/// NaN becomes 0.
HWY_INLINE Words magnitudeWithoutNan(Floats value)
{
    const Words magnitude = magnitudeOf(value);
    return hn::IfThenZeroElse(isNan(magnitude), magnitude);
}

// --- Number formats, lane by lane. Compare kernels/number_formats.h --------------------------------------

/// A magnitude with `anchor` added: the addition rounds it to the format's mantissa, and the sum's low bits
/// and exponent together hold the code. The anchor is 2^(23 − mantissa) times the value's own power of two,
/// which is taken as at least the smallest normal's.
template <int mantissa, int bias> HWY_INLINE Words anchorFor(Words magnitude)
{
    const Words exponent = hn::And(magnitude, word(0x7F800000u));
    const Words smallest = word(static_cast<std::uint32_t>(127 + 1 - bias) << 23);
    return hn::Add(hn::Max(exponent, smallest), word(static_cast<std::uint32_t>(23 - mantissa) << 23));
}

/// The code, without sign, of finite magnitudes up to twice the format's largest.
template <int mantissa, int bias> HWY_INLINE Words codeOfMagnitude(Words magnitude)
{
    constexpr std::uint32_t kLow = (4u << mantissa) - 1u;
    constexpr std::uint32_t kBase = static_cast<std::uint32_t>(127 + 1 - bias + 23 - mantissa) << mantissa;
    const Words sum = bitsOf(hn::Add(floatOf(magnitude), floatOf(anchorFor<mantissa, bias>(magnitude))));
    return hn::Sub(hn::Add(hn::And(sum, word(kLow)), hn::ShiftRight<23 - mantissa>(sum)), word(kBase));
}

/// The magnitude that a finite code without sign stands for.
template <int mantissa, int bias> HWY_INLINE Words magnitudeOfCode(Words code)
{
    const Words shifted = hn::ShiftLeft<23 - mantissa>(code);
    const Words normal = hn::Add(shifted, word(static_cast<std::uint32_t>(127 - bias) << 23));
    // A subnormal has no leading one: put one there and subtract it again.
    const Words smallest = word(static_cast<std::uint32_t>(127 + 1 - bias) << 23);
    const Words subnormal = bitsOf(hn::Sub(floatOf(hn::Or(shifted, smallest)), floatOf(smallest)));
    return select(greater(word(1u << mantissa), code), subnormal, normal);
}

/// encodeE4M3 of each lane.
HWY_INLINE Words encodeE4M3Lanes(Floats value)
{
    const Words magnitude = magnitudeOf(value);
    const Words code
        = codeOfMagnitude<3, 7>(hn::Min(magnitude, word(std::bit_cast<std::uint32_t>(kE4M3Max))));
    const Words sign = hn::And(hn::ShiftRight<24>(bitsOf(value)), word(0x80u));
    return hn::Or(sign, select(isNan(magnitude), word(0x7Fu), code));
}

/// encodeE5M2 of each lane, clamped to ±57344 first; NaN stays NaN.
HWY_INLINE Words encodeE5M2Lanes(Floats value)
{
    const Words magnitude = magnitudeOf(value);
    const Words code
        = codeOfMagnitude<2, 15>(hn::Min(magnitude, word(std::bit_cast<std::uint32_t>(kE5M2Max))));
    const Words sign = hn::And(hn::ShiftRight<24>(bitsOf(value)), word(0x80u));
    return hn::Or(sign, select(isNan(magnitude), word(0x7Fu), code));
}

/// encodeE2M1 of each lane.
HWY_INLINE Words encodeE2M1Lanes(Floats value)
{
    const Words magnitude = hn::Min(magnitudeOf(value), word(std::bit_cast<std::uint32_t>(kE2M1Max)));
    const Words sign = hn::And(hn::ShiftRight<28>(bitsOf(value)), word(0x8u));
    return hn::Or(sign, codeOfMagnitude<1, 1>(magnitude));
}

/// decodeE2M1(encodeE2M1(value)) for values without sign; NaN gives 6.
HWY_INLINE Floats roundToE2M1(Floats value)
{
    const Words magnitude = hn::Min(bitsOf(value), word(std::bit_cast<std::uint32_t>(kE2M1Max)));
    const Floats anchor = floatOf(anchorFor<1, 1>(magnitude));
    return hn::Sub(hn::Add(floatOf(magnitude), anchor), anchor);
}

/// decodeE4M3 of the low byte of each lane (the rest is zero).
HWY_INLINE Floats decodeE4M3Lanes(Words code)
{
    const Words magnitude = hn::And(code, word(0x7Fu));
    const Words sign = hn::ShiftLeft<24>(hn::And(code, word(0x80u)));
    const Words finite = magnitudeOfCode<3, 7>(magnitude);
    return floatOf(hn::Or(sign, select(hn::Eq(magnitude, word(0x7Fu)), word(0x7FF00000u), finite)));
}

HWY_INLINE Floats decodeE5M2Lanes(Words code)
{
    const Words magnitude = hn::And(code, word(0x7Fu));
    const Words sign = hn::ShiftLeft<24>(hn::And(code, word(0x80u)));
    const Words special = hn::Or(word(0x7F800000u), hn::ShiftLeft<21>(hn::And(magnitude, word(3u))));
    const Words quiet = select(greater(magnitude, word(0x7Cu)), word(0x00400000u), word(0u));
    const Words finite = magnitudeOfCode<2, 15>(magnitude);
    return floatOf(hn::Or(sign, select(greater(magnitude, word(0x7Bu)), hn::Or(special, quiet), finite)));
}

/// decodeE2M1 of the low nibble of each lane (the rest is zero).
HWY_INLINE Floats decodeE2M1Lanes(Words code)
{
    const Words sign = hn::ShiftLeft<28>(hn::And(code, word(0x8u)));
    return floatOf(hn::Or(sign, magnitudeOfCode<1, 1>(hn::And(code, word(0x7u)))));
}

/// encodeF16 of each lane, in 32 bits.
HWY_INLINE Words encodeF16Lanes(Floats value)
{
    const Words magnitude = magnitudeOf(value);
    const Words sign = hn::And(hn::ShiftRight<16>(bitsOf(value)), word(0x8000u));
    // 65536 and above are infinity; so is what rounds up to it, which codeOfMagnitude yields by itself.
    const Words finite = codeOfMagnitude<10, 15>(hn::Min(magnitude, word(0x47800000u)));
    const Words payload = hn::And(hn::ShiftRight<13>(magnitude), word(0x3FFu));
    const Words nan = hn::Or(word(0x7E00u), payload);
    return hn::Or(sign, select(isNan(magnitude), nan, finite));
}

HWY_INLINE Floats decodeF16Lanes(Words code)
{
    const Words magnitude = hn::And(code, word(0x7FFFu));
    const Words sign = hn::ShiftLeft<16>(hn::And(code, word(0x8000u)));
    const Words special = hn::Or(word(0x7F800000u), hn::ShiftLeft<13>(hn::And(magnitude, word(0x3FFu))));
    const Words quiet = select(greater(magnitude, word(0x7C00u)), word(0x00400000u), word(0u));
    const Words finite = magnitudeOfCode<10, 15>(magnitude);
    return floatOf(hn::Or(sign, select(greater(magnitude, word(0x7BFFu)), hn::Or(special, quiet), finite)));
}

/// encodeBF16 of each lane, still in the upper half of the lane; the lower half is zero.
HWY_INLINE Words encodeBF16Lanes(Floats value)
{
    const Words bits = bitsOf(value);
    const Words odd = hn::And(hn::ShiftRight<16>(bits), word(1u));
    const Words rounded = hn::Add(hn::Add(bits, word(0x7FFFu)), odd);
    const Words nan = hn::Or(bits, word(0x00400000u));
    return hn::And(select(isNan(magnitudeOf(value)), nan, rounded), word(0xFFFF0000u));
}

/// True where the processor converts F16 by IEEE rules itself. Highway's own emulation truncates, so it is
/// not used.
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
#define MANTISSA_NATIVE_F16 1
#else
#define MANTISSA_NATIVE_F16 0
#endif

template <Precision precision> HWY_INLINE Floats roundLanes(Floats value)
{
    if constexpr (precision == Precision::BF16)
        return floatOf(encodeBF16Lanes(value));
    else if constexpr (precision == Precision::F16) {
#if MANTISSA_NATIVE_F16
        const hn::Rebind<hwy::float16_t, FloatTag> half;
        return hn::PromoteTo(kFloat, hn::DemoteTo(half, value));
#else
        return decodeF16Lanes(encodeF16Lanes(value));
#endif
    } else
        return value;
}

// --- Memory ----------------------------------------------------------------------------------------------

HWY_INLINE Floats loadFloats(const float* src)
{
    return hn::LoadU(kFloat, src);
}
HWY_INLINE Words loadBytes(const std::uint8_t* src)
{
    return hn::PromoteTo(kWord, hn::LoadU(ByteTag(), src));
}
/// Stores the low byte of each lane.
HWY_INLINE void storeBytes(Words codes, std::uint8_t* dst)
{
    hn::StoreU(hn::U8FromU32(codes), ByteTag(), dst);
}

/// Calls body(in, out) for each full vector of elements, and once more on zero-padded copies for the rest.
template <typename In, typename Out, typename Body>
HWY_INLINE void forEachVector(const In* src, std::size_t n, Out* dst, const Body& body)
{
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        body(src + i, dst + i);
    if (i == n)
        return;
    In in[kLanes] = {};
    Out out[kLanes];
    std::memcpy(in, src + i, (n - i) * sizeof(In));
    body(in, out);
    std::memcpy(dst + i, out, (n - i) * sizeof(Out));
}

/// The same for a reduction: body(in, count) with count < kLanes only for the zero-padded rest.
template <typename Body> HWY_INLINE void forEachVector(const float* src, std::size_t n, const Body& body)
{
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        body(loadFloats(src + i));
    if (i == n)
        return;
    float in[kLanes] = {};
    std::memcpy(in, src + i, (n - i) * sizeof(float));
    body(loadFloats(in));
}

#endif // MANTISSA_VECTOR_TARGET

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // include guard per target
