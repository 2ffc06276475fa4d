// SPDX-License-Identifier: GPL-3.0-or-later
// Measured errors against plain formulas; the table's file; harms; plans of a size.
#include "engine/sensitivity/sensitivity.h"

#include "engine/compat/vram.h"
#include "engine/export/plan_export.h"
#include "engine/export/planned_layer.h"
#include "engine/sensitivity/budget_plan.h"
#include "engine/sensitivity/output_error.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>
#include <random>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

/// A network of no known family: every matrix is a Linear layer.
std::shared_ptr<const Model> tinyModel(const fs::path& path, int layers = 4)
{
    std::vector<TinyTensor> tensors;
    for (int i = 0; i < layers; ++i) {
        const std::string name = "blocks." + std::to_string(i) + ".linear";
        tensors.push_back(tinyRandom(name + ".weight", {64 + 64 * (i % 3), 128}, unsigned(i) + 1));
        tensors.push_back(tinyRandom(name + ".bias", {64 + 64 * (i % 3)}, unsigned(i) + 100));
    }
    writeTiny(path, tensors);
    auto source = openCheckpoint(path);
    REQUIRE(source);
    auto model = detectModel(std::move(*source));
    REQUIRE(model);
    return *model;
}

std::vector<float> randomValues(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return values;
}

/// Statistics of `tokens` held-out tokens a layer, each layer an input of its own, and H of other tokens.
fs::path tinyStatistics(const fs::path& path, const Model& model, std::size_t tokens)
{
    std::vector<InputStatistics> inputs;
    std::vector<std::vector<float>> moments;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer& layer = model.layers[i];
        if (layer.kind != LayerKind::Linear)
            continue;
        const auto channels = static_cast<std::size_t>(layer.shape[1]);
        InputStatistics input(channels);
        input.name = layer.name;
        input.layers = {layer.name};
        const std::vector<float> rows = randomValues(tokens * channels, unsigned(i) + 1000);
        input.add(rows.data(), tokens, 3);
        for (std::size_t t = 0; t < tokens; ++t)
            input.heldOut.add(t, std::span(rows).subspan(t * channels, channels));
        input.hasMoment = true;
        input.momentTokens = tokens;
        std::vector<float> sum(channels * channels, 0);
        for (std::size_t t = 0; t < tokens; ++t)
            for (std::size_t a = 0; a < channels; ++a)
                for (std::size_t b = 0; b < channels; ++b)
                    sum[a * channels + b] += rows[t * channels + a] * rows[t * channels + b];
        inputs.push_back(std::move(input));
        moments.push_back(std::move(sum));
    }
    std::vector<const InputStatistics*> pointers;
    for (const InputStatistics& input : inputs)
        pointers.push_back(&input);
    StatisticsHeader header;
    header.modelHash = "0123456789abcdef0123456789abcdef";
    header.architecture = "unknown";
    header.components = {"diffusion_model"};
    header.sampler = "euler";
    header.scheduler = "normal";
    header.steps = 4;
    header.prompts = {{"a", 0, 64, 64}};
    REQUIRE(writeStatistics(path, false, header, pointers,
        [&](std::size_t input, std::size_t firstRow, std::span<float> dst) -> Status {
            std::copy_n(moments[input].begin() + std::ptrdiff_t(firstRow * inputs[input].channels),
                dst.size(), dst.begin());
            return {};
        }));
    return path;
}

SensitivityTable candidates(const Model& model)
{
    auto table = sensitivityCandidates(defaultPlan(model, {"nvfp4", {}}), model, defaultBudgetFormats());
    REQUIRE(table);
    REQUIRE(!table->layers.empty());
    return std::move(*table);
}

/// ‖X(Ŵ − W)ᵀ‖² / ‖XWᵀ‖² in double, from what an export would hold.
double plainOutputError(
    const Model& model, const Layer& layer, const Choice& choice, std::span<const float> tokens)
{
    const auto channels = static_cast<std::size_t>(layer.shape[1]);
    double signal = 0, noise = 0;
    REQUIRE(runPlannedLayer(model, layer, choice, Recipe::Fast, {},
        [&](std::int64_t, std::span<const float> source, std::span<const float> planned) {
            for (std::size_t row = 0; row < source.size() / channels; ++row)
                for (std::size_t t = 0; t < tokens.size() / channels; ++t) {
                    double y = 0, change = 0;
                    for (std::size_t c = 0; c < channels; ++c) {
                        const double x = tokens[t * channels + c], w = source[row * channels + c];
                        y += x * w;
                        change += x * (double(planned[row * channels + c]) - w);
                    }
                    signal += y * y;
                    noise += change * change;
                }
        }));
    return noise / signal;
}

} // namespace

