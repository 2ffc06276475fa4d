// SPDX-License-Identifier: GPL-3.0-or-later
// The exponent rule of MXFP8 without a logarithm against the one with it, wherever they could differ.
#include "kernels/kernel_set.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace mantissa::kernels;

namespace {

/// Counts the floats of a range of bit patterns for which the two rules differ.
int differencesIn(std::uint32_t first, std::uint32_t last)
{
    int differences = 0;
    for (std::uint32_t bits = first; bits <= last; ++bits) {
        const float value = std::bit_cast<float>(bits);
        differences += mxfp8Exponent(value) != mxfp8ExponentByLogarithm(value);
    }
    return differences;
}

} // namespace

TEST_CASE("The exponent from the bits equals the one from the float32 logarithm around every power of two")
{
    constexpr std::uint32_t kAround = 2048; // the logarithm is rounded to an integer for at most 22 units
    const std::uint32_t top = std::bit_cast<std::uint32_t>(std::numeric_limits<float>::max());
    for (int k = -127; k < 120; ++k) { // 448 · 2^120 is more than any float
        const std::uint32_t power = std::bit_cast<std::uint32_t>(std::ldexp(448.0f, k));
        INFO("k = " << k);
        REQUIRE(differencesIn(power - kAround, std::min(top, power + kAround)) == 0);
    }
}

TEST_CASE("The exponent from the bits equals the one from the logarithm for subnormals and in between")
{
    CHECK(differencesIn(0, 100000) == 0);
    for (std::uint32_t bits = 0; bits < 0x7F800000u; bits += 16381)
        if (mxfp8Exponent(std::bit_cast<float>(bits)) != mxfp8ExponentByLogarithm(std::bit_cast<float>(bits)))
            FAIL("bits " << bits);
    CHECK(mxfp8Exponent(0.0f) == 0);
    CHECK(mxfp8Exponent(std::numeric_limits<float>::infinity()) == 254);
    CHECK(mxfp8Exponent(std::numeric_limits<float>::quiet_NaN()) == 254);
    CHECK(mxfp8ExponentByLogarithm(std::numeric_limits<float>::infinity()) == 254);
    CHECK(mxfp8ExponentByLogarithm(std::numeric_limits<float>::quiet_NaN()) == 254);
}

TEST_CASE("Values just above a power of two count as that power, as torch's float32 logarithm has it")
{
    const auto above = [](int k, std::uint32_t units) {
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(std::ldexp(1.0f, k)) + units) * 448.0f;
    };
    // k = -12: |k| in [8, 16), 2 units still round down (the multiplication by 448 keeps the order).
    CHECK(mxfp8Exponent(above(-12, 0)) == 127 - 12);
    CHECK(mxfp8Exponent(above(-12, 1)) == 127 - 12);
    CHECK(mxfp8Exponent(above(-12, 4)) == 127 - 11);
    CHECK(mxfp8Exponent(above(0, 1)) == 128);
    CHECK(mxfp8Exponent(above(-100, 20)) == 127 - 100);
    CHECK(mxfp8Exponent(above(-100, 25)) == 127 - 99);
}
