// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/integers.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

/// Clamps and rounds to integers; NaN gives 0.
HWY_INLINE Ints clampAndRound(Floats value, Floats low, Floats high)
{
    const Floats number = hn::IfThenElseZero(hn::Eq(value, value), value);
    return hn::NearestInt(hn::Min(hn::Max(number, low), high));
}

HWY_INLINE void storeInt8(Ints codes, std::int8_t* dst)
{
    hn::StoreU(hn::DemoteTo(SignedByteTag(), codes), SignedByteTag(), dst);
}

void encodeInt8Multiply(const float* src, std::size_t n, float multiplier, std::int8_t* dst) noexcept
{
    const Floats factor = hn::Set(kFloat, multiplier);
    const Floats low = hn::Set(kFloat, -127.0f), high = hn::Set(kFloat, 127.0f);
    forEachVector(src, n, dst, [&](const float* in, std::int8_t* out) HWY_ATTR {
        storeInt8(clampAndRound(hn::Mul(loadFloats(in), factor), low, high), out);
    });
}

template <Precision precision>
void encodeInt8Quotients(const float* src, std::size_t n, float divisor, int lowest, std::int8_t* dst)
{
    const Floats by = hn::Set(kFloat, divisor);
    const Floats low = hn::Set(kFloat, static_cast<float>(lowest)), high = hn::Set(kFloat, 127.0f);
    forEachVector(src, n, dst, [&](const float* in, std::int8_t* out) HWY_ATTR {
        storeInt8(clampAndRound(roundLanes<precision>(hn::Div(loadFloats(in), by)), low, high), out);
    });
}

void encodeInt8Divide(const float* src, std::size_t n, float divisor, Precision precision, int lowest,
    std::int8_t* dst) noexcept
{
    switch (precision) {
    case Precision::F32:
        return encodeInt8Quotients<Precision::F32>(src, n, divisor, lowest, dst);
    case Precision::BF16:
        return encodeInt8Quotients<Precision::BF16>(src, n, divisor, lowest, dst);
    case Precision::F16:
        return encodeInt8Quotients<Precision::F16>(src, n, divisor, lowest, dst);
    }
}

void decodeInt8(const std::int8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    const Floats factor = hn::Set(kFloat, scale);
    forEachVector(src, n, dst, [&](const std::int8_t* in, float* out) HWY_ATTR {
        const Ints codes = hn::PromoteTo(kInt, hn::LoadU(SignedByteTag(), in));
        hn::StoreU(hn::Mul(hn::ConvertTo(kFloat, codes), factor), kFloat, out);
    });
}

/// Pairs of columns: as many 16-bit lanes as a vector of floats has pairs.
using PairTag = hn::Repartition<std::uint16_t, ByteTag>;
using PairByteTag = hn::Rebind<std::uint8_t, PairTag>;
constexpr std::size_t kPairs = kLanes / 2;

template <Precision precision>
void encodeInt4Quotients(const float* src, std::size_t n, float divisor, std::uint8_t* dst)
{
    const Floats by = hn::Set(kFloat, divisor);
    const Floats low = hn::Set(kFloat, -7.0f), high = hn::Set(kFloat, 7.0f);
    const PairTag pairs;
    const auto encode = [&](const float* in, std::uint8_t* out) HWY_ATTR {
        const Ints codes = clampAndRound(roundLanes<precision>(hn::Div(loadFloats(in), by)), low, high);
        const auto bytes = hn::BitCast(pairs, hn::DemoteTo(SignedByteTag(), codes));
        const auto nibbles = hn::And(bytes, hn::Set(pairs, std::uint16_t{0x0F0F}));
        const auto joined
            = hn::And(hn::Or(nibbles, hn::ShiftRight<4>(nibbles)), hn::Set(pairs, std::uint16_t{0xFF}));
        const hn::RebindToSigned<PairTag> signedPairs;
        hn::StoreU(hn::DemoteTo(PairByteTag(), hn::BitCast(signedPairs, joined)), PairByteTag(), out);
    };
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        encode(src + i, dst + i / 2);
    if (i == n)
        return;
    float in[kLanes] = {};
    std::uint8_t out[kPairs];
    std::memcpy(in, src + i, (n - i) * sizeof(float));
    encode(in, out);
    std::memcpy(dst + i / 2, out, (n - i) / 2);
}

void encodeInt4Divide(
    const float* src, std::size_t n, float divisor, Precision precision, std::uint8_t* dst) noexcept
{
    switch (precision) {
    case Precision::F32:
        return encodeInt4Quotients<Precision::F32>(src, n, divisor, dst);
    case Precision::BF16:
        return encodeInt4Quotients<Precision::BF16>(src, n, divisor, dst);
    case Precision::F16:
        return encodeInt4Quotients<Precision::F16>(src, n, divisor, dst);
    }
}

