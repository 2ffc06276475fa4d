// SPDX-License-Identifier: GPL-3.0-or-later
// Every code of every small format, and the casts that torch makes, bit for bit (NaN equals NaN).
#include "kernels/number_formats.h"
#include "tests/support/golden_file.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace mantissa::kernels;
using mantissa::test::GoldenFile;

namespace {

std::uint32_t bitsOf(float value)
{
    return std::bit_cast<std::uint32_t>(value);
}

bool sameFloat(float a, float b)
{
    return bitsOf(a) == bitsOf(b) || (std::isnan(a) && std::isnan(b));
}

const GoldenFile& casts()
{
    static const GoldenFile file("formats/casts.safetensors");
    return file;
}

/// The code whose value is nearest to `value`, ties to the even code: by search, not by arithmetic.
template <typename Decode> unsigned nearestCode(double value, unsigned largestCode, Decode decode)
{
    const double magnitude = std::fabs(value);
    unsigned best = 0;
    double bestError = std::numeric_limits<double>::infinity();
    for (unsigned code = 0; code <= largestCode; ++code) {
        const double error = std::fabs(static_cast<double>(decode(code)) - magnitude);
        if (error < bestError || (error == bestError && code % 2 == 0)) {
            best = code;
            bestError = error;
        }
    }
    return best;
}

/// Calls `check` with every code's value, every midpoint, and the neighbours of both, in both signs.
template <typename Decode, typename Check>
void forBoundaries(unsigned largestCode, Decode decode, Check check)
{
    const float infinity = std::numeric_limits<float>::infinity();
    for (unsigned code = 0; code < largestCode; ++code) {
        const double low = static_cast<double>(decode(code)), high = static_cast<double>(decode(code + 1));
        for (const double center : {low, (low + high) / 2, high}) {
            const float middle = static_cast<float>(center);
            for (const float value :
                {middle, std::nextafter(middle, infinity), std::nextafter(middle, -infinity)}) {
                check(value);
                check(-value);
            }
        }
    }
}

} // namespace

TEST_CASE("decoders agree with torch's tables on all codes", "[kernels]")
{
    const auto e4m3 = casts().at("table/e4m3fn_to_f32").floats();
    const auto e5m2 = casts().at("table/e5m2_to_f32").floats();
    const auto e8m0 = casts().at("table/e8m0_to_f32_torch").floats();
    for (unsigned code = 0; code < 256; ++code) {
        CAPTURE(code);
        const auto byte = static_cast<std::uint8_t>(code);
        CHECK(sameFloat(decodeE4M3(byte), e4m3[code]));
        CHECK(sameFloat(decodeE5M2(byte), e5m2[code]));
        CHECK(sameFloat(decodeE8M0Nominal(byte), e8m0[code]));
        CHECK(bitsOf(decodeE8M0(byte)) == code << 23);
    }
    const auto e2m1 = casts().at("table/e2m1_nibble_to_f32").floats();
    for (unsigned nibble = 0; nibble < 16; ++nibble)
        CHECK(bitsOf(decodeE2M1(static_cast<std::uint8_t>(nibble))) == bitsOf(e2m1[nibble]));
}

TEST_CASE("encoders give every finite value its own code back", "[kernels]")
{
    for (unsigned code = 0; code < 256; ++code) {
        CAPTURE(code);
        const auto byte = static_cast<std::uint8_t>(code);
        CHECK(encodeE4M3(decodeE4M3(byte)) == byte); // NaN codes included
        if ((code & 0x7F) <= 0x7C)
            CHECK(encodeE5M2(decodeE5M2(byte)) == byte);
        else
            CHECK(encodeE5M2(decodeE5M2(byte)) == ((byte & 0x80) | 0x7F));
    }
    for (unsigned nibble = 0; nibble < 16; ++nibble)
        CHECK(encodeE2M1(decodeE2M1(static_cast<std::uint8_t>(nibble))) == nibble);
    for (unsigned code = 0; code < 65536; ++code) {
        const auto half = static_cast<std::uint16_t>(code);
        const bool halfNan = (code & 0x7FFF) > 0x7C00, brainNan = (code & 0x7FFF) > 0x7F80;
        if (encodeF16(decodeF16(half)) != (halfNan ? half | 0x200 : half))
            FAIL("f16 code " << code);
        if (encodeBF16(decodeBF16(half)) != (brainNan ? half | 0x40 : half))
            FAIL("bf16 code " << code);
    }
}

TEST_CASE("fp8 casts agree with torch on midpoints and their neighbours", "[kernels]")
{
    const auto check = [](const std::string& type, auto encode) {
        const auto input = casts().at(type + "/input_f32").floats();
        const auto direct = casts().at(type + "/cast").bytes;
        const auto fromHalf = casts().at(type + "/cast_from_f16").bytes;
        const auto fromBrain = casts().at(type + "/cast_from_bf16").bytes;
        REQUIRE(input.size() > 900);
        REQUIRE(direct.size() == input.size());
        for (std::size_t i = 0; i < input.size(); ++i) {
            CAPTURE(type, i, input[i]);
            CHECK(encode(input[i]) == direct[i]);
            CHECK(encode(roundToF16(input[i])) == fromHalf[i]);
            CHECK(encode(roundToBF16(input[i])) == fromBrain[i]);
        }
    };
    check("e4m3fn", encodeE4M3);
    check("e5m2", encodeE5M2);
}