TEST_CASE("output errors are those of the plain formula, from tokens and from moments")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "m.safetensors");
    // Fewer tokens than channels: they are multiplied. As many: the matrix is.
    for (const std::size_t tokens : {20U, 128U}) {
        CAPTURE(tokens);
        const auto file
            = StatisticsFile::open(tinyStatistics(folder / std::to_string(tokens), *model, tokens));
        CAPTURE(file ? std::string() : std::string(file.error().message));
        REQUIRE(file);
        SensitivityTable table = candidates(*model);
        REQUIRE(measureErrors(table, *model, {file->get(), 2, {}}, {}));
        CHECK(measureOf(table) == HarmMeasure::OutputError);
        for (const LayerSensitivity& layer : table.layers) {
            CAPTURE(layer.name);
            CHECK(layer.evidence == (tokens < 128 ? InputEvidence::HeldOut : InputEvidence::Moments));
            const std::vector<float> rows = randomValues(tokens * 128, unsigned(layer.layer) + 1000);
            for (const ChoiceSensitivity& choice : layer.choices) {
                REQUIRE(choice.outputError);
                if (choice.choice.keeps()) {
                    CHECK(*choice.outputError == 0);
                    continue;
                }
                CAPTURE(describe(choice.choice));
                CHECK(*choice.outputError
                    == Approx(plainOutputError(*model, model->layers[layer.layer], choice.choice, rows))
                           .epsilon(1e-3));
                CHECK(*choice.weightError == Approx(*choice.outputError).epsilon(0.3));
            }
        }
    }
}

TEST_CASE("candidates are what rules and guards leave")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "m.safetensors");
    const SensitivityTable all = candidates(*model);
    for (const LayerSensitivity& layer : all.layers) {
        CHECK(layer.choices.back().choice.keeps());
        CHECK(std::is_sorted(layer.choices.begin(), layer.choices.end(),
            [](const auto& a, const auto& b) { return a.bytes < b.bytes; }));
        CHECK(layer.choices.size() == defaultBudgetFormats().size() + 1);
    }
    QuantPlan plan = defaultPlan(*model, {"nvfp4", {}});
    plan.rules.push_back({"blocks\\.1\\.", {}, "--keep", {}});
    plan.overrides["blocks.2.linear"] = {"float8_e4m3fn", {}};
    const auto some = sensitivityCandidates(plan, *model, defaultBudgetFormats());
    REQUIRE(some);
    CHECK(some->layers.size() + 2 == all.layers.size());
    CHECK(std::none_of(some->layers.begin(), some->layers.end(), [](const LayerSensitivity& layer) {
        return layer.name == "blocks.1.linear" || layer.name == "blocks.2.linear";
    }));
    CHECK(sensitivityCandidates(plan, *model, {}).error().code == ErrorCode::Usage);
    CHECK(sensitivityCandidates(plan, *model, {{"no_such", {}}}).error().code == ErrorCode::Usage);
    CHECK(sensitivityCandidates(plan, *model, {{"nf4", {}}, {"nvfp4", {}}}).error().code == ErrorCode::Usage);
    CHECK(sensitivityCandidates(plan, *model, {{"nf4", {}}}));
}

TEST_CASE("a table comes back from its file and is used again for the same model only")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "m.safetensors");
    const auto file = StatisticsFile::open(tinyStatistics(folder / "s", *model, 20));
    REQUIRE(file);
    SensitivityTable table = candidates(*model);
    table.modelHash = "abc";
    table.probe = {4, 1, {"a \"cat\""}};
    int saves = 0;
    REQUIRE(measureErrors(table, *model, {file->get(), 1, [&](const SensitivityTable&) { ++saves; }}, {}));
    CHECK(saves >= 1);
    table.layers[0].probe = LayerProbe{describe(table.layers[0].smallest()->choice), 0.25};
    const auto read = parseSensitivity(toJson(table), *model);
    REQUIRE(read);
    CHECK(toJson(*read) == toJson(table));
    SensitivityTable again = candidates(*model);
    again.modelHash = "abc";
    again.probe = table.probe;
    reuseMeasurements(again, *read);
    CHECK(toJson(again) == toJson(table));
    SensitivityTable other = candidates(*model);
    other.modelHash = "abd";
    reuseMeasurements(other, *read);
    CHECK(!other.layers[0].choices[0].weightError);
    again.probe.calls = 5;
    again.layers[0].probe.reset();
    reuseMeasurements(again, *read);
    CHECK(!again.layers[0].probe);
    for (const char* wrong :
        {"", "{}", "[1]", R"({"schema": "mantissa-sensitivity/1"})",
            R"({"schema": "mantissa-sensitivity/1", "layers": [3]})",
            R"({"schema": "mantissa-sensitivity/1", "layers": [{"name": "x", "choices": [{}]}]})",
            R"({"schema": "mantissa-sensitivity/1", "layers": [{"name": "x", "choices": [{"choice": {"format": 3}}]}]})"}) {
        CAPTURE(wrong);
        const auto refused = parseSensitivity(wrong, *model);
        REQUIRE(!refused);
        CHECK(refused.error().code == ErrorCode::InvalidInput);
    }
}

