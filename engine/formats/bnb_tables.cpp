// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/bnb_tables.h"

#include <algorithm>
#include <cmath>

namespace mantissa::formats {

namespace {

std::array<float, kBnbNestedLevels> makeNestedMap()
{
    constexpr int kDecades = 7;
    std::array<float, kBnbNestedLevels> map{};
    std::size_t used = 0;
    for (int i = 0; i < kDecades; ++i) {
        const int steps = 1 << i;
        // torch.linspace counts from both ends with one float32 step, in fused multiply-adds.
        const float step = (1.0f - 0.1f) / static_cast<float>(steps);
        const auto boundary = [&](int k) {
            return k < (steps + 1) / 2 ? std::fma(step, static_cast<float>(k), 0.1f)
                                       : std::fma(-step, static_cast<float>(steps - k), 1.0f);
        };
        // Python multiplies a float32 tensor by a double: the factor is rounded to float32 first.
        const auto decade = static_cast<float>(std::pow(10.0, i - kDecades + 1));
        for (int k = 0; k < steps; ++k) {
            const float value = decade * ((boundary(k) + boundary(k + 1)) / 2.0f);
            map[used++] = value;
            map[used++] = -value;
        }
    }
    map[used++] = 0.0f;
    map[used++] = 1.0f;
    std::sort(map.begin(), map.end());
    return map;
}

} // namespace

const std::array<float, kBnbNestedLevels>& bnbNestedMap()
{
    static const std::array<float, kBnbNestedLevels> kMap = makeNestedMap();
    return kMap;
}

std::uint8_t nearestNested(float value)
{
    const auto& map = bnbNestedMap();
    const auto above = std::lower_bound(map.begin(), map.end(), value);
    if (above == map.begin() || !(value == value))
        return 0;
    const auto high = static_cast<std::size_t>(above - map.begin());
    if (high == map.size())
        return kBnbNestedLevels - 1;
    const bool up = value > (map[high - 1] + map[high]) / 2.0f;
    return static_cast<std::uint8_t>(up ? high : high - 1);
}

BnbRounder::BnbRounder(const BnbTable& table)
    : m_table(table)
{
    m_grid.kind = kernels::GridKind::Levels;
    for (std::size_t i = 0; i < kBnbLevels; ++i)
        m_grid.levels[i] = table.levels[table.sorted[i]];
    for (std::size_t i = 0; i + 1 < kBnbLevels; ++i)
        m_midpoints[i] = (m_grid.levels[i] + m_grid.levels[i + 1]) / 2.0f;
}

void BnbRounder::codes(std::span<const float> values, float absmax, bool divide, std::uint8_t* out) const
{
    const float reciprocal = absmax > 0.0f ? 1.0f / absmax : 0.0f;
    // A subnormal absmax has no reciprocal. (bitsandbytes flushes such blocks to zero.)
    const bool quotient = absmax > 0.0f && (divide || !std::isfinite(reciprocal));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float scaled = quotient ? values[i] / absmax : values[i] * reciprocal;
        const float number = scaled == scaled ? scaled : 0.0f;
        int above = 0;
        for (const float midpoint : m_midpoints)
            above += number > midpoint ? 1 : 0;
        out[i] = m_table.sorted[static_cast<std::size_t>(above)];
    }
}

} // namespace mantissa::formats
