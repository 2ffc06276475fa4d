// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the sample model, from the original, from exports, and from plans.
#include "engine/torch/prelude.h"

#include "engine/export/cast.h"
#include "engine/export/plan_export.h"
#include "engine/export/stored_layer.h"
#include "engine/image/png.h"
#include "engine/torch/failure.h"
#include "engine/torch/pipeline/activation_simulator.h"
#include "engine/torch/pipeline/image_pipeline.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

const char* const kSample = "resources/sample/tiny-sd.safetensors";

std::vector<std::string> prompts()
{
    std::ifstream file("resources/sample/prompts.txt");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

std::shared_ptr<const Model> openModelAt(const fs::path& path)
{
    return valueOf(detectModel(valueOf(openCheckpoint(path))));
}

std::unique_ptr<ImageGenerator> openSample(const fs::path& path, GeneratorOptions options = {})
{
    options.threads = 1;
    return valueOf(makeImagePipeline(openModelAt(path), options));
}

GenerationRequest request(const std::string& prompt, std::uint64_t seed = 1, int steps = 8)
{
    GenerationRequest wanted;
    wanted.prompt = prompt;
    wanted.seed = seed;
    wanted.steps = steps;
    return wanted;
}

Picture pictureOf(ImageGenerator& generator, const GenerationRequest& wanted)
{
    return valueOf(generator.generate(wanted, {}, {})).pictures.at(0);
}

double psnr(const Picture& a, const Picture& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i)
        sum += (double(a.rgb[i]) - b.rgb[i]) * (double(a.rgb[i]) - b.rgb[i]);
    return 10 * std::log10(255.0 * 255.0 / std::max(sum / double(a.rgb.size()), 1e-3));
}

void convert(const fs::path& out, const std::string& format)
{
    const auto model = openModelAt(kSample);
    WriteOptions options;
    options.overwrite = true;
    valueOf(exportPlan(defaultPlan(*model, {format, {}}), model, out, options, {}));
}

/// Q8_0 by its plain rule (spec/quant-formats 3.18), which other programs write.
std::string q8Blocks(const std::vector<float>& values)
{
    std::string out;
    for (std::size_t begin = 0; begin < values.size(); begin += 32) {
        float largest = 0;
        for (std::size_t i = 0; i < 32; ++i)
            largest = std::max(largest, std::abs(values[begin + i]));
        std::vector<std::byte> scale;
        std::vector<float> scratch;
        const float d = largest / 127;
        valueOf(castElements(DType::F32, std::as_bytes(std::span(&d, 1)), DType::F16, scale, scratch));
        out.append(reinterpret_cast<const char*>(scale.data()), scale.size());
        for (std::size_t i = 0; i < 32; ++i)
            out += static_cast<char>(d > 0 ? std::lround(values[begin + i] / d) : 0);
    }
    return out;
}

/// The sample with its matrices in Q8_0 and everything else in float32.
void writeGguf(const fs::path& path)
{
    const auto source = valueOf(openCheckpoint(kSample));
    GgufBytes file;
    for (const auto& [key, value] : source->info().metadata)
        file.entry(key, value);
    for (std::size_t i = 0; i < source->tensors().size(); ++i) {
        const TensorInfo& tensor = source->tensors()[i];
        std::vector<std::byte> raw(tensor.bytes);
        valueOf(source->read(i, 0, raw));
        std::vector<float> values(static_cast<std::size_t>(elementCount(tensor.shape).value_or(0)));
        valueOf(toFloats(tensor.dtype, raw, values));
        const bool blocks = tensor.shape.size() == 2 && tensor.shape[1] % 32 == 0;
        const std::string plain(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
        file.tensors.push_back({tensor.name, tensor.shape, blocks ? gguf::kQ8_0 : gguf::kF32,
            blocks ? q8Blocks(values) : plain, {}});
    }
    writeFile(path, file.bytes());
}

} // namespace

