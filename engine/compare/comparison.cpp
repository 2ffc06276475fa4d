// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/comparison.h"

#include "engine/compare/layer_errors.h"
#include "engine/compare/pair_measurement.h"
#include "engine/compare/picture_cache.h"
#include "engine/export/calibrated_layers.h"
#include "engine/export/plan_export.h"
#include "engine/export/provenance.h"
#include "engine/io/tensor_source.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <malloc.h>
#include <optional>
#include <thread>

namespace mantissa {

namespace {

using Clock = std::chrono::steady_clock;

/// Makes the kernel count the largest resident size from here (proc(5), clear_refs: 5), so that it is a
/// variant's own. What the allocator keeps of the variant before is given back first.
void resetPeakMemory()
{
    ::malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";
}

/// Times of the steps after the first, which reads weights and warms caches up.
struct StepClock {
    std::vector<double> seconds;

    void stop()
    {
        if (m_before)
            seconds.push_back(std::chrono::duration<double>(Clock::now() - *m_before).count());
    }
    void start() { m_before = Clock::now(); }

private:
    std::optional<Clock::time_point> m_before;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// The model's own settings, without those of the pictures.
std::vector<std::pair<std::string, std::string>> settingFacts(
    const GenerationRequest& request, const ComparisonRequest& comparison)
{
    std::vector<std::pair<std::string, std::string>> facts{
        {"Size", fmt::format("{} × {}", request.width, request.height)},
        {"Steps", std::to_string(request.steps)}, {"Sampler", request.sampler},
        {"Scheduler", request.scheduler}, {"Guidance", fmt::format("{:g}", request.cfg)},
        {"Device", comparison.options.device}, {"Compute type", comparison.options.computeType}};
    if (!request.negative.empty())
        facts.emplace_back("Negative prompt", request.negative);
    facts.emplace_back("Prompts", std::to_string(comparison.prompts.size()));
    facts.emplace_back("Seeds", fmt::format("{}", fmt::join(comparison.seeds, ", ")));
    return facts;
}

/// Whether the plan is one that statistics make; the plan as planAsExported() gave it.
bool isCalibrated(const VariantSpec& spec)
{
    return spec.plan && !spec.plan->statistics.empty();
}

/// The work of one comparison; lives as long as runComparison().
class Runner {
public:
    /// `variants`: those of the request, their plans as they would be exported.
    Runner(const ComparisonRequest& request, std::vector<VariantSpec> variants, const JobContext& job,
        PictureCache cache)
        : m_request(request)
        , m_variants(std::move(variants))
        , m_job(job)
        , m_cache(std::move(cache))
    { }

    Result<Comparison> run()
    {
        if (Status status = hashCompanions(); !status)
            return forward(std::move(status));
        for (std::size_t i = 0; i < m_request.variants.size(); ++i) {
            m_index = i;
            auto variant = runVariant(m_variants[i], i == 0);
            if (!variant)
                return forward(std::move(variant));
            if (m_request.watcher.variantDone)
                m_request.watcher.variantDone(i, *variant);
            m_result.variants.push_back(std::move(*variant));
        }
        if (Status status = timeInTurn(); !status)
            return forward(std::move(status));
        m_result.settings = settingFacts(m_settings, m_request);
        return std::move(m_result);
    }

private:
    Status hashCompanions()
    {
        for (const auto& companion : m_request.options.companions) {
            auto hash = hashOf(companion->source->info());
            if (!hash)
                return forward(std::move(hash));
            m_recipe.companionHashes.push_back(std::move(*hash));
        }
        if (!m_request.options.embeddings.empty()) {
            const auto file = openCheckpoint(m_request.options.embeddings);
            if (!file)
                return tl::unexpected(file.error());
            auto hash = hashOf((*file)->info());
            if (!hash)
                return forward(std::move(hash));
            m_recipe.companionHashes.emplace_back("embeddings " + *hash);
        }
        m_recipe.device = m_request.options.device;
        m_recipe.computeType = m_request.options.computeType;
        m_recipe.threads = m_request.options.threads > 0 ? m_request.options.threads
                                                         : std::max(1u, std::thread::hardware_concurrency());
        return {};
    }

    Result<std::string> hashOf(const SourceInfo& info)
    {
        if (m_job.progress)
            m_job.progress->start("hashing " + info.path.filename().string(), 0, 0);
        return m_cache.sourceHash(info, [this] { return m_job.cancelled(); });
    }

