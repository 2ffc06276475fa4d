// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mantissa {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
/// Values that are worth a task of their own, and the channels that fill a few cache lines of a row.
constexpr std::size_t kTaskValues = std::size_t{1} << 15;
constexpr std::size_t kTaskChannels = 64;

/// What one task finds in its channels, which no other task touches.
struct Block {
    std::size_t first = 0, count = 0; ///< channels
    std::uint64_t nonFinite = 0;
    MagnitudeHistogram histogram;
};

struct Sums {
    std::vector<double> sum, sumAbs;
    std::vector<float> low, high;
    explicit Sums(std::size_t count)
        : sum(count)
        , sumAbs(count)
        , low(count, kInfinity)
        , high(count, -kInfinity)
    { }
};

/// The loop that all of the time goes into; plain enough for the compiler to vectorise.
void sumRows(const float* values, std::size_t rows, std::size_t stride, std::size_t count, Sums& sums)
{
    double* sum = sums.sum.data();
    double* sumAbs = sums.sumAbs.data();
    float* low = sums.low.data();
    float* high = sums.high.data();
    for (std::size_t r = 0; r < rows; ++r) {
        const float* row = values + r * stride;
        for (std::size_t c = 0; c < count; ++c) {
            const float x = row[c];
            low[c] = x < low[c] ? x : low[c];
            high[c] = x > high[c] ? x : high[c];
            sum[c] += static_cast<double>(x);
            sumAbs[c] += static_cast<double>(std::fabs(x));
        }
    }
}

/// The same where some values are NaN or infinite.
void sumFinite(const float* values, std::size_t rows, std::size_t stride, Sums& sums, Block& block)
{
    sums = Sums(block.count);
    std::vector<float> finite;
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < block.count; ++c) {
            const float x = values[r * stride + c];
            if (!std::isfinite(x)) {
                ++block.nonFinite;
                continue;
            }
            finite.push_back(x);
            sums.low[c] = std::min(sums.low[c], x);
            sums.high[c] = std::max(sums.high[c], x);
            sums.sum[c] += static_cast<double>(x);
            sums.sumAbs[c] += static_cast<double>(std::fabs(x));
        }
    }
    block.histogram.add(finite);
}

} // namespace

HeldOutTokens::HeldOutTokens(std::size_t channels)
    : m_channels(channels)
{ }

bool HeldOutTokens::wants(std::uint64_t key) const
{
    return m_slots.size() < capacity(m_channels) || key < m_slots.front().first;
}

void HeldOutTokens::add(std::uint64_t key, std::span<const float> token)
{
    if (!wants(key))
        return;
    std::size_t slot = m_slots.size();
    if (slot == capacity(m_channels)) {
        std::pop_heap(m_slots.begin(), m_slots.end());
        slot = m_slots.back().second;
        m_slots.pop_back();
    } else {
        m_rows.resize((slot + 1) * m_channels);
    }
    std::copy(token.begin(), token.end(), m_rows.begin() + static_cast<std::ptrdiff_t>(slot * m_channels));
    m_slots.emplace_back(key, slot);
    std::push_heap(m_slots.begin(), m_slots.end());
}

void HeldOutTokens::merge(const HeldOutTokens& other)
{
    for (const auto& [key, slot] : other.m_slots)
        add(key, std::span(other.m_rows).subspan(slot * m_channels, m_channels));
}

std::vector<std::pair<std::uint64_t, std::size_t>> HeldOutTokens::sorted() const
{
    auto slots = m_slots;
    std::sort(slots.begin(), slots.end());
    return slots;
}

std::vector<std::uint64_t> HeldOutTokens::keys() const
{
    std::vector<std::uint64_t> keys;
    for (const auto& [key, slot] : sorted())
        keys.push_back(key);
    return keys;
}

std::vector<float> HeldOutTokens::rows() const
{
    std::vector<float> rows;
    rows.reserve(m_rows.size());
    for (const auto& [key, slot] : sorted())
        rows.insert(rows.end(), m_rows.begin() + static_cast<std::ptrdiff_t>(slot * m_channels),
            m_rows.begin() + static_cast<std::ptrdiff_t>((slot + 1) * m_channels));
    return rows;
}

InputStatistics::InputStatistics(std::size_t channelCount)
    : channels(channelCount)
    , sum(channelCount)
    , sumAbs(channelCount)
    , minimum(channelCount, kInfinity)
    , maximum(channelCount, -kInfinity)
    , bucketAbsMax(channelCount * kTimestepBuckets)
    , heldOut(channelCount)
{ }