TEST_CASE("a GGUF file makes the picture of the values that it decodes to")
{
    const TempFolder folder;
    const fs::path gguf = folder / "sample.gguf", plain = folder / "plain.safetensors";
    writeGguf(gguf);
    REQUIRE(openModelAt(gguf)->quantization.scheme == "gguf");
    REQUIRE(
        runMantissa({"convert", gguf.string(), "-o", plain.string(), "--dtype", "float32"}).exitCode == 0);
    const GenerationRequest wanted = request(prompts().front());
    const Picture fromGguf = pictureOf(*openSample(gguf), wanted);
    CHECK(fromGguf.rgb == pictureOf(*openSample(plain), wanted).rgb);
    CHECK(psnr(fromGguf, pictureOf(*openSample(kSample), wanted)) > 30);

    // A plan that keeps everything shows what its export would hold: 16-bit floats.
    const auto model = openModelAt(gguf);
    const fs::path exported = folder / "exported.safetensors";
    WriteOptions options;
    valueOf(exportPlan(defaultPlan(*model, {"float8_e4m3fn", {}}), model, exported, options, {}));
    GeneratorOptions planned;
    planned.plan = std::make_shared<const QuantPlan>(defaultPlan(*model, {"float8_e4m3fn", {}}));
    CHECK(pictureOf(*openSample(gguf, planned), wanted).rgb == pictureOf(*openSample(exported), wanted).rgb);
}

TEST_CASE("exports make the pictures that their formats promise, without the original")
{
    const TempFolder folder;
    std::map<std::string, std::unique_ptr<ImageGenerator>> generators;
    for (const char* format : {"int8_tensorwise", "float8_e4m3fn", "mxfp8", "nvfp4"}) {
        const fs::path file = folder / (std::string(format) + ".safetensors");
        convert(file, format);
        // A copy of its own in a folder of its own: nothing else is beside it.
        fs::create_directories(folder / format);
        fs::rename(file, folder.path() / format / "model.safetensors");
        generators[format] = openSample(folder.path() / format / "model.safetensors");
    }
    const auto original = openSample(kSample);
    std::map<std::string, double> mean;
    for (const std::string& prompt : prompts()) {
        const Picture reference = pictureOf(*original, request(prompt));
        for (auto& [format, generator] : generators)
            mean[format]
                += psnr(pictureOf(*generator, request(prompt)), reference) / double(prompts().size());
    }
    CAPTURE(mean);
    CHECK(mean["int8_tensorwise"] > mean["float8_e4m3fn"]);
    CHECK(mean["int8_tensorwise"] > mean["mxfp8"]);
    CHECK(mean["float8_e4m3fn"] > mean["nvfp4"]);
    CHECK(mean["mxfp8"] > mean["nvfp4"]);
    CHECK(mean["nvfp4"] > 24.7); // two seeds of one prompt are as far apart
}

TEST_CASE("a plan in memory makes the pictures of its export")
{
    const TempFolder folder;
    const std::string prompt = prompts().front();
    for (const char* format : {"int8_tensorwise", "nvfp4", "float8_e4m3fn"}) {
        CAPTURE(format);
        const fs::path file = folder / "model.safetensors";
        convert(file, format);
        const auto exported = openSample(file);
        GeneratorOptions options;
        options.plan = std::make_shared<QuantPlan>(defaultPlan(*openModelAt(kSample), {format, {}}));
        const auto planned = openSample(kSample, options);
        CHECK(pictureOf(*exported, request(prompt)) == pictureOf(*planned, request(prompt)));
    }
}

