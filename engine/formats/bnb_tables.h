// SPDX-License-Identifier: GPL-3.0-or-later
// bitsandbytes' 4-bit tables, the 8-bit map of nested scales, and rounding to them (spec/quant-formats 3.17).
// Not for use outside engine/formats.
#pragma once

#include "engine/formats/format_support.h"

#include <array>

namespace mantissa::formats {

constexpr std::size_t kBnbLevels = 16, kBnbNestedLevels = 256;

/// One of bitsandbytes' tables.
struct BnbTable {
    std::string_view name; ///< "nf4", as the settings spell it
    std::array<float, kBnbLevels> levels; ///< by code: what weight.quant_map holds
    std::array<std::uint8_t, kBnbLevels> sorted; ///< the codes in ascending order of their levels
};

/// The float32 values of bitsandbytes 0.50.2 (spec 3.17 prints them with fewer digits).
inline constexpr BnbTable kNf4Table{"nf4",
    {-0x1p+0f, -0x1.647362p-1f, -0x1.0cd66p-1f, -0x1.94654p-2f, -0x1.23449ap-2f, -0x1.7a6a7ep-3f,
        -0x1.74f0e2p-4f, 0.0f, 0x1.45f5fep-4f, 0x1.4995c6p-3f, 0x1.f809bap-3f, 0x1.5a0674p-2f, 0x1.c3497p-2f,
        0x1.200f56p-1f, 0x1.722766p-1f, 0x1p+0f},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
/// Two codes mean zero; bitsandbytes takes 0 up to exactly zero and 8 for the small values above it.
inline constexpr BnbTable kFp4Table{"fp4",
    {0.0f, 0x1.555556p-8f, 0x1.555556p-1f, 0x1p+0f, 0x1.555556p-2f, 0x1p-1f, 0x1.555556p-3f, 0x1p-2f, 0.0f,
        -0x1.555556p-8f, -0x1.555556p-1f, -0x1p+0f, -0x1.555556p-2f, -0x1p-1f, -0x1.555556p-3f, -0x1p-2f},
    {11, 10, 13, 12, 15, 14, 9, 0, 8, 1, 6, 7, 4, 5, 2, 3}};

/// bitsandbytes' dynamic map of 8 bits, ascending: for each of seven decades 10^-6 … 1 the midpoints of 1, 2,
/// 4, … equal steps between 0.1 and 1, with both signs, and 0 and 1 (float32 arithmetic, as torch has it).
const std::array<float, kBnbNestedLevels>& bnbNestedMap();
/// The entry of the map nearest to a value; one on a midpoint takes the lower.
std::uint8_t nearestNested(float value);

/// Nearest levels by midpoints: a value on a midpoint takes the lower one.
class BnbRounder {
public:
    /// The table must outlive this.
    explicit BnbRounder(const BnbTable& table);

    const std::array<float, kBnbLevels>& levels() const { return m_grid.levels; } ///< ascending
    /// The codes of values[i] times (or divided by) the absmax, clamped to ±1; NaN counts as zero.
    void codes(std::span<const float> values, float absmax, bool divide, std::uint8_t* out) const;
    /// Σ (w − level · absmax)².
    float error(std::span<const float> values, float absmax) const
    {
        return gridError(m_grid, values, absmax);
    }

private:
    const BnbTable& m_table;
    std::array<float, kBnbLevels - 1> m_midpoints{};
    kernels::GridValues m_grid;
};

} // namespace mantissa::formats