TEST_CASE("f16 and bf16 casts agree with torch", "[kernels]")
{
    const GoldenFile inputs("formats/inputs.safetensors");
    for (const std::string name : {"ext_f32", "mul16_f32", "sub_f32"}) {
        const auto input = inputs.at(name).floats();
        const auto half = casts().at(name + "/to_f16").as<std::uint16_t>();
        const auto brain = casts().at(name + "/to_bf16").as<std::uint16_t>();
        REQUIRE(half.size() == input.size());
        for (std::size_t i = 0; i < input.size(); ++i) {
            CAPTURE(name, i, input[i]);
            CHECK(encodeF16(input[i]) == half[i]);
            CHECK(encodeBF16(input[i]) == brain[i]);
        }
    }
}

TEST_CASE("rounding is to nearest even at every boundary", "[kernels]")
{
    const auto e4m3 = [](unsigned code) { return decodeE4M3(static_cast<std::uint8_t>(code)); };
    forBoundaries(0x7E, e4m3, [&](float value) {
        CAPTURE(value);
        const unsigned sign = std::signbit(value) ? 0x80 : 0;
        CHECK(encodeE4M3(value) == (sign | nearestCode(static_cast<double>(value), 0x7E, e4m3)));
    });
    const auto e5m2 = [](unsigned code) { return decodeE5M2(static_cast<std::uint8_t>(code)); };
    forBoundaries(0x7B, e5m2, [&](float value) {
        CAPTURE(value);
        const unsigned sign = std::signbit(value) ? 0x80 : 0;
        CHECK(encodeE5M2(value) == (sign | nearestCode(static_cast<double>(value), 0x7B, e5m2)));
    });
    const auto e2m1 = [](unsigned code) { return decodeE2M1(static_cast<std::uint8_t>(code)); };
    forBoundaries(7, e2m1, [&](float value) {
        CAPTURE(value);
        const unsigned sign = std::signbit(value) ? 8 : 0;
        CHECK(encodeE2M1(value) == (sign | nearestCode(static_cast<double>(value), 7, e2m1)));
    });
    // f16: the compiler's own conversion is not portable here; the neighbours of a boundary decide instead.
    const auto half = [](unsigned code) { return decodeF16(static_cast<std::uint16_t>(code)); };
    for (unsigned code = 0; code < 0x7BFF; ++code) {
        const float middle = (half(code) + half(code + 1)) / 2; // exact: 11 + 1 bits
        const unsigned even = code % 2 == 0 ? code : code + 1;
        if (encodeF16(middle) != even || encodeF16(std::nextafter(middle, 0.0f)) != code
            || encodeF16(std::nextafter(middle, 1e9f)) != code + 1 || encodeF16(-middle) != (even | 0x8000))
            FAIL("f16 boundary above code " << code);
    }
    for (unsigned code = 0; code < 0x7F80; ++code) {
        const std::uint32_t middle = (code << 16) | 0x8000;
        const unsigned even = code % 2 == 0 ? code : code + 1;
        if (encodeBF16(std::bit_cast<float>(middle)) != even
            || encodeBF16(std::bit_cast<float>(middle - 1)) != code
            || encodeBF16(std::bit_cast<float>(middle + 1)) != code + 1)
            FAIL("bf16 boundary above code " << code);
    }
}

TEST_CASE("overflow, infinities, NaN and zeros", "[kernels]")
{
    const float infinity = std::numeric_limits<float>::infinity();
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float tiny = std::numeric_limits<float>::denorm_min();

    for (const float large : {448.0f, 464.0f, 465.0f, 1e30f, infinity}) {
        CHECK(encodeE4M3(large) == 0x7E);
        CHECK(encodeE4M3(-large) == 0xFE);
    }
    CHECK(encodeE4M3(nan) == 0x7F);
    CHECK(encodeE4M3(-nan) == 0xFF);
    CHECK(encodeE5M2(std::nextafter(61440.0f, 0.0f)) == 0x7B);
    for (const float large : {61440.0f, 1e30f, infinity}) {
        CHECK(encodeE5M2(large) == 0x7C);
        CHECK(encodeE5M2(-large) == 0xFC);
    }
    CHECK(encodeE5M2(nan) == 0x7F);
    CHECK(encodeE5M2(-nan) == 0xFF);
    for (const float large : {6.0f, 7.0f, 1e30f, infinity, nan}) {
        CHECK(encodeE2M1(large) == 7);
        CHECK(encodeE2M1(-large) == 15);
    }
    CHECK(encodeF16(std::nextafter(65520.0f, 0.0f)) == 0x7BFF);
    for (const float large : {65520.0f, 1e30f, infinity})
        CHECK(encodeF16(large) == 0x7C00);
    CHECK(encodeF16(nan) == 0x7E00);
    CHECK(encodeF16(-nan) == 0xFE00);
    CHECK(
        encodeF16(std::bit_cast<float>(0x7F800001u)) == 0x7E00); // a signalling NaN whose payload is cut off
    CHECK(encodeBF16(std::numeric_limits<float>::max()) == 0x7F80);
    CHECK(encodeBF16(infinity) == 0x7F80);
    CHECK(encodeBF16(std::bit_cast<float>(0x7F800001u)) == 0x7FC0);
    CHECK(encodeBF16(std::bit_cast<float>(0xFFFFFFFFu)) == 0xFFFF);

    for (const float zero : {0.0f, tiny}) {
        CHECK(encodeE4M3(zero) == 0);
        CHECK(encodeE4M3(-zero) == 0x80);
        CHECK(encodeE5M2(-zero) == 0x80);
        CHECK(encodeE2M1(-zero) == 8);
        CHECK(encodeF16(-zero) == 0x8000);
        CHECK(encodeBF16(-zero) == 0x8000);
    }
    CHECK(bitsOf(decodeE4M3(0x80)) == 0x80000000u);
    CHECK(bitsOf(decodeE2M1(8)) == 0x80000000u);
}
