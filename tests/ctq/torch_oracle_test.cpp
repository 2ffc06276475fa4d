// SPDX-License-Identifier: GPL-3.0-or-later
// The native arithmetic of engine/ctq against libtorch itself, where this build has it. The order in which
// torch sums products belongs to its build and the processor; bits are compared where the processor is of the
// kind that the native order was measured on (AVX-512), elsewhere results within rounding.
#include "engine/ctq/torch_matmul.h"
#include "engine/ctq/torch_random.h"
#include "engine/torch/loader.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <vector>

using namespace mantissa;
using namespace mantissa::ctq;

namespace {

const TorchApi* torchOrSkip()
{
    const auto api = loadTorch();
    if (api)
        return *api;
    CHECK(api.error().code == ErrorCode::Unsupported);
    CHECK_FALSE(api.error().hint.empty());
    std::cout << "skipped: " << api.error().message << "\n";
    return nullptr;
}

} // namespace

TEST_CASE("normals of libtorch")
{
    const TorchApi* const torch = torchOrSkip();
    if (!torch)
        return;
    const std::array<std::size_t, 9> lengths = {48, 1, 2, 3, 15, 16, 17, 100000, 3072 * 320};
    std::size_t total = 0;
    for (const std::size_t length : lengths)
        total += length;
    std::vector<float> expected(total), values(total);
    std::array<char, 256> error{};
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, std::uint64_t{123456789012345}}) {
        REQUIRE(torch->normals(
            seed, lengths.data(), lengths.size(), expected.data(), error.data(), error.size()));
        TorchGenerator generator(seed);
        std::size_t at = 0;
        for (const std::size_t length : lengths) {
            generator.fillNormal(std::span(values).subspan(at, length));
            at += length;
        }
        CHECK(values == expected);
    }
}

TEST_CASE("means of products of libtorch")
{
    const TorchApi* const torch = torchOrSkip();
    if (!torch)
        return;
    struct Size {
        std::size_t samples, rows, columns;
    };
    bool exactHere = false;
#if defined(__x86_64__)
    exactHere = __builtin_cpu_supports("avx512f");
#endif
    std::array<char, 256> error{};
    TorchGenerator generator(9);
    for (const Size size : {Size{64, 128, 64}, Size{64, 100, 72}, Size{64, 64, 256}, Size{256, 96, 1280},
             Size{3072, 40, 320}, Size{100, 320, 768}}) {
        std::vector<float> x(size.samples * size.columns), rows(size.rows * size.columns);
        std::vector<float> expected(size.rows), mean(size.rows);
        generator.fillNormal(x);
        generator.fillNormal(rows);
        REQUIRE(torch->meanOfProducts(x.data(), size.samples, size.columns, rows.data(), size.rows,
            expected.data(), error.data(), error.size()));
        meanOfProducts(x, size.samples, size.columns, rows, {}, 0, size.rows, mean);
        INFO(size.samples << " samples, " << size.rows << " × " << size.columns);
        if (exactHere)
            CHECK(mean == expected);
        for (std::size_t i = 0; i < mean.size(); ++i)
            REQUIRE(std::abs(mean[i] - expected[i]) < 1e-4f);
    }
}