TEST_CASE("a calibrated plan in memory makes the pictures of its export")
{
    const TempFolder folder;
    const std::string prompt = prompts().front(), statistics = (folder / "statistics.safetensors").string(),
                      list = (folder / "prompts.txt").string();
    std::ofstream(list) << prompts()[1] << '\n' << prompts()[2] << '\n';
    const ProcessResult calibrated = runMantissa(
        {"calibrate", "-i", kSample, "-o", statistics, "--prompts", list, "--steps", "3", "--threads", "1"});
    INFO(calibrated.err);
    REQUIRE(calibrated.exitCode == 0);
    const auto model = openModelAt(kSample);
    const ExportInputs inputs = valueOf(openStatisticsFor(statistics, *model, {}));
    const Picture original = pictureOf(*openSample(kSample), request(prompt));
    // Biases are corrected, inputs smoothed, and with another output type the kept layers change too.
    for (const auto& [format, recipe, dtype] : {std::tuple{"int8_tensorwise", "light", "keep"},
             {"nvfp4", "best", "keep"}, {"float8_e4m3fn", "balanced", "bfloat16"}}) {
        CAPTURE(format, recipe);
        QuantPlan plan = defaultPlan(*model, {format, {}});
        plan.recipe = recipe;
        plan.outputDtype = dtype;
        const fs::path file = folder / "model.safetensors";
        WriteOptions write;
        write.overwrite = true;
        valueOf(exportPlan(plan, model, file, write, {}, inputs));
        GeneratorOptions options;
        options.plan = std::make_shared<QuantPlan>(plan);
        CHECK(makeImagePipeline(model, options).error().code == ErrorCode::Usage); // no statistics
        options.statistics = inputs.statistics;
        const Picture exported = pictureOf(*openSample(file), request(prompt)),
                      planned = pictureOf(*openSample(kSample, options), request(prompt));
        CHECK(exported == planned);
        CHECK_FALSE(exported == original);
        QuantPlan plain = plan;
        plain.recipe = "fast";
        options.plan = std::make_shared<QuantPlan>(plain);
        CHECK_FALSE(pictureOf(*openSample(kSample, options), request(prompt)) == planned);
    }
    // With rounded inputs too: smoothed ones, and those beside a branch, made with data and without.
    for (const auto& [format, recipe] : {std::pair{"nvfp4", "best"}, {"svdquant_w4a4", "balanced"},
             {"svdquant_w4a4", "fast"}, {"asym_w4a8_int8", "light"}}) {
        CAPTURE(format, recipe);
        QuantPlan plan = defaultPlan(*model, {format, {}});
        plan.recipe = recipe;
        // INT8 layers of a file are multiplied in integers: no preset's, and none where the format does not
        // fit.
        plan.rules.clear();
        plan.fallback = {};
        const fs::path file = folder / "rounded.safetensors";
        WriteOptions write;
        write.overwrite = true;
        valueOf(exportPlan(plan, model, file, write, {}, inputs));
        GeneratorOptions options, exact;
        options.runtimeActivations = true;
        const Picture exported = pictureOf(*openSample(file, options), request(prompt));
        options.plan = exact.plan = std::make_shared<QuantPlan>(plan);
        options.statistics = exact.statistics = inputs.statistics;
        CHECK(pictureOf(*openSample(kSample, options), request(prompt)) == exported);
        CHECK_FALSE(pictureOf(*openSample(kSample, exact), request(prompt)) == exported);
    }
    // The command line's way there.
    const ProcessResult done
        = runMantissa({"generate", "-m", kSample, "-p", prompt, "-o", (folder / "a.png").string(), "--format",
            "nvfp4", "--calibration", statistics, "--steps", "2", "--runtime-activations"});
    INFO(done.err);
    CHECK(done.exitCode == 0);
    CHECK(runMantissa({"generate", "-m", kSample, "-p", prompt, "-o", (folder / "b.png").string(),
                          "--calibration", statistics})
              .exitCode
        == 2);
}

TEST_CASE("layers that a plan keeps as they are stored round their inputs as those of the file do")
{
    const TempFolder folder;
    const std::string prompt = prompts().front();
    const fs::path file = folder / "model.safetensors";
    const auto model = openModelAt(kSample);
    QuantPlan plan = defaultPlan(*model, {"nvfp4", {}});
    plan.rules.clear(); // INT8 layers of a file are multiplied in integers
    plan.fallback = {};
    valueOf(exportPlan(plan, model, file, {}, {}));
    GeneratorOptions options, exact;
    options.runtimeActivations = true;
    const Picture stored = pictureOf(*openSample(file, options), request(prompt));
    options.plan = exact.plan = std::make_shared<QuantPlan>(); // keeps everything
    CHECK(pictureOf(*openSample(file, options), request(prompt)) == stored);
    CHECK_FALSE(pictureOf(*openSample(file, exact), request(prompt)) == stored);
}

