// SPDX-License-Identifier: GPL-3.0-or-later
// The document: what shall happen to every layer, and why. The window edits it through undo commands, the
// command line reads and writes it as JSON (resources/schema/plan.schema.json), an export embeds it.
#pragma once

#include "engine/base/error.h"
#include "engine/base/message.h"
#include "engine/formats/storage_format.h"
#include "engine/model/model.h"
#include "engine/plan/recipe.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// One choice: keep a layer as it is, or store it in a format.
struct Choice {
    std::string format; ///< empty: keep
    FormatParams params;
    /// The largest magnitude of the layer's inputs that the runtime keeps; what is above is cut. Exports
    /// store it as `input_scale` (inputScaleRange()). 0: nothing is stored, the runtime does as it likes.
    double inputClip = 0;

    bool keeps() const { return format.empty(); }
    bool operator==(const Choice&) const = default;
};

/// Usage, in a sentence, if the format is unknown or a parameter is not one that it offers.
Status checkChoice(const Choice& choice);
/// "keep", "nvfp4", "int8_tensorwise (row, rotated by 256)", "nvfp4 (inputs cut at 12.5)".
Sentence describe(const Choice& choice);
/// What an export stores as the layer's `input_scale`; 0: none.
float inputScaleOf(const Choice& choice);
/// Whether the format takes less than 6 bits a weight.
bool isFourBit(const Choice& choice);

/// Applies to every layer whose full name (without ".weight") the pattern is found in; syntax:
/// engine/base/pattern.h.
struct Rule {
    std::string pattern;
    Choice choice;
    std::string origin; ///< "preset flux1", "--exclude", "user": shown as provenance
    std::string reason; ///< why, in words; may be empty

    bool operator==(const Rule&) const = default;
};

struct QuantPlan {
    std::string sourceName; ///< file name without folder
    std::string sourceHash; ///< XXH3-128 as hex where known; may be empty
    std::string architecture, variant, prediction; ///< ids; what the user set or detection found
    std::string preset; ///< id of the preset the rules came from; may be empty
    Choice base; ///< for every quantizable layer that nothing else decides; keeps() = none by default
    /// Instead of keeping: for layers whose shape the chosen format refuses, and for those that only 4-bit
    /// formats preserve. keeps() = none.
    Choice fallback;
    std::string recipe = "fast"; ///< a name of engine/plan/recipe.h
    std::string statistics; ///< fingerprint of the calibration statistics used; empty: none
    std::string outputDtype = "keep"; ///< unquantized float tensors: "keep", "bfloat16", "float16"
    std::vector<std::string> components; ///< roles to quantize; empty: the main network
    bool preserveCritical = true;
    std::vector<Rule> rules; ///< later rules win over earlier ones
    std::map<std::string, Choice> overrides; ///< by full layer name; win over all rules, not over guards
    std::map<std::string, std::string>
        notes; ///< what a person wrote about layers, by full name; decide nothing

    bool operator==(const QuantPlan&) const = default;
};

/// The recipe by its name; Usage if there is none of it.
Result<RecipeLevel> recipeOf(const QuantPlan& plan);
/// The dtype that a tensor of a layer which is not quantized is written in (`outputDtype` casts float weights
/// of two and more dimensions; norms, biases, parameters, buffers and quantized layers keep theirs). What the
/// container itself encodes (GGUF) is written as 16-bit floats: bfloat16, or float16 where that is wanted.
DType writtenDtype(const QuantPlan& plan, const Layer& layer, const TensorInfo& tensor);
/// What `orig_dtype` of a quantized layer says: the dtype to dequantize to, in torch's spelling
/// ("torch.bfloat16").
std::string_view origDtypeOf(const QuantPlan& plan, const Layer& layer);
/// For each component of the model, whether the plan quantizes it.
std::vector<bool> selectedComponents(const QuantPlan& plan, const Model& model);

/// Where a layer's effective choice comes from, weakest first. Guards win over everything. One exception:
/// rules of a preset (origin "preset …") may keep, but not quantize, what the architecture preserves at every
/// width.
enum class Provenance { Untouched, Base, Critical, Rule, Override, Guard };
std::string_view nameOf(Provenance provenance) noexcept; ///< "base", "rule", …