TEST_CASE("harm follows the best measure there is")
{
    LayerSensitivity layer;
    layer.choices = {{{"nvfp4", {}}, 10, 0.5, 0.04}, {{"float8_e4m3fn", {}}, 20, 0.1, 0.01}, {{}, 40, 0, 0}};
    layer.evidence = InputEvidence::Moments;
    CHECK(harmOf(layer, layer.choices[0], HarmMeasure::WeightError) == 0.5);
    CHECK(harmOf(layer, layer.choices[1], HarmMeasure::OutputError) == 0.01);
    layer.probe = LayerProbe{"nvfp4", 0.2};
    CHECK(harmOf(layer, layer.choices[0], HarmMeasure::DenoiserError) == Approx(0.2));
    CHECK(harmOf(layer, layer.choices[1], HarmMeasure::DenoiserError) == Approx(0.05));
    CHECK(harmOf(layer, layer.choices[2], HarmMeasure::DenoiserError) == 0);
    SensitivityTable table;
    table.layers = {layer};
    table.layers[0].probe.reset();
    CHECK(measureOf(table) == HarmMeasure::OutputError);
    table.layers[0].evidence = InputEvidence::None;
    CHECK(measureOf(table) == HarmMeasure::WeightError);
}

TEST_CASE("the export of a budget has the size it says, to the byte")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "m.safetensors", 9);
    SensitivityTable table = candidates(*model);
    REQUIRE(measureErrors(table, *model, {nullptr, 1, {}}, {}));
    const QuantPlan start = defaultPlan(*model, {"nvfp4", {}});
    const auto whole = fs::file_size(folder / "m.safetensors");
    double before = 1e9;
    for (const char* text : {"25%", "30%", "45%", "60%", "80%"}) {
        CAPTURE(text);
        const auto made = planForBudget(start, model, table, parseBudgetTarget(text).value());
        REQUIRE(made);
        CHECK(made->budgetBytes <= whole);
        CHECK(made->fileBytes <= made->budgetBytes);
        CHECK(made->solution.harm <= before);
        CHECK(made->measure == HarmMeasure::WeightError);
        before = made->solution.harm;
        WriteOptions options;
        options.overwrite = true;
        const auto parsed = parsePlan(toJson(made->plan)); // as a user would hand it on
        REQUIRE(parsed);
        REQUIRE(exportPlan(*parsed, model, folder / "out.safetensors", options, {}));
        CHECK(fs::file_size(folder / "out.safetensors") == made->fileBytes);
    }
    const auto bits = planForBudget(start, model, table, parseBudgetTarget("6bpw").value());
    REQUIRE(bits);
    std::uint64_t weights = 0;
    for (const LayerSensitivity& layer : table.layers)
        weights += layer.weights;
    CHECK(double(bits->solution.bytes) * 8 <= 6.0 * double(weights));
    CHECK(double(bits->solution.bytes) * 8 > 5.5 * double(weights));
    CHECK(planForBudget(start, model, table, parseBudgetTarget("10%").value()).error().code
        == ErrorCode::Usage);
    CHECK(planForBudget(start, model, table, parseBudgetTarget("1GB").value()).error().code
        == ErrorCode::Usage);
}

TEST_CASE("no uniform format of at most the size does less harm than the mix")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "m.safetensors", 9);
    SensitivityTable table = candidates(*model);
    REQUIRE(measureErrors(table, *model, {nullptr, 1, {}}, {}));
    const auto problem = budgetProblem(table, HarmMeasure::WeightError);
    for (const Choice& format : defaultBudgetFormats()) {
        CAPTURE(format.format);
        std::uint64_t bytes = 0;
        double harm = 0;
        for (std::size_t i = 0; i < problem.size(); ++i)
            for (std::size_t k = 0; k < problem[i].size(); ++k)
                if (table.layers[i].choices[k].choice.format == format.format) {
                    bytes += problem[i][k].bytes;
                    harm += problem[i][k].harm;
                }
        const auto mix = solveBudget(problem, bytes);
        REQUIRE(mix);
        CHECK(mix->harm <= harm + 1e-12);
    }
}

