// SPDX-License-Identifier: GPL-3.0-or-later
// What each format would cost each layer: the table that `analyze --errors` prints, the window sorts, and the
// budget is solved with (engine/sensitivity/budget_plan.h).
//
// All errors are powers: squared norms of a difference over squared norms of what it is a difference from.
// Those of independent layers add up; −10·log10 of one is its signal-to-noise ratio in dB.
#pragma once

#include "engine/base/job.h"
#include "engine/calibration/statistics_file.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// What is known of a layer's inputs, and so where its output errors come from.
enum class InputEvidence {
    None, ///< not in the statistics: only weight errors
    Moments, ///< E[x xᵀ]: tr(E H Eᵀ) / tr(W H Wᵀ)
    HeldOut, ///< held-out tokens, where they are fewer than the layer's channels
};
std::string_view nameOf(InputEvidence evidence) noexcept; ///< "none", "second moments", "held-out tokens"

/// One way to store one layer.
struct ChoiceSensitivity {
    Choice choice; ///< params as the plan's resolution gave them; keeps(): as it is
    std::uint64_t bytes = 0; ///< all stored tensors of the layer
    std::optional<double> weightError; ///< ‖Ŵ − W‖² / ‖W‖²; empty: not measured yet
    std::optional<double> outputError; ///< E‖(Ŵ − W)x‖² / E‖Wx‖²; empty where inputs are not known
};

/// What a change of the layer's weight does to the denoiser's output, measured on stored calls.
struct LayerProbe {
    std::string choice; ///< describe() of the format that stood in for the weight
    double error = 0; ///< ‖Δ‖² / ‖output‖² of the guided prediction, mean over the calls
};

struct LayerSensitivity {
    std::size_t layer = 0; ///< index into Model::layers
    std::string name;
    std::uint64_t weights = 0; ///< elements
    InputEvidence evidence = InputEvidence::None;
    std::uint64_t nonFinite = 0; ///< weights that are NaN or infinity; errors leave them out
    std::vector<ChoiceSensitivity> choices; ///< by rising bytes; the last of a free layer keeps it
    std::optional<LayerProbe> probe;

    const ChoiceSensitivity* find(std::string_view description) const; ///< by describe(choice)
    /// The way that takes the fewest bytes and is not "keep"; null where there is none.
    const ChoiceSensitivity* smallest() const;
};

/// How the denoiser was probed; probes of different settings do not compare.
struct ProbeSettings {
    int calls = 0; ///< stored calls of the denoiser; 0: not probed
    std::uint64_t seed = 0;
    std::vector<std::string> prompts; ///< one for each call, repeated where they are fewer

    bool operator==(const ProbeSettings&) const = default;
};

struct SensitivityTable {
    std::string modelHash; ///< XXH3-128 of the checkpoint
    std::string architecture;
    std::string statistics; ///< fingerprint of the statistics file; empty: none
    Recipe recipe = Recipe::Fast; ///< of the codes; errors are those of the format's data-free encoder
    ProbeSettings probe;
    std::vector<LayerSensitivity> layers; ///< those whose format is free to choose
};

/// What the harm of a choice was computed from, the best last.
enum class HarmMeasure { WeightError, OutputError, DenoiserError };
std::string_view nameOf(HarmMeasure measure) noexcept; ///< "weight error", "output error", "denoiser error"
/// The best measure that all layers have (layers that the denoiser's calls do not reach are left out).
HarmMeasure measureOf(const SensitivityTable& table);
/// The harm of a way to store a layer. DenoiserError: probe × error of the choice / error of the probed one,
/// an estimate of the relative error (power) of the denoiser's output. 0 for what keeps the layer.
double harmOf(const LayerSensitivity& layer, const ChoiceSensitivity& choice, HarmMeasure measure);

/// The layers of a model that `formats` can be chosen for, with all ways that the plan's rules, the guards
/// and the architecture leave for each; errors not measured. Layers that a rule or an override of the user
/// decides, that are critical, or that no format stores, are not among them. Bytes are those of an export by
/// this plan. Usage for formats that do not exist or that cannot share a file.
Result<SensitivityTable> sensitivityCandidates(
    const QuantPlan& plan, const Model& model, const std::vector<Choice>& formats);
/// For a look at a plan: the layers that it quantizes, each with its planned format and every other one that
/// stock loaders read and its shape allows.
Result<SensitivityTable> sensitivityOfPlan(
    const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved);
/// What `formats` is by default: what ComfyUI loads, from 8 bits to 4.
std::vector<Choice> defaultBudgetFormats();
/// The plan with another base format, and the rules that its preset has for that width.
QuantPlan withBase(const QuantPlan& plan, const Choice& base);

/// Takes over what `known` measured of the same model with the same statistics, recipe and probe.
void reuseMeasurements(SensitivityTable& table, const SensitivityTable& known);
/// The same for tables of one open model, whose hash need not be known.
void takeMeasurements(SensitivityTable& table, const SensitivityTable& known);

/// Called with the table as far as it is, at most every other second and at the end (also of a cancelled
/// run), on any thread, one call at a time: the place to save it.
using TableSaver = std::function<void(const SensitivityTable&)>;

struct MeasureOptions {
    const StatisticsFile* statistics = nullptr; ///< null: weight errors only
    unsigned threads = 0; ///< 0: all cores
    TableSaver save; ///< may be empty
};

/// Fills in the weight and output errors that are missing. Memory: a block of rows and one input's statistics
/// a thread. Output errors come from at most 512 rows a layer, evenly spread. Progress: bytes of weights
/// read.
Status measureErrors(
    SensitivityTable& table, const Model& model, const MeasureOptions& options, const JobContext& job);

/// What was seen while measuring: layers with weights that are no numbers.
std::vector<Finding> measuredFindings(const SensitivityTable& table);

/// JSON; parseSensitivity(toJson(t)) == t, but for layer indices, which are those of `model`.
std::string toJson(const SensitivityTable& table);
/// InvalidInput, with the place, for what is no such document. Layers that the model lacks are dropped.
Result<SensitivityTable> parseSensitivity(std::string_view json, const Model& model);

} // namespace mantissa
