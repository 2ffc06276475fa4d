// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a stored weight can have when the scale of its group is fixed: what a method that chooses
// codes one by one (GPTQ, coordinate descent) rounds to.
#pragma once

#include <array>
#include <cstdint>

namespace mantissa::kernels {

enum class GridKind : std::uint8_t {
    E4M3, ///< decodeE4M3(code) · scale
    E5M2, ///< decodeE5M2(code) · scale, codes up to ±57344
    E2M1, ///< decodeE2M1(code) · scale
    Integer, ///< integer in [low, high] · scale + second
    Levels, ///< levels[k] · scale
    IntegerLevels, ///< nearest integer to clamp(levels[k] · scale, −127, 127), times second
};

struct GridValues {
    GridKind kind = GridKind::Integer;
    float low = -127.0f, high = 127.0f; ///< Integer only
    std::array<float, 16> levels{}; ///< Levels and IntegerLevels only; ascending
};

} // namespace mantissa::kernels
