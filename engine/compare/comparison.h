// SPDX-License-Identifier: GPL-3.0-or-later
// Variants × prompts × seeds: makes the pictures that are missing and measures every one against that of the
// baseline, which is the first variant. Folders of pictures: folder_pairs.h. Reports: report.h.
#pragma once

#include "engine/base/job.h"
#include "engine/compare/blind_test.h"
#include "engine/compare/judgement.h"
#include "engine/compare/metric.h"
#include "engine/compare/trajectory.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"
#include "engine/torch/generation.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mantissa {

struct VariantSpec {
    std::string name; ///< unique in its comparison
    std::shared_ptr<const Model> model;
    /// Where set: the model as this plan would export it, without exporting it.
    std::shared_ptr<const QuantPlan> plan;
    /// Of a calibration of this model, for plans whose recipe needs them (openStatisticsFor()).
    std::shared_ptr<const StatisticsFile> statistics;
};

struct ComparedPair;
struct ComparedVariant;

/// For those who want to see a comparison grow. Called on the thread that runs it, in the order of the work;
/// `variant` and `pair` are indices. Any may be empty.
struct ComparisonWatcher {
    /// As far as the picture is, every GenerationRequest::previewEvery steps of the settings.
    std::function<void(std::size_t variant, std::size_t pair, const Picture& picture)> preview;
    std::function<void(std::size_t variant, std::size_t pair, const ComparedPair& compared)> pairDone;
    /// With all its pairs, means and cost; times may still become those of the timing runs.
    std::function<void(std::size_t variant, const ComparedVariant& compared)> variantDone;
};

struct ComparisonRequest {
    std::vector<VariantSpec> variants; ///< the first is the baseline
    std::vector<std::string> prompts;
    std::vector<std::uint64_t> seeds;
    GenerationRequest settings; ///< of every picture; prompt, seed and batch are not looked at
    GeneratorOptions options; ///< the plan is not looked at
    std::filesystem::path cache; ///< folder of the PictureCache; empty: the default
    std::filesystem::path maps; ///< folder that error maps go to; empty: none are made
    bool remake = false; ///< makes cached pictures anew, so that all times are of this run
    bool layers = true; ///< measures the error of each quantized layer
    ComparisonWatcher watcher;
};

struct ComparedPair {
    std::string name; ///< "001-seed0", or the file name
    std::string prompt; ///< empty where it is not known
    std::optional<std::uint64_t> seed;
    int width = 0, height = 0;
    std::filesystem::path reference, test; ///< PNG files
    std::vector<std::optional<double>> values; ///< one for each of pictureMetrics()
    std::vector<std::pair<std::string, std::filesystem::path>> maps; ///< metric id and PNG
    std::vector<StepDifference> steps; ///< empty where there is no trajectory
    Judgement judgement; ///< of a person, about the test picture
};

struct LayerError {
    std::string name, format;
    double snrDb = 0;
};

struct ComparedVariant {
    std::string name;
    std::optional<std::uint64_t> bytes; ///< of the file, or of the file that the plan would write
    /// Median; the first step of each picture is the warm-up. See kTimingBudget.
    std::optional<double> secondsPerStep;
    std::optional<std::uint64_t> peakBytes, gpuPeakBytes; ///< while generating
    bool timedEarlier = false; ///< some times are those of an earlier run, from the cache
    std::uint32_t made = 0, reused = 0; ///< pictures
    std::vector<std::optional<double>> mean; ///< one for each of pictureMetrics(); see meanOf()
    std::vector<ComparedPair> pairs;
    std::vector<std::pair<std::string, std::string>> facts; ///< what it is, as name and text
    std::string plan; ///< JSON; empty where none is known
    std::vector<LayerError> worstLayers; ///< lowest signal-to-noise ratio first
    Judgement judgement; ///< of a person
    std::optional<BlindScore> blind; ///< against the baseline
};

struct Comparison {
    std::vector<ComparedVariant> variants; ///< the first is the baseline, compared with itself
    std::vector<std::pair<std::string, std::string>> settings; ///< as name and text
    std::vector<Sentence> warnings;
};

/// Seconds that a comparison may spend on timing its variants in turn, after the pictures: on a machine that
/// does other things too, times of one after the other would differ by what else ran. Where steps are so long
/// that this is not enough, the times of the pictures themselves count.
inline constexpr double kTimingBudget = 30;

/// Usage where there are fewer than two variants, no prompt or no seed, the settings make no sense, or a plan
/// lacks the statistics that its recipe needs;
/// Unsupported where a model cannot generate; Cancelled keeps what was made in the cache.
/// Progress: one item a step, phases named after variants.
Result<Comparison> runComparison(const ComparisonRequest& request, const JobContext& job);

/// What is wrong with a pair's or a variant's values where a user set limits; sentences, empty: nothing.
struct QualityLimits {
    std::optional<double> maxFlip, minPsnr, minSsim; ///< of a variant's mean
};
std::vector<Sentence> brokenLimits(const Comparison& comparison, const QualityLimits& limits);

/// baseline's seconds a step over the variant's; empty where one is not known or of an earlier run.
std::optional<double> speedUp(const Comparison& comparison, const ComparedVariant& variant);

} // namespace mantissa
