// SPDX-License-Identifier: GPL-3.0-or-later
// Rounding to a format's values, one row per lane: the inner loops of the methods that choose codes column by
// column. Values are rounded without passing through codes.
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/grids.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

/// A float format's value nearest to `value`, with its sign: decode(encode(value)).
template <int mantissa, int bias> HWY_INLINE Floats nearestOfFormat(Floats value, float largest)
{
    const Words magnitude = hn::Min(magnitudeOf(value), word(std::bit_cast<std::uint32_t>(largest)));
    const Floats anchor = floatOf(anchorFor<mantissa, bias>(magnitude));
    return hn::CopySignToAbs(hn::Sub(hn::Add(floatOf(magnitude), anchor), anchor), value);
}

/// Each rounds a value in units of its scale; `levels` are those of the grid.
struct ToE4M3 {
    HWY_INLINE Floats operator()(Floats units, const GridValues&) const
    {
        return nearestOfFormat<3, 7>(units, kE4M3Max);
    }
};
struct ToE5M2 {
    HWY_INLINE Floats operator()(Floats units, const GridValues&) const
    {
        return nearestOfFormat<2, 15>(units, kE5M2Max);
    }
};
struct ToE2M1 {
    HWY_INLINE Floats operator()(Floats units, const GridValues&) const
    {
        return nearestOfFormat<1, 1>(units, kE2M1Max);
    }
};
struct ToInteger {
    HWY_INLINE Floats operator()(Floats units, const GridValues& grid) const
    {
        const Floats rounded = hn::Round(units);
        return hn::Add(hn::Min(hn::Max(rounded, hn::Set(kFloat, grid.low)), hn::Set(kFloat, grid.high)),
            hn::Zero(kFloat));
    }
};
struct ToLevel {
    HWY_INLINE Floats operator()(Floats units, const GridValues& grid) const
    {
        Floats result = hn::Set(kFloat, grid.levels[0]);
        for (std::size_t k = 0; k + 1 < grid.levels.size(); ++k) {
            const Floats middle = hn::Set(kFloat, (grid.levels[k] + grid.levels[k + 1]) * 0.5f);
            result = hn::IfThenElse(hn::Gt(units, middle), hn::Set(kFloat, grid.levels[k + 1]), result);
        }
        return result;
    }
};

/// The nearest value of kLanes rows.
template <typename Rounding> struct ByScale {
    const GridValues& grid;

    HWY_INLINE Floats operator()(Floats value, Floats scale, Floats second) const
    {
        const Floats units = hn::Div(hn::Sub(value, second), scale);
        const auto empty = hn::Eq(scale, hn::Zero(kFloat));
        return hn::IfThenElse(empty, second, finish(hn::Mul(Rounding()(units, grid), scale), second));
    }

private:
    HWY_INLINE Floats finish(Floats product, Floats second) const
    {
        if constexpr (std::is_same_v<Rounding, ToInteger>)
            return hn::Add(product, second);
        return product;
    }
};

struct ByIntegerLevels {
    const GridValues& grid;

    HWY_INLINE Floats operator()(Floats value, Floats scale, Floats second) const
    {
        const Floats units = hn::Div(value, second), half = hn::Set(kFloat, 0.5f);
        Floats last = integer(0, scale), result = last;
        for (std::size_t k = 1; k < grid.levels.size(); ++k) {
            const Floats next = integer(k, scale);
            result = hn::IfThenElse(hn::Gt(units, hn::Mul(hn::Add(last, next), half)), next, result);
            last = next;
        }
        const auto empty = hn::Eq(second, hn::Zero(kFloat));
        return hn::IfThenZeroElse(empty, hn::Mul(result, second));
    }

private:
    HWY_INLINE Floats integer(std::size_t k, Floats scale) const
    {
        const Floats limit = hn::Set(kFloat, 127.0f);
        const Floats level = hn::Mul(hn::Set(kFloat, grid.levels[k]), scale);
        return hn::Add(hn::Round(hn::Min(hn::Max(level, hn::Neg(limit)), limit)), hn::Zero(kFloat));
    }
};

