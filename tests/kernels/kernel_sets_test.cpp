// SPDX-License-Identifier: GPL-3.0-or-later
// Every kernel set gives what the reference gives, byte for byte: on random and adversarial values, tails of
// every length, and unaligned memory.
#include "kernels/dispatch.h"
#include "tests/kernels/kernel_inputs.h"

#include <functional>

using namespace mantissa::kernels;
using namespace mantissa::test;

namespace {

constexpr Precision kPrecisions[] = {Precision::F32, Precision::BF16, Precision::F16};

/// 0 … 3 vectors and one element, and some longer runs.
std::vector<std::size_t> lengths()
{
    std::vector<std::size_t> result;
    for (std::size_t n = 0; n <= 49; ++n)
        result.push_back(n);
    for (const std::size_t n : {63u, 64u, 65u, 127u, 255u, 511u, 640u, 1031u})
        result.push_back(n);
    return result;
}

/// Runs `kernel(set, src, n, dst)` with the reference and every other set on all lengths and the given
/// flavours.
template <typename Out, typename Kernel, typename Flavours>
void compareAll(const Flavours& flavours, const std::function<std::size_t(std::size_t)>& outputs,
    Kernel kernel, std::size_t multipleOf = 1)
{
    std::mt19937 random(20261121);
    for (const Flavour flavour : flavours) {
        for (std::size_t n : lengths()) {
            n *= multipleOf;
            const std::size_t shift = n % 5;
            const Unaligned<float> src(makeValues(flavour, n, random), shift);
            Guarded<Out> expected(outputs(n));
            kernel(referenceKernels(), src.get(), n, expected.get());
            for (const KernelSet* set : allKernels().subspan(1)) {
                Guarded<Out> actual(outputs(n));
                kernel(*set, src.get(), n, actual.get());
                const auto wanted = expected.result(), got = actual.result();
                const auto at = firstDifference(wanted, got);
                if (at >= 0) {
                    CAPTURE(set->name, static_cast<int>(flavour), n, at,
                        static_cast<double>(wanted[static_cast<std::size_t>(at)]),
                        static_cast<double>(got[static_cast<std::size_t>(at)]));
                    FAIL("differs from the reference");
                }
            }
        }
    }
    SUCCEED();
}

std::size_t sameCount(std::size_t n)
{
    return n;
}
std::size_t one(std::size_t)
{
    return 1;
}

/// Runs a kernel that reads bytes on all 256 values and on tails.
template <typename Code, typename Kernel> void compareDecoders(Kernel kernel)
{
    for (std::size_t n = 0; n <= 256; ++n) {
        std::vector<Code> codes(n);
        for (std::size_t i = 0; i < n; ++i)
            codes[i] = static_cast<Code>(255 - i);
        const Unaligned<Code> src(codes, n % 7);
        Guarded<float> expected(n);
        kernel(referenceKernels(), src.get(), n, expected.get());
        for (const KernelSet* set : allKernels().subspan(1)) {
            Guarded<float> actual(n);
            kernel(*set, src.get(), n, actual.get());
            CAPTURE(set->name, n);
            REQUIRE(firstDifference(expected.result(), actual.result()) == -1);
        }
    }
}

} // namespace

TEST_CASE("kernel sets have names, and every entry of the table", "[kernels]")
{
    REQUIRE_FALSE(allKernels().empty());
    CHECK(allKernels().front() == &referenceKernels());
    for (const KernelSet* set : allKernels()) {
        CAPTURE(set->name);
        CHECK(findKernels(set->name) == set);
        const void* entries[(sizeof(KernelSet) - sizeof(const char*)) / sizeof(void*)];
        std::memcpy(static_cast<void*>(entries), reinterpret_cast<const char*>(set) + sizeof(const char*),
            sizeof entries);
        const void* reference[std::size(entries)];
        std::memcpy(static_cast<void*>(reference),
            reinterpret_cast<const char*>(&referenceKernels()) + sizeof(const char*), sizeof entries);
        for (std::size_t i = 0; i < std::size(entries); ++i) {
            CAPTURE(i);
            CHECK(entries[i] != nullptr);
            CHECK((entries[i] != reference[i]
                || set == &referenceKernels())); // a vector set has its own of each
        }
    }
    CHECK(findKernels("mmx") == nullptr);
    CHECK(findKernels("") == nullptr);
    if (kernelRequest().name.empty())
        CHECK(&activeKernels() == allKernels().back());
    else if (kernelRequest().usable)
        CHECK(activeKernels().name == kernelRequest().name);
}