    Result<ComparedVariant> runVariant(const VariantSpec& spec, bool baseline)
    {
        ComparedVariant variant;
        variant.name = spec.name;
        if (Status status = describe(spec, variant); !status)
            return forward(std::move(status));
        std::shared_ptr<CalibratedLayers> calibrated;
        if (isCalibrated(spec)) {
            auto opened = CalibratedLayers::open(spec.model, *spec.plan, spec.statistics);
            if (!opened)
                return forward(std::move(opened));
            calibrated = std::move(*opened);
        }
        auto generator = openGenerator(spec.model, optionsFor(spec, calibrated));
        if (!generator)
            return forward(std::move(generator));
        // The baseline's usual settings are everybody's, so that only the weights differ.
        auto settings = (*generator)->resolve(baseline ? m_request.settings : m_settings);
        if (!settings)
            return forward(std::move(settings));
        if (baseline)
            m_settings = *settings;
        if (Status status = makePictures(**generator, spec.name, variant, baseline); !status)
            return forward(std::move(status));
        generator->reset();
        fillInMeans(variant);
        if (m_request.layers && !baseline)
            addLayerErrors(spec, calibrated.get(), variant);
        if (m_job.cancelled())
            return fail(ErrorCode::Cancelled, "the comparison was cancelled");
        return variant;
    }

    GeneratorOptions optionsFor(
        const VariantSpec& spec, const std::shared_ptr<CalibratedLayers>& calibrated) const
    {
        GeneratorOptions options = m_request.options;
        options.plan = spec.plan;
        options.statistics = isCalibrated(spec) ? spec.statistics : nullptr;
        options.calibrated = calibrated;
        return options;
    }

    Status describe(const VariantSpec& spec, ComparedVariant& variant)
    {
        const SourceInfo& info = spec.model->source->info();
        auto hash = hashOf(info);
        if (!hash)
            return forward(std::move(hash));
        m_recipe.sourceHash = *hash;
        m_recipe.plan = spec.plan ? toJson(*spec.plan) : std::string();
        variant.facts.emplace_back("File", info.path.string());
        variant.facts.emplace_back("XXH3-128", *hash);
        variant.facts.emplace_back("Architecture", spec.model->architecture.name);
        const QuantPlan* plan = spec.plan.get();
        const auto record = readProvenance(info);
        if (spec.plan) {
            variant.facts.emplace_back(
                "Stored as", fmt::format("plan, not exported: {}", mantissa::describe(plan->base)));
            auto bytes = forecastFileBytes(*spec.plan, spec.model,
                isCalibrated(spec) ? ExportInputs{spec.statistics, {}} : ExportInputs{});
            if (!bytes)
                return forward(std::move(bytes));
            variant.bytes = *bytes;
        } else {
            std::uint64_t bytes = 0;
            for (const SourceFile& file : info.files)
                bytes += file.bytes;
            variant.bytes = bytes;
            std::vector<std::string> stored;
            for (const auto& [format, layers] : spec.model->quantization.layersByFormat)
                stored.push_back(fmt::format("{} ({} layers)", format, layers));
            variant.facts.emplace_back(
                "Stored as", stored.empty() ? "not quantized" : fmt::format("{}", fmt::join(stored, ", ")));
            if (record && *record) {
                plan = &(*record)->plan;
                variant.facts.emplace_back("Written by", "Mantissa " + (*record)->version);
                variant.facts.emplace_back("Made from",
                    fmt::format("{}, XXH3-128 {}", (*record)->sourceName, (*record)->sourceHash));
            }
        }
        if (plan) {
            variant.plan = toJson(*plan);
            variant.facts.emplace_back("Base format", mantissa::describe(plan->base));
            variant.facts.emplace_back("Recipe", plan->recipe);
            if (!plan->statistics.empty())
                variant.facts.emplace_back("Statistics", plan->statistics);
            if (!plan->preset.empty())
                variant.facts.emplace_back("Preset", plan->preset);
        }
        return {};
    }

    Status makePictures(
        ImageGenerator& generator, const std::string& name, ComparedVariant& variant, bool baseline)
    {
        const std::size_t count = m_request.prompts.size() * m_request.seeds.size();
        if (m_job.progress)
            m_job.progress->start("pictures of " + name, 0,
                static_cast<std::uint32_t>(count * static_cast<std::size_t>(m_settings.steps)));
        std::vector<double> seconds;
        std::uint64_t peak = 0, gpuPeak = 0;
        for (std::size_t p = 0; p < m_request.prompts.size(); ++p)
            for (const std::uint64_t seed : m_request.seeds) {
                ComparedPair pair;
                pair.name = fmt::format("{:03}-seed{}", p + 1, seed);
                pair.prompt = m_request.prompts[p];
                pair.seed = seed;
                auto made = pictureOf(generator, name, pair, variant);
                if (!made)
                    return forward(std::move(made));
                seconds.insert(seconds.end(), made->stepSeconds.begin(), made->stepSeconds.end());
                peak = std::max(peak, made->peakBytes);
                gpuPeak = std::max(gpuPeak, made->gpuPeakBytes);
                if (Status status = measure(pair, *made, variant, baseline); !status)
                    return status;
                if (m_request.watcher.pairDone)
                    m_request.watcher.pairDone(m_index, variant.pairs.size(), pair);
                variant.pairs.push_back(std::move(pair));
            }
        if (!seconds.empty())
            variant.secondsPerStep = median(std::move(seconds));
        if (peak > 0)
            variant.peakBytes = peak;
        if (gpuPeak > 0)
            variant.gpuPeakBytes = gpuPeak;
        variant.timedEarlier = variant.reused > 0;
        return {};
    }