TEST_CASE("the smallest mix within an error is within it, and a smaller one is not")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "in.safetensors", 9);
    QuantPlan start = defaultPlan(*model, {"float8_e4m3fn", {}});
    auto table = sensitivityCandidates(start, *model, defaultBudgetFormats());
    REQUIRE(table);
    REQUIRE(measureErrors(*table, *model, {}, {}));
    const HarmMeasure measure = measureOf(*table);
    std::uint64_t before = 0;
    for (const double percent : {10.0, 5.0, 2.0}) {
        CAPTURE(percent);
        const auto made = planForBudget(start, model, *table, {BudgetTarget::Unit::Error, percent});
        REQUIRE(made);
        CHECK(relativeError(made->solution.harm, *table, measure) <= percent / 100);
        CHECK(made->fileBytes >= before); // less error takes more room
        before = made->fileBytes;
        const auto smaller = solveBudget(budgetProblem(*table, measure), made->solution.bytes * 97 / 100);
        if (smaller)
            CHECK(relativeError(smaller->harm, *table, measure) > percent / 100);
    }
    const auto impossible = planForBudget(start, model, *table, {BudgetTarget::Unit::Error, 1e-6});
    REQUIRE_FALSE(impossible);
    CHECK(impossible.error().code == ErrorCode::Usage);
    CHECK_FALSE(impossible.error().hint.empty());
}

TEST_CASE("a plan for a GPU's memory leaves room for what is not weights")
{
    const TempFolder folder;
    const auto model = tinyModel(folder / "in.safetensors", 9);
    const QuantPlan start = defaultPlan(*model, {"float8_e4m3fn", {}});
    auto table = sensitivityCandidates(start, *model, defaultBudgetFormats());
    REQUIRE(table);
    REQUIRE(measureErrors(*table, *model, {}, {}));
    const auto resolved = resolvePlan(start, *model);
    REQUIRE(resolved);
    const VramForecast eight = forecastVram(*model, *resolved, {}, nullptr);
    const auto made = planForBudget(
        start, model, *table, {BudgetTarget::Unit::GpuMemory, static_cast<double>(eight.total()) - 40'000});
    REQUIRE(made);
    const auto out = resolvePlan(made->plan, *model);
    REQUIRE(out);
    const VramForecast forecast = forecastVram(*model, *out, {}, nullptr);
    CHECK(forecast.total() <= eight.total() - 40'000);
    CHECK(forecast.total() > eight.total() - 80'000); // and uses it
    CHECK_FALSE(planForBudget(start, model, *table, {BudgetTarget::Unit::GpuMemory, 1e6}));
}

TEST_CASE("weights that are no numbers are counted, left out of errors, and found")
{
    const TempFolder folder;
    std::vector<TinyTensor> tensors{tinyRandom("blocks.0.linear.weight", {64, 128}, 1),
        tinyRandom("blocks.1.linear.weight", {64, 128}, 2)};
    const float bad = std::numeric_limits<float>::quiet_NaN();
    std::memcpy(tensors[1].bytes.data() + 4 * 700, &bad, 4);
    writeTiny(folder / "in.safetensors", tensors);
    auto source = openCheckpoint(folder / "in.safetensors");
    REQUIRE(source);
    const auto model = detectModel(std::move(*source));
    REQUIRE(model);
    const QuantPlan start = defaultPlan(**model, {"float8_e4m3fn", {}});
    auto table = sensitivityCandidates(start, **model, {{"float8_e4m3fn", {}}});
    REQUIRE(table);
    REQUIRE(measureErrors(*table, **model, {}, {}));
    REQUIRE(table->layers.size() == 2);
    CHECK(table->layers[0].nonFinite == 0);
    CHECK(table->layers[1].nonFinite == 1);
    for (const ChoiceSensitivity& choice : table->layers[1].choices)
        if (!choice.choice.keeps())
            CHECK(*choice.weightError > 0);
    const auto findings = measuredFindings(*table);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::Problem);
    CHECK(findings[0].layers == std::vector<std::size_t>{table->layers[1].layer});
    const auto again = parseSensitivity(toJson(*table), **model);
    REQUIRE(again);
    CHECK(again->layers[1].nonFinite == 1);
    table->layers[1].nonFinite = 0;
    CHECK(measuredFindings(*table).empty());
}
