// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/w4a8_rows.h"

#include <algorithm>
#include <cmath>

namespace mantissa::formats {

namespace {

constexpr float kInt8Max = 127.0f;
constexpr float kLeast = 1e-8f; ///< of scales and of the denominator of a refit
constexpr int kRefits = 2; ///< least-squares rounds of the group scale
constexpr std::uint8_t kLargestScaleCode = 0x7E; ///< 448; 0x7F is NaN
constexpr std::size_t kLanes = 16; ///< groups are cut into runs of 16 columns

/// The same for a run of 16 values among 16 levels, without branches.
void nearestOfTable(const std::array<float, kTableLevels>& levels, const float* values, std::uint8_t* out)
{
    std::array<std::int32_t, kLanes> below{};
    for (const float level : levels)
        for (std::size_t l = 0; l < kLanes; ++l)
            below[l] += level < values[l] ? 1 : 0;
    for (std::size_t l = 0; l < kLanes; ++l) {
        const auto at = static_cast<std::size_t>(below[l]);
        const std::size_t low = at == 0 ? 0 : at - 1, high = std::min(at, kTableLevels - 1);
        const bool up = std::abs(values[l] - levels[high]) < std::abs(values[l] - levels[low]);
        out[l] = static_cast<std::uint8_t>(up ? high : low);
    }
}

/// Sum of a run of 16 float32 in the order of torch's CPU reduction.
float torchSum(const std::array<float, kLanes>& values)
{
    std::array<float, kLanes / 2> lanes{};
    for (std::size_t l = 0; l < lanes.size(); ++l)
        lanes[l] = values[l] + values[l + lanes.size()];
    float sum = 0;
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

} // namespace

float w4a8OnGrid(float level, float scale)
{
    return std::clamp(std::nearbyint(level * scale), -kInt8Max, kInt8Max) + 0.0f;
}

std::size_t nearestLevel(std::span<const float> levels, float value)
{
    const auto at
        = static_cast<std::size_t>(std::lower_bound(levels.begin(), levels.end(), value) - levels.begin());
    const std::size_t low = at == 0 ? 0 : at - 1, high = std::min(at, levels.size() - 1);
    return std::abs(value - levels[high]) < std::abs(value - levels[low]) ? high : low;
}

void packW4A8Codes(std::span<const std::uint8_t> indices, int bits, std::byte* dst)
{
    auto* const bytes = reinterpret_cast<std::uint8_t*>(dst);
    const unsigned shift = bits == kW4A8Wide ? 1 : 0; // level index 0 … 62 is stored as q + 32 = index + 1
    for (std::size_t i = 0; i < indices.size(); i += 2)
        bytes[i / 2]
            = static_cast<std::uint8_t>(((indices[i] + shift) & 15u) | ((indices[i + 1] + shift) & 15u) << 4);
    if (bits != kW4A8Wide)
        return;
    std::uint8_t* const high = bytes + indices.size() / 2;
    for (std::size_t i = 0; i < indices.size(); ++i)
        high[i / 4]
            = static_cast<std::uint8_t>(high[i / 4] | ((indices[i] + shift) >> 4 & 3u) << (2 * (i % 4)));
}

W4A8Packer::W4A8Packer(const W4A8Layout& layout, bool search)
    : m_layout(layout)
    , m_search(search || layout.bits == kW4A8Wide)
    , m_reach(search ? 2 : 1)
{
    if (layout.bits == kW4A8Wide)
        for (int level = -kW4A8WideLevels; level <= kW4A8WideLevels; ++level)
            m_levels.push_back(static_cast<float>(level));
}

void W4A8Packer::setTable(const std::array<float, kTableLevels>& table)
{
    m_levels.assign(table.begin(), table.end());
}

float W4A8Packer::pack(std::span<const float> row, std::uint8_t* groupScales, std::uint8_t* codes) const
{
    const auto size = static_cast<std::size_t>(m_layout.group);
    std::vector<float> scales(m_layout.groups());
    float largest = 0;
    for (std::size_t g = 0; g < scales.size(); ++g) {
        const auto values = row.subspan(g * size, size);
        scales[g] = fitGroup(values, codes + g * size);
        for (std::size_t i = 0; i < size; ++i) {
            const float value = std::abs(m_levels[codes[g * size + i]] * scales[g]);
            largest = value > largest ? value : largest;
        }
    }
    const float rowScale = std::max(finite(largest) / kInt8Max, kLeast);
    std::vector<float> target(size);
    for (std::size_t g = 0; g < scales.size(); ++g) {
        for (std::size_t i = 0; i < size; ++i)
            target[i] = row[g * size + i] / rowScale;
        std::uint8_t code = kernels::encodeE4M3(std::min(scales[g] / rowScale, kernels::kE4M3Max));
        if (m_search)
            code = searchScale(target, code);
        groupScales[g] = code;
        assignOnGrid(target, code, codes + g * size);
    }
    return rowScale;
}

void W4A8Packer::assign(std::span<const float> values, float scale, std::uint8_t* codes) const
{
    std::array<float, kLanes> scaled{};
    for (std::size_t i = 0; i < values.size(); i += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l)
            scaled[l] = values[i + l] / scale;
        if (isTable()) {
            nearestOfTable(table(), scaled.data(), codes + i);
            continue;
        }
        for (std::size_t l = 0; l < kLanes; ++l) {
            constexpr auto kLimit = static_cast<float>(kW4A8WideLevels);
            const float value = std::isnan(scaled[l]) ? 0.0f : scaled[l];
            codes[i + l]
                = static_cast<std::uint8_t>(std::clamp(std::nearbyint(value), -kLimit, kLimit) + kLimit);
        }
    }
}

float W4A8Packer::fitGroup(std::span<const float> values, std::uint8_t* codes) const
{
    const float amax = finite(kernels::activeKernels().absmax(values.data(), values.size()));
    float scale = std::max(isTable() ? amax : amax / static_cast<float>(kW4A8WideLevels), kLeast);
    assign(values, scale, codes);
    for (int round = 0; round < kRefits; ++round) {
        float product = 0, square = 0;
        for (std::size_t i = 0; i < values.size(); i += kLanes) {
            std::array<float, kLanes> products{}, squares{};
            for (std::size_t l = 0; l < kLanes; ++l) {
                const float level = m_levels[codes[i + l]];
                products[l] = values[i + l] * level;
                squares[l] = level * level;
            }
            product += torchSum(products);
            square += torchSum(squares);
        }
        const float fitted = product / std::max(square, kLeast);
        // NaN weights: the scale stays.
        if (fitted == fitted)
            scale = finite(std::max(fitted, kLeast));
        assign(values, scale, codes);
    }
    return scale;
}

std::uint8_t W4A8Packer::searchScale(std::span<const float> target, std::uint8_t plain) const
{
    std::uint8_t best = plain;
    float bestError = errorOf(target, plain);
    for (int step = 1; step <= m_reach; ++step)
        for (const int code : {plain - step, plain + step}) {
            const auto candidate
                = static_cast<std::uint8_t>(std::clamp(code, 1, static_cast<int>(kLargestScaleCode)));
            if (const float error = errorOf(target, candidate); error < bestError) {
                bestError = error;
                best = candidate;
            }
        }
    return best;
}

void W4A8Packer::gridOf(std::uint8_t scaleCode, std::span<float> grid) const
{
    const float scale = kernels::decodeE4M3(scaleCode);
    for (std::size_t i = 0; i < grid.size(); ++i)
        grid[i] = w4a8OnGrid(m_levels[i], scale);
}

float W4A8Packer::errorOf(std::span<const float> target, std::uint8_t scaleCode) const
{
    if (isTable()) {
        kernels::GridValues values;
        values.kind = kernels::GridKind::IntegerLevels;
        values.levels = table();
        return gridError(values, target, kernels::decodeE4M3(scaleCode), 1.0f);
    }
    std::array<float, 2 * kW4A8WideLevels + 1> storage{};
    const auto grid = std::span(storage).first(m_levels.size());
    gridOf(scaleCode, grid);
    std::array<float, kLanes> squares{};
    float error = 0;
    for (std::size_t i = 0; i < target.size(); i += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            const float difference = grid[nearestLevel(grid, target[i + l])] - target[i + l];
            squares[l] = difference * difference;
        }
        error += torchSum(squares);
    }
    return error;
}

void W4A8Packer::assignOnGrid(
    std::span<const float> target, std::uint8_t scaleCode, std::uint8_t* codes) const
{
    std::array<float, 2 * kW4A8WideLevels + 1> storage{};
    const auto grid = std::span(storage).first(m_levels.size());
    gridOf(scaleCode, grid);
    for (std::size_t i = 0; i < target.size(); ++i)
        codes[i] = static_cast<std::uint8_t>(nearestLevel(grid, target[i]));
}

std::array<float, kTableLevels> W4A8Packer::table() const
{
    std::array<float, kTableLevels> levels{};
    std::copy_n(m_levels.begin(), kTableLevels, levels.begin());
    return levels;
}

} // namespace mantissa::formats
