// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mantissa {

Picture colourMapped(const FloatPlane& map)
{
    // Stops at equal distances, chosen so that L* rises evenly from 0 to 97.
    static constexpr std::array<std::array<float, 3>, 8> kStops{{{0, 0, 0}, {28, 16, 68}, {79, 18, 123},
        {137, 34, 123}, {197, 55, 103}, {241, 96, 74}, {254, 172, 84}, {252, 253, 191}}};
    Picture picture{map.width, map.height, {}};
    picture.rgb.reserve(map.values.size() * 3);
    for (const float value : map.values) {
        const float place = std::clamp(value, 0.0f, 1.0f) * static_cast<float>(kStops.size() - 1);
        const auto stop = std::min(static_cast<std::size_t>(place), kStops.size() - 2);
        const float share = place - static_cast<float>(stop);
        for (std::size_t c = 0; c < 3; ++c)
            picture.rgb.push_back(static_cast<std::uint8_t>(
                std::lround(kStops[stop][c] + share * (kStops[stop + 1][c] - kStops[stop][c]))));
    }
    return picture;
}

} // namespace mantissa
