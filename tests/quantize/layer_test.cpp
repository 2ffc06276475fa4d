// SPDX-License-Identifier: GPL-3.0-or-later
// Whole layers: every recipe in every format, the gate, and what is refused.
#include "engine/torch/prelude.h"

#include "engine/formats/stored_bytes.h"
#include "engine/torch/layer_quantizer.h"
#include "kernels/kernel_set.h"
#include "tests/support/cpu_clock.h"
#include "tests/quantize/random_layer.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::quantize;
using namespace mantissa::test;

namespace {

LayerRequest requestFor(const RandomLayer& layer)
{
    LayerRequest request;
    request.shape = {layer.weight.size(0), layer.weight.size(1)};
    request.weights = spanOf(layer.weight);
    request.statistics = {.hessian = spanOf(layer.hessian),
        .secondMoment = {},
        .mean = spanOf(layer.mean),
        .absMax = spanOf(layer.absMax),
        .meanAbs = spanOf(layer.meanAbs),
        .heldOutTokens = spanOf(layer.heldOut)};
    request.hasBias = true;
    return request;
}

/// The weight that an outcome stands for, on the inputs as they come.
at::Tensor weightOf(const at::Tensor& values, const LayerOutcome& outcome)
{
    at::Tensor weight = values;
    if (!outcome.branchUp.empty()) {
        const at::Tensor up = viewOf(outcome.branchUp, values.size(0));
        weight = weight + at::mm(up, viewOf(outcome.branchDown, up.size(1)));
    }
    if (!outcome.inputFactors.empty())
        weight = weight / viewOf(outcome.inputFactors, 1);
    return weight;
}

double outputError(const RandomLayer& layer, const LayerRequest& request, const LayerOutcome& outcome,
    std::span<const float> values, std::size_t rotation)
{
    const auto output
        = runLayer(request.shape, values, rotation, outcome, request.activations, spanOf(layer.heldOut));
    const at::Tensor exact = at::mm(layer.heldOut, layer.weight.t());
    return (viewOf(output, layer.heldOut.size(0)) - exact).square().sum().item<double>()
        / exact.square().sum().item<double>();
}

} // namespace

TEST_CASE(
    "every recipe in every format: better recipes are not worse, and the bytes are the values", "[quantize]")
{
    const RandomLayer layer = randomLayer(256, 256, 9);
    for (const StorageFormat* const format : storageFormats()) {
        LayerRequest request = requestFor(layer);
        request.format = format;
        request.keepValues = true;
        double plain = 0;
        for (const auto level :
            {RecipeLevel::Fast, RecipeLevel::Light, RecipeLevel::Balanced, RecipeLevel::Best}) {
            request.params
                = *format->resolve(request.shape, paramsFor(level, format->info().id, {}), Recipe::Fast);
            request.activations = activationGridOf(format->info().id, request.params);
            request.steps = stepsOf(level, format->info().id, request.params);
            const auto outcome = quantizeLayer(request);
            INFO(format->info().id << " " << nameOf(level));
            REQUIRE(outcome);
            const std::size_t rotation = format->codeGrid(request.shape, request.params)->spec().rotation;
            auto decoded = *decodeWhole(*format, request.shape, request.params, outcome->stored);
            std::vector<float> values = outcome->values;
            if (rotation != 0)
                kernels::activeKernels().rotate(
                    values.data(), values.size(), rotation, kernels::Precision::F32);
            const at::Tensor seen = viewOf(decoded, 256), meant = weightOf(viewOf(values, 256), *outcome);
            if (!outcome->branchUp.empty()) // its factors are stored in bfloat16 after the smoothing went in
                CHECK((seen - meant).norm().item<double>() < 4e-3 * meant.norm().item<double>());
            else if (outcome->report.keptPlain || level <= RecipeLevel::Light
                || !outcome->inputFactors.empty())
                CHECK(at::allclose(meant, seen, 1e-5, 1e-6));
            else
                CHECK((values == decoded));
            const double error = outputError(layer, request, *outcome, outcome->values, rotation);
            if (level == RecipeLevel::Fast)
                plain = error;
            else
                CHECK(error <= plain * 1.02);
            if (level >= RecipeLevel::Balanced) {
                REQUIRE(outcome->report.plainError);
                CHECK(outcome->report.gainDb() > 0);
            }
        }
    }
}

