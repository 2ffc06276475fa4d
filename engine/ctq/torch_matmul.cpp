// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/torch_matmul.h"

#include "engine/ctq/fused.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <vector>

#if MANTISSA_CTQ_WIDE
#include <immintrin.h>
#endif

namespace mantissa::ctq {

namespace {

constexpr std::size_t kLanes = 16; // output columns worked on together
constexpr std::size_t kTogether = 8; // samples worked on together
constexpr std::size_t kInnerBlock = 192; // measured, see the header

struct Tile {
    std::array<float, kTogether * kLanes> values{};
};

/// out[j][i] = Σ over c of x[j · stride + c] · e[c · 16 + i], as chains.
void chainsPortable(const float* x, std::size_t stride, const float* e, std::size_t count, Tile& out)
{
    for (std::size_t j = 0; j < kTogether; ++j) {
        std::array<float, kLanes> sums{};
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t i = 0; i < kLanes; ++i)
                sums[i] = fused(x[j * stride + c], e[c * kLanes + i], sums[i]);
        std::copy(sums.begin(), sums.end(), out.values.begin() + static_cast<std::ptrdiff_t>(j * kLanes));
    }
}

#if MANTISSA_CTQ_WIDE

MANTISSA_CTQ_AVX512 void chainsAvx512(
    const float* x, std::size_t stride, const float* e, std::size_t count, Tile& out)
{
    __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (std::size_t c = 0; c < count; ++c) {
        const __m512 column = _mm512_loadu_ps(e + c * kLanes);
        const float* const at = x + c;
        s0 = _mm512_fmadd_ps(_mm512_set1_ps(at[0]), column, s0);
        s1 = _mm512_fmadd_ps(_mm512_set1_ps(at[stride]), column, s1);
        s2 = _mm512_fmadd_ps(_mm512_set1_ps(at[2 * stride]), column, s2);
        s3 = _mm512_fmadd_ps(_mm512_set1_ps(at[3 * stride]), column, s3);
        s4 = _mm512_fmadd_ps(_mm512_set1_ps(at[4 * stride]), column, s4);
        s5 = _mm512_fmadd_ps(_mm512_set1_ps(at[5 * stride]), column, s5);
        s6 = _mm512_fmadd_ps(_mm512_set1_ps(at[6 * stride]), column, s6);
        s7 = _mm512_fmadd_ps(_mm512_set1_ps(at[7 * stride]), column, s7);
    }
    float* const to = out.values.data();
    _mm512_storeu_ps(to, s0);
    _mm512_storeu_ps(to + kLanes, s1);
    _mm512_storeu_ps(to + 2 * kLanes, s2);
    _mm512_storeu_ps(to + 3 * kLanes, s3);
    _mm512_storeu_ps(to + 4 * kLanes, s4);
    _mm512_storeu_ps(to + 5 * kLanes, s5);
    _mm512_storeu_ps(to + 6 * kLanes, s6);
    _mm512_storeu_ps(to + 7 * kLanes, s7);
}

MANTISSA_CTQ_AVX2 void chainsAvx2(
    const float* x, std::size_t stride, const float* e, std::size_t count, Tile& out)
{
    constexpr std::size_t kHalf = kLanes / 2, kFour = 4; // eight sums and two columns fit the registers
    for (std::size_t j = 0; j < kTogether; j += kFour) {
        __m256 l0 = _mm256_setzero_ps(), l1 = l0, l2 = l0, l3 = l0, h0 = l0, h1 = l0, h2 = l0, h3 = l0;
        for (std::size_t c = 0; c < count; ++c) {
            const __m256 low = _mm256_loadu_ps(e + c * kLanes),
                         high = _mm256_loadu_ps(e + c * kLanes + kHalf);
            const float* const at = x + j * stride + c;
            __m256 value = _mm256_set1_ps(at[0]);
            l0 = _mm256_fmadd_ps(value, low, l0);
            h0 = _mm256_fmadd_ps(value, high, h0);
            value = _mm256_set1_ps(at[stride]);
            l1 = _mm256_fmadd_ps(value, low, l1);
            h1 = _mm256_fmadd_ps(value, high, h1);
            value = _mm256_set1_ps(at[2 * stride]);
            l2 = _mm256_fmadd_ps(value, low, l2);
            h2 = _mm256_fmadd_ps(value, high, h2);
            value = _mm256_set1_ps(at[3 * stride]);
            l3 = _mm256_fmadd_ps(value, low, l3);
            h3 = _mm256_fmadd_ps(value, high, h3);
        }
        float* const to = out.values.data() + j * kLanes;
        _mm256_storeu_ps(to, l0);
        _mm256_storeu_ps(to + kHalf, h0);
        _mm256_storeu_ps(to + kLanes, l1);
        _mm256_storeu_ps(to + kLanes + kHalf, h1);
        _mm256_storeu_ps(to + 2 * kLanes, l2);
        _mm256_storeu_ps(to + 2 * kLanes + kHalf, h2);
        _mm256_storeu_ps(to + 3 * kLanes, l3);
        _mm256_storeu_ps(to + 3 * kLanes + kHalf, h3);
    }
}

#endif

using Chains = void (*)(const float*, std::size_t, const float*, std::size_t, Tile&);

Chains chooseChains()
{
#if MANTISSA_CTQ_WIDE
    if (__builtin_cpu_supports("avx512f"))
        return chainsAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return chainsAvx2;
#endif
    return chainsPortable;
}

/// Up to 16 rows of k values as k groups of 16; missing rows are zero.
void transpose(std::span<const float> rows, std::size_t k, std::vector<float>& dst)
{
    dst.assign(k * kLanes, 0.0f);
    for (std::size_t r = 0; r * k < rows.size(); ++r)
        for (std::size_t c = 0; c < k; ++c)
            dst[c * kLanes + r] = rows[r * k + c];
}

/// y[s · 16 + i] (plus or minus) the products of all samples with a tile.
template <bool kSubtract>
void products(std::span<const float> x, std::size_t samples, std::size_t k, const std::vector<float>& tile,
    std::vector<float>& y)
{
    static const Chains chains = chooseChains();
    const std::size_t block = innerBlock(k);
    std::vector<float> tail;
    for (std::size_t s = 0; s < samples; s += kTogether) {
        const std::size_t present = std::min(kTogether, samples - s);
        const float* from = x.data() + s * k;
        if (present < kTogether) { // the chains read eight samples: repeat the last ones into a padded copy
            tail.assign(kTogether * k, 0.0f);
            std::copy_n(from, present * k, tail.begin());
            from = tail.data();
        }
        Tile sums{}, part{};
        for (std::size_t begin = 0; begin < k; begin += block) {
            chains(from + begin, k, tile.data() + begin * kLanes, std::min(block, k - begin), part);
            for (std::size_t i = 0; i < sums.values.size(); ++i)
                sums.values[i] = begin == 0 ? part.values[i] : sums.values[i] + part.values[i];
        }
        for (std::size_t i = 0; i < present * kLanes; ++i) {
            float& value = y[s * kLanes + i];
            value = kSubtract ? value - sums.values[i] : sums.values[i];
        }
    }
}

/// torch's cascade over values[i · stride]: runs of 2^power are summed, and so are runs of these, four levels
/// high.
float cascadeSum(const float* values, std::size_t stride, std::size_t count)
{
    constexpr std::size_t kLevels = 4, kSmallestPower = 4;
    const std::size_t log2Ceiling = count < 2 ? 0 : static_cast<std::size_t>(std::bit_width(count - 1));
    const std::size_t power = std::max(kSmallestPower, log2Ceiling / kLevels);
    const std::size_t step = std::size_t{1} << power;
    std::array<float, kLevels> levels{};
    std::size_t i = 0;
    while (i + step <= count) {
        for (std::size_t j = 0; j < step; ++j, ++i)
            levels[0] += values[i * stride];
        for (std::size_t level = 1; level < kLevels; ++level) {
            levels[level] += levels[level - 1];
            levels[level - 1] = 0.0f;
            if ((i & ((step - 1) << (level * power))) != 0)
                break;
        }
    }
    for (; i < count; ++i)
        levels[0] += values[i * stride];
    for (std::size_t level = 1; level < kLevels; ++level)
        levels[0] += levels[level];
    return levels[0];
}

/// The columns that do not fill a vector step are summed as four interleaved series.
float interleavedSum(const float* values, std::size_t stride, std::size_t count)
{
    constexpr std::size_t kSeries = 4;
    const std::size_t each = count / kSeries;
    std::array<float, kSeries> sums{};
    for (std::size_t series = 0; series < kSeries; ++series)
        sums[series] = cascadeSum(values + series * stride, kSeries * stride, each);
    for (std::size_t i = each * kSeries; i < count; ++i)
        sums[0] += values[i * stride];
    return ((sums[0] + sums[1]) + sums[2]) + sums[3];
}

} // namespace

