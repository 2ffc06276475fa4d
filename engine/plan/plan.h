// SPDX-License-Identifier: GPL-3.0-or-later
// The document: what shall happen to every layer, and why. The window edits it through undo commands, the
// command line reads and writes it as JSON (resources/schema/plan.schema.json), an export embeds it.
#pragma once

#include "engine/base/error.h"
#include "engine/formats/storage_format.h"
#include "engine/model/model.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// One choice: keep a layer as it is, or store it in a format.
struct Choice {
    std::string format; ///< empty: keep
    FormatParams params;

    bool keeps() const { return format.empty(); }
    bool operator==(const Choice&) const = default;
};

/// Usage, in a sentence, if the format is unknown or a parameter is not one that it offers.
Status checkChoice(const Choice& choice);
/// "keep", "nvfp4", "int8_tensorwise (row, rotated by 256)".
std::string describe(const Choice& choice);
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
    std::string recipe = "fast"; ///< "absmax", "fast"
    std::string outputDtype = "keep"; ///< unquantized float tensors: "keep", "bfloat16", "float16"
    std::vector<std::string> components; ///< roles to quantize; empty: the main network
    bool preserveCritical = true;
    std::vector<Rule> rules; ///< later rules win over earlier ones
    std::map<std::string, Choice> overrides; ///< by full layer name; win over all rules, not over guards

    bool operator==(const QuantPlan&) const = default;
};

/// The recipe by its name; Usage if there is none of it.
Result<Recipe> recipeOf(const QuantPlan& plan);
/// The dtype that a tensor of a layer which is not quantized is written in (`outputDtype` casts float weights
/// of two and more dimensions; norms, biases, parameters, buffers and quantized layers keep theirs).
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
    std::string why; ///< one sentence for a person
    std::ptrdiff_t rule = -1; ///< index of the winning rule where provenance is Rule
    std::vector<std::string> beaten; ///< what it won over, strongest first, in words
    std::uint64_t bytesBefore = 0, bytesAfter = 0; ///< all stored tensors of the layer
};

/// A plan applied to a model. One decision a layer, in the order of Model::layers.
struct ResolvedPlan {
    std::vector<Decision> decisions;
    std::uint32_t quantized = 0, kept = 0, guarded = 0;
    std::uint64_t dataBytesBefore = 0, dataBytesAfter = 0; ///< tensor data without header
    std::vector<std::string> warnings; ///< rules that match nothing, formats no stock loader reads, …
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
