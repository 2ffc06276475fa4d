// SPDX-License-Identifier: GPL-3.0-or-later
// quality_bench FILE... : how much signal survives each format, recipe and method, through the engine's own
// code. See kHelp.
#include "engine/formats/stored_bytes.h"
#include "engine/torch/error_lora.h"
#include "engine/torch/layer_quantizer.h"
#include "engine/torch/prelude.h"
#include "kernels/kernel_set.h"
#include "tests/bench/quality_layers.h"
#include "tests/bench/quality_methods.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

using namespace mantissa;
using namespace mantissa::bench;

namespace {

constexpr const char* kHelp =
    R"(quality_bench FILE... [--format LABEL]... [--method NAME]... [--mean]

Quantizes the layers of safetensors files on one thread and prints one JSON line for each layer, format and
method, and one with the layer "mean" (means of decibels). A file holds, for each layer L:
  L.weight [out, in]   L.hessian [in, in] = E[x xT], not damped   L.mean, L.amax, L.meanabs [in]
  L.calib [tokens, in]: for smoothing and for the gate           L.test [tokens, in]: only measured on
Every layer counts as owning a bias of zeros.

  format              the format's id; int8_tensorwise is without rotation, int8_tensorwise+convrot with it
                      (what the program writes by default); int4: 4 bits with scale and offset for 64 columns
  method              a recipe (absmax fast light balanced best, all but the first two with the gate), or a
                      method (never gated; --help after --format LABEL lists them)
  weight_snr_db       10 log10(|W|^2 / |W' - W|^2)
  output_snr_db       the same of the outputs on L.test, activations exact
  output_snr_act_db   with activations rounded as the runtime does; null for formats that do not round them
  seconds_per_mparam  processor seconds for a million weights, from weights and statistics to stored bytes
  measured_on         "bytes": the stored bytes, decoded; "values": a method that the format may have no place for
  gate                recipes: "clever" or "plain", and gate_gain_db on the held-out tokens

--format, --method  only these; may be repeated          --mean  only the lines of means
)";

struct Options {
    std::vector<std::string> files, formats, methods;
    bool onlyMeans = false, help = false;
};

Options parse(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--help" || word == "-h")
            options.help = true;
        else if (word == "--mean")
            options.onlyMeans = true;
        else if (word == "--format" && i + 1 < argc)
            options.formats.emplace_back(argv[++i]);
        else if (word == "--method" && i + 1 < argc)
            options.methods.emplace_back(argv[++i]);
        else
            options.files.push_back(word);
    }
    return options;
}

bool wanted(const std::vector<std::string>& names, std::string_view name)
{
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

double secondsOfProcessor()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double snrDb(std::span<const float> exact, std::span<const float> other)
{
    double signal = 0, noise = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        const double value = static_cast<double>(exact[i]), error = static_cast<double>(other[i]) - value;
        signal += value * value;
        noise += error * error;
    }
    return 10.0 * std::log10(signal / std::max(noise, 1e-300));
}

struct Measured {
    double weightSnr = 0, outputSnr = 0, seconds = 0;
    std::optional<double> activationSnr, gateGain;
    bool fromBytes = false, keptPlain = false;
};

/// The weight that stands for the result as a whole, in the original basis.
std::vector<float> effectiveWeight(
    const QualityLayer& layer, std::vector<float> values, std::size_t rotation, const LayerOutcome& outcome)
{
    if (rotation != 0)
        kernels::activeKernels().rotate(values.data(), values.size(), rotation, kernels::Precision::F32);
    const auto cols = static_cast<std::size_t>(layer.shape.cols),
               rows = static_cast<std::size_t>(layer.shape.rows);
    const std::size_t rank = outcome.branchUp.size() / rows;
    for (std::size_t r = 0; r < rows; ++r) {
        const std::span<float> row(values.data() + r * cols, cols);
        for (std::size_t k = 0; k < rank; ++k)
            for (std::size_t c = 0; c < cols; ++c)
                row[c] += outcome.branchUp[r * rank + k] * outcome.branchDown[k * cols + c];
        for (std::size_t c = 0; c < cols && !outcome.inputFactors.empty(); ++c)
            row[c] /= outcome.inputFactors[c];
    }
    return values;
}