TEST_CASE("conversions of all 16-bit codes", "[kernels]")
{
    std::vector<std::byte> codes(65536 * 2);
    for (unsigned code = 0; code < 65536; ++code) {
        codes[2 * code] = static_cast<std::byte>(code & 0xFF);
        codes[2 * code + 1] = static_cast<std::byte>(code >> 8);
    }
    for (const KernelSet* set : allKernels()) {
        CAPTURE(set->name);
        std::vector<float> half(65536), brain(65536);
        set->floatFromF16(codes.data(), half.size(), half.data());
        set->floatFromBF16(codes.data(), brain.size(), brain.data());
        bool equal = true;
        for (unsigned code = 0; code < 65536; ++code) {
            const auto bits = static_cast<std::uint16_t>(code);
            equal = equal && same(half[code], decodeF16(bits)) && same(brain[code], decodeBF16(bits));
        }
        CHECK(equal);
        // Odd addresses and all tails.
        for (std::size_t n = 0; n <= 49; ++n) {
            const std::vector<std::byte> some(
                codes.begin() + 0x7BF1, codes.begin() + 0x7BF1 + 1 + 2 * static_cast<std::ptrdiff_t>(n));
            Guarded<float> a(n), b(n), c(n), d(n);
            referenceKernels().floatFromF16(some.data() + 1, n, a.get());
            set->floatFromF16(some.data() + 1, n, b.get());
            CHECK(firstDifference(a.result(), b.result()) == -1);
            referenceKernels().floatFromBF16(some.data() + 1, n, c.get());
            set->floatFromBF16(some.data() + 1, n, d.get());
            CHECK(firstDifference(c.result(), d.result()) == -1);
        }
    }
}

TEST_CASE("rounding to 16 bits around every code", "[kernels]")
{
    // Every F16 and BF16 value, the midpoints above them, and the neighbours of both.
    std::vector<float> values;
    for (unsigned code = 0; code < 65536; ++code) {
        const std::uint32_t half = std::bit_cast<std::uint32_t>(decodeF16(static_cast<std::uint16_t>(code)));
        for (const std::uint32_t bits : {half, half + 0x1000u, code << 16, (code << 16) + 0x8000u})
            for (const std::uint32_t step : {0xFFFFFFFFu, 0u, 1u})
                values.push_back(std::bit_cast<float>(bits + step));
    }
    std::vector<std::byte> half(values.size() * 2), brain(values.size() * 2);
    referenceKernels().f16FromFloat(values.data(), values.size(), half.data());
    referenceKernels().bf16FromFloat(values.data(), values.size(), brain.data());
    for (const KernelSet* set : allKernels()) {
        CAPTURE(set->name);
        std::vector<std::byte> out(half.size());
        set->f16FromFloat(values.data(), values.size(), out.data());
        CHECK(firstDifference(out, half) == -1);
        set->bf16FromFloat(values.data(), values.size(), out.data());
        CHECK(firstDifference(out, brain) == -1);
    }
    for (const Precision precision : kPrecisions) {
        std::vector<float> expected(values.size()), actual(values.size());
        referenceKernels().roundTo(precision, values.data(), values.size(), expected.data());
        for (const KernelSet* set : allKernels()) {
            CAPTURE(set->name, static_cast<int>(precision));
            set->roundTo(precision, values.data(), values.size(), actual.data());
            CHECK(firstDifference(expected, actual) == -1);
            actual = values; // in place
            set->roundTo(precision, actual.data(), actual.size(), actual.data());
            CHECK(firstDifference(expected, actual) == -1);
        }
    }
}

