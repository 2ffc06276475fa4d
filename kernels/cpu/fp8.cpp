// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/fp8.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

template <Precision precision, typename Encode>
HWY_INLINE void encodeRun(
    const float* src, std::size_t n, float multiplier, std::uint8_t* dst, const Encode& encode)
{
    const Floats factor = hn::Set(kFloat, multiplier);
    forEachVector(src, n, dst, [&](const float* in, std::uint8_t* out) HWY_ATTR {
        storeBytes(encode(roundLanes<precision>(hn::Mul(loadFloats(in), factor))), out);
    });
}

template <typename Encode>
HWY_INLINE void encodeRun(const float* src, std::size_t n, float multiplier, Precision precision,
    std::uint8_t* dst, const Encode& encode)
{
    switch (precision) {
    case Precision::F32:
        return encodeRun<Precision::F32>(src, n, multiplier, dst, encode);
    case Precision::BF16:
        return encodeRun<Precision::BF16>(src, n, multiplier, dst, encode);
    case Precision::F16:
        return encodeRun<Precision::F16>(src, n, multiplier, dst, encode);
    }
}

void encodeE4M3Run(
    const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept
{
    encodeRun(
        src, n, multiplier, precision, dst, [](Floats value) HWY_ATTR { return encodeE4M3Lanes(value); });
}

void encodeE5M2Run(
    const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept
{
    encodeRun(
        src, n, multiplier, precision, dst, [](Floats value) HWY_ATTR { return encodeE5M2Lanes(value); });
}

void decodeE4M3Run(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    const Floats factor = hn::Set(kFloat, scale);
    forEachVector(src, n, dst, [&](const std::uint8_t* in, float* out) HWY_ATTR {
        hn::StoreU(hn::Mul(decodeE4M3Lanes(loadBytes(in)), factor), kFloat, out);
    });
}

void decodeE5M2Run(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    const Floats factor = hn::Set(kFloat, scale);
    forEachVector(src, n, dst, [&](const std::uint8_t* in, float* out) HWY_ATTR {
        hn::StoreU(hn::Mul(decodeE5M2Lanes(loadBytes(in)), factor), kFloat, out);
    });
}

#endif

void addFp8(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.encodeE4M3 = encodeE4M3Run;
    set.encodeE5M2 = encodeE5M2Run;
    set.decodeE4M3 = decodeE4M3Run;
    set.decodeE5M2 = decodeE5M2Run;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addFp8);
void cpu::addFp8(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addFp8)(set);
}
} // namespace mantissa::kernels
#endif