/// The first `count` values of a run, the rest zeros; a null run is all zeros.
HWY_INLINE Floats loadSome(const float* src, std::size_t count)
{
    if (src == nullptr)
        return hn::Zero(kFloat);
    if (count == kLanes)
        return loadFloats(src);
    float values[kLanes] = {};
    std::memcpy(values, src, count * sizeof(float));
    return loadFloats(values);
}

/// Calls body(i, count) for kLanes rows at a time.
template <typename Body> HWY_INLINE void forEachRows(std::size_t n, const Body& body)
{
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        body(i, kLanes);
    if (i < n)
        body(i, n - i);
}

HWY_INLINE void storeSome(Floats value, float* dst, std::size_t count)
{
    if (count == kLanes)
        return hn::StoreU(value, kFloat, dst);
    float values[kLanes];
    hn::StoreU(value, kFloat, values);
    std::memcpy(dst, values, count * sizeof(float));
}

HWY_INLINE const float* offset(const float* values, std::size_t i)
{
    return values == nullptr ? nullptr : values + i;
}

template <typename Nearest>
void roundRun(const Nearest& nearest, const float* src, const float* scale, const float* second,
    std::size_t n, float* dst)
{
    forEachRows(n, [&](std::size_t i, std::size_t count) HWY_ATTR {
        const Floats value = nearest(
            loadSome(src + i, count), loadSome(scale + i, count), loadSome(offset(second, i), count));
        storeSome(value, dst + i, count);
    });
}

template <typename Nearest>
void addErrors(const Nearest& nearest, const float* src, const float* scale, const float* second,
    float weight, std::size_t n, float* errors)
{
    const Floats factor = hn::Set(kFloat, weight);
    forEachRows(n, [&](std::size_t i, std::size_t count) HWY_ATTR {
        const Floats value = loadSome(src + i, count);
        const Floats difference
            = hn::Sub(value, nearest(value, loadSome(scale + i, count), loadSome(offset(second, i), count)));
        const Floats error = hn::Mul(factor, hn::Mul(difference, difference));
        storeSome(hn::Add(loadSome(errors + i, count), error), errors + i, count);
    });
}

/// Calls work with the rounding of the grid's kind.
template <typename Work> void withNearest(const GridValues& grid, const Work& work)
{
    switch (grid.kind) {
    case GridKind::E4M3:
        return work(ByScale<ToE4M3>{grid});
    case GridKind::E5M2:
        return work(ByScale<ToE5M2>{grid});
    case GridKind::E2M1:
        return work(ByScale<ToE2M1>{grid});
    case GridKind::Integer:
        return work(ByScale<ToInteger>{grid});
    case GridKind::Levels:
        return work(ByScale<ToLevel>{grid});
    case GridKind::IntegerLevels:
        return work(ByIntegerLevels{grid});
    }
}

void roundToGrid(const GridValues& grid, const float* src, const float* scale, const float* second,
    std::size_t n, float* dst) noexcept
{
    withNearest(grid, [&](const auto& nearest) { roundRun(nearest, src, scale, second, n, dst); });
}

void addGridErrors(const GridValues& grid, const float* src, const float* scale, const float* second,
    float weight, std::size_t n, float* errors) noexcept
{
    withNearest(
        grid, [&](const auto& nearest) { addErrors(nearest, src, scale, second, weight, n, errors); });
}

void addScaled(const float* src, std::size_t n, float factor, float* dst) noexcept
{
    const Floats by = hn::Set(kFloat, factor);
    forEachRows(n, [&](std::size_t i, std::size_t count) HWY_ATTR {
        const Floats product = hn::Mul(by, loadSome(src + i, count));
        storeSome(hn::Add(loadSome(dst + i, count), product), dst + i, count);
    });
}

#endif

void addGrids(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.roundToGrid = roundToGrid;
    set.addGridErrors = addGridErrors;
    set.addScaled = addScaled;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addGrids);
void cpu::addGrids(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addGrids)(set);
}
} // namespace mantissa::kernels
#endif