TEST_CASE("conversions and rounding of random values and tails", "[kernels]")
{
    const auto twoBytes = [](std::size_t n) { return 2 * n; };
    compareAll<std::uint8_t>(
        kFlavours, twoBytes, [](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
            set.f16FromFloat(src, n, reinterpret_cast<std::byte*>(dst));
        });
    compareAll<std::uint8_t>(
        kFlavours, twoBytes, [](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
            set.bf16FromFloat(src, n, reinterpret_cast<std::byte*>(dst));
        });
    for (const Precision precision : kPrecisions)
        compareAll<float>(
            kFlavours, sameCount, [=](const KernelSet& set, const float* src, std::size_t n, float* dst) {
                set.roundTo(precision, src, n, dst);
            });
}

TEST_CASE("doubles become floats", "[kernels]")
{
    std::mt19937_64 random(7);
    for (std::size_t n = 0; n < 80; ++n) {
        std::vector<double> values(n);
        for (double& value : values) {
            value = std::bit_cast<double>(random());
            switch (random() % 4) {
            case 0: // a tie between two floats, or next to one
                value = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(random() >> 32)));
                value = std::bit_cast<double>(
                    std::bit_cast<std::uint64_t>(value) + 0x10000000u + random() % 3 - 1);
                break;
            case 1: // subnormal floats and below
                value = std::ldexp(static_cast<double>(random()), -200 + static_cast<int>(random() % 16));
                break;
            case 2: // the end of the range
                value
                    = std::bit_cast<double>(std::bit_cast<std::uint64_t>(0x1.ffffffp127) + random() % 3 - 1);
                break;
            default:
                break;
            }
        }
        std::vector<std::byte> bytes(n * 8 + 1);
        if (n != 0)
            std::memcpy(bytes.data() + 1, values.data(), n * 8);
        Guarded<float> expected(n);
        referenceKernels().floatFromF64(bytes.data() + 1, n, expected.get());
        for (const KernelSet* set : allKernels()) {
            CAPTURE(set->name, n);
            Guarded<float> actual(n);
            set->floatFromF64(bytes.data() + 1, n, actual.get());
            REQUIRE(firstDifference(expected.result(), actual.result()) == -1);
        }
    }
}

TEST_CASE("reductions", "[kernels]")
{
    compareAll<float>(kFlavours, one,
        [](const KernelSet& set, const float* src, std::size_t n, float* dst) { *dst = set.absmax(src, n); });
    compareAll<std::size_t>(
        kFlavours, one, [](const KernelSet& set, const float* src, std::size_t n, std::size_t* dst) {
            *dst = set.countNonFinite(src, n);
        });
    compareAll<double>(
        kFlavours, one, [](const KernelSet& set, const float* src, std::size_t n, double* dst) {
            *dst = set.sumSquares(src, n);
        });
    compareAll<double>(
        kFlavours, one, [](const KernelSet& set, const float* src, std::size_t n, double* dst) {
            *dst = set.sumSquaredError(src, src + n / 2, n - n / 2);
        });
    for (const std::size_t group : {1u, 3u, 8u, 16u, 31u, 32u, 64u, 128u, 1000u})
        compareAll<float>(
            kFlavours, [=](std::size_t n) { return (n + group - 1) / group; },
            [=](const KernelSet& set, const float* src, std::size_t n, float* dst) {
                set.groupAbsmax(src, n, group, dst);
            });
}

