// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/reduce.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

float absmax(const float* src, std::size_t n) noexcept
{
    Ints largest = hn::Zero(kInt);
    forEachVector(src, n, [&largest](Floats value) HWY_ATTR {
        largest = hn::Max(largest, hn::BitCast(kInt, magnitudeWithoutNan(value)));
    });
    return std::bit_cast<float>(hn::GetLane(hn::MaxOfLanes(kInt, largest)));
}

void groupAbsmax(const float* src, std::size_t n, std::size_t group, float* dst) noexcept
{
    for (std::size_t begin = 0; begin < n; begin += group)
        *dst++ = absmax(src + begin, std::min(group, n - begin));
}

std::size_t countNonFinite(const float* src, std::size_t n) noexcept
{
    std::size_t count = 0;
    forEachVector(src, n, [&count](Floats value) HWY_ATTR {
        count += hn::CountTrue(kWord, greater(magnitudeOf(value), word(0x7F7FFFFFu)));
    });
    return count;
}

using DoubleTag = hn::ScalableTag<double>;
constexpr std::size_t kSumLanes = 8; ///< the table's: value i goes to lane i mod 8

/// Eight sums in as many vectors as they take.
class Sums {
public:
    Sums()
    {
        for (std::size_t i = 0; i < kSumLanes; i += kDoubles)
            hn::StoreU(hn::Zero(DoubleTag()), DoubleTag(), m_lanes + i);
    }
    /// Adds term(i) to the lanes [i, i + kDoubles), for all eight lanes.
    template <typename Term> HWY_INLINE void add(const Term& term)
    {
        for (std::size_t i = 0; i < kSumLanes; i += kDoubles)
            hn::StoreU(hn::Add(hn::LoadU(DoubleTag(), m_lanes + i), term(i)), DoubleTag(), m_lanes + i);
    }
    double fold() const
    {
        const double* l = m_lanes;
        return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
    }
    static HWY_INLINE hn::Vec<DoubleTag> load(const float* src)
    {
        const hn::Rebind<float, DoubleTag> floats;
        return hn::PromoteTo(DoubleTag(), hn::LoadU(floats, src));
    }

private:
    static constexpr std::size_t kDoubles = hn::MaxLanes(DoubleTag());
    double m_lanes[kSumLanes];
};

double sumSquares(const float* src, std::size_t n) noexcept
{
    Sums sums;
    const auto addEight = [&sums](const float* eight) HWY_ATTR {
        sums.add([eight](std::size_t i) HWY_ATTR {
            const auto value = Sums::load(eight + i);
            return hn::Mul(value, value);
        });
    };
    std::size_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes)
        addEight(src + i);
    if (i < n) { // the zeros behind the end add nothing
        float rest[kSumLanes] = {};
        std::memcpy(rest, src + i, (n - i) * sizeof(float));
        addEight(rest);
    }
    return sums.fold();
}

double sumSquaredError(const float* a, const float* b, std::size_t n) noexcept
{
    Sums sums;
    const auto addEight = [&sums](const float* as, const float* bs) HWY_ATTR {
        sums.add([as, bs](std::size_t i) HWY_ATTR {
            const auto difference = hn::Sub(Sums::load(bs + i), Sums::load(as + i));
            return hn::Mul(difference, difference);
        });
    };
    std::size_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes)
        addEight(a + i, b + i);
    if (i < n) {
        float restA[kSumLanes] = {}, restB[kSumLanes] = {};
        std::memcpy(restA, a + i, (n - i) * sizeof(float));
        std::memcpy(restB, b + i, (n - i) * sizeof(float));
        addEight(restA, restB);
    }
    return sums.fold();
}

#endif

void addReductions(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.absmax = absmax;
    set.groupAbsmax = groupAbsmax;
    set.countNonFinite = countNonFinite;
    set.sumSquares = sumSquares;
    set.sumSquaredError = sumSquaredError;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addReductions);
void cpu::addReductions(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addReductions)(set);
}
} // namespace mantissa::kernels
#endif
