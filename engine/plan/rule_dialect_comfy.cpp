// SPDX-License-Identifier: GPL-3.0-or-later
// Configs of comfy-quants (Comfy-Org/comfy-quants: src/comfy_quants/core/config.py). Globs are compared with
// whole names of modules of the network, "*" fits dots too, and what `exclude` has wins
// (src/comfy_quants/algorithms/tensor_index.py).
#include "engine/base/json_tree.h"
#include "engine/plan/name_patterns.h"
#include "engine/plan/rule_dialects.h"
#include "engine/plan/rule_names.h"

#include <algorithm>
#include <array>
#include <map>

namespace mantissa {

namespace {

/// What stands before the names of a network in ComfyUI's checkpoints, and not in the files it reads.
constexpr std::string_view kNetwork = "diffusion_model.";
/// model.family of those that it knows (src/comfy_quants/model_adapters/).
constexpr std::array<std::string_view, 2> kFamilies{"qwen_image", "anima"};

bool globFits(std::string_view glob, std::string_view name)
{
    std::size_t g = 0, n = 0, star = std::string_view::npos, mark = 0;
    while (n < name.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            mark = n;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
            ++g;
            ++n;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

bool anyFits(const std::vector<std::string>& globs, std::string_view name)
{
    return std::ranges::any_of(globs, [&](const std::string& glob) { return globFits(glob, name); });
}

/// A part of a name as it is: what means something in a glob becomes "?".
std::string literal(std::string_view word)
{
    std::string out(word);
    std::ranges::replace_if(
        out, [](char c) { return std::string_view("*?[]").find(c) != std::string_view::npos; }, '?');
    return out;
}

/// Of patterns without lists of numbers.
std::string globOf(const NamePattern& pattern)
{
    std::string out;
    for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
        const NamePart& part = pattern.parts[i];
        out += i == 0 ? "" : ".";
        out += part.kind == NamePart::Kind::AnyNumber ? "*" : literal(part.words.front());
    }
    return out + (pattern.below ? ".*" : "");
}

struct Module {
    std::string_view name;
    std::string form; ///< its skeleton
    bool wanted = false; ///< stored in the format of the config
};

/// Globs for the names of group 1 that fit none of group 0; every number is said.
std::vector<std::string> listed(const std::vector<GroupedName>& names)
{
    std::vector<std::string> globs;
    for (const NamePattern& pattern : namePatterns(names, 0, false))
        globs.push_back(globOf(pattern));
    return globs;
}

struct Globs {
    std::vector<std::string> include, exclude;
};

Globs globsFor(const std::vector<Module>& modules)
{
    std::map<std::string_view, std::pair<std::size_t, std::size_t>> forms; // wanted, all
    for (const Module& module : modules) {
        auto& [wanted, all] = forms[module.form];
        wanted += module.wanted ? 1 : 0;
        ++all;
    }
    const auto isIncluded = [&](const Module& module) {
        const auto& [wanted, all] = forms[module.form];
        return 2 * wanted >= all && wanted > 0; // else the few are named one by one
    };
    std::vector<GroupedName> general, few, exceptions;
    for (const Module& module : modules) {
        const bool included = isIncluded(module);
        general.push_back({module.name, included ? std::size_t{1} : 0});
        if (!included || !module.wanted)
            few.push_back({module.name, module.wanted ? std::size_t{1} : 0});
        if (included || module.wanted)
            exceptions.push_back({module.name, module.wanted ? std::size_t{0} : 1});
    }
    Globs globs;
    for (const NamePattern& pattern : namePatterns(general, 0))
        globs.include.push_back(globOf(pattern));
    std::ranges::move(listed(few), std::back_inserter(globs.include));
    globs.exclude = listed(exceptions);
    // A star fits dots too, and so more than the number that it stands for.
    for (const Module& module : modules)
        if (!module.wanted && anyFits(globs.include, module.name) && !anyFits(globs.exclude, module.name))
            globs.exclude.push_back(literal(module.name));
    return globs;
}

/// Index of the component that its graphs describe.
std::size_t networkOf(const RuleExport& request)
{
    const auto& parts = request.model.components;
    const auto network = std::ranges::find(parts, "diffusion_model", &Component::role);
    if (network != parts.end())
        return static_cast<std::size_t>(network - parts.begin());
    const std::vector<bool> selected = selectedComponents(request.plan, request.model);
    const auto first = std::ranges::find(selected, true);
    return first == selected.end() ? 0 : static_cast<std::size_t>(first - selected.begin());
}

class Config {
public:
    Config(const RuleExport& request, ExportNotes& notes)
        : m_request(request)
        , m_notes(notes)
        , m_network(networkOf(request))
    { }

    Result<std::string> write()
    {
        auto name = chosenName();
        if (!name)
            return forward(std::move(name));
        const std::vector<Module> modules = modulesFor(**name);
        if (std::ranges::find(kFamilies, m_request.model.architecture.id) == kFamilies.end())
            m_notes.say(sentence(
                "this network is none of those that comfy-quants knows ({}): it must be taught first",
                fmt::join(kFamilies, ", ")));
        return textOf(**name, globsFor(modules));
    }

private:
    Result<const ComfyQuantsName*> chosenName() const
    {
        const std::vector<std::string> formats = formatsOfComfyQuants(m_request);
        const std::string wanted = !m_request.format.empty() ? std::string(m_request.format)
            : formats.empty()                                ? std::string()
                                                             : formats.front();
        if (std::ranges::find(formats, wanted) != formats.end())
            return comfyQuantsNameOf(wanted);
        const auto refuse = [](ErrorCode code, Sentence message) {
            return tl::unexpected(Error{code, std::move(message), {},
                "float8_e4m3fn, float8_e5m2, int8_tensorwise, mxfp8 and nvfp4 can be said"});
        };
        if (wanted.empty())
            return refuse(ErrorCode::Unsupported,
                sentence("the plan stores no layer of the network in a format that comfy-quants has"));
        return refuse(ErrorCode::Usage,
            sentence(
                "rules for comfy-quants cannot be about {}: the plan stores no layer of the network in it, "
                "or comfy-quants has no such format",
                wanted));
    }

    std::vector<Module> modulesFor(const ComfyQuantsName& name)
    {
        std::vector<Module> modules;
        for (std::size_t i = 0; i < m_request.model.layers.size(); ++i) {
            const Layer& layer = m_request.model.layers[i];
            const Decision& decision = m_request.resolved.decisions[i];
            if (layer.kind != LayerKind::Linear && layer.kind != LayerKind::Embedding)
                continue; // never quantized, by whatever glob
            std::string_view shortName = layer.name;
            const std::string& prefix = m_request.model.components[layer.component].prefix;
            if (layer.component == m_network && prefix.ends_with(kNetwork) && shortName.starts_with(prefix))
                shortName.remove_prefix(prefix.size());
            Module module{shortName, skeletonOf(shortName), false};
            if (!decision.choice.keeps())
                module.wanted = isWanted(layer, decision, name);
            modules.push_back(std::move(module));
        }
        return modules;
    }

    bool isWanted(const Layer& layer, const Decision& decision, const ComfyQuantsName& name)
    {
        if (layer.component != m_network) {
            m_notes.count(countedSource("Engine",
                "%n layer(s) outside of the network (is|are) left out: comfy-quants reads the network "
                "alone"));
            return false;
        }
        if (decision.choice.format != name.format) {
            m_notes.count(
                countedSource("Engine", "%n layer(s) in %1 (is|are) left out: a config has one format, %2"),
                {decision.choice.format, std::string(name.format)});
            return false;
        }
        Choice said{decision.choice.format, {}};
        if (name.granularity == "per_channel") {
            said.params.scaling = "row";
            said.params.convrotGroup = 0;
        }
        noteWhatIsLost(m_request, layer, decision, std::move(said), m_notes);
        return true;
    }

    std::string textOf(const ComfyQuantsName& name, const Globs& globs) const
    {
        const std::string& file = m_request.plan.sourceName.empty()
            ? m_request.model.source->info().path.filename().string()
            : m_request.plan.sourceName;
        std::string text
            = fmt::format("project:\n  name: {}\n  created_by: mantissa\nmodel:\n  family: {}\n  "
                          "model_id: {}\n  components:\n    transformer: quantize\n    vae: keep_bf16\n    "
                          "text_encoder: keep_bf16\n",
                quoteJson(fmt::format("{}-{}", m_request.model.architecture.id, name.name)),
                quoteJson(m_request.model.architecture.id), quoteJson(file));
        text += fmt::format(
            "quant:\n  algorithm: {}\n  target_dtype: {}\n  scale:\n    granularity: {}\n    axis: {}\n    "
            "method: amax\n  rounding: nearest_even\n  modules:\n",
            name.algorithm, name.name, name.granularity, name.axis);
        const auto list = [&text](std::string_view key, const std::vector<std::string>& entries) {
            text += fmt::format("    {}:{}\n", key, entries.empty() ? " []" : "");
            for (const std::string& glob : entries)
                text += fmt::format("      - {}\n", quoteJson(glob));
        };
        list("include", globs.include);
        list("exclude", globs.exclude);
        return text + "  fallback:\n    on_error: keep_bf16\n";
    }

    const RuleExport& m_request;
    ExportNotes& m_notes;
    std::size_t m_network;
};

} // namespace

std::vector<std::string> formatsOfComfyQuants(const RuleExport& request)
{
    const std::size_t network = networkOf(request);
    std::map<std::string_view, std::uint64_t> bytes;
    for (std::size_t i = 0; i < request.model.layers.size(); ++i)
        if (const Decision& decision = request.resolved.decisions[i];
            request.model.layers[i].component == network
            && comfyQuantsNameOf(decision.choice.format) != nullptr)
            bytes[decision.choice.format] += decision.bytesBefore;
    std::vector<std::string> formats;
    for (const auto& [format, size] : bytes)
        formats.emplace_back(format);
    std::ranges::stable_sort(
        formats, std::ranges::greater(), [&](const std::string& format) { return bytes[format]; });
    return formats;
}

Result<std::string> writeComfyQuants(const RuleExport& request, ExportNotes& notes)
{
    return Config(request, notes).write();
}

} // namespace mantissa
