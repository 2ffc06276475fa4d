// SPDX-License-Identifier: GPL-3.0-or-later
// quantize with the statistics of a calibration run, through the command line: files get better where they
// should, and are what loaders read.
#include "engine/torch/prelude.h"

#include "engine/calibration/statistics_file.h"
#include "engine/export/calibrated_layer.h"
#include "engine/export/shared_inputs.h"
#include "engine/export/source_hasher.h"
#include "engine/export/stored_layer.h"
#include "engine/torch/failure.h"
#include "engine/torch/weight_store.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";

std::vector<std::string> samplePrompts()
{
    std::ifstream file("resources/sample/prompts.txt");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

/// Statistics of the sample: one run on its first prompts, and one on others, to judge by.
struct Runs {
    TempFolder folder;
    std::string prompts = (folder / "prompts.txt").string(), calibration = (folder / "a").string(),
                judge = (folder / "b").string();

    Runs()
    {
        const auto lines = samplePrompts();
        run(prompts, calibration, {lines.begin(), lines.begin() + 6});
        run((folder / "others.txt").string(), judge, {lines.begin() + 6, lines.end()});
    }

private:
    static void run(const std::string& file, const std::string& out, const std::vector<std::string>& lines)
    {
        std::ofstream text(file);
        for (const std::string& line : lines)
            text << line << '\n';
        text.close();
        const ProcessResult done = runMantissa(
            {"calibrate", "-i", kSample, "-o", out, "--prompts", file, "--steps", "4", "--threads", "1"});
        INFO(done.err);
        REQUIRE(done.exitCode == 0);
    }
};

const Runs& runs()
{
    static const Runs made;
    return made;
}

std::string quantized(const std::string& format, const std::string& recipe, const fs::path& out,
    std::vector<std::string> more = {}, json* report = nullptr)
{
    std::vector<std::string> arguments{"quantize", "-i", kSample, "-o", out.string(), "--format", format,
        "--recipe", recipe, "--json", "--overwrite"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProcessResult done = runMantissa(arguments);
    INFO(format << " " << recipe << ": " << done.err);
    REQUIRE(done.exitCode == 0);
    if (report)
        *report = json::parse(done.out);
    return out.string();
}

at::Tensor weightOf(const Model& model, const Layer& layer)
{
    std::unique_ptr<LayerDecoder> decoder;
    if (layer.stored)
        decoder = valueOf(openStoredLayer(model, layer));
    const at::Tensor weight = at::empty({layer.shape[0], layer.shape[1]}, at::kFloat);
    valueOf(readLayerRows(model, layer, decoder.get(), 0, layer.shape[0],
        {weight.data_ptr<float>(), static_cast<std::size_t>(weight.numel())}));
    return weight.to(at::kDouble);
}

/// Mean over the quantized layers of E‖Δw·x‖² / E‖w·x‖² for the inputs of the judging run.
double outputError(const std::string& file)
{
    const auto original = valueOf(detectModel(valueOf(openCheckpoint(kSample))));
    const auto exported = valueOf(detectModel(valueOf(openCheckpoint(file))));
    const auto statistics = valueOf(StatisticsFile::open(runs().judge));
    double sum = 0;
    int layers = 0;
    for (std::size_t i = 0; i < exported->layers.size(); ++i) {
        const Layer& layer = exported->layers[i];
        if (!layer.stored || !statistics->has(layer.name))
            continue;
        const auto same = std::find_if(original->layers.begin(), original->layers.end(),
            [&](const Layer& other) { return other.name == layer.name; });
        REQUIRE(same != original->layers.end());
        const LayerStatistics known = valueOf(statistics->layer(layer.name));
        const auto n = static_cast<std::int64_t>(known.channels);
        const at::Tensor h
            = at::from_blob(const_cast<float*>(known.hessian.data()), {n, n}, at::kFloat).to(at::kDouble);
        const at::Tensor w = weightOf(*original, *same), e = weightOf(*exported, layer) - w;
        sum += ((e.mm(h) * e).sum() / (w.mm(h) * w).sum()).item<double>();
        ++layers;
    }
    REQUIRE(layers > 40);
    return sum / layers;
}

} // namespace

TEST_CASE("calibrated recipes lower the error at the layers' outputs, on inputs they have not seen")
{
    const c10::InferenceMode noGradients;
    const TempFolder folder;
    for (const std::string format : {"nvfp4", "int8_tensorwise", "float8_e4m3fn", "mxfp8", "asym_w4a8_int8",
             "convrot_w4a4", "int4", "nf4", "svdquant_w4a4", "awq_w4a16"}) {
        CAPTURE(format);
        const double fast = outputError(quantized(format, "fast", folder / "fast"));
        for (const std::string recipe : {"balanced", "best"}) {
            json report;
            const std::string out
                = quantized(format, recipe, folder / recipe, {"--calibration", runs().calibration}, &report);
            const double error = outputError(out);
            CAPTURE(recipe, fast, error);
            if (format == "nf4") // a third of the sample's layers have rows that are no whole blocks
                CHECK(error < fast);
            else
                CHECK(error < fast * 0.9);
            int gained = 0, plain = 0;
            for (const json& layer : report["layers"]) {
                gained += layer.contains("output_gain_db") ? 1 : 0;
                plain += layer.contains("kept") ? 1 : 0;
                if (layer.contains("kept"))
                    CHECK(layer["output_gain_db"].get<double>() <= 0.0);
            }
            CHECK(gained > (format == "nf4" ? 20 : 40));
            CHECK(plain * 4 < gained);
            CHECK(runMantissa({"verify", out}).exitCode == 0);
        }
    }
}

TEST_CASE("light corrects biases by the real means of the inputs")
{
    const TempFolder folder;
    const std::string fast = quantized("nvfp4", "fast", folder / "fast"),
                      light
        = quantized("nvfp4", "light", folder / "light", {"--calibration", runs().calibration});
    const auto statistics = valueOf(StatisticsFile::open(runs().judge));
    const auto original = valueOf(detectModel(valueOf(openCheckpoint(kSample))));
    // Of each export, how far the mean output is from the original's: Δw·E[x] + Δb, over all layers with a
    // bias.
    const auto shift = [&](const std::string& file) {
        const c10::InferenceMode noGradients;
        const auto exported = valueOf(detectModel(valueOf(openCheckpoint(file))));
        WeightStore ours(exported, "", WeightOptions{}), theirs(original, "", WeightOptions{});
        double sum = 0;
        for (const Layer& layer : exported->layers) {
            if (!layer.stored || layer.bias < 0 || !statistics->has(layer.name))
                continue;
            const LayerStatistics known = valueOf(statistics->layer(layer.name, MomentDetail::None));
            const at::Tensor mean = at::tensor(known.mean);
            const auto outputOf = [&](WeightStore& store) {
                return at::mv(store.readFloat(store.find(layer.name + ".weight")), mean)
                    + store.readFloat(store.find(layer.name + ".bias"));
            };
            sum += (outputOf(ours) - outputOf(theirs)).square().sum().item<double>();
        }
        return sum;
    };
    CHECK(shift(light) < 0.5 * shift(fast));
    CHECK(runMantissa({"verify", light}).exitCode == 0);
}

TEST_CASE("a calibrated conversion is repeatable, says what it used, and refuses what does not fit")
{
    const TempFolder folder;
    const std::vector<std::string> with{"--calibration", runs().calibration};
    const std::string once = quantized("nvfp4", "balanced", folder / "once", with),
                      twice = quantized("nvfp4", "balanced", folder / "twice", with);
    CHECK(readFile(once) == readFile(twice));
    const json inspected = json::parse(runMantissa({"inspect", once, "--json"}).out);
    const json provenance = json::parse(inspected["metadata"]["mantissa"].get<std::string>());
    CHECK(provenance["plan"]["recipe"] == "balanced");
    // The statistics' check has hashed the model already; the export says the same of it.
    const auto original = valueOf(detectModel(valueOf(openCheckpoint(kSample))));
    CHECK(provenance["source"]["xxh3_128"] == valueOf(hashSource(original->source->info())));
    CHECK(
        provenance["plan"]["statistics"] == valueOf(StatisticsFile::open(runs().calibration))->fingerprint());

    // Statistics without a recipe mean balanced.
    const std::string out = (folder / "out").string();
    const ProcessResult usual = runMantissa(
        {"quantize", "-i", kSample, "-o", out, "--format", "nvfp4", "--calibration", runs().calibration});
    CHECK(usual.exitCode == 0);
    CHECK(readFile(out) == readFile(once));

    const ProcessResult none = runMantissa({"quantize", "-i", kSample, "-o", (folder / "none").string(),
        "--format", "nvfp4", "--recipe", "best"});
    CHECK(none.exitCode == 2);
    CHECK_THAT(none.err, Catch::Contains("--calibration"));
    // Another model's: the export is another file than the sample.
    const ProcessResult other = runMantissa({"quantize", "-i", once, "-o", (folder / "other").string(),
        "--format", "nvfp4", "--recipe", "balanced", "--calibration", runs().calibration});
    CHECK(other.exitCode == 3);
    CHECK_FALSE(fs::exists(folder / "other"));
}

TEST_CASE("layers with one input share its statistics and its factor, and get the bytes that they get alone")
{
    const auto model = valueOf(detectModel(valueOf(openCheckpoint(kSample))));
    const auto statistics = valueOf(StatisticsFile::open(runs().calibration));
    SharedInputs shared(statistics, RecipeLevel::Balanced), alone(statistics, RecipeLevel::Balanced, 0);
    std::size_t together = 0, single = 0;
    std::vector<std::string> first;
    for (const auto& [name, input] : statistics->layers()) {
        const auto layers = statistics->layersWithInputOf(name);
        if (layers.front() != name || valueOf(statistics->input(input)).hasMoment == false)
            continue;
        if (layers.size() < 2) {
            CHECK(valueOf(shared.of(name))->factor == nullptr);
            ++single;
            continue;
        }
        ++together;
        if (first.empty())
            first.assign(layers.begin(), layers.end());
    }
    CHECK(single > 0);
    REQUIRE(together > 4); // q, k and v of each self attention; k and v of all cross attentions

    const auto kept = valueOf(shared.of(first[0]));
    CHECK(kept->factor != nullptr);
    for (std::size_t i = 1; i < first.size(); ++i)
        CHECK(valueOf(shared.of(first[i])) == kept);
    CHECK(valueOf(shared.of(first[0])) != kept); // dropped when all had it
    const auto own = valueOf(alone.of(first[0]));
    CHECK(own->factor == nullptr); // there is no room
    CHECK(valueOf(alone.of(first[1])) != own);
    CHECK(own->known.hessian == kept->known.hessian);
    SharedInputs light(statistics, RecipeLevel::Light);
    CHECK(valueOf(light.of(first[0]))->known.hessian.empty());
    CHECK(valueOf(light.of(first[0]))->known.secondMoment.size() == own->known.channels);
    // Room for one input: the next one takes it.
    const std::uint64_t one = (3 * own->known.hessian.size() + own->known.heldOut.size()) * sizeof(float);
    SharedInputs narrow(statistics, RecipeLevel::Balanced, one);
    const auto before = valueOf(narrow.of(first[0]));
    CHECK(valueOf(narrow.of(first[1])) == before);

    const auto sharedAgain = std::make_shared<SharedInputs>(statistics, RecipeLevel::Balanced);
    const auto noneShared = std::make_shared<SharedInputs>(statistics, RecipeLevel::Balanced, 0);
    for (const Layer& layer : model->layers) {
        if (std::find(first.begin(), first.end(), layer.name) == first.end())
            continue;
        CAPTURE(layer.name);
        std::vector<float> rows(static_cast<std::size_t>(layer.shape[0] * layer.shape[1]));
        valueOf(readLayerRows(*model, layer, nullptr, 0, layer.shape[0], rows));
        Choice choice;
        choice.format = "nvfp4";
        choice.params
            = valueOf(findFormat("nvfp4")->resolve({layer.shape[0], layer.shape[1]}, {}, Recipe::Fast));
        const auto bytesWith = [&](const std::shared_ptr<SharedInputs>& inputs) {
            return valueOf(calibratedQuantizer(
                               *model, layer, choice, RecipeLevel::Balanced, inputs, DType::F32)(rows, {}))
                .tensors;
        };
        CHECK((bytesWith(sharedAgain) == bytesWith(noneShared)));
    }
}

TEST_CASE("quantize --prompts calibrates first, and keeps the statistics for the next time")
{
    const TempFolder folder;
    const std::string out = (folder / "out.safetensors").string();
    const std::vector<std::string> command{"quantize", "-i", kSample, "-o", out, "--format", "nvfp4",
        "--prompts", runs().prompts, "--overwrite"};
    const ProcessResult first = runMantissa(command);
    INFO(first.err);
    REQUIRE(first.exitCode == 0);
    CHECK(fs::exists(folder / "out.statistics.safetensors"));
    CHECK_THAT(first.out, Catch::Contains("better than without data"));
    const std::string bytes = readFile(out);
    const ProcessResult second = runMantissa(command);
    REQUIRE(second.exitCode == 0);
    CHECK_THAT(second.err, Catch::Contains("using the statistics in"));
    CHECK(readFile(out) == bytes);
}
