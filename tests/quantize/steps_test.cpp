// SPDX-License-Identifier: GPL-3.0-or-later
// Each step of engine/torch/quantize against a plain reference, on small layers.
#include "engine/torch/prelude.h"

#include "engine/torch/error_lora.h"
#include "engine/torch/quantize/adaround.h"
#include "engine/torch/quantize/bias_correction.h"
#include "engine/torch/quantize/coordinate_descent.h"
#include "engine/torch/quantize/gptq.h"
#include "engine/torch/quantize/low_rank_branch.h"
#include "engine/torch/quantize/projected_rounding.h"
#include "engine/torch/quantize/row_scale_refit.h"
#include "engine/torch/quantize/scale_choice.h"
#include "engine/torch/quantize/smoothing.h"
#include "tests/quantize/random_layer.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::quantize;
using namespace mantissa::test;

namespace {

constexpr double kDamping = 0.01;

CodeGrid gridOf(std::string_view id, MatrixShape shape, int group = 0)
{
    const StorageFormat* format = findFormat(id);
    REQUIRE(format != nullptr);
    FormatParams wanted;
    if (format->info().rotates && id != "convrot_w4a4" && id != "asym_w4a8_int8")
        wanted.convrotGroup = group;
    return std::move(*format->codeGrid(shape, *format->resolve(shape, wanted, Recipe::Fast)));
}

/// A layer, its grid and the scales of all its rows.
struct Setting {
    RandomLayer layer;
    CodeGrid grid;
    at::Tensor tile;
    GridScales scales;
    HessianFactor factor;

    Setting(std::string_view id, std::int64_t rows, std::int64_t cols)
        : layer(randomLayer(rows, cols, 3))
        , grid(gridOf(id, {rows, cols}))
        , tile(tileOf(layer.weight, 0, rows))
        , scales(grid.scales(columnTile(tile),
              chooseTensorScale(grid, ScaleRule::LeastSquares, {},
                  [this](const RowRange& range) { return tileOf(layer.weight, range.first, range.count); }),
              ScaleRule::LeastSquares))
        , factor(factorHessian(layer.hessian, kDamping))
    { }

    double errorOf(const at::Tensor& values) const
    {
        const at::Tensor errors = (values - tile).index_select(0, factor.order).to(at::kDouble);
        return at::mm(factor.hessian.to(at::kDouble), errors).mul_(errors).sum().item<double>();
    }
};

/// GPTQ as the paper writes it: with the Cholesky factor of the inverse, one column after the other.
at::Tensor naiveGptq(const Setting& setting)
{
    const at::Tensor inverse = at::linalg_inv(setting.factor.hessian.to(at::kDouble));
    const at::Tensor upper = at::linalg_cholesky(inverse, /*upper=*/true);
    at::Tensor rest = setting.tile.index_select(0, setting.factor.order).to(at::kDouble);
    at::Tensor values = at::empty_like(setting.tile);
    const std::int64_t n = rest.size(0);
    for (std::int64_t i = 0; i < n; ++i) {
        const std::int64_t column = setting.factor.order[i].item<std::int64_t>();
        const at::Tensor target = rest[i].to(at::kFloat).contiguous();
        at::Tensor rounded = values[column];
        setting.grid.round(setting.scales, column, target.const_data_ptr<float>(), rounded.data_ptr<float>());
        const at::Tensor error = (rest[i] - rounded.to(at::kDouble)) / upper[i][i];
        for (std::int64_t k = i + 1; k < n; ++k)
            rest[k] -= error * upper[i][k];
    }
    return values;
}

const std::vector<std::string_view> kGrids{"float8_e4m3fn", "mxfp8", "int8_tensorwise", "nvfp4",
    "float8_e4m3fn_rowwise", "int4", "nf4", "svdquant_w4a4", "asym_w4a8_int8"};

} // namespace

TEST_CASE("the factor of a Hessian gives the Hessian back", "[quantize]")
{
    const RandomLayer layer = randomLayer(4, 96, 1);
    const HessianFactor factor = factorHessian(layer.hessian, kDamping);
    const at::Tensor product = at::mm(factor.feedback * factor.pivots, factor.feedback.t());
    CHECK(at::allclose(product, factor.hessian, 1e-4, 1e-4));
    CHECK(at::equal(factor.feedback, factor.feedback.triu()));
    CHECK(at::allclose(factor.feedback.diagonal(), at::ones({96})));
    CHECK(factor.damping == kDamping);
    const at::Tensor diagonal = layer.hessian.diagonal().index_select(0, factor.order);
    CHECK((diagonal.slice(0, 1) <= diagonal.slice(0, 0, 95)).all().item<bool>());
}

TEST_CASE("a Hessian of rank one, and one of zeros, get more damping, not an error", "[quantize]")
{
    const at::Tensor vector = at::ones({64, 1}) * 1e4;
    CHECK(factorHessian(at::mm(vector, vector.t()), 1e-12).damping > 1e-12);
    CHECK(factorHessian(at::zeros({64, 64}), kDamping).feedback.isfinite().all().item<bool>());
    at::Tensor broken = at::eye(64);
    broken[3][4] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS(factorHessian(broken, kDamping));
}

