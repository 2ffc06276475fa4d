// SPDX-License-Identifier: GPL-3.0-or-later
// Torch's generator, products and rotation against files that torch 2.15 wrote.
#include "engine/ctq/calibration.h"
#include "engine/ctq/rotation.h"
#include "engine/ctq/torch_matmul.h"
#include "engine/ctq/torch_random.h"
#include "tests/support/golden_file.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mantissa::ctq;
using mantissa::test::GoldenFile;

TEST_CASE("normals are those of torch.randn")
{
    const GoldenFile golden("formats/casts.safetensors");
    TorchGenerator generator(42);
    for (const char* name : {"randn_seed42/first", "randn_seed42/second"}) {
        const std::vector<float> expected = golden.at(name).floats();
        std::vector<float> values(expected.size());
        generator.fillNormal(values);
        CHECK(values == expected);
    }
}

TEST_CASE("torch's values for lengths that do not fill runs of 16")
{
    // torch 2.15: torch.Generator().manual_seed(7); the first and the last value of randn(n), one call after
    // the other.
    struct Case {
        std::size_t length;
        float first, last;
    };
    const Case cases[] = {{5, -0x1.2ca2e80000000p-3f, 0x1.b0d7a00000000p+0f},
        {15, -0x1.ca26e20000000p-1f, 0x1.0346ec0000000p+1f},
        {16, -0x1.155ff00000000p-3f, -0x1.77827a0000000p-4f},
        {17, -0x1.8749660000000p-2f, -0x1.9805980000000p-2f},
        {31, 0x1.c47ab40000000p+0f, -0x1.0f57560000000p-1f},
        {100, 0x1.44985c0000000p-1f, 0x1.8ec5f00000000p-4f},
        {21, -0x1.dd3a060000000p-3f, -0x1.7a8de40000000p+0f}};
    TorchGenerator generator(7);
    for (const Case& expected : cases) {
        std::vector<float> values(expected.length);
        generator.fillNormal(values);
        CHECK(values.front() == expected.first);
        CHECK(values.back() == expected.last);
    }
}

TEST_CASE("skipping leaves the generator where drawing would")
{
    TorchGenerator generator(7);
    generator.skipNormal(4096 * 1024);
    std::vector<float> previous;
    for (const std::size_t length : {5, 15, 16, 17, 31, 100, 21}) {
        TorchGenerator copy = generator;
        std::vector<float> values(length);
        generator.fillNormal(values);
        copy.skipNormal(length);
        std::vector<float> next(16), nextOfCopy(16);
        TorchGenerator(generator).fillNormal(next);
        copy.fillNormal(nextOfCopy);
        CHECK(next == nextOfCopy);
        CHECK(values != previous);
        previous = values;
    }
}

TEST_CASE("short calls keep the second value of a pair")
{
    TorchGenerator pairs(3), whole(3);
    std::vector<float> a(4), first(1), rest(3);
    whole.fillNormal(a);
    pairs.fillNormal(first);
    pairs.fillNormal(rest);
    CHECK(a[0] == first[0]);
    CHECK(std::vector<float>(a.begin() + 1, a.end()) == rest);
    pairs.fillNormal({});
}

TEST_CASE("inputs of a width do not depend on when they are asked for")
{
    Calibration early(8, 5), late(8, 5);
    for (const std::int64_t features : {64, 100, 64, 36, 1}) {
        early.see(features);
        late.see(features);
    }
    const auto a = early.inputs(36), b = early.inputs(100);
    const auto d = late.inputs(100), c = late.inputs(36);
    REQUIRE((a && b && c && d));
    CHECK(**a == **c);
    CHECK(**b == **d);
    TorchGenerator generator(5);
    std::vector<float> first(8 * 64), second(8 * 100);
    generator.fillNormal(first);
    generator.fillNormal(second);
    CHECK(**b == second);
    CHECK(**late.inputs(64) == first);
    REQUIRE(late.inputs(1));
}