/// The other way round: what the runtime multiplies its divided inputs with beside the branch, from the
/// weight that a file holds.
std::vector<float> gridWeight(
    const QualityLayer& layer, std::vector<float> weight, const LayerOutcome& outcome)
{
    const auto cols = static_cast<std::size_t>(layer.shape.cols),
               rows = static_cast<std::size_t>(layer.shape.rows);
    const std::size_t rank = outcome.branchUp.size() / rows;
    for (std::size_t r = 0; r < rows; ++r) {
        const std::span<float> row(weight.data() + r * cols, cols);
        for (std::size_t c = 0; c < cols && !outcome.inputFactors.empty(); ++c)
            row[c] *= outcome.inputFactors[c];
        for (std::size_t k = 0; k < rank; ++k)
            for (std::size_t c = 0; c < cols; ++c)
                row[c] -= outcome.branchUp[r * rank + k] * outcome.branchDown[k * cols + c];
    }
    return weight;
}

Result<Measured> measure(const QualityLayer& layer, const BenchFormat& format, const BenchMethod& method)
{
    LayerRequest request;
    request.shape = layer.shape;
    request.weights = layer.weight;
    request.statistics = {.hessian = layer.hessian,
        .secondMoment = {},
        .mean = layer.mean,
        .absMax = layer.absMax,
        .meanAbs = layer.meanAbs,
        .heldOutTokens = layer.calibration};
    request.hasBias = true;
    request.gate = method.isRecipe;
    request.keepValues = !method.isRecipe;
    request.format = findFormat(format.id);
    if (request.format == nullptr)
        return fail(ErrorCode::Usage, "there is no format \"{}\"", format.id);
    auto params = request.format->resolve(layer.shape,
        method.isRecipe ? paramsFor(method.level, format.id, format.wanted) : format.wanted,
        method.name == "absmax" ? Recipe::Absmax : Recipe::Fast);
    if (!params)
        return forward(std::move(params));
    request.params = *params;
    auto grid = request.format->codeGrid(layer.shape, request.params);
    if (!grid)
        return forward(std::move(grid));
    request.activations = activationGridOf(format.id, request.params);
    request.steps = method.isRecipe ? stepsOf(method.level, format.id, request.params) : method.steps;

    const double before = secondsOfProcessor();
    auto outcome = quantizeLayer(request);
    if (!outcome)
        return forward(std::move(outcome));
    Measured result;
    result.seconds = secondsOfProcessor() - before;
    // Methods may find factors or a branch that the format has no place for; recipes do not.
    result.fromBytes = method.isRecipe;
    result.keptPlain = outcome->report.keptPlain;
    if (outcome->report.plainError)
        result.gateGain = outcome->report.gainDb();

    const std::size_t rotation = grid->spec().rotation;
    std::vector<float> values = std::move(outcome->values);
    if (result.fromBytes) {
        auto decoded = decodeWhole(*request.format, layer.shape, request.params, outcome->stored);
        if (!decoded)
            return forward(std::move(decoded));
        values = gridWeight(layer, std::move(*decoded), *outcome);
        if (rotation != 0)
            kernels::activeKernels().rotate(values.data(), values.size(), rotation, kernels::Precision::F32);
    }
    if (method.errorLoraRank > 0) { // rotated formats and those with factors have no such method
        auto lora = extractErrorLora(layer.shape, layer.weight, values, layer.hessian, method.errorLoraRank);
        if (!lora)
            return forward(std::move(lora));
        outcome->branchUp = std::move(lora->up);
        outcome->branchDown = std::move(lora->down);
    }
    LayerOutcome exact;
    const auto truth = runLayer(layer.shape, layer.weight, 0, exact, ActivationGrid::None, layer.test);
    const auto outputWith = [&](ActivationGrid activations) {
        return snrDb(truth, runLayer(layer.shape, values, rotation, *outcome, activations, layer.test));
    };
    result.outputSnr = outputWith(ActivationGrid::None);
    if (request.activations != ActivationGrid::None)
        result.activationSnr = outputWith(request.activations);
    result.weightSnr = snrDb(layer.weight, effectiveWeight(layer, values, rotation, *outcome));
    return result;
}

