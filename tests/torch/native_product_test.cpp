// SPDX-License-Identifier: GPL-3.0-or-later
// Layers multiplied as they are stored give what rounding their inputs and multiplying in floating point
// gives.
#include "engine/torch/prelude.h"

#include "engine/export/plan_export.h"
#include "engine/formats/activation_grid.h"
#include "engine/torch/failure.h"
#include "engine/torch/models/network.h"
#include "engine/torch/nn/native_product.h"
#include "engine/torch/pipeline/activation_simulator.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

/// The largest difference, relative to the size of `expected`.
double difference(const at::Tensor& value, const at::Tensor& expected)
{
    return (value - expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

/// The diffusion network of the sample, stored in this format.
Network openExport(const fs::path& folder, const Choice& choice)
{
    const fs::path file = folder / "export.safetensors";
    const auto original
        = valueOf(detectModel(valueOf(openCheckpoint("resources/sample/tiny-sd.safetensors"))));
    WriteOptions options;
    options.overwrite = true;
    valueOf(exportPlan(defaultPlan(*original, choice), original, file, options, {}));
    return openNetwork(valueOf(detectModel(valueOf(openCheckpoint(file)))), 0, WeightOptions{});
}

std::size_t countNative(const WeightStore& weights)
{
    std::size_t count = 0;
    for (const auto& [name, id] : weights.names())
        count += weights.isNative(id) ? 1 : 0;
    return count;
}

} // namespace

TEST_CASE("a product in FP8 is that of the rounded input")
{
    const c10::InferenceMode noGradients;
    at::manual_seed(3);
    const at::Tensor x = at::randn({2, 5, 48}) * 3;
    nn::Float8Weight weight{at::randn({32, 48}).to(at::kFloat8_e4m3fn), at::full({}, 0.25f), {}};
    const at::Tensor bias = at::randn({32});
    const float stored = GENERATE(0.0f, 0.004f); // the second cuts what is above 1.8
    if (stored > 0)
        weight.inputScale = at::full({}, stored);
    at::Tensor rounded = x.clone();
    roundActivations(ActivationGrid::Fp8Tensor,
        {rounded.data_ptr<float>(), static_cast<std::size_t>(rounded.numel())}, 48, stored);
    const at::Tensor expected = at::linear(rounded, weight.codes.to(at::kFloat) * 0.25, bias);
    CHECK(difference(nn::float8Linear(x, weight, bias), expected) < 1e-5);
    CHECK(difference(nn::float8Linear(x, weight, {}), expected - bias) < 1e-5);
    CHECK(
        difference(nn::float8Linear(x, weight, bias), at::linear(x, weight.codes.to(at::kFloat) * 0.25, bias))
        > 1e-3);
    // In 16 bits, up to their rounding.
    const at::Tensor half = nn::float8Linear(x.to(at::kBFloat16), weight, bias.to(at::kBFloat16));
    CHECK(half.scalar_type() == at::kBFloat16);
    CHECK(difference(half.to(at::kFloat), expected) < 0.02);
    // An input of zeros gives the bias.
    CHECK(nn::float8Linear(at::zeros({3, 48}), weight, bias).equal(bias.expand({3, 32})));
    CHECK(nn::multipliesFloat8(at::kCPU));
}

TEST_CASE("a network of native products predicts what the simulator predicts")
{
    const c10::InferenceMode noGradients;
    const TempFolder folder;
    const std::string format = GENERATE("float8_e4m3fn", "int8_tensorwise");
    Network network = openExport(folder.path(), {format, {}});
    at::manual_seed(5);
    DenoiserInput input;
    input.x = at::randn({1, 4, 8, 8});
    input.timestep = at::full({1}, 500.0f);
    input.context = at::randn({1, 77,
        network.context->weights.shape(
            network.context->weights.find("input_blocks.3.1.transformer_blocks.0.attn2.to_k.weight"))[1]});
    WeightStore& weights = network.context->weights;
    const std::string& prefix = weights.model().components[0].prefix;
    const auto predict = [&] {
        ActivationSimulator simulator(weights, prefix);
        network.context->observer = &simulator;
        const at::Tensor out = network.denoiser->forward(input);
        network.context->observer = nullptr;
        return std::pair(out, simulator.size());
    };
    const at::Tensor plain = network.denoiser->forward(input);
    CHECK(countNative(weights) == 0);
    const auto [simulated, roundedLayers] = predict();
    weights.multiplyNatively({.int8 = true, .float8 = true});
    const std::size_t native = countNative(weights);
    const auto [multiplied, stillRounded] = predict();
    CAPTURE(format, native, roundedLayers, stillRounded);
    CHECK(native > 10);
    CHECK(stillRounded == roundedLayers - native);
    // The same roundings; sums differ in the last bits, and seldom move an input to the next code.
    CHECK(difference(multiplied, simulated) < 0.1 * difference(simulated, plain));
    CHECK(difference(simulated, plain) > 1e-3);
}

TEST_CASE("what runtimes multiply in 16 bits is not native")
{
    const TempFolder folder;
    FormatParams params;
    params.fullPrecisionMatrixMult = true;
    Network network = openExport(folder.path(), {"float8_e4m3fn", params});
    network.context->weights.multiplyNatively({.int8 = true, .float8 = true});
    CHECK(countNative(network.context->weights) == 0);
}
