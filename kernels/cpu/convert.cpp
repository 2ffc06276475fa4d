// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/convert.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

/// A stored element without alignment.
template <std::size_t size> struct Stored {
    std::byte bytes[size];
};
using Stored16 = Stored<2>;

using HalfwordBytes = hn::Repartition<std::uint8_t, HalfwordTag>;

HWY_INLINE hn::Vec<HalfwordTag> loadHalfwords(const Stored16* src)
{
    return hn::BitCast(HalfwordTag(), hn::LoadU(HalfwordBytes(), reinterpret_cast<const std::uint8_t*>(src)));
}

HWY_INLINE void storeHalfwords(hn::Vec<HalfwordTag> values, Stored16* dst)
{
    hn::StoreU(hn::BitCast(HalfwordBytes(), values), HalfwordBytes(), reinterpret_cast<std::uint8_t*>(dst));
}

/// Stores the low 16 bits of each lane; the high ones are zero.
HWY_INLINE void storeLowHalves(Words codes, Stored16* dst)
{
    storeHalfwords(hn::DemoteTo(HalfwordTag(), hn::BitCast(kInt, codes)), dst);
}

void floatFromF16(const std::byte* src, std::size_t n, float* dst) noexcept
{
    forEachVector(
        reinterpret_cast<const Stored16*>(src), n, dst, [](const Stored16* in, float* out) HWY_ATTR {
#if MANTISSA_NATIVE_F16
            const hn::Rebind<hwy::float16_t, FloatTag> half;
            hn::StoreU(hn::PromoteTo(kFloat, hn::BitCast(half, loadHalfwords(in))), kFloat, out);
#else
        hn::StoreU(decodeF16Lanes(hn::PromoteTo(kWord, loadHalfwords(in))), kFloat, out);
#endif
        });
}

void floatFromBF16(const std::byte* src, std::size_t n, float* dst) noexcept
{
    forEachVector(
        reinterpret_cast<const Stored16*>(src), n, dst, [](const Stored16* in, float* out) HWY_ATTR {
            hn::StoreU(floatOf(hn::ShiftLeft<16>(hn::PromoteTo(kWord, loadHalfwords(in)))), kFloat, out);
        });
}

void floatFromF64(const std::byte* src, std::size_t n, float* dst) noexcept
{
    using DoubleTag = hn::ScalableTag<double>;
    const DoubleTag doubles;
    const hn::Rebind<float, DoubleTag> floats;
    const hn::Repartition<std::uint8_t, DoubleTag> bytes;
    constexpr std::size_t kDoubles = hn::MaxLanes(DoubleTag());
    const auto convert = [&](const std::byte* in, float* out) HWY_ATTR {
        const auto raw = hn::LoadU(bytes, reinterpret_cast<const std::uint8_t*>(in));
        hn::StoreU(hn::DemoteTo(floats, hn::BitCast(doubles, raw)), floats, out);
    };
    std::size_t i = 0;
    for (; i + kDoubles <= n; i += kDoubles)
        convert(src + i * sizeof(double), dst + i);
    if (i == n)
        return;
    std::byte in[kDoubles * sizeof(double)] = {};
    float out[kDoubles];
    std::memcpy(in, src + i * sizeof(double), (n - i) * sizeof(double));
    convert(in, out);
    std::memcpy(dst + i, out, (n - i) * sizeof(float));
}

void f16FromFloat(const float* src, std::size_t n, std::byte* dst) noexcept
{
    forEachVector(src, n, reinterpret_cast<Stored16*>(dst), [](const float* in, Stored16* out) HWY_ATTR {
#if MANTISSA_NATIVE_F16
        const hn::Rebind<hwy::float16_t, FloatTag> half;
        storeHalfwords(hn::BitCast(HalfwordTag(), hn::DemoteTo(half, loadFloats(in))), out);
#else
        storeLowHalves(encodeF16Lanes(loadFloats(in)), out);
#endif
    });
}

void bf16FromFloat(const float* src, std::size_t n, std::byte* dst) noexcept
{
    forEachVector(src, n, reinterpret_cast<Stored16*>(dst), [](const float* in, Stored16* out) HWY_ATTR {
        storeLowHalves(hn::ShiftRight<16>(encodeBF16Lanes(loadFloats(in))), out);
    });
}

template <Precision precision> void roundRun(const float* src, std::size_t n, float* dst)
{
    forEachVector(src, n, dst, [](const float* in, float* out) HWY_ATTR {
        hn::StoreU(roundLanes<precision>(loadFloats(in)), kFloat, out);
    });
}

void roundTo(Precision precision, const float* src, std::size_t n, float* dst) noexcept
{
    switch (precision) {
    case Precision::F32:
        if (n != 0)
            std::memmove(dst, src, n * sizeof(float));
        return;
    case Precision::BF16:
        return roundRun<Precision::BF16>(src, n, dst);
    case Precision::F16:
        return roundRun<Precision::F16>(src, n, dst);
    }
}

#endif

void addConversions(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.floatFromF16 = floatFromF16;
    set.floatFromBF16 = floatFromBF16;
    set.floatFromF64 = floatFromF64;
    set.f16FromFloat = f16FromFloat;
    set.bf16FromFloat = bf16FromFloat;
    set.roundTo = roundTo;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addConversions);
void cpu::addConversions(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addConversions)(set);
}
} // namespace mantissa::kernels
#endif