TEST_CASE("blocked GPTQ is the naive column loop", "[quantize]")
{
    for (const auto id : kGrids) {
        const Setting setting(id, 40, 320); // more than two blocks, and a part of one
        const at::Tensor values = gptq(setting.tile, setting.factor, setting.grid, setting.scales);
        const at::Tensor reference = naiveGptq(setting);
        INFO(id);
        // Sums in another order: a few values near the middle of two codes may fall the other way, and what
        // follows them with it. The errors must agree, and most codes.
        CHECK(setting.errorOf(values) == Approx(setting.errorOf(reference)).epsilon(0.02));
        CHECK((values == reference).to(at::kFloat).mean().item<double>() > 0.97);
        CHECK(
            setting.errorOf(values) < setting.errorOf(roundTile(setting.tile, setting.grid, setting.scales)));
    }
}

TEST_CASE("coordinate descent never makes an output worse", "[quantize]")
{
    for (const auto id : kGrids) {
        const Setting setting(id, 24, 192);
        INFO(id);
        for (const bool afterGptq : {false, true}) {
            at::Tensor values = afterGptq ? gptq(setting.tile, setting.factor, setting.grid, setting.scales)
                                          : roundTile(setting.tile, setting.grid, setting.scales);
            double last = setting.errorOf(values);
            for (int pass = 0; pass < 3; ++pass) {
                coordinateDescent(setting.tile, values, setting.factor, setting.grid, setting.scales, 1);
                const double now = setting.errorOf(values);
                CHECK(now <= last * (1 + 1e-5));
                last = now;
            }
            // Still on the grid: rounding again changes nothing.
            CHECK(at::equal(values, roundTile(values, setting.grid, setting.scales)));
        }
    }
}

TEST_CASE("one pass of blocked descent is the naive cyclic descent", "[quantize]")
{
    const Setting setting("int8_tensorwise", 16, 160);
    const at::Tensor start = roundTile(setting.tile, setting.grid, setting.scales);
    at::Tensor blocked = start.clone(), naive = start.clone();
    coordinateDescent(setting.tile, blocked, setting.factor, setting.grid, setting.scales, 1);
    for (std::int64_t i = 0; i < 160; ++i) {
        const at::Tensor gradient = at::mv(
            (naive - setting.tile).index_select(0, setting.factor.order).t(), setting.factor.hessian[i]);
        const std::int64_t column = setting.factor.order[i].item<std::int64_t>();
        const at::Tensor target = (naive[column] - gradient / setting.factor.hessian[i][i]).contiguous();
        at::Tensor row = naive[column];
        setting.grid.round(setting.scales, column, target.const_data_ptr<float>(), row.data_ptr<float>());
    }
    CHECK(setting.errorOf(blocked) == Approx(setting.errorOf(naive)).epsilon(0.01));
    CHECK((blocked == naive).to(at::kFloat).mean().item<double>() > 0.98);
}

TEST_CASE("refitted row scales are the least-squares ones", "[quantize]")
{
    const Setting setting("int8_tensorwise", 16, 128);
    const at::Tensor values = gptq(setting.tile, setting.factor, setting.grid, setting.scales);
    const GridScales fitted = refitRowScales(setting.tile, values, setting.factor, setting.scales);
    const at::Tensor old = viewOf(setting.scales.scale, 1), best = viewOf(fitted.scale, 1);
    const double least = setting.errorOf(values / old * best);
    CHECK(least <= setting.errorOf(values));
    for (const double factor : {0.999, 1.001})
        CHECK(least <= setting.errorOf(values / old * best * factor));
}

TEST_CASE("bias correction brings the mean output back", "[quantize]")
{
    const Setting setting("nvfp4", 32, 128);
    const at::Tensor values = roundTile(setting.tile, setting.grid, setting.scales);
    const at::Tensor delta = biasCorrection(setting.tile, values, setting.layer.mean);
    const at::Tensor shift = at::mm(setting.layer.inputs, values - setting.tile).mean(0);
    CHECK((shift + delta).abs().max().item<double>() < 1e-3 * shift.abs().max().item<double>());
    const at::Tensor heldOut = at::mm(setting.layer.heldOut, values - setting.tile);
    CHECK((heldOut + delta).square().sum().item<double>() < heldOut.square().sum().item<double>());
}

TEST_CASE("SmoothQuant and AWQ are never worse than no factors, by their own criteria", "[quantize]")
{
    const RandomLayer layer = randomLayer(64, 128, 5);
    const CodeGrid grid = gridOf("nvfp4", {64, 128});
    const SmoothingChoice smooth
        = smoothQuant(layer.weight, layer.absMax, layer.heldOut, grid, ActivationGrid::Nvfp4);
    const at::Tensor rounded = layer.heldOut.clone();
    roundActivations(ActivationGrid::Nvfp4, spanOf(rounded), 128);
    const at::Tensor plain = roundPlainly(layer.weight, grid);
    const at::Tensor exact = at::mm(layer.heldOut, layer.weight.t());
    CHECK(smooth.error < (at::mm(rounded, plain.t()) - exact).square().sum().item<double>());
    CHECK(smooth.factors.log().mean().item<double>() == Approx(0).margin(1e-3));

    const CodeGrid weightOnly = gridOf("int4", {64, 128});
    const SmoothingChoice choice = awq(layer.weight, layer.meanAbs, layer.hessian, weightOnly);
    const at::Tensor errors = roundPlainly(layer.weight, weightOnly) - layer.weight;
    CHECK(choice.error <= (at::mm(errors, layer.hessian) * errors).sum().item<double>() * (1 + 1e-6));
}