void InputStatistics::addExtremes(const float* low, const float* high, int bucket)
{
    float* inBucket
        = bucket == kNoBucket ? nullptr : bucketAbsMax.data() + static_cast<std::size_t>(bucket) * channels;
    for (std::size_t c = 0; c < channels; ++c) {
        if (!std::isfinite(low[c]) || !std::isfinite(high[c]))
            continue; // no values, or such that cannot be told from an overflow
        minimum[c] = std::min(minimum[c], low[c]);
        maximum[c] = std::max(maximum[c], high[c]);
        if (inBucket != nullptr)
            inBucket[c] = std::max(inBucket[c], std::max(std::fabs(low[c]), std::fabs(high[c])));
    }
}

void InputStatistics::add(const float* values, std::size_t rows, int bucket, const ParallelFor& parallel)
{
    if (rows == 0)
        return;
    // The cut depends on sizes alone, so sums are the same whatever the number of threads.
    const std::size_t width
        = std::max(kTaskChannels, (kTaskValues / rows + kTaskChannels - 1) / kTaskChannels * kTaskChannels);
    std::vector<Block> blocks;
    for (std::size_t first = 0; first < channels; first += width)
        blocks.push_back({first, std::min(width, channels - first), 0, {}});
    const auto look = [&](std::size_t index, MagnitudeHistogram& counts) {
        Block& block = blocks[index];
        const float* from = values + block.first;
        Sums sums(block.count);
        sumRows(from, rows, channels, block.count, sums);
        if (std::all_of(sums.sumAbs.begin(), sums.sumAbs.end(), [](double x) { return std::isfinite(x); })) {
            float top = 0;
            for (std::size_t c = 0; c < block.count; ++c)
                top = std::max({top, std::fabs(sums.low[c]), std::fabs(sums.high[c])});
            counts.add(from, rows, block.count, channels, top);
        } else {
            sumFinite(from, rows, channels, sums, block);
            if (&counts != &block.histogram)
                counts.merge(block.histogram);
        }
        float* inBucket = bucket == kNoBucket
            ? nullptr
            : bucketAbsMax.data() + static_cast<std::size_t>(bucket) * channels + block.first;
        for (std::size_t c = 0; c < block.count; ++c) {
            const std::size_t channel = block.first + c;
            sum[channel] += sums.sum[c];
            sumAbs[channel] += sums.sumAbs[c];
            if (sums.low[c] > sums.high[c])
                continue;
            minimum[channel] = std::min(minimum[channel], sums.low[c]);
            maximum[channel] = std::max(maximum[channel], sums.high[c]);
            if (inBucket != nullptr)
                inBucket[c]
                    = std::max(inBucket[c], std::max(std::fabs(sums.low[c]), std::fabs(sums.high[c])));
        }
    };
    if (blocks.size() == 1 || !parallel) {
        for (std::size_t i = 0; i < blocks.size(); ++i)
            look(i, histogram);
    } else {
        parallel(blocks.size(), [&](std::size_t i) { look(i, blocks[i].histogram); });
        for (const Block& block : blocks)
            histogram.merge(block.histogram);
    }
    for (const Block& block : blocks)
        nonFinite += block.nonFinite;
    tokens += rows;
}

void InputStatistics::merge(const InputStatistics& other)
{
    tokens += other.tokens;
    nonFinite += other.nonFinite;
    momentTokens += other.momentTokens;
    for (std::size_t c = 0; c < channels; ++c) {
        sum[c] += other.sum[c];
        sumAbs[c] += other.sumAbs[c];
        minimum[c] = std::min(minimum[c], other.minimum[c]);
        maximum[c] = std::max(maximum[c], other.maximum[c]);
    }
    for (std::size_t i = 0; i < bucketAbsMax.size(); ++i)
        bucketAbsMax[i] = std::max(bucketAbsMax[i], other.bucketAbsMax[i]);
    histogram.merge(other.histogram);
    heldOut.merge(other.heldOut);
}

namespace {

std::vector<float> meansOf(const std::vector<double>& sums, std::uint64_t tokens)
{
    std::vector<float> means(sums.size());
    if (tokens > 0)
        std::transform(sums.begin(), sums.end(), means.begin(),
            [&](double sum) { return static_cast<float>(sum / static_cast<double>(tokens)); });
    return means;
}

} // namespace

std::vector<float> InputStatistics::mean() const
{
    return meansOf(sum, tokens);
}

std::vector<float> InputStatistics::meanAbs() const
{
    return meansOf(sumAbs, tokens);
}

std::vector<float> InputStatistics::absMax() const
{
    std::vector<float> largest(channels);
    for (std::size_t c = 0; c < channels; ++c)
        largest[c] = minimum[c] > maximum[c] ? 0 : std::max(std::fabs(minimum[c]), std::fabs(maximum[c]));
    return largest;
}

float InputStatistics::largest() const
{
    float largest = 0;
    for (const float x : absMax())
        largest = std::max(largest, x);
    return largest;
}

} // namespace mantissa