TEST_CASE(
    "inputs beside a branch are divided by the stored factors and rounded, and the branch sees them exactly")
{
    const c10::InferenceMode noGradients;
    const TempFolder folder;
    const std::string statistics = (folder / "statistics.safetensors").string(),
                      list = (folder / "prompts.txt").string(), file = (folder / "m.safetensors").string();
    std::ofstream(list) << prompts()[1] << '\n';
    REQUIRE(runMantissa({"calibrate", "-i", kSample, "-o", statistics, "--prompts", list, "--steps", "3",
                            "--threads", "1"})
                .exitCode
        == 0);
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", file, "--format", "svdquant_w4a4", "--calibration",
                            statistics})
                .exitCode
        == 0);
    const auto model = openModelAt(file);
    WeightStore weights(model, "", WeightOptions{});
    ActivationSimulator simulator(weights, "");
    CHECK(simulator.size() > 40);
    int smoothed = 0;
    for (const Layer& layer : model->layers) {
        if (!layer.stored || layer.stored->id != "svdquant_w4a4")
            continue;
        CAPTURE(layer.name);
        const auto stored
            = [&](const char* suffix) { return weights.readFloat(weights.find(layer.name + suffix)); };
        const at::Tensor factors = stored(".weight_smooth_factor"), down = stored(".weight_proj_down"),
                         up = stored(".weight_proj_up"), weight = stored(".weight");
        smoothed += (factors != 1).any().item<bool>() ? 1 : 0;
        // As the runtime computes: y = round(x / s) · Rᵀ + x · down · upᵀ, and W = R / s + up · downᵀ.
        const at::Tensor x = at::randn({7, layer.shape[1]}), residual = (weight - up.mm(down.t())) * factors;
        at::Tensor rounded = (x / factors).contiguous();
        roundActivations(ActivationGrid::Int4Group64,
            {rounded.data_ptr<float>(), static_cast<std::size_t>(rounded.numel())}, layer.shape[1]);
        const at::Tensor expected = rounded.mm(residual.t()) + x.mm(down).mm(up.t());
        const at::Tensor y = simulator.output(layer.name, at::linear(simulator.input(layer.name, x), weight));
        CHECK((y - expected).norm().item<double>() < 1e-4 * expected.norm().item<double>());
        CHECK((y - at::linear(x, weight)).norm().item<double>() > 1e-3 * expected.norm().item<double>());
    }
    CHECK(smoothed > 20);
}

TEST_CASE("a seed gives a picture")
{
    const auto generator = openSample(kSample);
    const std::string prompt = prompts()[1];
    const Picture picture = pictureOf(*generator, request(prompt));
    CHECK(pictureOf(*generator, request(prompt)) == picture);
    CHECK(!(pictureOf(*generator, request(prompt, 2)) == picture));
    GeneratorOptions little;
    little.memoryLimit = 1 << 20; // weights are read again at each step
    const auto streaming = openSample(kSample, little);
    CHECK(pictureOf(*streaming, request(prompt)) == picture);
    // Samplers that add noise draw it from the seed too.
    GenerationRequest ancestral = request(prompt);
    ancestral.sampler = "euler_ancestral";
    CHECK(pictureOf(*generator, ancestral) == pictureOf(*generator, ancestral));
}

TEST_CASE("a batch is one draw of the seed")
{
    const auto generator = openSample(kSample);
    GenerationRequest wanted = request(prompts()[2]);
    wanted.batch = 2;
    const auto result = generator->generate(wanted, {}, {});
    REQUIRE(result);
    REQUIRE(result->pictures.size() == 2);
    CHECK(!(result->pictures[0] == result->pictures[1]));
}

TEST_CASE("image to image stays near its start")
{
    const auto generator = openSample(kSample);
    const std::string prompt = prompts()[0];
    GenerationRequest wanted = request(prompt, 3);
    wanted.start = pictureOf(*generator, request(prompt));
    wanted.strength = 0.2;
    const Picture near = pictureOf(*generator, wanted);
    wanted.strength = 0.9;
    const Picture far = pictureOf(*generator, wanted);
    CHECK(psnr(near, wanted.start) > psnr(far, wanted.start) + 3);
}

TEST_CASE("weights of words change the picture")
{
    const auto generator = openSample(kSample);
    const Picture plain
        = pictureOf(*generator, request("a yellow star in the center on a purple background"));
    CHECK(
        pictureOf(*generator, request("a (yellow:1.0) star in the center on a purple background")) == plain);
    CHECK(!(
        pictureOf(*generator, request("a (yellow:1.4) star in the center on a purple background")) == plain));
}

TEST_CASE("previews come every so many steps, and a stopped run is cancelled")
{
    const auto generator = openSample(kSample);
    GenerationRequest wanted = request(prompts()[0]);
    wanted.previewEvery = 3;
    std::vector<int> steps;
    REQUIRE(generator->generate(wanted, {}, [&](int step, const Picture& picture) {
        steps.push_back(step);
        CHECK(picture.width == 64);
    }));
    CHECK(steps == std::vector<int>{3, 6});
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = generator->generate(wanted, JobContext{stop.get_token(), nullptr}, {});
    REQUIRE(!stopped);
    CHECK(stopped.error().code == ErrorCode::Cancelled);
}

