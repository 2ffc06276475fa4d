// SPDX-License-Identifier: GPL-3.0-or-later
// What only some formats have: a low-rank branch (SVDQuant), a scale per input channel (NVFP4, SVDQuant), a
// table that is fitted to the weights (asym_w4a8_int8).
#include "engine/formats/low_rank_branch.h"
#include "engine/formats/table_fit.h"
#include "tests/formats/format_harness.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace mantissa;
using namespace mantissa::test;

namespace {

/// A weight with `strong` directions of singular values 3, 2.9, … and noise.
std::vector<float> withDirections(MatrixShape shape, std::size_t strong)
{
    const auto rows = static_cast<std::size_t>(shape.rows), cols = static_cast<std::size_t>(shape.cols);
    auto weights = normals(rows * cols, 21, 0.002f);
    const auto left = normals(rows * strong, 22, 1.0f), right = normals(cols * strong, 23, 1.0f);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < cols; ++k)
            for (std::size_t r = 0; r < strong; ++r)
                weights[i * cols + k] += left[i * strong + r] * right[k * strong + r]
                    * (3.0f - 0.1f * static_cast<float>(r)) / std::sqrt(static_cast<float>(rows * cols));
    return weights;
}

double energy(const std::vector<float>& values)
{
    double sum = 0;
    for (const float value : values)
        sum += static_cast<double>(value) * static_cast<double>(value);
    return sum;
}

} // namespace

TEST_CASE("The low-rank branch finds the strong directions of a weight")
{
    const MatrixShape shape{200, 128};
    constexpr std::size_t kStrong = 12;
    const auto weights = withDirections(shape, kStrong);
    const auto noise = energy(normals(weights.size(), 21, 0.002f));
    formats::LowRankBranch branch(shape, 16);
    for (int round = 0; round < formats::LowRankBranch::kRounds; ++round) {
        branch.accumulate(round, weights);
        branch.finishRound(round);
    }
    // The columns are orthonormal but for bfloat16's rounding.
    for (std::size_t a = 0; a < 16; ++a)
        for (std::size_t b = 0; b < 16; ++b) {
            double dot = 0;
            for (std::size_t k = 0; k < 128; ++k)
                dot += static_cast<double>(branch.down()[k * 16 + a])
                    * static_cast<double>(branch.down()[k * 16 + b]);
            CHECK(dot == Approx(a == b ? 1.0 : 0.0).margin(0.01));
        }
    auto rest = weights;
    std::vector<float> up(16);
    for (std::size_t row = 0; row < 200; ++row) {
        const auto values = std::span(rest).subspan(row * 128, 128);
        branch.project(values, up);
        branch.subtract(up, values);
    }
    CHECK(energy(weights) > 20 * noise);
    CHECK(energy(rest) < 1.1 * noise); // nothing but the noise is left
}

TEST_CASE("A branch makes the residual of a weight with strong directions smaller")
{
    const MatrixShape shape{256, 256};
    const auto weights = withDirections(shape, 8);
    const auto snrOf = [&](const char* id) {
        const auto& format = *findFormat(id);
        const EncodeRequest request{
            shape, DType::F32, resolved(format, shape, {}, Recipe::Fast), Recipe::Fast};
        return snrDb(
            weights, decodeLayer(format, shape, request.params, encodeLayer(format, request, weights)));
    };
    CHECK(snrOf("svdquant_nvfp4") > snrOf("nvfp4") + 5);
    CHECK(snrOf("svdquant_w4a4") > snrOf("int4") + 5);
}

