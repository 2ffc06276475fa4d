// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/filters.h"

#include <algorithm>
#include <array>
#include <cmath>

// The loops below again for AVX2, chosen when the program starts. Contraction is off (cmake/Warnings.cmake)
// and nothing is summed across lanes, so that both give the same bits. Not where sanitizers or clang build.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && defined(__x86_64__)
#define MANTISSA_CLONES __attribute__((target_clones("default", "avx2")))
#else
#define MANTISSA_CLONES
#endif

namespace mantissa {

namespace {

constexpr std::size_t kTile = 32; ///< accumulators that fit the registers of AVX2

int borderIndex(int i, int n, Border border)
{
    if (border == Border::Replicate)
        return std::clamp(i, 0, n - 1);
    const int period = 2 * n;
    i %= period;
    if (i < 0)
        i += period;
    return i < n ? i : period - 1 - i;
}

/// dst[x] = Σ taps[k] · src[x + k] for x < n.
MANTISSA_CLONES void filterRow(
    const float* src, const float* taps, std::size_t tapCount, float* dst, std::size_t n)
{
    std::size_t x = 0;
    for (; x + kTile <= n; x += kTile) {
        float sum[kTile] = {};
        for (std::size_t k = 0; k < tapCount; ++k)
            for (std::size_t i = 0; i < kTile; ++i)
                sum[i] += taps[k] * src[x + i + k];
        for (std::size_t i = 0; i < kTile; ++i)
            dst[x + i] = sum[i];
    }
    for (; x < n; ++x) {
        float sum = 0;
        for (std::size_t k = 0; k < tapCount; ++k)
            sum += taps[k] * src[x + k];
        dst[x] = sum;
    }
}

/// dst[x] = Σ taps[k] · rows[k][x] for x < n.
MANTISSA_CLONES void filterColumn(
    const float* const* rows, const float* taps, std::size_t tapCount, float* dst, std::size_t n)
{
    std::size_t x = 0;
    for (; x + kTile <= n; x += kTile) {
        float sum[kTile] = {};
        for (std::size_t k = 0; k < tapCount; ++k) {
            const float* row = rows[k] + x;
            for (std::size_t i = 0; i < kTile; ++i)
                sum[i] += taps[k] * row[i];
        }
        for (std::size_t i = 0; i < kTile; ++i)
            dst[x + i] = sum[i];
    }
    for (; x < n; ++x) {
        float sum = 0;
        for (std::size_t k = 0; k < tapCount; ++k)
            sum += taps[k] * rows[k][x];
        dst[x] = sum;
    }
}

void resizeLike(const FloatPlane& src, FloatPlane& dst)
{
    if (dst.width != src.width || dst.height != src.height)
        dst = FloatPlane(src.width, src.height);
}

} // namespace

void filterRows(const FloatPlane& src, std::span<const float> taps, Border border, FloatPlane& dst)
{
    resizeLike(src, dst);
    const int radius = static_cast<int>(taps.size() / 2);
    std::vector<float> padded(static_cast<std::size_t>(src.width + 2 * radius));
    for (int y = 0; y < src.height; ++y) {
        const float* row = src.row(y);
        float* const right = padded.data() + radius + src.width;
        for (int i = 0; i < radius; ++i) {
            padded[static_cast<std::size_t>(i)] = row[borderIndex(i - radius, src.width, border)];
            right[i] = row[borderIndex(src.width + i, src.width, border)];
        }
        std::copy_n(row, src.width, padded.begin() + radius);
        filterRow(padded.data(), taps.data(), taps.size(), dst.row(y), static_cast<std::size_t>(src.width));
    }
}

void filterColumns(const FloatPlane& src, std::span<const float> taps, Border border, FloatPlane& dst)
{
    resizeLike(src, dst);
    const int radius = static_cast<int>(taps.size() / 2);
    std::vector<const float*> rows(taps.size());
    for (int y = 0; y < src.height; ++y) {
        for (std::size_t k = 0; k < rows.size(); ++k)
            rows[k] = src.row(borderIndex(y + static_cast<int>(k) - radius, src.height, border));
        filterColumn(rows.data(), taps.data(), taps.size(), dst.row(y), static_cast<std::size_t>(src.width));
    }
}

void filterSeparable(
    const FloatPlane& src, std::span<const float> taps, Border border, FloatPlane& scratch, FloatPlane& dst)
{
    filterRows(src, taps, border, scratch);
    filterColumns(scratch, taps, border, dst);
}

std::vector<float> gaussianTaps(double sigma, int radius)
{
    std::vector<double> exact;
    double sum = 0;
    for (int x = -radius; x <= radius; ++x) {
        exact.push_back(std::exp(-x * x / (2 * sigma * sigma)));
        sum += exact.back();
    }
    std::vector<float> taps;
    taps.reserve(exact.size());
    for (const double value : exact)
        taps.push_back(static_cast<float>(value / sum));
    return taps;
}

FloatPlane channelPlane(const Picture& picture, int channel, std::span<const float, 256> table)
{
    FloatPlane plane(picture.width, picture.height);
    const std::uint8_t* byte = picture.rgb.data() + channel;
    for (float& value : plane.values) {
        value = table[*byte];
        byte += 3;
    }
    return plane;
}

} // namespace mantissa
