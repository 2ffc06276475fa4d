// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model.h"

#include "engine/arch/adapter.h"
#include "engine/arch/layer_kind.h"
#include "engine/arch/layers.h"
#include "engine/arch/variants.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace mantissa {

using namespace arch;

std::string_view nameOf(LayerKind kind) noexcept
{
    constexpr std::array<std::string_view, 8> kNames{
        "linear", "conv1d", "conv2d", "conv3d", "embedding", "norm", "parameter", "buffer"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view storedName(std::string_view id) noexcept
{
    const ContainerEncoding* encoding = findContainerEncoding(id);
    return encoding != nullptr ? encoding->name : id;
}

std::string_view nameOf(const StoredFormat& stored) noexcept
{
    return storedName(stored.id);
}

std::string_view nameOf(Confidence confidence) noexcept
{
    constexpr std::array<std::string_view, 3> kNames{"exact", "family", "unknown"};
    return kNames[static_cast<std::size_t>(confidence)];
}

namespace {

constexpr std::array<std::string_view, 3> kAdapters{"adapter", "embedding", "upscaler"};
constexpr std::array<std::string_view, 1> kControl{"controlnet"};
constexpr std::array<std::string_view, 1> kNetwork{"diffusion"};
constexpr std::array<std::string_view, 3> kParts{"vae", "text_encoder", "image_encoder"};
constexpr std::array<std::string_view, 1> kLookalikes{"lookalike"};

/// Rules in the order of spec/architectures: adapters, ControlNets, networks, then what stands alone.
Found findMain(const Identifier& identifier, const Registry& rules)
{
    if (Found found = identifier.identify("", kAdapters))
        return found;
    for (const char* prefix : {"", "control_model.", "controlnet."})
        if (Found found = identifier.identify(prefix, kControl))
            return found;
    const std::vector<std::string> prefixes = identifier.networkPrefixes();
    for (const std::string& prefix : prefixes)
        if (Found found = identifier.identify(prefix, kNetwork))
            return found;
    if (Found found = identifier.identify("", kParts))
        return found;
    for (const PrefixRule& rule : rules.prefixes) {
        const bool part = rule.role == "vae" || rule.role == "text_encoder" || rule.role == "image_encoder";
        if (!part || rule.prefix.find('*') != std::string::npos)
            continue;
        if (Found found = identifyPart(identifier, rules, rule, rule.prefix))
            return found;
    }
    for (const std::string& prefix : prefixes)
        if (Found found = identifier.identify(prefix, kLookalikes))
            return found;
    Found none;
    none.prefix = prefixes.front();
    return none;
}

Result<Found> forced(const Identifier& identifier, const Registry& rules, const std::string& id)
{
    const ArchitectureRule* rule = rules.find(id);
    if (rule == nullptr || rule->kind == "lookalike" || rule->kind == "general") {
        auto failed = fail(ErrorCode::Usage, "there is no architecture `{}`", id);
        failed.value().hint = "`mantissa architectures` lists all ids";
        return failed;
    }
    std::vector<std::string> prefixes = identifier.networkPrefixes();
    for (const PrefixRule& prefix : rules.prefixes)
        if (prefix.role == roleOf(*rule) && identifier.view(prefix.prefix).size() > 0)
            prefixes.insert(prefixes.begin(), prefix.prefix);
    const std::array<std::string_view, 1> kind{rule->kind};
    for (const std::string& prefix : prefixes)
        if (Found found = identifier.identify(prefix, kind); found && found.rule == rule)
            return found;
    Found found = identifier.describe(*rule, prefixes.front());
    found.exact = false;
    found.evidence = {sentence("the architecture {} was set by the user", id)};
    return found;
}

/// The stems that say most about a network that nobody knows (spec/architectures 1.7).
std::vector<Sentence> describeUnknown(const KeyView& view)
{
    std::unordered_map<std::string, std::size_t> counts;
    constexpr std::size_t kMostStems = 20000;
    for (const Key& key : view.keys()) {
        const std::string_view name = view.relative(key);
        const std::string_view block = blockOf(name);
        std::string stem(block.empty() ? name.substr(0, name.find('.')) : block.substr(0, block.rfind('.')));
        if (counts.size() < kMostStems || counts.contains(stem))
            ++counts[std::move(stem)];
    }
    std::vector<std::pair<std::string, std::size_t>> stems(counts.begin(), counts.end());
    std::sort(stems.begin(), stems.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    constexpr std::size_t kShown = 10;
    std::vector<std::string> words;
    for (std::size_t i = 0; i < std::min(kShown, stems.size()); ++i)
        words.push_back(fmt::format("`{}` ({} tensors)", stems[i].first.substr(0, 80), stems[i].second));
    if (words.empty())
        return {sentence("the file holds no tensors")};
    const auto weights = std::count_if(view.keys().begin(), view.keys().end(),
        [](const Key& key) { return key.name.ends_with(".weight") && key.shape->size() > 1; });
    return {sentence("no known network has these keys; {} of them are weights with two dimensions or more",
                weights),
        sentence("most frequent: {}", fmt::join(words, ", "))};
}

Architecture toArchitecture(
    const Found& found, const Identifier& identifier, const std::map<std::string, std::string>& metadata)
{
    Architecture architecture;
    architecture.prefix = found.prefix;
    architecture.evidence = found.evidence;
    if (!found || found.rule->kind == "lookalike") {
        if (found)
            architecture.name = fmt::format("Unknown model, looks like {}", found.rule->name);
        const auto words = describeUnknown(identifier.view(found.prefix));
        architecture.evidence.insert(architecture.evidence.end(), words.begin(), words.end());
        if (const auto said = metadata.find("general.architecture"); said != metadata.end()) // GGUF
            architecture.evidence.push_back(
                fmt::format("the metadata entry `general.architecture` says {}", said->second.substr(0, 80)));
        return architecture;
    }
    architecture.id = found.rule->id;
    architecture.form = found.form;
    architecture.name
        = found.exact && !found.rule->exactName.empty() ? found.rule->exactName : found.rule->name;
    architecture.confidence = found.exact ? Confidence::Exact : Confidence::Family;
    if (!found.exact && found.rule->extractor == "unet" && found.rule->kind == "diffusion")
        architecture.evidence.push_back(
            sentence("no published U-Net has these widths: unet (custom), treated as {}", found.rule->name));
    architecture.hyperparameters = found.hyperparameters;
    return architecture;
}

void addAdapter(Architecture& architecture, const Registry& rules, const Identifier& identifier,
    const TensorSource& source)
{
    Extracted adapter = describeAdapter(rules, identifier.file(), source);
    for (const auto& [name, value] : adapter.values)
        if (const auto* base = std::get_if<std::string>(&value); name == "base" && base != nullptr)
            if (const ArchitectureRule* rule = rules.find(*base))
                architecture.name += " for " + rule->name;
    architecture.hyperparameters.insert(architecture.hyperparameters.end(),
        std::make_move_iterator(adapter.values.begin()), std::make_move_iterator(adapter.values.end()));
    architecture.evidence.insert(
        architecture.evidence.end(), adapter.evidence.begin(), adapter.evidence.end());
}

} // namespace

Result<std::shared_ptr<const Model>> detectModel(
    std::shared_ptr<const TensorSource> source, const DetectionOverrides& overrides)
{
    const Result<Registry>& rules = registry();
    if (!rules)
        return tl::unexpected(rules.error());
    ModuleTable table = groupTensors(*source);
    const KeyIndex index(*source, table);
    const Identifier identifier(*rules, index.keys(), source->info().metadata);

    Found main;
    if (overrides.architecture.empty()) {
        main = findMain(identifier, *rules);
    } else {
        auto chosen = forced(identifier, *rules, overrides.architecture);
        if (!chosen)
            return forward(std::move(chosen));
        main = std::move(*chosen);
    }

    auto model = std::make_shared<Model>();
    model->source = std::move(source);
    model->architecture = toArchitecture(main, identifier, model->source->info().metadata);
    if (main && main.rule->kind == "lookalike")
        main.rule = nullptr;
    if (main && main.rule->kind == "adapter")
        addAdapter(model->architecture, *rules, identifier, *model->source);
    if (main) {
        if (Status status = chooseVariant(model->architecture, main, identifier, *model->source, overrides);
            !status)
            return tl::unexpected(std::move(status.error()));
    } else if (!overrides.variant.empty() || !overrides.prediction.empty()) {
        auto failed = fail(ErrorCode::Usage, "an unknown model has no variants");
        failed.value().hint = "set its architecture too";
        return failed;
    }
    const std::vector<Part> parts = findParts(identifier, *rules, std::move(main));
    buildLayers(*model, table, parts, identifier);
    model->quantization = std::move(table.quantization);
    model->warnings = std::move(table.warnings);
    return model;
}

ModuleCounts countModules(const Model& model, std::uint32_t component, bool fourBits)
{
    ModuleCounts counts;
    for (const Layer& layer : model.layers) {
        if (layer.component != component)
            continue;
        const bool convolution = layer.kind == LayerKind::Conv1d || layer.kind == LayerKind::Conv2d
            || layer.kind == LayerKind::Conv3d;
        if (layer.kind != LayerKind::Linear && !convolution)
            continue;
        convolution ? ++counts.convolutions : ++counts.linear;
        if (layer.critical || (fourBits && layer.criticalAt4Bits))
            ++counts.kept;
    }
    return counts;
}

const std::vector<ArchitectureEntry>& knownArchitectures()
{
    static const std::vector<ArchitectureEntry> entries = [] {
        std::vector<ArchitectureEntry> list;
        const Result<Registry>& rules = registry();
        if (!rules)
            return list;
        const auto add = [](const std::vector<CriticalRule>& from, auto& to) {
            for (const CriticalRule& rule : from) {
                if (rule.pattern)
                    to.emplace_back(*rule.pattern, rule.reason);
                else if (!rule.blocks.empty())
                    to.emplace_back(fmt::format("^{}\\.\\d+\\.", rule.blocks),
                        sentence("only the first {} and last {}: {}", rule.first, rule.last, rule.reason));
            }
        };
        for (const ArchitectureRule& rule : rules->architectures) {
            if (rule.kind == "lookalike" || rule.kind == "general")
                continue;
            ArchitectureEntry entry{rule.id, rule.name, rule.kind, {}, {}, {}, rule.prediction, rule.note};
            for (const VariantRule& variant : rule.variants)
                entry.variants.push_back(variant.id);
            add(rule.critical, entry.critical);
            add(rule.criticalAt4Bits, entry.criticalAt4Bits);
            list.push_back(std::move(entry));
        }
        return list;
    }();
    return entries;
}

} // namespace mantissa