struct Decision {
    Choice choice; ///< effective; params resolved for the shape of the layer
    Provenance provenance = Provenance::Untouched;
    Message why; ///< one sentence for a person
    std::ptrdiff_t rule = -1; ///< index of the winning rule where provenance is Rule
    std::vector<Message> beaten; ///< what it won over, strongest first, in words
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< all stored tensors of the layer
};

enum class Severity { Note, Warning, Problem };
std::string_view nameOf(Severity severity) noexcept; ///< "note", "warning", "problem"

/// One edit that mends a finding.
struct PlanFix {
    enum class Kind {
        SetChoice, ///< `choice` for the finding's layers
        SetBase, ///< `choice` as the base format
        PreserveCritical, ///< switches it on
        SetOutputDtype, ///< `value`
        SetRecipe, ///< `value`
        RemoveRules, ///< `rules`, indices into the plan's
        RemoveOverrides, ///< `names`
    };
    Kind kind = Kind::SetChoice;
    std::string label; ///< "Store them as nvfp4": what a button says
    Choice choice;
    std::string value;
    std::vector<std::size_t> rules;
    std::vector<std::string> names;
};

/// What a person should know before a plan runs, and how to mend it.
struct Finding {
    std::string id; ///< of its kind: "rule-matches-nothing"
    Severity severity = Severity::Warning;
    Message text; ///< what is the matter and why, without capital and full stop
    std::vector<std::size_t> layers; ///< that it is about, ascending indices into Model::layers; may be empty
    std::vector<PlanFix> fixes; ///< alternatives, the best first; empty where only a person can decide
};
/// The plan with one fix applied; SetChoice writes overrides.
QuantPlan withFix(QuantPlan plan, const Model& model, const Finding& finding, const PlanFix& fix);

/// A plan applied to a model. One decision a layer, in the order of Model::layers.
struct ResolvedPlan {
    std::vector<Decision> decisions;
    std::uint32_t quantized = 0, kept = 0, guarded = 0;
    std::uint64_t dataBytesBefore = 0, dataBytesAfter = 0; ///< tensor data without header
    std::vector<Finding> findings; ///< rules that match nothing, formats no stock loader reads, …

    std::vector<Sentence> warnings() const; ///< the texts of all findings but notes
};

/// Usage if a pattern is not a regular expression or a format is unknown.
Result<ResolvedPlan> resolvePlan(const QuantPlan& plan, const Model& model);

/// The plan that `quantize` follows when nothing but a format is named: preset of the architecture, critical
/// layers kept.
QuantPlan defaultPlan(const Model& model, const Choice& base);

/// JSON, stable and diffable; parsePlan(toJson(p)) == p.
std::string toJson(const QuantPlan& plan);
/// With every layer of the model listed as an override, ready to edit (`mantissa plan`).
QuantPlan listEveryLayer(const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved);
/// Also accepts the layer configs and templates of convert-to-quant (recognised by their shape).
/// InvalidInput with the JSON pointer of the offending value in `where`.
Result<QuantPlan> parsePlan(std::string_view json);

/// A ready-made set of rules for one model family. Every family has one for any format (no aim, no base) and
/// one for each aim, which names its base format too.
struct Preset {
    std::string id, name, summary;
    std::vector<std::string> architectures; ///< ids it is offered for; empty: any
    std::vector<Rule> rules;
    std::vector<Rule>
        rulesAt4Bits; ///< added, after the others, where the base takes less than 6 bits a weight
    std::string aim; ///< "near-lossless", "balanced", "largest-saving"; empty: for any format
    Choice base; ///< set where there is an aim
    Choice fallbackAt4Bits; ///< becomes the plan's fallback where the base takes less than 6 bits a weight
};
const std::vector<Preset>& presets();
const Preset* findPreset(std::string_view id);
/// The preset of an architecture; the general one where it has none of its own. Null only for an unknown aim.
const Preset* presetFor(std::string_view architecture, std::string_view aim = {});
/// Replaces what an earlier preset put into the plan; rules of the user stay and stay stronger. Takes over
/// the base format of a preset with an aim.
void applyPreset(QuantPlan& plan, const Preset& preset);

} // namespace mantissa