TEST_CASE("fp8 encoders and decoders", "[kernels]")
{
    for (const Precision precision : kPrecisions) {
        for (const float multiplier : {1.0f, 448.0f / 0.07f, 1e-30f, 1e30f, 0.0f}) {
            CAPTURE(static_cast<int>(precision), multiplier);
            compareAll<std::uint8_t>(kFlavours, sameCount,
                [=](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
                    set.encodeE4M3(src, n, multiplier, precision, dst);
                });
            compareAll<std::uint8_t>(kFlavours, sameCount,
                [=](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
                    set.encodeE5M2(src, n, multiplier, precision, dst);
                });
        }
    }
    for (const float scale : {1.0f, 0.00037f, 1e30f, 1e-38f}) {
        compareDecoders<std::uint8_t>([=](const KernelSet& set, const std::uint8_t* src, std::size_t n,
                                          float* dst) { set.decodeE4M3(src, n, scale, dst); });
        compareDecoders<std::uint8_t>([=](const KernelSet& set, const std::uint8_t* src, std::size_t n,
                                          float* dst) { set.decodeE5M2(src, n, scale, dst); });
    }
}

TEST_CASE("fp8 encoders on every float of the top 16 bits and on every rounding boundary", "[kernels]")
{
    std::vector<float> values;
    for (std::uint32_t top = 0; top < 65536; ++top)
        values.push_back(std::bit_cast<float>(top << 16));
    for (unsigned code = 0; code < 0x100; ++code) {
        for (const float value :
            {decodeE4M3(static_cast<std::uint8_t>(code)), decodeE5M2(static_cast<std::uint8_t>(code))}) {
            const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
            for (const std::uint32_t half :
                {0u, 0x80000u, 0x100000u}) // midpoints above normals; steps below them
                for (const std::uint32_t step : {0xFFFFFFFFu, 0u, 1u})
                    values.push_back(std::bit_cast<float>(bits + half + step));
        }
    }
    std::vector<std::uint8_t> expected(values.size()), actual(values.size());
    for (const KernelSet* set : allKernels()) {
        CAPTURE(set->name);
        referenceKernels().encodeE4M3(values.data(), values.size(), 1.0f, Precision::F32, expected.data());
        set->encodeE4M3(values.data(), values.size(), 1.0f, Precision::F32, actual.data());
        CHECK(firstDifference(expected, actual) == -1);
        referenceKernels().encodeE5M2(values.data(), values.size(), 1.0f, Precision::F32, expected.data());
        set->encodeE5M2(values.data(), values.size(), 1.0f, Precision::F32, actual.data());
        CHECK(firstDifference(expected, actual) == -1);
    }
}

TEST_CASE("int8 and int4 encoders and decoders", "[kernels]")
{
    for (const float factor : {1.0f, 127.0f / 0.07f, 1e-30f, 1e30f, 0.25f})
        compareAll<std::int8_t>(kFlavours, sameCount,
            [=](const KernelSet& set, const float* src, std::size_t n, std::int8_t* dst) {
                set.encodeInt8Multiply(src, n, factor, dst);
            });
    for (const Precision precision : kPrecisions) {
        for (const float divisor : {1.0f, 0.07f / 127.0f, 4.0f, 1e-30f, 0x1p-140f}) {
            for (const int lowest : {-128, -127})
                compareAll<std::int8_t>(kFlavours, sameCount,
                    [=](const KernelSet& set, const float* src, std::size_t n, std::int8_t* dst) {
                        set.encodeInt8Divide(src, n, divisor, precision, lowest, dst);
                    });
            compareAll<std::uint8_t>(
                kFlavours, [](std::size_t n) { return n / 2; },
                [=](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
                    set.encodeInt4Divide(src, n, divisor, precision, dst);
                },
                2);
        }
    }
    for (const float scale : {1.0f, 0.00037f, 1e38f}) {
        compareDecoders<std::int8_t>([=](const KernelSet& set, const std::int8_t* src, std::size_t n,
                                         float* dst) { set.decodeInt8(src, n, scale, dst); });
        compareDecoders<std::uint8_t>(
            [=](const KernelSet& set, const std::uint8_t* src, std::size_t n, float* dst) {
                set.decodeInt4(src, n & ~std::size_t{1}, scale, dst);
            });
    }
}