TEST_CASE("A scale per input channel is taken out again by the decoder")
{
    const MatrixShape shape{130, 192};
    const auto cols = static_cast<std::size_t>(shape.cols);
    auto weights = normals(static_cast<std::size_t>(shape.rows) * cols, 31);
    std::vector<float> inputScale(cols);
    for (std::size_t k = 0; k < cols; ++k) { // channels of very different size, which the scale evens out
        inputScale[k] = std::exp2(static_cast<float>(k % 9) - 4.0f) * 1.37f;
        for (std::size_t row = 0; row < 130; ++row)
            weights[row * cols + k] *= inputScale[k];
    }
    for (const char* const id : {"nvfp4", "svdquant_w4a4", "svdquant_nvfp4"})
        for (const Recipe recipe : {Recipe::Absmax, Recipe::Fast}) {
            INFO(id);
            const auto& format = *findFormat(id);
            FormatParams wish;
            wish.preQuantScale = std::string(id) == "nvfp4";
            EncodeRequest request{shape, DType::F32, resolved(format, shape, wish, recipe), recipe};
            const auto plain = encodeLayer(format, request, weights);
            request.inputScale = inputScale;
            const auto scaled = encodeLayer(format, request, weights);
            CHECK(encodeLayer(format, request, weights, Blocks{128, 2}).bytes == scaled.bytes);
            // Seen by inputs whose channels the scale makes equally large.
            const auto seen = [&](std::vector<float> values) {
                for (std::size_t i = 0; i < values.size(); ++i)
                    values[i] /= inputScale[i % cols];
                return values;
            };
            const double without
                = snrDb(seen(weights), seen(decodeLayer(format, shape, request.params, plain)));
            const double with
                = snrDb(seen(weights), seen(decodeLayer(format, shape, request.params, scaled)));
            CAPTURE(without, with);
            CHECK(with > without + 1.5);
            CHECK(with > 15);
        }
    // The tensor is optional, and the file tells whether it is there.
    const auto& nvfp4 = *findFormat("nvfp4");
    FormatParams params = resolved(nvfp4, shape);
    CHECK(nvfp4.layout(shape, params).size() == 3);
    params = nvfp4.paramsFromTensors(params, shape, [](std::string_view suffix) {
        return suffix == "pre_quant_scale" ? std::optional<Shape>(Shape{192}) : std::nullopt;
    });
    CHECK(params.preQuantScale);
    const auto layout = nvfp4.layout(shape, params);
    REQUIRE(layout.size() == 4);
    CHECK(layout[3].suffix == "pre_quant_scale");
    CHECK(layout[3].shape == Shape{192});
}

TEST_CASE("The table of asym_w4a8_int8 is fitted only to weights with heavy tails")
{
    const MatrixShape shape{64, 256};
    formats::TableSampler sampler(shape);
    const auto gaussian = normals(64 * 256, 41, 0.3f);
    for (std::int64_t row = 0; row < 64; ++row) {
        CHECK(sampler.wants(row, 1));
        auto values = std::vector<float>(gaussian.begin() + row * 256, gaussian.begin() + (row + 1) * 256);
        for (std::size_t begin = 0; begin < values.size(); begin += 16) {
            float amax = 0;
            for (std::size_t i = begin; i < begin + 16; ++i)
                amax = std::max(amax, std::abs(values[i]));
            for (std::size_t i = begin; i < begin + 16; ++i)
                values[i] /= amax;
        }
        sampler.add(row, values);
    }
    CHECK(sampler.table() == formats::kGaussianTable);

    formats::TableSampler heavy(shape);
    for (std::int64_t row = 0; row < 64; ++row) {
        std::vector<float> values(256);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = std::pow(gaussian[static_cast<std::size_t>(row) * 256 + i], 5.0f);
        heavy.add(row, values);
    }
    const auto fitted = heavy.table();
    CHECK(fitted != formats::kGaussianTable);
    CHECK(std::is_sorted(fitted.begin(), fitted.end()));

    // A sample of 16 values is its own table, and large layers are sampled.
    std::vector<float> few(16);
    for (std::size_t i = 0; i < few.size(); ++i)
        few[15 - i] = static_cast<float>(i * i);
    const auto same = formats::fitTable(few);
    for (std::size_t i = 0; i < few.size(); ++i)
        CHECK(same[i] == static_cast<float>(i * i));
    const formats::TableSampler large(MatrixShape{4096, 4096});
    CHECK(large.wants(0, 1));
    CHECK_FALSE(large.wants(1, 31));
    CHECK(large.wants(1, 32));
}