    Result<CachedPicture> pictureOf(ImageGenerator& generator, const std::string& name,
        const ComparedPair& pair, ComparedVariant& variant)
    {
        GenerationRequest request = m_settings;
        request.prompt = pair.prompt;
        request.seed = *pair.seed;
        request.batch = 1;
        m_recipe.request = request;
        const std::string key = pictureKey(m_recipe);
        if (!m_request.remake)
            if (auto found = m_cache.find(key)) {
                ++variant.reused;
                for (int step = 0; m_job.progress && step < m_settings.steps; ++step)
                    m_job.progress->addItem();
                return std::move(*found);
            }
        CachedPicture made;
        StepClock clock;
        request.observer = [&](const StepView& step) {
            clock.stop();
            made.trajectory.add(step.sigma, step.denoised);
            if (m_job.progress)
                m_job.progress->addItem();
            clock.start();
        };
        resetPeakMemory();
        // Progress is counted here, over all pictures.
        PreviewCallback preview;
        if (m_request.watcher.preview)
            preview = [&](int, const Picture& picture) {
                m_request.watcher.preview(m_index, variant.pairs.size(), picture);
                clock.start(); // decoding a preview is no part of a step
            };
        auto result = generator.generate(request, JobContext{m_job.stop, nullptr}, preview);
        if (!result)
            return forward(std::move(result));
        made.picture = std::move(result->pictures.at(0));
        made.peakBytes = result->peakBytes;
        made.gpuPeakBytes = result->gpuPeakBytes;
        made.stepSeconds = std::move(clock.seconds);
        if (made.stepSeconds.empty())
            made.stepSeconds.push_back(result->secondsPerStep);
        auto stored = m_cache.store(
            key, made, {{"parameters", parametersText(request, name, 0)}, {"Software", "Mantissa"}});
        if (!stored)
            return forward(std::move(stored));
        made.file = std::move(*stored);
        ++variant.made;
        return made;
    }

    Status measure(
        ComparedPair& pair, const CachedPicture& made, const ComparedVariant& variant, bool baseline)
    {
        pair.test = made.file;
        if (baseline) {
            pair.reference = made.file;
            m_trajectories.push_back(made.trajectory);
            return m_equal.measure(pair, made.picture);
        }
        const std::size_t index = variant.pairs.size();
        pair.reference = m_result.variants.front().pairs.at(index).test;
        auto reference = readPng(pair.reference);
        if (!reference)
            return forward(std::move(reference));
        pair.steps = compareTrajectories(m_trajectories.at(index), made.trajectory);
        return measurePair(pair, reference->picture, made.picture, m_request.maps, variant.name);
    }

    /// kTimingRounds short runs of each variant, one variant after the other in each round.
    Status timeInTurn()
    {
        constexpr int kTimingRounds = 3, kTimedSteps = 6;
        const int steps = std::min(kTimedSteps, m_settings.steps);
        if (std::any_of(m_variants.begin(), m_variants.end(), isCalibrated))
            return {}; // quantizing once more would take far longer than what is timed
        double expected = 0;
        for (const ComparedVariant& variant : m_result.variants)
            expected += variant.secondsPerStep.value_or(0) * steps;
        if (expected > kTimingBudget || steps < 2)
            return {};
        if (m_job.progress)
            m_job.progress->start(
                "timing", 0, static_cast<std::uint32_t>(kTimingRounds * static_cast<int>(m_variants.size())));
        std::vector<std::vector<double>> seconds(m_variants.size());
        const auto begin = Clock::now();
        for (int round = 0; round < kTimingRounds; ++round) {
            std::vector<std::vector<double>> ofRound(seconds.size());
            for (std::size_t i = 0; i < seconds.size(); ++i) {
                // Opening a large model may take longer than its steps; a round counts whole or not at all.
                if (std::chrono::duration<double>(Clock::now() - begin).count() > kTimingBudget)
                    return useTimes(seconds);
                if (Status status = timeShortly(m_variants[i], steps, ofRound[i]); !status)
                    return status;
            }
            for (std::size_t i = 0; i < seconds.size(); ++i)
                seconds[i].insert(seconds[i].end(), ofRound[i].begin(), ofRound[i].end());
        }
        return useTimes(seconds);
    }