TEST_CASE("rounding errors of several scales", "[kernels]")
{
    for (const std::size_t count : {0u, 1u, 2u, 5u, 8u, 9u, 31u, 32u}) {
        compareAll<float>(
            kModerate, [=](std::size_t) { return count; },
            [=](const KernelSet& set, const float* src, std::size_t n, float* dst) {
                std::vector<float> scales;
                for (std::size_t k = 0; k < count; ++k)
                    scales.push_back(0.004f * (1.0f + 0.03f * static_cast<float>(k)));
                set.roundingErrors(src, n, scales.data(), count, count % 2 == 0 ? 7.0f : 127.0f, dst);
            });
    }
}

TEST_CASE("rotation", "[kernels]")
{
    std::mt19937 random(5);
    for (const Precision precision : kPrecisions) {
        for (const std::size_t group : {4u, 16u, 64u, 256u, 1024u, 4096u}) {
            for (const Flavour flavour : kFlavours) {
                for (std::size_t groups = 0; groups < (group < 64 ? 40u : 4u); ++groups) {
                    const auto values = makeValues(flavour, group * groups, random);
                    auto expected = values;
                    referenceKernels().rotate(expected.data(), expected.size(), group, precision);
                    for (const KernelSet* set : allKernels()) {
                        CAPTURE(
                            set->name, group, groups, static_cast<int>(flavour), static_cast<int>(precision));
                        Guarded<float> actual(values.size());
                        std::copy(values.begin(), values.end(), actual.get());
                        set->rotate(actual.get(), values.size(), group, precision);
                        if (firstDifference(expected, actual.result()) != -1)
                            FAIL("differs from the reference");
                    }
                }
            }
        }
    }
}

TEST_CASE("nvfp4 rows", "[kernels]")
{
    for (const std::size_t block : {8u, 16u, 32u}) {
        // Scales and codes in one run of bytes, so that both are compared.
        const auto blocksOf = [=](std::size_t n) { return (n + block - 1) / block; };
        const auto bytes = [=](std::size_t n) { return blocksOf(n) * (1 + block / 2); };
        for (const float tensorScale : {0.08f / 2688.0f, 0.08f / 1536.0f, 1.0f, 1e-38f, 1e-44f, 3e38f}) {
            CAPTURE(block, tensorScale);
            compareAll<std::uint8_t>(kFlavours, bytes,
                [=](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
                    set.nvfp4Row(src, n, tensorScale, block, dst, dst + blocksOf(n));
                });
            compareAll<std::uint8_t>(kFlavours, bytes,
                [=](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
                    set.nvfp4SearchRow(src, n, tensorScale, block, dst, dst + blocksOf(n));
                });
            compareAll<double>(
                kFlavours, one, [=](const KernelSet& set, const float* src, std::size_t n, double* dst) {
                    *dst = set.nvfp4SearchRow(src, n, tensorScale, block, nullptr, nullptr);
                });
        }
    }
}

TEST_CASE("nvfp4 search on long rows of ordinary weights", "[kernels]")
{
    std::mt19937 random(11);
    for (int round = 0; round < 20; ++round) {
        auto src = makeValues(Flavour::Weights, 3072 + static_cast<std::size_t>(round), random);
        const std::size_t blocks = (src.size() + 15) / 16;
        const float tensorScale
            = referenceKernels().absmax(src.data(), src.size()) / (round % 2 == 0 ? 2688.0f : 1536.0f);
        std::vector<std::uint8_t> scales(blocks), packed(blocks * 8);
        const double expected = referenceKernels().nvfp4SearchRow(
            src.data(), src.size(), tensorScale, 16, scales.data(), packed.data());
        for (const KernelSet* set : allKernels()) {
            CAPTURE(set->name, round);
            std::vector<std::uint8_t> otherScales(blocks), otherPacked(blocks * 8);
            CHECK(set->nvfp4SearchRow(
                      src.data(), src.size(), tensorScale, 16, otherScales.data(), otherPacked.data())
                == expected);
            CHECK(firstDifference(otherScales, scales) == -1);
            CHECK(firstDifference(otherPacked, packed) == -1);
        }
    }
}

