// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/mxfp8.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

HWY_INLINE std::uint8_t encodeBlock(const float* src, std::uint8_t* codes)
{
    Ints largest = hn::Zero(kInt);
    for (std::size_t i = 0; i < kMxfp8Block; i += kLanes)
        largest = hn::Max(largest, hn::BitCast(kInt, magnitudeWithoutNan(loadFloats(src + i))));
    const float blockMax = std::bit_cast<float>(hn::GetLane(hn::MaxOfLanes(kInt, largest)));
    const std::uint8_t exponent = mxfp8Exponent(blockMax);
    if (exponent == 0) {
        std::memset(codes, 0, kMxfp8Block);
        return 0;
    }
    // 2^(127 − e); for e = 254 that is a subnormal.
    const std::uint32_t inverse
        = exponent == 254 ? 0x00400000u : static_cast<std::uint32_t>(254 - exponent) << 23;
    const Floats factor = floatOf(word(inverse));
    for (std::size_t i = 0; i < kMxfp8Block; i += kLanes)
        storeBytes(encodeE4M3Lanes(hn::Mul(loadFloats(src + i), factor)), codes + i);
    return exponent;
}

void mxfp8Row(const float* src, std::size_t n, std::uint8_t* exponents, std::uint8_t* codes) noexcept
{
    std::size_t i = 0;
    for (; i + kMxfp8Block <= n; i += kMxfp8Block)
        *exponents++ = encodeBlock(src + i, codes + i);
    if (i == n)
        return;
    float rest[kMxfp8Block] = {};
    std::memcpy(rest, src + i, (n - i) * sizeof(float));
    *exponents = encodeBlock(rest, codes + i);
}

void decodeMxfp8Row(
    const std::uint8_t* codes, const std::uint8_t* exponents, std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; i += kMxfp8Block) {
        const Floats scale = hn::Set(kFloat, decodeE8M0(*exponents++));
        forEachVector(codes + i, std::min(kMxfp8Block, n - i), dst + i,
            [&](const std::uint8_t* in, float* out)
                HWY_ATTR { hn::StoreU(hn::Mul(decodeE4M3Lanes(loadBytes(in)), scale), kFloat, out); });
    }
}

#endif

void addMxfp8(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.mxfp8Row = mxfp8Row;
    set.decodeMxfp8Row = decodeMxfp8Row;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addMxfp8);
void cpu::addMxfp8(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addMxfp8)(set);
}
} // namespace mantissa::kernels
#endif
