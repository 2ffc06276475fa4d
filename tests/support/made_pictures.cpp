// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/made_pictures.h"

#include <algorithm>
#include <fmt/format.h>

namespace mantissa::test {

namespace {

/// Numbers 0…bound − 1 that depend on place and seed only.
int hashed(int x, int y, unsigned seed, int bound)
{
    auto h = static_cast<std::uint32_t>(x) * 0x9E3779B1u ^ static_cast<std::uint32_t>(y) * 0x85EBCA77u
        ^ seed * 0xC2B2AE3Du;
    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 12;
    h *= 0x297A2D39u;
    h ^= h >> 15;
    return static_cast<int>(h % static_cast<std::uint32_t>(bound));
}

std::uint8_t clamped(int value)
{
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

std::uint8_t channelAt(const Picture& picture, int x, int y, int c)
{
    x = std::clamp(x, 0, picture.width - 1);
    y = std::clamp(y, 0, picture.height - 1);
    return picture.rgb[static_cast<std::size_t>((y * picture.width + x) * 3 + c)];
}

} // namespace

Picture madePicture(int width, int height, unsigned seed)
{
    Picture picture{width, height, {}};
    picture.rgb.reserve(static_cast<std::size_t>(width * height * 3));
    const int cx = width * (30 + static_cast<int>(seed * 17 % 40)) / 100, cy = height * 2 / 5;
    const int radius = std::max(1, std::min(width, height) / 4);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            int r = 90 + 100 * y / height, g = 140 + 70 * y / height, b = 230 - 40 * y / height;
            const int hill = height * 3 / 5 + (x * 7 / std::max(1, width / 9) % 9) * height / 90;
            if (y > hill) {
                r = 40 + 60 * x / width;
                g = 120 - 50 * (y - hill) / height;
                b = 30 + hashed(x / 3, y / 3, seed, 40);
            }
            const int dx = x - cx, dy = y - cy;
            if (dx * dx + dy * dy < radius * radius) {
                const bool stripe = (dx + 2 * dy + 4 * radius) / std::max(1, radius / 3) % 2 == 0;
                r = stripe ? 235 : 250;
                g = stripe ? 60 : 215;
                b = stripe ? 40 : 90;
            }
            const int grain = hashed(x, y, seed, 9) - 4;
            picture.rgb.push_back(clamped(r + grain));
            picture.rgb.push_back(clamped(g + grain));
            picture.rgb.push_back(clamped(b + grain));
        }
    return picture;
}

Picture distorted(const Picture& picture, const std::string& how, unsigned seed)
{
    if (how == "other")
        return madePicture(picture.width, picture.height, seed + 1000);
    Picture result = picture;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            for (int c = 0; c < 3; ++c) {
                int value = channelAt(picture, x, y, c);
                if (how == "noise")
                    value += hashed(x, y * 3 + c, seed, 25) - 12;
                else if (how == "shift")
                    value = channelAt(picture, x - 1, y, c);
                else if (how == "colour")
                    value = value * (c == 0 ? 108 : c == 1 ? 100 : 90) / 100;
                else if (how == "coarse")
                    value = value / 16 * 17;
                else if (how == "blur") {
                    value = 0;
                    for (int k = 0; k < 9; ++k)
                        value += channelAt(picture, x + k % 3 - 1, y + k / 3 - 1, c);
                    value /= 9;
                }
                result.rgb[static_cast<std::size_t>((y * picture.width + x) * 3 + c)] = clamped(value);
            }
    return result;
}

std::vector<MadePair> madePairs()
{
    const struct {
        int width, height;
        std::vector<const char*> how;
    } kSizes[]
        = {{1, 1, {"colour"}}, {12, 7, {"noise"}}, {11, 11, {"noise", "blur"}}, {64, 64, {"noise", "other"}},
            {175, 180, {"shift"}}, {176, 176, {"noise", "coarse"}}, {177, 203, {"blur", "noise"}},
            {256, 256, {"coarse", "colour"}}, {333, 501, {"shift", "noise"}}, {640, 361, {"other", "blur"}}};
    std::vector<MadePair> pairs;
    unsigned seed = 1;
    for (const auto& size : kSizes)
        for (const char* how : size.how) {
            const Picture picture = madePicture(size.width, size.height, seed);
            pairs.push_back({fmt::format("{}x{}-{}", size.width, size.height, how), picture,
                distorted(picture, how, seed)});
            ++seed;
        }
    return pairs;
}

} // namespace mantissa::test
