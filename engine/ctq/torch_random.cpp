// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/torch_random.h"

#include "engine/ctq/fused.h"

#include <array>
#include <bit>
#include <cmath>
#include <numbers>

namespace mantissa::ctq {

namespace {

// Runs of 16 hold 8 radii, then 8 angles.
constexpr std::size_t kRun = 16, kHalf = kRun / 2;

// Single-precision minimax polynomials of the Cephes library (S. Moshier), highest power first.
constexpr std::array<float, 9> kLog
    = {7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
        -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
constexpr std::array<float, 3> kSin = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
constexpr std::array<float, 3> kCos = {2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f};
constexpr float kSqrtHalf = 0.707106781186547524f;
// ln 2 and π/4 split so that their products with small whole numbers are exact.
constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
constexpr float kQuarterPi1 = 0.78515625f, kQuarterPi2 = 2.4187564849853515625e-4f,
                kQuarterPi3 = 3.77489497744594108e-8f;
constexpr float kFourOverPi = 1.27323954473516f;

template <std::size_t N> MANTISSA_CTQ_INLINE float polynomial(const std::array<float, N>& terms, float x)
{
    float y = terms[0];
    for (std::size_t i = 1; i < N; ++i)
        y = fused(y, x, terms[i]);
    return y;
}

/// Natural logarithm of a normal positive number.
MANTISSA_CTQ_INLINE float logarithm(float x)
{
    const auto bits = std::bit_cast<std::uint32_t>(x);
    constexpr std::uint32_t kMantissa = 0x007fffff, kHalfBits = 0x3f000000;
    const float fraction = std::bit_cast<float>((bits & kMantissa) | kHalfBits); // in [0.5, 1)
    auto exponent = static_cast<float>(static_cast<int>(bits >> 23) - 126);
    float t = fraction - 1.0f;
    if (fraction < kSqrtHalf) {
        exponent -= 1.0f;
        t += fraction;
    }
    const float square = t * t;
    float y = polynomial(kLog, t) * t;
    y = fused(y, square, exponent * kLn2Low);
    y -= square * 0.5f;
    return fused(exponent, kLn2High, t + y);
}

struct SineCosine {
    float sine, cosine;
};

/// For angles in [0, 2π].
MANTISSA_CTQ_INLINE SineCosine sineCosine(float angle)
{
    const int octant = (static_cast<int>(angle * kFourOverPi) + 1) & ~1;
    const auto turns = static_cast<float>(octant);
    float x = fused(turns, -kQuarterPi1, angle);
    x = fused(turns, -kQuarterPi2, x);
    x = fused(turns, -kQuarterPi3, x);
    const float square = x * x;
    const float even = fused(polynomial(kCos, square) * square, square, -(square * 0.5f)) + 1.0f;
    const float odd = fused(polynomial(kSin, square) * square, x, x);
    const bool swapped = (octant & 2) != 0;
    const float sine = swapped ? even : odd, cosine = swapped ? odd : even;
    return {(octant & 4) != 0 ? -sine : sine, ((octant + 2) & 4) != 0 ? -cosine : cosine};
}

/// Box-Muller in place on 16 uniform numbers.
MANTISSA_CTQ_INLINE void transformRuns(float* values, std::size_t runs)
{
    constexpr float kTwoPi = 2.0f * std::numbers::pi_v<float>;
    for (std::size_t run = 0; run < runs; ++run, values += kRun) {
        for (std::size_t i = 0; i < kHalf; ++i) {
            const float radius = std::sqrt(-2.0f * logarithm(1.0f - values[i]));
            const SineCosine at = sineCosine(kTwoPi * values[i + kHalf]);
            values[i] = radius * at.cosine;
            values[i + kHalf] = radius * at.sine;
        }
    }
}

#if MANTISSA_CTQ_WIDE
MANTISSA_CTQ_AVX2 void transformRunsFma(float* values, std::size_t runs)
{
    transformRuns(values, runs);
}
#endif

void transform(float* values, std::size_t runs)
{
#if MANTISSA_CTQ_WIDE
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        transformRunsFma(values, runs);
        return;
    }
#endif
    transformRuns(values, runs);
}

} // namespace

TorchGenerator::TorchGenerator(std::uint64_t seed)
    : m_engine(static_cast<std::uint32_t>(seed))
{ }

double TorchGenerator::uniformDouble()
{
    const std::uint64_t high = m_engine();
    const std::uint64_t bits = (high << 32) | m_engine();
    return static_cast<double>(bits & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53;
}

void TorchGenerator::fillSerial(std::span<float> dst)
{
    for (float& value : dst) {
        if (m_kept) {
            value = static_cast<float>(*m_kept);
            m_kept.reset();
            continue;
        }
        const double angle = 2.0 * std::numbers::pi * uniformDouble();
        const double radius = std::sqrt(-2.0 * std::log1p(-uniformDouble()));
        m_kept = radius * std::sin(angle);
        value = static_cast<float>(radius * std::cos(angle));
    }
}

void TorchGenerator::fillNormal(std::span<float> dst)
{
    if (dst.size() < kRun) {
        fillSerial(dst);
        return;
    }
    const auto uniform = [this] { return static_cast<float>(m_engine() & 0xffffff) * 0x1p-24f; };
    for (float& value : dst)
        value = uniform();
    transform(dst.data(), dst.size() / kRun);
    if (dst.size() % kRun == 0)
        return;
    // A partial run at the end: the last 16 values are drawn once more.
    const std::span<float> last = dst.last(kRun);
    for (float& value : last)
        value = uniform();
    transform(last.data(), 1);
}

void TorchGenerator::skipNormal(std::size_t count)
{
    if (count < kRun) {
        std::array<float, kRun> values{};
        fillSerial(std::span(values).first(count));
        return;
    }
    m_engine.discard(count % kRun == 0 ? count : count + kRun);
}

} // namespace mantissa::ctq