TEST_CASE("the gate keeps the plain result where the statistics mislead", "[quantize]")
{
    RandomLayer layer = randomLayer(128, 128, 10);
    // Statistics of other inputs: huge where the real ones are small.
    const RandomLayer other = randomLayer(128, 128, 77);
    layer.hessian = (other.hessian.flip({0, 1}) * 1).contiguous();
    layer.hessian = at::mm(
        at::mm(at::diag(1 / layer.absMax.square()), layer.hessian), at::diag(1 / layer.absMax.square()))
                        .contiguous();
    LayerRequest request = requestFor(layer);
    request.format = findFormat("nvfp4");
    request.params = *request.format->resolve(request.shape, {}, Recipe::Fast);
    request.steps = stepsOf(RecipeLevel::Balanced, "nvfp4", request.params);
    request.activations = ActivationGrid::Nvfp4;
    const auto outcome = quantizeLayer(request);
    REQUIRE(outcome);
    REQUIRE(outcome->report.keptPlain);
    const StoredBytes plain = encodeWhole(*request.format,
        {request.shape, DType::F32, request.params, Recipe::Fast, Arithmetic::Default}, request.weights);
    CHECK((outcome->stored == plain)); // in parentheses: bytes cannot be printed;
    CHECK(outcome->report.gainDb() <= 0);
}

TEST_CASE("a layer without a bias gets none", "[quantize]")
{
    const RandomLayer layer = randomLayer(64, 128, 12);
    LayerRequest request = requestFor(layer);
    request.format = findFormat("nvfp4");
    request.params = *request.format->resolve(request.shape, {}, Recipe::Fast);
    request.steps = stepsOf(RecipeLevel::Light, "nvfp4", request.params);
    CHECK(!quantizeLayer(request)->biasDelta.empty());
    request.hasBias = false;
    CHECK(quantizeLayer(request)->biasDelta.empty());
}

TEST_CASE("statistics that do not fit are refused with a sentence", "[quantize]")
{
    const RandomLayer layer = randomLayer(64, 128, 13);
    LayerRequest request = requestFor(layer);
    request.format = findFormat("nvfp4");
    request.params = *request.format->resolve(request.shape, {}, Recipe::Fast);
    request.steps = stepsOf(RecipeLevel::Balanced, "nvfp4", request.params);
    request.statistics.hessian = request.statistics.hessian.subspan(1);
    CHECK(quantizeLayer(request).error().code == ErrorCode::InvalidInput);
    request.statistics.hessian = {};
    CHECK(quantizeLayer(request).error().code == ErrorCode::Usage);
    std::vector<float> broken(128 * 128, std::numeric_limits<float>::quiet_NaN());
    request.statistics.hessian = broken;
    CHECK(quantizeLayer(request).error().code == ErrorCode::InvalidInput);
}

TEST_CASE("cancelling stops the work", "[quantize]")
{
    const RandomLayer layer = randomLayer(64, 128, 14);
    LayerRequest request = requestFor(layer);
    request.format = findFormat("nvfp4");
    request.params = *request.format->resolve(request.shape, {}, Recipe::Fast);
    request.steps = stepsOf(RecipeLevel::Balanced, "nvfp4", request.params);
    std::stop_source source;
    source.request_stop();
    request.job.stop = source.get_token();
    CHECK(quantizeLayer(request).error().code == ErrorCode::Cancelled);
}

TEST_CASE("layers that share their input give the same bytes with one factor", "[quantize]")
{
    const RandomLayer layer = randomLayer(64, 256, 16);
    LayerRequest request = requestFor(layer);
    SharedHessian shared;
    for (const auto id : {"nvfp4", "int8_tensorwise", "nvfp4"}) {
        request.format = findFormat(id);
        request.params = *request.format->resolve(request.shape, {}, Recipe::Fast);
        request.steps = stepsOf(RecipeLevel::Balanced, id, request.params);
        request.shared = nullptr;
        const auto alone = quantizeLayer(request);
        request.shared = &shared;
        const auto together = quantizeLayer(request);
        REQUIRE(alone);
        REQUIRE(together);
        CHECK((alone->stored == together->stored));
    }
}

TEST_CASE("what q, k and v gain from one factor", "[.][bench]")
{
    const c10::InferenceMode noGradients;
    at::set_num_threads(1);
    for (const std::int64_t width : {1024, 2048, 3072}) {
        const RandomLayer layer = randomLayer(width, width, 17);
        LayerRequest request = requestFor(layer);
        for (const std::string id : {"float8_e4m3fn", "nvfp4"}) {
            request.format = findFormat(id);
            request.params = *request.format->resolve(request.shape, {}, Recipe::Fast);
            request.steps = stepsOf(RecipeLevel::Balanced, id, request.params);
            double seconds[2];
            for (const bool shares : {false, true}) {
                SharedHessian shared;
                request.shared = shares ? &shared : nullptr;
                const CpuClock clock;
                for (int i = 0; i < 3; ++i)
                    REQUIRE(quantizeLayer(request));
                seconds[shares] = clock.elapsed().count();
            }
            WARN(fmt::format(
                "3 x [{}, {}] {}: {:.2f} s each with its own factor, {:.2f} s with one ({:.0f} %)", width,
                width, id, seconds[0], seconds[1], 100 * seconds[1] / seconds[0]));
        }
    }
}