void decodeInt4(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    const Floats factor = hn::Set(kFloat, scale);
    const PairTag pairs;
    const auto decode = [&](const std::uint8_t* in, float* out) HWY_ATTR {
        const auto joined = hn::PromoteTo(pairs, hn::LoadU(PairByteTag(), in));
        const auto nibbles
            = hn::And(hn::Or(joined, hn::ShiftLeft<4>(joined)), hn::Set(pairs, std::uint16_t{0x0F0F}));
        const Ints codes = hn::BitCast(kInt, hn::PromoteTo(kWord, hn::BitCast(ByteTag(), nibbles)));
        const Ints eight = hn::Set(kInt, 8);
        const Ints values = hn::Sub(hn::Xor(codes, eight), eight); // extends the sign of four bits
        hn::StoreU(hn::Mul(hn::ConvertTo(kFloat, values), factor), kFloat, out);
    };
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        decode(src + i / 2, dst + i);
    if (i == n)
        return;
    std::uint8_t in[kPairs] = {};
    float out[kLanes];
    std::memcpy(in, src + i / 2, (n - i) / 2);
    decode(in, out);
    std::memcpy(dst + i, out, (n - i) * sizeof(float));
}

constexpr std::size_t kErrorLanes = 16; ///< the table's: value i goes to lane i mod 16
constexpr std::size_t kErrorVectors = kErrorLanes / kLanes;
/// Scales that are tried in one pass over the values: their sums fill half the registers.
constexpr std::size_t kScalesAtOnce = kLanes / 2;

/// errors[k] for kScalesAtOnce scales. Rounding and clamping are symmetric, so magnitudes do as well as
/// values.
void errorsOfScales(const float* src, std::size_t n, const float* scales, float limit, float* errors)
{
    const Floats highest = hn::Set(kFloat, limit);
    Floats sums[kErrorVectors][kScalesAtOnce];
    float reciprocals[kScalesAtOnce];
    for (std::size_t k = 0; k < kScalesAtOnce; ++k) {
        reciprocals[k] = 1.0f / scales[k];
        for (std::size_t v = 0; v < kErrorVectors; ++v)
            sums[v][k] = hn::Zero(kFloat);
    }
    float rest[kErrorLanes] = {}; // a zero has no error
    if (n % kErrorLanes != 0)
        std::memcpy(rest, src + n / kErrorLanes * kErrorLanes, n % kErrorLanes * sizeof(float));
    for (std::size_t i = 0; i < n; i += kErrorLanes) {
        const float* const values = i + kErrorLanes <= n ? src + i : rest;
        for (std::size_t v = 0; v < kErrorVectors; ++v) {
            const Floats value = hn::Abs(loadFloats(values + v * kLanes));
            for (std::size_t k = 0; k < kScalesAtOnce; ++k) {
                const Floats scaled = hn::Mul(value, hn::Set(kFloat, reciprocals[k]));
                const Floats code = hn::Round(hn::Min(scaled, highest));
                const Floats difference = hn::Sub(value, hn::Mul(code, hn::Set(kFloat, scales[k])));
                sums[v][k] = hn::Add(sums[v][k], hn::Mul(difference, difference));
            }
        }
    }
    for (std::size_t k = 0; k < kScalesAtOnce; ++k) {
        float lanes[kErrorLanes];
        for (std::size_t v = 0; v < kErrorVectors; ++v)
            hn::StoreU(sums[v][k], kFloat, lanes + v * kLanes);
        for (std::size_t half = kErrorLanes / 2; half > 0; half /= 2)
            for (std::size_t lane = 0; lane < half; ++lane)
                lanes[lane] += lanes[lane + half];
        errors[k] = lanes[0];
    }
}

void roundingErrors(const float* src, std::size_t n, const float* scales, std::size_t count, float limit,
    float* errors) noexcept
{
    std::size_t k = 0;
    for (; k + kScalesAtOnce <= count; k += kScalesAtOnce)
        errorsOfScales(src, n, scales + k, limit, errors + k);
    if (k == count)
        return;
    float restScales[kScalesAtOnce], restErrors[kScalesAtOnce];
    for (std::size_t j = 0; j < kScalesAtOnce; ++j)
        restScales[j] = scales[std::min(k + j, count - 1)];
    errorsOfScales(src, n, restScales, limit, restErrors);
    std::memcpy(errors + k, restErrors, (count - k) * sizeof(float));
}

#endif

void addIntegers(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.encodeInt8Multiply = encodeInt8Multiply;
    set.encodeInt8Divide = encodeInt8Divide;
    set.decodeInt8 = decodeInt8;
    set.encodeInt4Divide = encodeInt4Divide;
    set.decodeInt4 = decodeInt4;
    set.roundingErrors = roundingErrors;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addIntegers);
void cpu::addIntegers(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addIntegers)(set);
}
} // namespace mantissa::kernels
#endif