TEST_CASE("what makes no sense is refused in a sentence")
{
    const auto generator = openSample(kSample);
    GenerationRequest wanted = request("x");
    wanted.width = 65;
    wanted.height = 64;
    CHECK(generator->resolve(wanted).error().code == ErrorCode::Usage);
    wanted = request("x");
    wanted.sampler = "no_such";
    CHECK(generator->resolve(wanted).error().code == ErrorCode::Usage);
    const auto vae = makeImagePipeline(openModelAt("tests/golden/arch/vae_kl4.safetensors"), {});
    REQUIRE(!vae);
    CHECK(vae.error().code == ErrorCode::Unsupported);
    GeneratorOptions cuda;
    cuda.device = "tpu";
    CHECK(makeImagePipeline(openModelAt(kSample), cuda).error().code == ErrorCode::Usage);
}

TEST_CASE("the command line makes a picture and says how")
{
    const TempFolder folder;
    const std::string out = (folder / "a.png").string();
    const std::vector<std::string> command{"generate", "-m", kSample, "-p",
        "a red circle on a white background", "-o", out, "--seed", "7", "--steps", "4", "--negative", "blue",
        "--json"};
    const ProcessResult result = runMantissa(command);
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    const auto document = nlohmann::json::parse(result.out);
    CHECK(document.at("file") == out);
    CHECK(document.at("seed") == 7);
    CHECK(document.at("seconds_per_step").get<double>() > 0);
    CHECK(document.at("peak_bytes").get<double>() > 1e6);
    const auto png = readPng(out);
    REQUIRE(png);
    CHECK(png->picture.width == 64);
    REQUIRE(!png->texts.empty());
    CHECK(png->texts[0].first == "parameters");
    CHECK(png->texts[0].second
        == "a red circle on a white background\nNegative prompt: blue\nSteps: 4, Sampler: DPM++ 2M, Schedule "
           "type: Karras, "
           "CFG scale: 3, Seed: 7, Size: 64x64, Model: tiny-sd, Version: Mantissa");
    CHECK(runMantissa(command).exitCode == 2); // the picture is there already
    CHECK(runMantissa({"generate", "-m", "README.md", "-p", "x", "-o", (folder / "b.png").string()}).exitCode
        == 3);
    CHECK(
        runMantissa({"generate", "-m", kSample, "-p", "x", "-o", (folder / "b.png").string(), "--size", "63"})
            .exitCode
        == 2);
    const ProcessResult batch = runMantissa({"generate", "-m", kSample, "-p", "x", "-o",
        (folder / "c.png").string(), "--batch", "2", "--steps", "2", "--format", "nvfp4"});
    CHECK(batch.exitCode == 0);
    CHECK(fs::exists(folder / "c-1.png"));
    CHECK(fs::exists(folder / "c-2.png"));
}

TEST_CASE("activations as the runtime rounds them cost more, in the order of the formats")
{
    const TempFolder folder;
    auto original = openSample(kSample);
    const auto lines = prompts();
    std::map<std::string, double> exact, rounded;
    for (const std::string format : {"int8_tensorwise", "float8_e4m3fn", "nvfp4"}) {
        const fs::path file = folder / (format + ".safetensors");
        convert(file, format);
        GeneratorOptions runtime;
        runtime.runtimeActivations = true;
        auto plain = openSample(file), simulated = openSample(file, runtime);
        for (std::size_t i = 0; i < 4; ++i) {
            const Picture reference = pictureOf(*original, request(lines[i]));
            exact[format] += psnr(reference, pictureOf(*plain, request(lines[i]))) / 4;
            rounded[format] += psnr(reference, pictureOf(*simulated, request(lines[i]))) / 4;
        }
        CAPTURE(format, exact[format], rounded[format]);
        CHECK(rounded[format] < exact[format]);
    }
    CHECK(rounded["int8_tensorwise"] > rounded["float8_e4m3fn"]);
    CHECK(rounded["float8_e4m3fn"] > rounded["nvfp4"]);

    // A plan in memory rounds as its export does, but for INT8 layers, whose products a file sums in
    // integers.
    GeneratorOptions planned;
    planned.runtimeActivations = true;
    planned.plan = std::make_shared<QuantPlan>(defaultPlan(*openModelAt(kSample), {"float8_e4m3fn", {}}));
    GeneratorOptions runtime;
    runtime.runtimeActivations = true;
    auto fromPlan = openSample(kSample, planned),
         fromFile = openSample(folder / "float8_e4m3fn.safetensors", runtime);
    CHECK(pictureOf(*fromPlan, request(lines[0])).rgb == pictureOf(*fromFile, request(lines[0])).rgb);
}
