// SPDX-License-Identifier: GPL-3.0-or-later
// `plan --budget` and `analyze --errors` on the sample model, as a user runs them, and the pictures of a mix.
#include "engine/export/plan_export.h"
#include "engine/sensitivity/budget_plan.h"
#include "engine/torch/generation.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";

std::shared_ptr<const Model> sample()
{
    auto source = openCheckpoint(kSample);
    REQUIRE(source);
    auto model = detectModel(std::move(*source));
    REQUIRE(model);
    return *model;
}

Json runJson(const std::vector<std::string>& arguments)
{
    const ProcessResult result = runMantissa(arguments);
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    return Json::parse(result.out);
}

std::vector<std::string> prompts(std::size_t count)
{
    std::ifstream file("resources/sample/prompts.txt");
    std::vector<std::string> lines;
    for (std::string line; lines.size() < count && std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

std::vector<Picture> pictures(
    const std::shared_ptr<const Model>& model, std::shared_ptr<const QuantPlan> plan)
{
    GeneratorOptions options;
    options.threads = 1;
    options.plan = std::move(plan);
    auto generator = openGenerator(model, options);
    REQUIRE(generator);
    std::vector<Picture> made;
    for (const std::string& prompt : prompts(6)) {
        GenerationRequest request;
        request.prompt = prompt;
        request.seed = 5;
        request.steps = 8;
        auto result = (*generator)->generate(request, {}, {});
        REQUIRE(result);
        CHECK(!result->latents.empty());
        made.push_back(std::move(result->pictures.at(0)));
    }
    return made;
}

double meanPsnr(const std::vector<Picture>& a, const std::vector<Picture>& b)
{
    double total = 0;
    for (std::size_t p = 0; p < a.size(); ++p) {
        double sum = 0;
        for (std::size_t i = 0; i < a[p].rgb.size(); ++i)
            sum += std::pow(double(a[p].rgb[i]) - double(b[p].rgb[i]), 2);
        total += 10 * std::log10(255.0 * 255.0 / std::max(sum / double(a[p].rgb.size()), 1e-3));
    }
    return total / double(a.size());
}

QuantPlan uniform(const Model& model, const std::string& format)
{
    return defaultPlan(model, {format, {}});
}

} // namespace

TEST_CASE("a budget becomes a plan that fits, and its measurements are used again")
{
    const TempFolder folder;
    const auto model = sample();
    const auto small = forecastFileBytes(uniform(*model, "nvfp4"), model);
    const auto large = forecastFileBytes(uniform(*model, "float8_e4m3fn"), model);
    REQUIRE(small);
    REQUIRE(large);
    const std::uint64_t budget = (*small + *large) / 2;
    const std::string plan = (folder / "plan.json").string();
    const std::vector<std::string> command{"plan", kSample, "-o", plan, "--budget", std::to_string(budget),
        "--probe", "4", "--threads", "1", "--prompts", "resources/sample/calibration_prompts.txt", "--json",
        "--overwrite"};
    const Json made = runJson(command);
    CHECK(made.at("measure") == "denoiser error");
    CHECK(made.at("file_bytes") <= budget);
    CHECK(made.at("file_bytes").get<double>() > 0.98 * double(budget));
    CHECK(made.at("gap").get<double>() < 0.05);
    CHECK(made.at("lower_bound") <= made.at("harm"));
    CHECK(made.at("curve").size() > 10);
    CHECK(made.at("formats").size() > 1);
    REQUIRE(fs::exists(folder / "plan.json.sensitivity.json"));

    const std::string out = (folder / "mix.safetensors").string();
    runJson({"quantize", "-i", kSample, "-o", out, "--plan", plan, "--json"});
    CHECK(fs::file_size(out) == made.at("file_bytes"));
    CHECK(runMantissa({"verify", out}).exitCode == 0);

    // The mix does less harm than each uniform format that fits, by the table that was saved.
    const auto table = parseSensitivity(readFile(folder / "plan.json.sensitivity.json"), *model);
    REQUIRE(table);
    CHECK(table->probe.calls == 4);
    const auto problem = budgetProblem(*table, measureOf(*table));
    for (const Choice& format : defaultBudgetFormats()) {
        CAPTURE(format.format);
        const auto bytes = forecastFileBytes(uniform(*model, format.format), model);
        REQUIRE(bytes);
        if (*bytes > budget)
            continue;
        double harm = 0;
        for (std::size_t i = 0; i < problem.size(); ++i)
            for (std::size_t k = 0; k < problem[i].size(); ++k)
                if (table->layers[i].choices[k].choice.format == format.format)
                    harm += problem[i][k].harm;
        CHECK(made.at("harm").get<double>() < harm);
    }

    // Again, with one measurement lost: it is made anew, and the plan is the same to the byte.
    SensitivityTable torn = *table;
    torn.layers[3].choices[0].weightError.reset();
    torn.layers[5].probe.reset();
    writeFile(folder / "plan.json.sensitivity.json", toJson(torn));
    const std::string text = readFile(plan);
    CHECK(runJson(command) == made);
    CHECK(readFile(plan) == text);
}

TEST_CASE("pictures of the mix are nearer to the original's than those of a uniform format of its size")
{
    const TempFolder folder;
    const auto model = sample();
    const std::vector<Picture> original = pictures(model, nullptr);
    const std::string table = (folder / "table.json").string();
    for (const char* format : {"nvfp4", "asym_w4a8_int8"}) {
        CAPTURE(format);
        const auto plan = std::make_shared<QuantPlan>(uniform(*model, format));
        const auto bytes = forecastFileBytes(*plan, model);
        REQUIRE(bytes);
        const Json made = runJson({"plan", kSample, "-o", (folder / (std::string(format) + ".json")).string(),
            "--budget", std::to_string(*bytes), "--probe", "4", "--threads", "1", "--prompts",
            "resources/sample/calibration_prompts.txt", "--table", table, "--json"});
        const auto mix = parsePlan(readFile(made.at("file").get<std::string>()));
        REQUIRE(mix);
        const double mixed = meanPsnr(pictures(model, std::make_shared<QuantPlan>(*mix)), original);
        const double plain = meanPsnr(pictures(model, plan), original);
        CAPTURE(mixed, plain);
        CHECK(mixed > plain);
    }
}

TEST_CASE("analyze lists errors of every format, sorted as asked")
{
    const Json document
        = runJson({"analyze", kSample, "--format", "nvfp4", "--errors", "--sort", "weight", "--json"});
    CHECK(document.at("errors").at("probe_calls") == 0);
    double before = 1e9;
    std::size_t measured = 0;
    for (const Json& layer : document.at("layers")) {
        if (!layer.contains("errors"))
            continue;
        ++measured;
        // Some layers are planned in the preset's fallback: the order is that of the planned format.
        const Json& planned = layer.at("errors").at(layer.at("format").get<std::string>());
        const double error = planned.at("relative_error");
        CHECK(error <= before);
        before = error;
        CHECK(layer.at("errors").at("float8_e4m3fn").at("relative_error")
            < layer.at("errors").at("nvfp4").at("relative_error"));
        CHECK(planned.at("snr_db").get<double>() == Approx(-20 * std::log10(error)).epsilon(1e-9));
    }
    CHECK(measured == document.at("quantized"));
    const ProcessResult text = runMantissa({"analyze", kSample, "--format", "nvfp4", "--errors"});
    CHECK(text.exitCode == 0);
    CHECK(text.out.find("layer: SNR of its weight in dB") != std::string::npos);
}

TEST_CASE("budgets that make no sense are refused in a sentence")
{
    const TempFolder folder;
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{
            "plan", kSample, "-o", (folder / "plan.json").string(), "--probe", "off", "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProcessResult result = runMantissa(arguments);
        CAPTURE(result.out, result.err);
        CHECK(Json::parse(result.out).contains("error"));
        return result.exitCode;
    };
    CHECK(run({"--budget", "many"}) == 2);
    CHECK(run({"--budget", "1MB"}) == 2); // smaller than anything
    CHECK(run({"--budget", "1GB"}) == 2); // it fits as it is
    CHECK(run({"--budget", "92%", "--format", "nvfp4"}) == 2);
    CHECK(run({"--budget", "92%", "--formats", "nf4,nvfp4"}) == 2);
    CHECK(run({"--budget", "92%", "--formats", "no_such"}) == 2);
    CHECK(run({"--budget", "92%", "--calibration", "README.md"}) == 3);
    CHECK(!fs::exists(folder / "plan.json"));
    CHECK(runMantissa({"plan", kSample, "-o", (folder / "plan.json").string(), "--budget", "92%", "--probe",
                          "off", "--formats", "nvfp4,float8_e4m3fn"})
              .exitCode
        == 0);
    CHECK(fs::exists(folder / "plan.json"));
}
