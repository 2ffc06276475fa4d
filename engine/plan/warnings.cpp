// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/warnings.h"

#include <algorithm>
#include <set>

namespace mantissa {

namespace {

constexpr std::size_t kNamesShown = 3;

void warnOfRules(std::vector<std::string>& out, const QuantPlan& plan, std::size_t index, bool inOtherLayers,
    const RuleUse& use)
{
    const Rule& rule = plan.rules[index];
    const std::string origin = rule.origin.empty() ? "" : rule.origin + " ";
    if (!use.matched && !inOtherLayers) {
        const bool suffix = rule.pattern.find("weight") != std::string::npos;
        out.push_back(fmt::format("rule {} ({}\"{}\") matches no layer{}", index + 1, origin, rule.pattern,
            suffix ? "; layer names do not end in .weight" : ""));
    } else if (!use.reached && !rule.choice.keeps()) {
        out.push_back(fmt::format("rule {} ({}\"{}\") matches only layers that cannot be quantized",
            index + 1, origin, rule.pattern));
    }
}

void warnOfFormats(std::vector<std::string>& out, const PlanUse& use)
{
    for (const auto& [id, layers] : use.layersByFormat) {
        const StorageFormat* format = findFormat(id);
        if (!format || format->info().loader == LoaderSupport::Stock)
            continue;
        const bool none = format->info().loader == LoaderSupport::None;
        out.push_back(fmt::format("{} layer{} in {}: {}{}{}", layers, layers == 1 ? "" : "s", id,
            none ? "no known runtime loads it" : "stock ComfyUI does not load it, a custom node is needed",
            format->info().loaderNote.empty() ? "" : " – ", format->info().loaderNote));
    }
}

/// bitsandbytes' layers and ComfyUI's describe themselves in different ways, and no loader reads both.
void warnOfMixture(std::vector<std::string>& out, const PlanUse& use)
{
    std::vector<std::string_view> own, others;
    for (const auto& [id, layers] : use.layersByFormat)
        if (const StorageFormat* format = findFormat(id))
            (format->writesSettings() ? own : others).push_back(id);
    if (!own.empty() && !others.empty())
        out.push_back(fmt::format("{} and {} in one file: no known loader reads both", fmt::join(own, ", "),
            fmt::join(others, ", ")));
}

void warnOfNames(std::vector<std::string>& out, const QuantPlan& plan, const Model& model)
{
    std::set<std::string_view> names;
    if (!plan.overrides.empty())
        for (const Layer& layer : model.layers)
            names.insert(layer.name);
    std::vector<std::string_view> unknown;
    for (const auto& [name, choice] : plan.overrides)
        if (!names.contains(name))
            unknown.push_back(name);
    if (!unknown.empty()) {
        const std::size_t shown = std::min(unknown.size(), kNamesShown);
        out.push_back(fmt::format("{} override{} no layer of this model: {}{}", unknown.size(),
            unknown.size() == 1 ? " names" : "s name",
            fmt::join(unknown.begin(), unknown.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
            unknown.size() > shown ? ", …" : ""));
    }
    for (const std::string& role : plan.components) {
        const bool known = std::any_of(model.components.begin(), model.components.end(),
            [&role](const Component& component) { return component.role == role; });
        if (!known)
            out.push_back(fmt::format("this file has no component \"{}\"", role));
    }
}

} // namespace

bool isOfPreset(const Rule& rule)
{
    return rule.origin.rfind("preset ", 0) == 0;
}

Result<std::vector<std::string>> planWarnings(
    const QuantPlan& plan, const Model& model, const std::vector<Pattern>& patterns, const PlanUse& use)
{
    std::vector<std::string> out;
    if (!plan.architecture.empty() && plan.architecture != model.architecture.id) {
        out.push_back(fmt::format(
            "the plan was made for {}, and this is {}", plan.architecture, model.architecture.id));
    }
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (isOfPreset(plan.rules[i]))
            continue; // presets speak of every variant of a family
        bool elsewhere = false;
        for (auto layer = model.layers.begin();
             !use.rules[i].matched && !elsewhere && layer != model.layers.end(); ++layer) {
            auto found = patterns[i].search(layer->name);
            if (!found)
                return forward(std::move(found));
            elsewhere = *found;
        }
        warnOfRules(out, plan, i, elsewhere, use.rules[i]);
    }
    warnOfNames(out, plan, model);
    warnOfFormats(out, use);
    warnOfMixture(out, use);
    if (model.architecture.form == "diffusers" && !use.layersByFormat.empty())
        out.emplace_back(
            "the keys are spelled as diffusers spells them: stock ComfyUI may not load the file");
    if (use.requantized > 0) {
        out.push_back(
            fmt::format("{} layer{} quantized already and will be decoded and quantized again, which "
                        "adds to the error; start from the original file if you have it",
                use.requantized, use.requantized == 1 ? " is" : "s are"));
    }
    if (use.fromPlainFp8 > 0) {
        out.push_back(
            fmt::format("{} layer{} 8-bit floats without scales: what that cast lost stays lost, and "
                        "quantizing from it loses quality; start from the 16-bit original if you "
                        "have it",
                use.fromPlainFp8, use.fromPlainFp8 == 1 ? " holds" : "s hold"));
    }
    if (use.layersByFormat.empty())
        out.push_back(use.leftStored == 0
                ? "the plan quantizes no layer"
                : fmt::format("the plan quantizes no layer: {} quantized already and stay as they are; "
                              "--set REGEX=FORMAT quantizes them again",
                    use.leftStored == 1 ? "1 is" : fmt::format("{} are", use.leftStored)));
    return out;
}

} // namespace mantissa