    Status useTimes(const std::vector<std::vector<double>>& seconds)
    {
        for (std::size_t i = 0; i < seconds.size(); ++i)
            if (!seconds[i].empty()) {
                m_result.variants[i].secondsPerStep = median(seconds[i]);
                m_result.variants[i].timedEarlier = false;
            }
        return {};
    }

    Status timeShortly(const VariantSpec& spec, int steps, std::vector<double>& seconds)
    {
        auto generator = openGenerator(spec.model, optionsFor(spec, nullptr));
        if (!generator)
            return forward(std::move(generator));
        GenerationRequest request = m_settings;
        request.prompt = m_request.prompts.front();
        request.seed = m_request.seeds.front();
        request.steps = steps;
        StepClock clock;
        request.observer = [&clock](const StepView&) {
            clock.stop();
            clock.start();
        };
        const auto done = (*generator)->generate(request, JobContext{m_job.stop, nullptr}, {});
        if (!done)
            return tl::unexpected(done.error());
        seconds.insert(seconds.end(), clock.seconds.begin(), clock.seconds.end());
        if (m_job.progress)
            m_job.progress->addItem();
        return {};
    }

    void addLayerErrors(const VariantSpec& spec, CalibratedLayers* calibrated, ComparedVariant& variant)
    {
        auto errors = worstLayers(spec, *m_variants.front().model, calibrated, m_job);
        if (errors)
            variant.worstLayers = std::move(*errors);
        else if (errors.error().code != ErrorCode::Cancelled)
            m_result.warnings.push_back(
                sentence("{}: layers could not be compared: {}", variant.name, errors.error().message));
    }

    const ComparisonRequest& m_request;
    std::vector<VariantSpec> m_variants;
    const JobContext& m_job;
    PictureCache m_cache;
    PictureRecipe m_recipe;
    GenerationRequest m_settings; ///< resolved by the baseline
    std::size_t m_index = 0; ///< of the variant under way
    std::vector<Trajectory> m_trajectories; ///< of the baseline's pictures
    EqualPairs m_equal;
    Comparison m_result;
};

} // namespace

Result<Comparison> runComparison(const ComparisonRequest& request, const JobContext& job)
{
    if (request.variants.size() < 2)
        return fail(ErrorCode::Usage, "a comparison needs at least two variants");
    if (request.prompts.empty() || request.seeds.empty())
        return fail(ErrorCode::Usage, "a comparison needs at least one prompt and one seed");
    std::vector<VariantSpec> variants = request.variants;
    for (VariantSpec& variant : variants)
        if (variant.plan) {
            auto plan = planAsExported(*variant.plan, ExportInputs{variant.statistics, {}});
            if (!plan)
                return tl::unexpected(std::move(plan.error()).at(variant.name));
            variant.plan = std::make_shared<const QuantPlan>(std::move(*plan));
        }
    auto cache = PictureCache::open(request.cache);
    if (!cache)
        return forward(std::move(cache));
    return Runner(request, std::move(variants), job, std::move(*cache)).run();
}

std::vector<Sentence> brokenLimits(const Comparison& comparison, const QualityLimits& limits)
{
    std::vector<Sentence> problems;
    const auto check = [&](const ComparedVariant& variant, std::string_view id, std::optional<double> limit) {
        if (!limit)
            return;
        for (std::size_t i = 0; i < pictureMetrics().size(); ++i) {
            const MetricInfo& info = pictureMetrics()[i]->info();
            if (info.id != id)
                continue;
            const auto value = variant.mean.at(i);
            const bool lower = info.better == Better::Lower;
            if (!value)
                problems.push_back(
                    sentence("{}: {} is not defined for these pictures", variant.name, info.name));
            else if (lower ? !(*value <= *limit) : !(*value >= *limit))
                problems.push_back(sentence("{}: mean {} {} is {} the limit of {:g}", variant.name, info.name,
                    metricText(info, value), lower ? "above" : "below", *limit));
        }
    };
    for (std::size_t i = 1; i < comparison.variants.size(); ++i) {
        check(comparison.variants[i], "flip", limits.maxFlip);
        check(comparison.variants[i], "psnr_db", limits.minPsnr);
        check(comparison.variants[i], "ssim", limits.minSsim);
    }
    return problems;
}

std::optional<double> speedUp(const Comparison& comparison, const ComparedVariant& variant)
{
    const auto& base = comparison.variants.front().secondsPerStep;
    // Times of different runs say more about the machine than about the variants.
    if (comparison.variants.front().timedEarlier || variant.timedEarlier)
        return std::nullopt;
    if (!base || !variant.secondsPerStep || !(*variant.secondsPerStep > 0))
        return std::nullopt;
    return *base / *variant.secondsPerStep;
}

} // namespace mantissa