TEST_CASE("nvfp4 decoder", "[kernels]")
{
    std::mt19937 random(3);
    for (const std::size_t block : {8u, 16u, 32u}) {
        for (std::size_t n = 0; n <= 600; n += n < 130 ? 1 : 37) {
            const std::size_t blocks = (n + block - 1) / block;
            std::vector<std::uint8_t> scales(blocks), packed(blocks * block / 2);
            for (auto& byte : scales)
                byte = static_cast<std::uint8_t>(random());
            for (auto& byte : packed)
                byte = static_cast<std::uint8_t>(random());
            Guarded<float> expected(n);
            referenceKernels().decodeNvfp4Row(packed.data(), scales.data(), n, 0.001f, block, expected.get());
            for (const KernelSet* set : allKernels()) {
                CAPTURE(set->name, block, n);
                Guarded<float> actual(n);
                set->decodeNvfp4Row(packed.data(), scales.data(), n, 0.001f, block, actual.get());
                REQUIRE(firstDifference(expected.result(), actual.result()) == -1);
            }
        }
    }
}

TEST_CASE("mxfp8 rows", "[kernels]")
{
    const auto blocksOf = [](std::size_t n) { return (n + 31) / 32; };
    compareAll<std::uint8_t>(
        kFlavours, [=](std::size_t n) { return blocksOf(n) * 33; },
        [=](const KernelSet& set, const float* src, std::size_t n, std::uint8_t* dst) {
            set.mxfp8Row(src, n, dst, dst + blocksOf(n));
        });
    std::mt19937 random(4);
    for (std::size_t n = 0; n <= 300; ++n) {
        std::vector<std::uint8_t> exponents(blocksOf(n)), codes(blocksOf(n) * 32);
        for (auto& byte : exponents)
            byte = static_cast<std::uint8_t>(random());
        for (auto& byte : codes)
            byte = static_cast<std::uint8_t>(random());
        Guarded<float> expected(n);
        referenceKernels().decodeMxfp8Row(codes.data(), exponents.data(), n, expected.get());
        for (const KernelSet* set : allKernels()) {
            CAPTURE(set->name, n);
            Guarded<float> actual(n);
            set->decodeMxfp8Row(codes.data(), exponents.data(), n, actual.get());
            REQUIRE(firstDifference(expected.result(), actual.result()) == -1);
        }
    }
}

TEST_CASE("mxfp8 blocks of every magnitude", "[kernels]")
{
    // Every exponent of the block's largest value, at the mantissas where the scale steps up.
    std::mt19937 random(6);
    std::vector<float> row;
    for (std::uint32_t exponent = 0; exponent < 255; ++exponent) {
        for (const std::uint32_t mantissa :
            {0u, 0x5FFFFFu, 0x600000u, 0x600001u, 0x60000Bu, 0x60000Cu, 0x600016u, 0x7FFFFFu}) {
            const float largest = std::bit_cast<float>(exponent << 23 | mantissa);
            row.push_back(random() % 2 == 0 ? largest : -largest);
            for (std::size_t i = 1; i < 32; ++i)
                row.push_back(largest * std::uniform_real_distribution<float>(-1.0f, 1.0f)(random));
        }
    }
    std::vector<std::uint8_t> exponents(row.size() / 32), codes(row.size()), otherExponents(exponents.size()),
        otherCodes(codes.size());
    referenceKernels().mxfp8Row(row.data(), row.size(), exponents.data(), codes.data());
    for (const KernelSet* set : allKernels()) {
        CAPTURE(set->name);
        set->mxfp8Row(row.data(), row.size(), otherExponents.data(), otherCodes.data());
        CHECK(firstDifference(exponents, otherExponents) == -1);
        CHECK(firstDifference(codes, otherCodes) == -1);
    }
}
