// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/rotate.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

/// The quadruple (a, b, c, d) of the table's comment, lane by lane.
HWY_INLINE void rotateQuadruple(Floats& a, Floats& b, Floats& c, Floats& d)
{
    const Floats sumAB = hn::Add(a, b), differenceAB = hn::Sub(a, b);
    const Floats sumCD = hn::Add(c, d), differenceCD = hn::Sub(c, d);
    a = hn::Add(sumAB, differenceCD);
    b = hn::Sub(sumAB, differenceCD);
    c = hn::Add(differenceAB, sumCD);
    d = hn::Sub(sumCD, differenceAB);
}

/// The same for quadruples that are four neighbouring lanes.
HWY_INLINE Floats rotateNeighbours(Floats v)
{
    // Flips the sign of the odd lanes.
    const Floats odd
        = hn::BitCast(kFloat, hn::Set(hn::Repartition<std::uint64_t, FloatTag>(), 0x8000000000000000u));
    const Floats sums = hn::Add(hn::Shuffle2301(v), hn::Xor(v, odd)); // a+b, a−b, c+d, c−d
    const Floats crossed = hn::Shuffle1032(hn::DupOdd(sums)); // c−d, c−d, a−b, a−b
    return hn::Add(hn::DupEven(sums), hn::Xor(crossed, odd));
}

/// The stages of stride 1 and, if there is one, 4, on 4 · kLanes neighbouring values.
template <bool strideFour> HWY_INLINE void rotateFirstStages(float* values, Floats norm)
{
    Floats a, b, c, d; // lane k holds the members of quadruple k
    hn::LoadInterleaved4(kFloat, values, a, b, c, d);
    a = hn::Mul(a, norm);
    b = hn::Mul(b, norm);
    c = hn::Mul(c, norm);
    d = hn::Mul(d, norm);
    rotateQuadruple(a, b, c, d);
    if constexpr (strideFour) {
        a = rotateNeighbours(a);
        b = rotateNeighbours(b);
        c = rotateNeighbours(c);
        d = rotateNeighbours(d);
    }
    hn::StoreInterleaved4(a, b, c, d, kFloat, values);
}

template <bool strideFour> void rotateFirstStages(float* values, std::size_t n, float factor)
{
    constexpr std::size_t kStep = 4 * kLanes;
    const Floats norm = hn::Set(kFloat, factor);
    std::size_t i = 0;
    for (; i + kStep <= n; i += kStep)
        rotateFirstStages<strideFour>(values + i, norm);
    if (i == n)
        return;
    float rest[kStep] = {};
    std::memcpy(rest, values + i, (n - i) * sizeof(float));
    rotateFirstStages<strideFour>(rest, norm);
    std::memcpy(values + i, rest, (n - i) * sizeof(float));
}

/// A stage whose stride is a multiple of the vector length.
void rotateStage(float* values, std::size_t group, std::size_t stride)
{
    for (std::size_t base = 0; base < group; base += 4 * stride) {
        for (float* v = values + base; v < values + base + stride; v += kLanes) {
            Floats a = loadFloats(v), b = loadFloats(v + stride);
            Floats c = loadFloats(v + 2 * stride), d = loadFloats(v + 3 * stride);
            rotateQuadruple(a, b, c, d);
            hn::StoreU(a, kFloat, v);
            hn::StoreU(b, kFloat, v + stride);
            hn::StoreU(c, kFloat, v + 2 * stride);
            hn::StoreU(d, kFloat, v + 3 * stride);
        }
    }
}

void rotate(float* values, std::size_t n, std::size_t group, Precision precision) noexcept
{
    static_assert(kLanes <= 16, "the stage of stride 16 takes whole vectors");
    const float norm = 1.0f / std::sqrt(static_cast<float>(group));
    if (group == 4)
        rotateFirstStages<false>(values, n, norm);
    else
        for (std::size_t begin = 0; begin < n; begin += group) {
            // Small groups are done together, to fill the vectors.
            const std::size_t run = group == 16 ? n : group;
            rotateFirstStages<true>(values + begin, run, norm);
            if (run != group)
                break;
            for (std::size_t stride = 16; stride < group; stride *= 4)
                rotateStage(values + begin, group, stride);
        }
    if (precision == Precision::F32)
        return;
    forEachVector(values, n, values, [precision](const float* in, float* out) HWY_ATTR {
        const Floats value = loadFloats(in);
        const Floats rounded = precision == Precision::BF16 ? roundLanes<Precision::BF16>(value)
                                                            : roundLanes<Precision::F16>(value);
        hn::StoreU(rounded, kFloat, out);
    });
}

#endif

void addRotation(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.rotate = rotate;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addRotation);
void cpu::addRotation(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addRotation)(set);
}
} // namespace mantissa::kernels
#endif