TEST_CASE("the branch is the best of its rank for the output", "[quantize]")
{
    const RandomLayer layer = randomLayer(48, 96, 6);
    const HessianFactor factor = factorHessian(layer.hessian, kDamping);
    const auto errorOf = [&](const at::Tensor& approximation) {
        const at::Tensor errors
            = (approximation - layer.weight).index_select(1, factor.order).to(at::kDouble);
        return (at::mm(errors, factor.hessian.to(at::kDouble)) * errors).sum().item<double>();
    };
    // The optimum: the tail of the singular values of W·H^(1/2).
    const at::Tensor ordered = layer.weight.index_select(1, factor.order);
    const at::Tensor root = factor.feedback * factor.pivots.sqrt();
    const at::Tensor singular = at::linalg_svdvals(at::mm(ordered, root));
    const double least = singular.slice(0, 8).square().sum().item<double>();
    const Branch branch = weightedBranch(layer.weight, factor, 8);
    CHECK(branch.product().size(0) == 48);
    CHECK(errorOf(branch.product()) == Approx(least).epsilon(0.02));
    CHECK(errorOf(branch.product()) < errorOf(plainBranch(layer.weight, 8).product()));
}

TEST_CASE("AdaRound's neighbours enclose the weights, and learning beats plain rounding", "[quantize]")
{
    for (const auto id : kGrids) {
        const Setting setting(id, 16, 128);
        INFO(id);
        const at::Tensor nearest = roundTile(setting.tile, setting.grid, setting.scales);
        const at::Tensor other = otherNeighbour(setting.tile, nearest, setting.grid, setting.scales);
        CHECK(at::equal(other, roundTile(other, setting.grid, setting.scales)));
        const at::Tensor inside = (setting.tile - nearest) * (setting.tile - other) <= 0;
        CHECK(inside.logical_or(other == nearest).all().item<bool>());
        CHECK((other == nearest).to(at::kFloat).mean().item<double>() < 0.2);
        // No value of the grid lies between the two: the middle rounds to one of them.
        const at::Tensor middle = roundTile((nearest + other) / 2, setting.grid, setting.scales);
        CHECK((middle == nearest).logical_or(middle == other).all().item<bool>());
        const at::Tensor learned
            = adaRound(setting.tile, setting.factor, setting.grid, setting.scales, 300, [] { return false; });
        CHECK(at::equal(learned, roundTile(learned, setting.grid, setting.scales)));
        CHECK(setting.errorOf(learned) < 0.9 * setting.errorOf(nearest));
    }
}

TEST_CASE("projected rounding undoes the rounding inside the subspace only", "[quantize]")
{
    const RandomLayer layer = randomLayer(320, 384, 8);
    const CodeGrid grid = gridOf("nvfp4", {320, 384});
    const at::Tensor rounded = roundPlainly(layer.weight, grid);
    const at::Tensor target = projectedTarget(layer.weight, rounded);
    const auto [u, s, v] = at::linalg_svd(layer.weight, false);
    const at::Tensor inside
        = at::mm(at::mm(u.narrow(1, 0, 256).t(), target - layer.weight), v.narrow(0, 0, 256).t());
    CHECK(inside.abs().max().item<double>() < 1e-5);
    CHECK((target - layer.weight).norm().item<double>() < (rounded - layer.weight).norm().item<double>());
}

TEST_CASE("an error-correction LoRA takes the error back as far as its rank goes", "[quantize]")
{
    const RandomLayer layer = randomLayer(64, 96, 15);
    const CodeGrid grid = gridOf("nvfp4", {64, 96});
    const at::Tensor rounded = roundPlainly(layer.weight, grid);
    double last = at::mm(layer.heldOut, (rounded - layer.weight).t()).square().sum().item<double>();
    for (const int rank : {4, 16, 64}) {
        const auto lora
            = extractErrorLora({64, 96}, spanOf(layer.weight), spanOf(rounded), spanOf(layer.hessian), rank);
        REQUIRE(lora);
        const at::Tensor product = at::mm(viewOf(lora->up, 64), viewOf(lora->down, rank));
        const double error
            = at::mm(layer.heldOut, (rounded + product - layer.weight).t()).square().sum().item<double>();
        CHECK(error < last);
        last = error;
    }
    CHECK(extractErrorLora({64, 96}, spanOf(layer.weight), spanOf(rounded), {}, 0).error().code
        == ErrorCode::Usage);
}
