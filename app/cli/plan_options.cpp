// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/plan_options.h"

#include "engine/calibration/calibration.h"
#include "engine/arch/native_keys.h"
#include "engine/export/provenance.h"
#include "engine/io/atomic_file.h"
#include "engine/io/random_access_file.h"
#include "engine/plan/rule_import.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

namespace mantissa::cli {
namespace {

constexpr std::uint64_t kTextLimit = std::uint64_t{64} << 20;

std::vector<std::string> formatIds()
{
    std::vector<std::string> ids;
    for (const StorageFormat* format : storageFormats())
        ids.emplace_back(format->info().id);
    return ids;
}

/// "REGEX=FORMAT": the last '=' divides, since a pattern may hold one.
Result<Rule> parseSetRule(const std::string& text)
{
    const std::size_t at = text.rfind('=');
    if (at == std::string::npos || at == 0)
        return fail(ErrorCode::Usage, "--set takes REGEX=FORMAT, not \"{}\"", text);
    Rule rule{text.substr(0, at), {}, "--set", {}};
    const std::string format = text.substr(at + 1);
    if (format != "keep") {
        if (findFormat(format) == nullptr)
            return tl::unexpected(
                Error{ErrorCode::Usage, fmt::format("\"{}\" is not a storage format", format), {},
                    "'mantissa formats' lists them; \"keep\" leaves layers as they are"});
        rule.choice.format = format;
    }
    return rule;
}

} // namespace

void PlanOptions::declare(Options& options)
{
    const auto formats = formatIds();
    options
        .add("-f,--format", m_format, "Storage format of the layers that are quantized ('mantissa formats')")
        .oneOf(formats)
        .group("Plan");
    options.add("--plan,--layer-config", m_planFile, "Follow this plan (or layer config of convert-to-quant)")
        .group("Plan");
    options.add("--method", m_method, "auto: choose the format by the GPU").oneOf({"auto"}).group("Plan");
    options.add("--gpu", m_gpu, "The GPU to choose for (\"RTX 4090\"); default: the one found").group("Plan");
    options
        .add("--import-rules", m_import,
            "Rules of stable-diffusion.cpp (\"^vae\\.=f16,model\\.=q8_0\") or a config of comfy-quants: the "
            "text, or a "
            "file with it")
        .group("Plan");
    options.add("--preset", m_preset, "Rules of this preset ('mantissa presets'); none: no rules")
        .group("Plan");
    options
        .add("--recipe", m_recipe,
            "absmax: plain rounding; fast: the best that needs no data (default); light, balanced, best: "
            "with the statistics of a calibration run")
        .oneOf({"absmax", "fast", "light", "balanced", "best"})
        .group("Plan");
    options
        .add("--exclude,--exclude-layers", m_exclude, "Leave layers alone whose name this regex is found in")
        .group("Layers");
    options.add("--keep", m_keep, "The same as --exclude").group("Layers");
    options.add("--set", m_set, "REGEX=FORMAT: another format for some layers; later ones win")
        .group("Layers");
    options.add("--custom-layers", m_custom, "Layers of --custom-type (regex)").group("Layers");
    options.add("--custom-type", m_customType, "Format of --custom-layers").oneOf(formats).group("Layers");
    options
        .add("--fallback", m_fallback,
            "Format of layers that are excluded or that refuse their format, instead of keeping them")
        .oneOf(formats)
        .group("Layers");
    options.flag("--no-preserve-critical", m_noPreserveCritical, "Quantize the sensitive layers too")
        .group("Layers");
    options.add("--components", m_components, "Parts to quantize (default: the main network)")
        .separatedBy(',')
        .group("Layers");
    options
        .add("--scaling,--scaling-mode", m_scaling,
            "One scale per tensor, row or block; nested: nf4's block scales as 8-bit codes")
        .oneOf({"tensor", "row", "block", "nested"})
        .group("Format");
    options.add("--block-size,--group-size", m_blockSize, "Columns (or tile side) that share a scale")
        .positive()
        .group("Format");
    options.add("--convrot", m_convrot, "Rotation group (16, 64, 256, …) or off")
        .values(0, 1)
        .group("Format");
    options.add("--convrot-group-size", m_convrotGroup, "The same as --convrot N").group("Format");
    options.add("--linear-dtype", m_linearDtype, "convrot_w4a4: activations int4 or int8")
        .oneOf({"int4", "int8"})
        .group("Format");
    options.add("--bits", m_bits, "asym_w4a8_int8: codes of 4 or 6 bits").oneOf({4, 6}).group("Format");
    options.add("--rank", m_rank, "svdquant: rank of the 16-bit branch").positive().group("Format");
    options
        .flag("--full-precision-matrix-mult", m_fullPrecision, "Ask the loader to dequantize, then multiply")
        .group("Format");
    options
        .add("--output-dtype", m_outputDtype,
            "Float matrices that are not quantized: keep, bfloat16 or float16")
        .oneOf({"keep", "bfloat16", "float16"})
        .group("Format");
    options.add("--architecture", m_architecture, "What the model is, where detection is wrong")
        .group("Model");
    options.add("--variant", m_variant, "Variant, where shapes cannot tell").group("Model");
    options.add("--prediction", m_prediction, "Prediction kind: eps, v, flow").group("Model");
    options
        .flag("--keep-names", m_keepNames,
            "Keep the keys of diffusers instead of the native ones, which ComfyUI needs")
        .group("Model");
    // Spellings of convert-to-quant.
    options.flag("--int8", m_int8, "The same as --format int8_tensorwise").group("As in convert-to-quant");
    options.flag("--nvfp4", m_nvfp4, "The same as --format nvfp4").group("As in convert-to-quant");
    options.flag("--mxfp8", m_mxfp8, "The same as --format mxfp8").group("As in convert-to-quant");
    options.flag("--simple", m_simple, "The same as --recipe absmax").group("As in convert-to-quant");
    options.flag("--comfy-quant,--save-quant-metadata,--low-memory", m_ignored, "Always so")
        .group("As in convert-to-quant");
}

int PlanOptions::prepare(const Console& console, const std::string& path, std::shared_ptr<const Model>& model,
    QuantPlan& plan) const
{
    std::vector<Sentence> notes;
    auto opened = open(path, notes);
    if (!opened)
        return console.report(opened.error());
    model = std::move(*opened);
    auto made = this->plan(*model, notes);
    if (!made)
        return console.report(made.error());
    plan = std::move(*made);
    for (const std::string& note : notes)
        console.note(note);
    return 0;
}

FormatParams PlanOptions::params() const
{
    FormatParams params;
    params.scaling = m_scaling;
    params.blockSize = m_blockSize;
    params.linearDtype = m_linearDtype;
    params.bits = m_bits;
    params.rank = m_rank;
    params.fullPrecisionMatrixMult = m_fullPrecision;
    if (m_convrot == "off")
        params.convrotGroup = 0;
    else if (!m_convrot.empty() && m_convrot.find_first_not_of("0123456789") == std::string::npos
        && m_convrot.size() < 9)
        params.convrotGroup = std::stoi(m_convrot);
    else if (m_convrotGroup > 0)
        params.convrotGroup = m_convrotGroup;
    return params;
}

Result<std::shared_ptr<const Model>> PlanOptions::open(
    const std::string& path, std::vector<Sentence>& notes) const
{
    const DetectionOverrides overrides{m_architecture, m_variant, m_prediction};
    auto model = openModel(path, overrides);
    if (!model || m_keepNames)
        return model;
    return withNativeKeys(std::move(*model), overrides, notes);
}

Result<std::optional<Gpu>> PlanOptions::gpuToChooseFor() const
{
    if (!m_gpu.empty()) {
        auto gpu = findGpu(m_gpu);
        if (!gpu)
            return forward(std::move(gpu));
        return std::optional<Gpu>(std::move(*gpu));
    }
    GpuDetection found = detectGpus();
    return found.gpus.empty() ? std::nullopt : std::optional<Gpu>(std::move(found.gpus.front()));
}

Result<Choice> PlanOptions::baseChoice(const Model& model, std::vector<Sentence>& notes) const
{
    Choice choice{m_format, params()};
    const int named = (m_format.empty() ? 0 : 1) + (m_method.empty() ? 0 : 1) + (m_int8 ? 1 : 0)
        + (m_nvfp4 ? 1 : 0) + (m_mxfp8 ? 1 : 0);
    if (named > 1)
        return fail(ErrorCode::Usage,
            "name one format: --format, --method auto, --int8, --nvfp4 and --mxfp8 exclude each other");
    if (m_int8)
        choice.format = "int8_tensorwise";
    else if (m_nvfp4)
        choice.format = "nvfp4";
    else if (m_mxfp8)
        choice.format = "mxfp8";
    else if (m_method == "auto") {
        auto gpu = gpuToChooseFor();
        if (!gpu)
            return forward(std::move(gpu));
        AutoChoice chosen = chooseFormat(*gpu ? &**gpu : nullptr, model.architecture.id);
        choice.format = chosen.choice.format;
        if (choice.params == FormatParams{})
            choice.params = chosen.choice.params;
        notes.push_back(std::move(chosen.reason));
    }
    return choice;
}

bool PlanOptions::namesFormat() const
{
    return !m_format.empty() || !m_method.empty() || m_int8 || m_nvfp4 || m_mxfp8;
}

Result<QuantPlan> PlanOptions::startingPlan(const Model& model, std::vector<Sentence>& notes) const
{
    auto base = baseChoice(model, notes);
    if (!base)
        return forward(std::move(base));
    QuantPlan plan;
    if (!m_planFile.empty()) {
        auto parsed = readPlan(m_planFile);
        if (!parsed)
            return parsed;
        plan = std::move(*parsed);
        if (!plan.architecture.empty() && plan.architecture != model.architecture.id)
            notes.push_back(
                fmt::format("the plan was made for {}, this model is {}; rules are applied by layer name",
                    plan.architecture, model.architecture.id));
        if (!base->keeps())
            plan.base = *base;
        return plan;
    }
    if (!m_preferredFormat.empty())
        return defaultPlan(model, {m_preferredFormat, {}});
    auto record = readProvenance(model.source->info());
    if (record && *record && base->keeps()) {
        notes.emplace_back("no format was named: the plan that made this file is followed");
        return (**record).plan;
    }
    const Preset* preset = m_preset.empty() ? nullptr : findPreset(m_preset);
    const bool presetNamesFormat = preset != nullptr && !preset->base.keeps();
    const bool namesNone = base->keeps() && m_set.empty() && m_custom.empty() && !presetNamesFormat;
    if (namesNone && !m_assumedFormat.empty()) {
        notes.push_back(fmt::format("no format was named: this is what {} would do", m_assumedFormat));
        return defaultPlan(model, {m_assumedFormat, {}});
    }
    if (namesNone)
        return tl::unexpected(Error{ErrorCode::Usage, "no format was named", {},
            "name one with --format (see 'mantissa formats'), or let --method auto choose by the GPU"});
    return defaultPlan(model, *base);
}

Status PlanOptions::addRules(QuantPlan& plan, std::vector<Sentence>& notes) const
{
    if (!m_import.empty()) {
        std::error_code ec;
        std::string text = m_import;
        if (std::filesystem::is_regular_file(m_import, ec)) {
            auto read = readTextFile(m_import);
            if (!read)
                return forward(std::move(read));
            text = std::move(*read);
        }
        auto imported = importRules(text);
        if (!imported)
            return forward(std::move(imported));
        plan.rules.insert(plan.rules.end(), imported->rules.begin(), imported->rules.end());
        notes.insert(notes.end(), imported->notes.begin(), imported->notes.end());
    }
    const Choice fallback{m_fallback, {}};
    if (!m_fallback.empty())
        plan.fallback = fallback;
    for (const std::string& pattern : m_exclude)
        plan.rules.push_back({pattern, fallback, "--exclude", {}});
    for (const std::string& pattern : m_keep)
        plan.rules.push_back({pattern, Choice{}, "--keep", {}});
    if (!m_custom.empty() && m_customType.empty())
        return fail(ErrorCode::Usage, "--custom-layers needs --custom-type");
    for (const std::string& pattern : m_custom)
        plan.rules.push_back({pattern, Choice{m_customType, {}}, "--custom-layers", {}});
    for (const std::string& text : m_set) {
        auto rule = parseSetRule(text);
        if (!rule)
            return forward(std::move(rule));
        plan.rules.push_back(std::move(*rule));
    }
    return {};
}

Result<QuantPlan> PlanOptions::plan(const Model& model, std::vector<Sentence>& notes) const
{
    if (!m_convrot.empty() && m_convrot != "off" && !params().convrotGroup)
        return fail(ErrorCode::Usage, "--convrot takes a group size or off, not \"{}\"", m_convrot);
    auto plan = startingPlan(model, notes);
    if (!plan)
        return plan;
    if (!m_preset.empty()) {
        const Preset* preset = findPreset(m_preset);
        if (preset == nullptr && m_preset != "none")
            return tl::unexpected(Error{ErrorCode::Usage, fmt::format("there is no preset \"{}\"", m_preset),
                {}, "'mantissa presets' lists them"});
        if (preset != nullptr)
            applyPreset(*plan, *preset);
        else
            std::tie(plan->preset, plan->rules) = std::pair{std::string(), std::vector<Rule>{}};
    }
    if (!m_recipe.empty() || m_simple)
        plan->recipe = m_simple ? "absmax" : m_recipe;
    else if (const auto level = recipeLevelOf(plan->recipe); level && !needsStatistics(*level))
        plan->recipe = m_preferredRecipe.empty() ? plan->recipe : m_preferredRecipe;
    if (!m_outputDtype.empty())
        plan->outputDtype = m_outputDtype;
    if (!m_components.empty())
        plan->components = m_components;
    if (m_noPreserveCritical)
        plan->preserveCritical = false;
    if (Status status = addRules(*plan, notes); !status)
        return forward(std::move(status));
    return plan;
}

Result<std::shared_ptr<const Model>> openModel(const std::string& path, const DetectionOverrides& overrides)
{
    auto source = openCheckpoint(path);
    if (!source)
        return forward(std::move(source));
    return detectModel(std::move(*source), overrides);
}

Result<std::shared_ptr<const Model>> withNativeKeys(
    std::shared_ptr<const Model> model, const DetectionOverrides& overrides, std::vector<Sentence>& notes)
{
    auto native = mantissa::withNativeKeys(std::move(model), overrides);
    if (!native)
        return forward(std::move(native));
    notes.insert(notes.end(), native->notes.begin(), native->notes.end());
    return std::move(native->model);
}

Result<std::shared_ptr<const Model>> openNativeModel(const Console& console, const std::string& path)
{
    auto model = openModel(path);
    if (!model)
        return model;
    std::vector<Sentence> notes;
    auto native = withNativeKeys(std::move(*model), {}, notes);
    for (const std::string& note : notes)
        console.note(note);
    return native;
}

Result<QuantPlan> readPlan(const std::string& path)
{
    const auto text = readTextFile(path);
    if (!text)
        return tl::unexpected(text.error());
    auto plan = parsePlan(*text);
    if (!plan)
        return tl::unexpected(std::move(plan.error()).at(path));
    return plan;
}

Result<std::vector<std::string>> readPrompts(const std::string& path)
{
    const auto text = readTextFile(path);
    if (!text)
        return tl::unexpected(text.error());
    auto prompts = parsePrompts(*text);
    if (prompts.empty())
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "the file holds no prompt", path, "one prompt a line"});
    return prompts;
}

Result<std::string> readTextFile(const std::string& path)
{
    auto file = RandomAccessFile::open(path);
    if (!file)
        return forward(std::move(file));
    if ((*file)->size() > kTextLimit)
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "the file is too large for a text file", path, {}});
    return (*file)->readText(0, static_cast<std::size_t>((*file)->size()));
}

Status writeTextFile(const std::string& path, std::string_view text, bool overwrite)
{
    return writeFileAtomically(path, text, overwrite);
}

} // namespace mantissa::cli