double rounded(double value)
{
    return std::round(value * 1000.0) / 1000.0;
}

void print(std::string_view layer, const BenchFormat& format, const BenchMethod& method,
    const Measured& result, double weights)
{
    nlohmann::ordered_json line;
    line["layer"] = layer;
    line["format"] = format.label;
    line["method"] = method.name;
    line["weight_snr_db"] = rounded(result.weightSnr);
    line["output_snr_db"] = rounded(result.outputSnr);
    line["output_snr_act_db"] = nullptr;
    if (result.activationSnr)
        line["output_snr_act_db"] = rounded(*result.activationSnr);
    line["seconds_per_mparam"] = rounded(result.seconds / weights * 1e6);
    line["measured_on"] = result.fromBytes ? "bytes" : "values";
    if (result.gateGain) {
        if (layer != "mean")
            line["gate"] = result.keptPlain ? "plain" : "clever";
        line["gate_gain_db"] = rounded(*result.gateGain);
    }
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

/// Layers that the format cannot store are left out, with a word about it.
Status runMethod(const std::vector<QualityLayer>& layers, const BenchFormat& format,
    const BenchMethod& method, const Options& options)
{
    Measured mean;
    double weights = 0, count = 0;
    for (const QualityLayer& layer : layers) {
        auto result = measure(layer, format, method);
        if (!result) {
            std::fprintf(stderr, "quality_bench: %s, %s, %s: %s\n", layer.name.c_str(),
                std::string(format.label).c_str(), std::string(method.name).c_str(),
                result.error().message.c_str());
            if (result.error().code != ErrorCode::Unsupported)
                return forward(std::move(result));
            continue;
        }
        const auto size = static_cast<double>(layer.weight.size());
        if (!options.onlyMeans)
            print(layer.name, format, method, *result, size);
        count += 1;
        weights += size;
        mean.seconds += result->seconds;
        mean.weightSnr += result->weightSnr;
        mean.outputSnr += result->outputSnr;
        mean.fromBytes = result->fromBytes;
        if (result->activationSnr)
            mean.activationSnr = mean.activationSnr.value_or(0) + *result->activationSnr;
        if (result->gateGain)
            mean.gateGain = mean.gateGain.value_or(0) + *result->gateGain;
    }
    if (count == 0)
        return {};
    mean.weightSnr /= count;
    mean.outputSnr /= count;
    if (mean.activationSnr)
        *mean.activationSnr /= count;
    if (mean.gateGain)
        *mean.gateGain /= count;
    print("mean", format, method, mean, weights);
    return {};
}

int run(const Options& options)
{
    at::set_num_threads(1);
    std::vector<QualityLayer> layers;
    for (const std::string& file : options.files) {
        auto read = readQualityFile(file);
        if (!read) {
            std::fprintf(stderr, "quality_bench: %s\n", read.error().message.c_str());
            return static_cast<int>(read.error().code);
        }
        std::move(read->begin(), read->end(), std::back_inserter(layers));
    }
    int status = 0;
    for (const BenchFormat& format : benchFormats()) {
        if (!wanted(options.formats, format.label))
            continue;
        for (const BenchMethod& method : methodsFor(format)) {
            if (!wanted(options.methods, method.name))
                continue;
            if (auto done = runMethod(layers, format, method, options); !done)
                status = static_cast<int>(done.error().code);
        }
    }
    return status;
}

} // namespace

int main(int argc, char** argv)
{
    const Options options = parse(argc, argv);
    if (options.help || options.files.empty()) {
        std::fputs(kHelp, stdout);
        for (const BenchFormat& format : benchFormats())
            if (wanted(options.formats, format.label) && options.help) {
                std::printf("\n%s\n", std::string(format.label).c_str());
                for (const BenchMethod& method : methodsFor(format))
                    std::printf(
                        "  %-16s %s\n", std::string(method.name).c_str(), std::string(method.what).c_str());
            }
        return options.help ? 0 : 2;
    }
    return run(options);
}
