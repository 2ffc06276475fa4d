// SPDX-License-Identifier: GPL-3.0-or-later
// What each format and recipe does to the pictures of the sample model: the end-to-end table of
// docs/quality.md. One command:
//
//   build/release/bin/quality_table [--prompts N] [--seeds N] [--formats a,b] [--recipes a,b] [--budgets a,b]
//       [--activations stored|runtime] [--jobs N] [--folder F]
//
// Calibrates on resources/sample/calibration_prompts.txt, exports, makes the pictures of prompts.txt with
// each export, and compares them with the original's. Only weights differ, unless the inputs of layers are
// rounded as well, as the runtime of a format rounds them (--activations runtime).
#include "engine/calibration/calibration.h"
#include "engine/compare/metric.h"
#include "engine/export/plan_export.h"
#include "engine/sensitivity/budget_plan.h"
#include "engine/sensitivity/probe.h"
#include "engine/torch/loader.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

using namespace mantissa;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSample = "resources/sample/tiny-sd.safetensors";

template <typename T> T must(Result<T> result, const std::string& what)
{
    if (!result) {
        fmt::print(stderr, "{}: {}\n", what, result.error().message);
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::vector<std::string> promptsIn(const std::string& path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return parsePrompts(text.str());
}

std::vector<std::string> split(const std::string& list)
{
    std::vector<std::string> parts;
    std::stringstream text(list);
    for (std::string part; std::getline(text, part, ',');)
        parts.push_back(part);
    return parts;
}

struct Settings {
    std::size_t prompts = 12, seeds = 4;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::string> formats, recipes{"absmax", "fast", "light", "balanced", "best"};
    std::vector<std::string> budgets{"nvfp4", "asym_w4a8_int8", "midpoint"};
    bool runtimeActivations = false;
    fs::path folder = "build/quality_table";
};

struct Shot {
    Picture picture;
    std::vector<float> latents;
};

/// One file to judge: a plan and the data its recipe needs.
struct Variant {
    std::string group, recipe; ///< row and column
    QuantPlan plan;
    bool done = false;
    std::string problem;
    std::uint64_t bytes = 0;
    std::map<std::string_view, std::optional<double>> means; ///< by id of a column
};

/// A table of its own each: metrics of pictures by their ids, and what the sampler ends with.
constexpr std::string_view kLatentError = "latent_error";
constexpr std::array<std::string_view, 4> kColumns{"psnr_db", kLatentError, "ssim", "flip"};

double relativeError(const std::vector<float>& a, const std::vector<float>& reference)
{
    double noise = 0, signal = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double d = double(a[i]) - double(reference[i]);
        noise += d * d;
        signal += double(reference[i]) * double(reference[i]);
    }
    return std::sqrt(noise / signal);
}

class Table {
public:
    explicit Table(Settings settings)
        : m_settings(std::move(settings))
        , m_model(open(kSample))
    {
        fs::create_directories(m_settings.folder);
        m_prompts = promptsIn("resources/sample/prompts.txt");
        m_prompts.resize(std::min(m_prompts.size(), m_settings.prompts));
    }

    void run()
    {
        calibrate();
        m_reference = shotsOf(m_model, false);
        makeVariants();
        std::atomic<std::size_t> next{0};
        const auto work = [&] {
            for (std::size_t i = next++; i < m_variants.size(); i = next++)
                judge(m_variants[i], i);
        };
        {
            std::vector<std::jthread> pool;
            for (unsigned i = 1; i < m_settings.jobs; ++i)
                pool.emplace_back(work);
            work();
        }
        print();
    }

private:
    static std::shared_ptr<const Model> open(const fs::path& path)
    {
        return must(detectModel(must(openCheckpoint(path), path.string())), path.string());
    }

    void calibrate()
    {
        const fs::path file = m_settings.folder / "statistics.safetensors";
        GeneratorOptions options;
        options.threads = 1; // small operations: threads would wait for each other
        CalibrationRequest request;
        request.prompts = promptsIn("resources/sample/calibration_prompts.txt");
        request.output = file;
        request.overwrite = true;
        auto runner = must(openCalibration(m_model, options), "calibration");
        must(runner->run(must(runner->resolve(request), "calibration"), {}, nullptr), "calibration");
        m_inputs = must(openStatisticsFor(file, *m_model, {}), "statistics");
    }

    std::vector<Shot> shotsOf(const std::shared_ptr<const Model>& model, bool runtimeActivations) const
    {
        GeneratorOptions options;
        options.threads = 1;
        options.runtimeActivations = runtimeActivations;
        const auto generator = must(openGenerator(model, options), "generator");
        std::vector<Shot> shots;
        for (const std::string& prompt : m_prompts)
            for (std::uint64_t seed = 1; seed <= m_settings.seeds; ++seed) {
                GenerationRequest request;
                request.prompt = prompt;
                request.seed = seed;
                GenerationResult made
                    = must(generator->generate(must(generator->resolve(request), prompt), {}, {}), prompt);
                shots.push_back({std::move(made.pictures.at(0)), std::move(made.latents)});
            }
        return shots;
    }

    void add(const std::string& group, const std::string& recipe, QuantPlan plan)
    {
        plan.recipe = recipe;
        m_variants.push_back({group, recipe, std::move(plan), false, {}, 0, {}});
    }

    void makeVariants()
    {
        for (const StorageFormat* format : storageFormats()) {
            const std::string id(format->info().id);
            const auto& wanted = m_settings.formats;
            if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), id) == wanted.end())
                continue;
            for (const std::string& recipe : m_settings.recipes)
                add(id, recipe, defaultPlan(*m_model, {id, {}}));
        }
        if (!m_settings.budgets.empty())
            addMixes();
    }

    /// Mixes at the sizes of uniform formats, and half-way between NVFP4 and FP8, by both measures.
    void addMixes()
    {
        const QuantPlan start = defaultPlan(*m_model, {"nvfp4", {}});
        auto table = must(sensitivityCandidates(start, *m_model, defaultBudgetFormats()), "candidates");
        table.modelHash = m_inputs.statistics->header().modelHash;
        must(measureErrors(table, *m_model, {m_inputs.statistics.get(), m_settings.jobs, {}}, {}), "errors");
        SensitivityTable probed = table;
        probed.probe = probeSettings(kProbeCalls, promptsIn("resources/sample/calibration_prompts.txt"));
        GeneratorOptions options;
        options.threads = 1;
        const auto begin = std::chrono::steady_clock::now();
        must(probeLayers(probed, m_model, options, {}, {}), "probe");
        fmt::print(stderr, "probed {} layers in {:.1f} s\n", probed.layers.size(),
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        const auto sizeOf = [&](const char* format) {
            return must(forecastFileBytes(defaultPlan(*m_model, {format, {}}), m_model), format);
        };
        for (const std::string& budget : m_settings.budgets) {
            const std::uint64_t bytes = budget == "midpoint" ? (sizeOf("nvfp4") + sizeOf("float8_e4m3fn")) / 2
                                                             : sizeOf(budget.c_str());
            const BudgetTarget target{BudgetTarget::Unit::Bytes, static_cast<double>(bytes)};
            for (const std::string& recipe : m_settings.recipes)
                for (const bool probe : {false, true}) {
                    QuantPlan wanted = start;
                    wanted.recipe = recipe;
                    const auto made = planForBudget(wanted, m_model, probe ? probed : table, target);
                    if (!made) {
                        fmt::print(stderr, "{} {}: {}\n", budget, recipe, made.error().message);
                        continue;
                    }
                    const std::string group
                        = fmt::format("mix, size of {}, by {}", budget, nameOf(made->measure));
                    fmt::print(stderr, "{}: harm {:.4g}, gap {:.3g} %, {} of {} bytes\n", group,
                        made->solution.harm, 100 * made->solution.gap(), made->fileBytes, made->budgetBytes);
                    add(group, recipe, made->plan);
                }
        }
    }

    void judge(Variant& variant, std::size_t index)
    {
        const fs::path file = m_settings.folder / fmt::format("variant-{}.safetensors", index);
        WriteOptions options;
        options.overwrite = true;
        options.threads = 1;
        const auto level = recipeOf(variant.plan);
        const auto report = exportPlan(variant.plan, m_model, file, options, {},
            level && needsStatistics(*level) ? m_inputs : ExportInputs{});
        if (!report) {
            variant.problem = report.error().message;
        } else {
            variant.bytes = fs::file_size(file);
            variant.means = meansOf(shotsOf(open(file), m_settings.runtimeActivations));
            variant.done = true;
        }
        std::error_code ignored;
        fs::remove(file, ignored);
        const std::scoped_lock lock(m_mutex);
        fmt::print(stderr, "{} {}: {}\n", variant.group, variant.recipe,
            variant.done ? textOf(variant, "psnr_db") + ", " + textOf(variant, kLatentError)
                         : variant.problem);
    }

    std::map<std::string_view, std::optional<double>> meansOf(const std::vector<Shot>& shots) const
    {
        std::map<std::string_view, std::vector<std::optional<double>>> values;
        for (std::size_t i = 0; i < shots.size(); ++i) {
            const Shot& reference = m_reference[i];
            const auto measured
                = must(measurePictures(reference.picture, shots[i].picture, false), "metrics");
            for (std::size_t metric = 0; metric < measured.size(); ++metric)
                values[pictureMetrics()[metric]->info().id].push_back(measured[metric].value);
            values[kLatentError].emplace_back(relativeError(shots[i].latents, reference.latents));
        }
        std::map<std::string_view, std::optional<double>> means;
        for (const auto& [column, list] : values)
            means[column] = meanOf(list);
        return means;
    }

    static std::string textOf(const Variant& variant, std::string_view column)
    {
        if (!variant.done)
            return "–";
        const auto mean = variant.means.at(column);
        if (const Metric* metric = findMetric(column))
            return metricText(metric->info(), mean, false);
        return fmt::format("{:.4f}", mean.value_or(0));
    }

    void print() const
    {
        fmt::print("{} prompts × {} seeds: means of {} pictures, inputs of layers {}\n", m_prompts.size(),
            m_settings.seeds, m_reference.size(),
            m_settings.runtimeActivations ? "rounded as the formats' runtimes round them" : "not rounded");
        for (const std::string_view column : kColumns) {
            const Metric* metric = findMetric(column);
            fmt::print(
                "\n{}\n\n", metric != nullptr ? metric->info().name : "Relative error of the final latents");
            printColumn(column);
        }
    }

    void printColumn(std::string_view column) const
    {
        std::vector<std::string> groups;
        for (const Variant& variant : m_variants)
            if (std::find(groups.begin(), groups.end(), variant.group) == groups.end())
                groups.push_back(variant.group);
        fmt::print("| format | bytes |");
        for (const std::string& recipe : m_settings.recipes)
            fmt::print(" {} |", recipe);
        fmt::print("\n|---|---|");
        for (std::size_t i = 0; i < m_settings.recipes.size(); ++i)
            fmt::print("---|");
        fmt::print("\n");
        for (const std::string& group : groups) {
            std::map<std::string, const Variant*> cells;
            std::uint64_t bytes = 0;
            for (const Variant& variant : m_variants)
                if (variant.group == group) {
                    cells[variant.recipe] = &variant;
                    bytes = std::max(bytes, variant.bytes);
                }
            fmt::print("| {} | {:.3f} MB |", group, double(bytes) / 1e6);
            for (const std::string& recipe : m_settings.recipes) {
                const auto cell = cells.find(recipe);
                fmt::print(" {} |", cell == cells.end() ? "–" : textOf(*cell->second, column));
            }
            fmt::print("\n");
        }
    }

    Settings m_settings;
    std::shared_ptr<const Model> m_model;
    std::vector<std::string> m_prompts;
    ExportInputs m_inputs;
    std::vector<Shot> m_reference;
    std::vector<Variant> m_variants;
    std::mutex m_mutex;
};

} // namespace

int main(int argc, char** argv)
{
    restWaitingThreads();
    Settings settings;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string key = argv[i], value = argv[i + 1];
        if (key == "--prompts")
            settings.prompts = std::stoul(value);
        else if (key == "--seeds")
            settings.seeds = std::stoul(value);
        else if (key == "--jobs")
            settings.jobs = static_cast<unsigned>(std::stoul(value));
        else if (key == "--formats")
            settings.formats = split(value);
        else if (key == "--recipes")
            settings.recipes = split(value);
        else if (key == "--budgets")
            settings.budgets = value == "none" ? std::vector<std::string>{} : split(value);
        else if (key == "--activations")
            settings.runtimeActivations = value == "runtime";
        else if (key == "--folder")
            settings.folder = value;
    }
    Table(std::move(settings)).run();
    return 0;
}
