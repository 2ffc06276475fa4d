// SPDX-License-Identifier: GPL-3.0-or-later
// Codes and scales of the rows of asym_w4a8_int8 (spec/quant-formats 3.14): comfy-kitchen's packer, and a
// search around it. Not for use outside engine/formats.
#pragma once

#include "engine/formats/format_support.h"
#include "engine/formats/table_fit.h"

#include <array>

namespace mantissa::formats {

constexpr int kW4A8Group = 16, kW4A8Rotation = 256; ///< what the loader takes without a key (spec 2)
constexpr int kW4A8Narrow = 4, kW4A8Wide = 6; ///< bits a code
constexpr int kW4A8WideLevels = 31; ///< codes −31 … 31, stored plus 32

struct W4A8Layout {
    MatrixShape shape;
    std::int64_t group = kW4A8Group;
    int bits = kW4A8Narrow;
    int rotation = kW4A8Rotation; ///< 0: the encoder is given rotated rows

    std::size_t cols() const { return static_cast<std::size_t>(shape.cols); }
    std::size_t groups() const { return cols() / static_cast<std::size_t>(group); }
    std::size_t rowBytes() const { return cols() * static_cast<std::size_t>(bits) / 8; }
};

/// The int8 value that a level becomes: round(level · scale), ties to even, clamped. Integers have one zero.
float w4a8OnGrid(float level, float scale);
/// Index of the nearest of ascending levels; a tie takes the lower one, NaN the lowest.
std::size_t nearestLevel(std::span<const float> levels, float value);
/// 4 bits: two columns a byte, the even one low. 6 bits: so the low nibbles, then four columns a byte the
/// high pairs of bits. `dst` is zeroed.
void packW4A8Codes(std::span<const std::uint8_t> indices, int bits, std::byte* dst);

/// Codes and scales of single rows.
class W4A8Packer {
public:
    W4A8Packer(const W4A8Layout& layout, bool search);

    void setTable(const std::array<float, kTableLevels>& table);

    /// `row` is rotated. Returns the row's scale; groupScales gets an E4M3 code a group, codes an index a
    /// column.
    float pack(std::span<const float> row, std::uint8_t* groupScales, std::uint8_t* codes) const;

private:
    bool isTable() const { return m_layout.bits == kW4A8Narrow; }

    void assign(std::span<const float> values, float scale, std::uint8_t* codes) const;

    /// The scale of a group from its largest magnitude and two least-squares refits; `codes` get the last
    /// assignment.
    float fitGroup(std::span<const float> values, std::uint8_t* codes) const;

    std::uint8_t searchScale(std::span<const float> target, std::uint8_t plain) const;

    /// The grid of a group scale; the levels stay ascending, though neighbours may fall together.
    void gridOf(std::uint8_t scaleCode, std::span<float> grid) const;

    float errorOf(std::span<const float> target, std::uint8_t scaleCode) const;

    void assignOnGrid(std::span<const float> target, std::uint8_t scaleCode, std::uint8_t* codes) const;

    std::array<float, kTableLevels> table() const;

    W4A8Layout m_layout;
    bool m_search;
    int m_reach; ///< codes above and below that the search tries
    std::vector<float> m_levels;
};

} // namespace mantissa::formats
