// SPDX-License-Identifier: GPL-3.0-or-later
// GGML's blocks against gguf-py's decoder (tests/golden/formats/gguf.safetensors), arbitrary bytes included.
#include "kernels/ggml_blocks.h"
#include "tests/support/golden_file.h"

#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>

using namespace mantissa;
using namespace mantissa::test;

namespace {

struct BlockType {
    const char* name;
    std::size_t values, bytes;
    kernels::GgmlBlockDecoder decode;
};
constexpr std::array<BlockType, 13> kTypes{{
    {"Q4_0", 32, 18, kernels::decodeQ4_0},
    {"Q4_1", 32, 20, kernels::decodeQ4_1},
    {"Q5_0", 32, 22, kernels::decodeQ5_0},
    {"Q5_1", 32, 24, kernels::decodeQ5_1},
    {"Q8_0", 32, 34, kernels::decodeQ8_0},
    {"Q2_K", 256, 84, kernels::decodeQ2_K},
    {"Q3_K", 256, 110, kernels::decodeQ3_K},
    {"Q4_K", 256, 144, kernels::decodeQ4_K},
    {"Q5_K", 256, 176, kernels::decodeQ5_K},
    {"Q6_K", 256, 210, kernels::decodeQ6_K},
    {"IQ4_NL", 32, 18, kernels::decodeIQ4_NL},
    {"IQ4_XS", 256, 136, kernels::decodeIQ4_XS},
    {"MXFP4", 32, 17, kernels::decodeMXFP4},
}};

const GoldenFile& golden()
{
    static const GoldenFile file("formats/gguf.safetensors");
    return file;
}

std::vector<float> decoded(const BlockType& type, const std::vector<std::uint8_t>& bytes)
{
    REQUIRE(bytes.size() % type.bytes == 0);
    std::vector<float> values(bytes.size() / type.bytes * type.values);
    for (std::size_t block = 0; block * type.bytes < bytes.size(); ++block)
        type.decode(reinterpret_cast<const std::byte*>(bytes.data()) + block * type.bytes,
            values.data() + block * type.values);
    return values;
}

std::size_t differing(const std::vector<float>& got, const std::vector<float>& want)
{
    REQUIRE(got.size() == want.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const bool bothNaN = std::isnan(got[i]) && std::isnan(want[i]);
        count += !bothNaN && std::bit_cast<std::uint32_t>(got[i]) != std::bit_cast<std::uint32_t>(want[i]);
    }
    return count;
}

} // namespace

TEST_CASE("every GGML block decodes to gguf-py's values, bit for bit")
{
    for (const BlockType& type : kTypes) {
        std::size_t cases = 0;
        for (const auto& [name, tensor] : golden().tensors()) {
            // What gguf-py encoded itself, else what the C library did (it alone has the K types).
            const std::string end = std::string("/") + type.name + "/dequant_f32";
            if (name.size() <= end.size() || name.compare(name.size() - end.size(), end.size(), end) != 0)
                continue;
            const std::string stem = name.substr(0, name.size() - std::string("dequant_f32").size());
            const std::string bytes = stem + (golden().has(stem + "bytes") ? "bytes" : "bytes_ggml");
            CAPTURE(name, bytes);
            CHECK(differing(decoded(type, golden().at(bytes).bytes), tensor.as<float>()) == 0);
            ++cases;
        }
        CAPTURE(type.name);
        CHECK(cases >= 2);
    }
}

TEST_CASE("a block of ones decodes to the numbers that its layout says")
{
    // By hand, so that a fault shared with the reference would show: scale 1, every code set.
    std::array<float, kernels::kMostGgmlBlockValues> values{};
    std::vector<std::byte> block(210, std::byte{0xFF});
    const auto setHalf = [&](std::size_t at, std::uint16_t bits) {
        block[at] = static_cast<std::byte>(bits & 0xFF);
        block[at + 1] = static_cast<std::byte>(bits >> 8);
    };
    constexpr std::uint16_t kOne = 0x3C00, kTwo = 0x4000;
    setHalf(0, kOne);
    kernels::decodeQ4_0(block.data(), values.data());
    CHECK(values[0] == 7);
    CHECK(values[31] == 7);
    kernels::decodeQ8_0(block.data(), values.data());
    CHECK(values[31] == -1);
    setHalf(2, kTwo);
    kernels::decodeQ4_1(block.data(), values.data());
    CHECK(values[16] == 17);
    kernels::decodeQ5_1(block.data(), values.data());
    CHECK(values[16] == 33);
    kernels::decodeQ4_K(block.data(), values.data()); // 63 · 15 − 2 · 63
    CHECK(values[0] == 819);
    CHECK(values[255] == 819);
    kernels::decodeQ5_K(block.data(), values.data()); // 63 · 31 − 2 · 63
    CHECK(values[255] == 1827);
    setHalf(208, kOne);
    kernels::decodeQ6_K(block.data(), values.data()); // −1 · (63 − 32)
    CHECK(values[255] == -31);
}