std::size_t innerBlock(std::size_t k) noexcept
{
    if (k <= kInnerBlock)
        return std::max<std::size_t>(k, 1);
    return k < 2 * kInnerBlock ? k / 2 : kInnerBlock;
}

void orderedProduct(std::span<const float> x, std::size_t samples, std::size_t k, std::span<const float> rows,
    std::span<float> dst)
{
    const std::size_t count = k == 0 ? 0 : rows.size() / k;
    assert(x.size() == samples * k && rows.size() == count * k && dst.size() == samples * count);
    std::vector<float> tile, y(samples * kLanes);
    for (std::size_t row = 0; row < count; row += kLanes) {
        const std::size_t present = std::min(kLanes, count - row);
        transpose(rows.subspan(row * k, present * k), k, tile);
        products<false>(x, samples, k, tile, y);
        for (std::size_t s = 0; s < samples; ++s)
            std::copy_n(y.data() + s * kLanes, present, dst.data() + s * count + row);
    }
}

void meanOfProducts(std::span<const float> x, std::size_t samples, std::size_t k, std::span<const float> a,
    std::span<const float> b, std::size_t firstRow, std::size_t totalRows, std::span<float> dst)
{
    assert(samples > 0 && x.size() == samples * k && a.size() == dst.size() * k);
    assert(b.empty() || b.size() == a.size());
    constexpr std::size_t kVectorStep = 32; // columns that torch sums together: four vectors of 8
    const std::size_t stepped = totalRows / kVectorStep * kVectorStep;
    std::vector<float> tile, y(samples * kLanes);
    for (std::size_t row = 0; row < dst.size(); row += kLanes) {
        const std::size_t present = std::min(kLanes, dst.size() - row);
        transpose(a.subspan(row * k, present * k), k, tile);
        products<false>(x, samples, k, tile, y);
        if (!b.empty()) {
            transpose(b.subspan(row * k, present * k), k, tile);
            products<true>(x, samples, k, tile, y);
        }
        for (std::size_t i = 0; i < present; ++i) {
            const bool inStep = firstRow + row + i < stepped;
            const float sum = inStep ? cascadeSum(y.data() + i, kLanes, samples)
                                     : interleavedSum(y.data() + i, kLanes, samples);
            dst[row + i] = sum / static_cast<float>(samples);
        }
    }
}

} // namespace mantissa::ctq