TEST_CASE("too many random inputs are refused")
{
    Calibration calibration(std::int64_t{1} << 40, 5);
    const auto inputs = calibration.inputs(16);
    REQUIRE(!inputs);
    CHECK(inputs.error().code == mantissa::ErrorCode::Unsupported);
}

TEST_CASE("inner blocks")
{
    CHECK(innerBlock(0) == 1);
    CHECK(innerBlock(192) == 192);
    CHECK(innerBlock(193) == 96);
    CHECK(innerBlock(383) == 191);
    CHECK(innerBlock(384) == 192);
    CHECK(innerBlock(5120) == 192);
}

TEST_CASE("products and means of every tail length are right")
{
    TorchGenerator generator(11);
    for (const std::size_t k : {1, 3, 64, 193, 400})
        for (const std::size_t rows : {1, 15, 16, 17, 33, 40})
            for (const std::size_t samples : {1, 7, 8, 9, 70}) {
                std::vector<float> x(samples * k), a(rows * k), b(rows * k), product(samples * rows),
                    mean(rows);
                generator.fillNormal(x);
                generator.fillNormal(a);
                generator.fillNormal(b);
                orderedProduct(x, samples, k, a, product);
                meanOfProducts(x, samples, k, a, b, 0, rows, mean);
                for (std::size_t r = 0; r < rows; ++r) {
                    double sum = 0;
                    for (std::size_t s = 0; s < samples; ++s) {
                        double dotA = 0, dotB = 0;
                        for (std::size_t i = 0; i < k; ++i) {
                            dotA += static_cast<double>(x[s * k + i]) * static_cast<double>(a[r * k + i]);
                            dotB += static_cast<double>(x[s * k + i]) * static_cast<double>(b[r * k + i]);
                        }
                        REQUIRE(static_cast<double>(product[s * rows + r]) == Approx(dotA).margin(1e-4));
                        sum += dotA - dotB;
                    }
                    REQUIRE(static_cast<double>(mean[r])
                        == Approx(sum / static_cast<double>(samples)).margin(1e-4));
                }
            }
}

TEST_CASE("rows may be handed over in parts")
{
    constexpr std::size_t kFeatures = 72, kRows = 100, kSamples = 64;
    std::vector<float> x(kSamples * kFeatures), a(kRows * kFeatures), whole(kRows), parts(kRows);
    TorchGenerator generator(12);
    generator.fillNormal(x);
    generator.fillNormal(a);
    meanOfProducts(x, kSamples, kFeatures, a, {}, 0, kRows, whole);
    for (std::size_t row = 0; row < kRows; row += 48) {
        const std::size_t count = std::min<std::size_t>(48, kRows - row);
        meanOfProducts(x, kSamples, kFeatures, std::span(a).subspan(row * kFeatures, count * kFeatures), {},
            row, kRows, std::span(parts).subspan(row, count));
    }
    CHECK(parts == whole);
}

TEST_CASE("rotated values are those of torch's product")
{
    const GoldenFile inputs("formats/inputs.safetensors"), golden("formats/convrot.safetensors");
    std::size_t checked = 0;
    for (const auto& [name, tensor] : golden.tensors()) {
        const std::size_t at = name.find("/rot");
        if (at == std::string::npos || !name.ends_with("rotated_f32"))
            continue;
        const std::size_t group = std::stoul(name.substr(at + 4));
        const std::vector<float> source = inputs.at(name.substr(0, at)).floats(), expected = tensor.floats();
        std::vector<float> rotated(source.size());
        rotateGroups(source, group, rotated);
        INFO(name);
        if (group >= 16) // the order within a product of 4 terms is another one
            CHECK(rotated == expected);
        for (std::size_t i = 0; i < rotated.size(); ++i)
            REQUIRE(std::abs(rotated[i] - expected[i]) <= 1e-6f * (std::abs(expected[i]) + 1.0f) * 4.0f);
        ++checked;
    }
    CHECK(checked > 10);
}
