// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/loaders.h"

#include "engine/base/json_tree.h"
#include "engine/compat/hardware_table.h"
#include "engine/plan/findings.h"

#include <algorithm>

namespace mantissa {

namespace {

struct LoaderTable {
    std::vector<Loader> loaders;
    std::vector<Gpu> columns;
};

Loader readLoader(const JsonNode& node)
{
    return {node.textAt("id"), node.textAt("name"), node.textAt("version"), node.textAt("note"),
        node.textsAt("formats"), node.textAt("others") == "refused", node.flagAt("gpu")};
}

LoaderTable load()
{
    LoaderTable table;
    const JsonNode document = embeddedJson("loaders.json");
    if (const JsonNode* loaders = document.find("loaders"))
        for (const JsonNode& node : loaders->items)
            table.loaders.push_back(readLoader(node));
    for (const std::string& name : document.textsAt("columns"))
        if (auto gpu = findGpu(name))
            table.columns.push_back(std::move(*gpu));
    return table;
}

const LoaderTable& loaderTable()
{
    static const LoaderTable table = load();
    return table;
}

MessageSource wordOf(LoadVerdict verdict) noexcept
{
    switch (verdict) {
    case LoadVerdict::Native:
        return messageSource("Engine", "native");
    case LoadVerdict::Emulated:
        return messageSource("Engine", "emulated");
    case LoadVerdict::Loads:
        return messageSource("Engine", "loads");
    case LoadVerdict::Unknown:
        break;
    case LoadVerdict::Refused:
        return messageSource("Engine", "refused");
    }
    return messageSource("Engine", "unknown");
}

std::string capability(int value)
{
    return fmt::format("{}.{}", value / 10, value % 10);
}

struct FormatAnswer {
    LoadVerdict verdict = LoadVerdict::Refused;
    Message reason;
};

/// The format loads: how does the GPU compute?
FormatAnswer speedOf(const std::string& format, const Loader& loader, const Gpu* gpu)
{
    const auto row = hardwareTable().formats.find(format);
    if (!loader.knowsGpus || row == hardwareTable().formats.end())
        return {LoadVerdict::Loads,
            messageSource("Engine", "it loads; how fast it is has not been written down")};
    const int needs = row->second.minComputeCapability;
    if (gpu && gpu->vendor == GpuVendor::Nvidia && gpu->computeCapability >= needs)
        return {LoadVerdict::Native,
            {messageSource("Engine", "%1 %2"), {gpu->name, row->second.native}}}; // a GPU and what it does
    if (!gpu || gpu->vendor != GpuVendor::Nvidia)
        return {LoadVerdict::Emulated,
            {messageSource("Engine", "the fast path is made for NVIDIA GPUs; here it is %1"),
                {row->second.emulated}}};
    return {LoadVerdict::Emulated,
        {messageSource("Engine", "the fast path needs compute capability %1, this GPU has %2; it is %3"),
            {capability(needs), capability(gpu->computeCapability), row->second.emulated}}};
}

FormatAnswer judge(const FormatUse& use, const Loader& loader, const Gpu* gpu)
{
    const auto& ids = loader.formats;
    if (std::find(ids.begin(), ids.end(), use.format) == ids.end()) {
        return loader.refusesOthers
            ? FormatAnswer{LoadVerdict::Refused,
                messageSource("Engine", "this version does not know the format, so the file does not load")}
            : FormatAnswer{LoadVerdict::Unknown,
                messageSource("Engine", "whether it reads the format has not been written down")};
    }
    if (!use.variantLoads) // the loader knows the format, but not what these settings make of it
        return {loader.refusesOthers ? LoadVerdict::Refused : LoadVerdict::Unknown, use.variantNote};
    return speedOf(use.format, loader, gpu);
}

} // namespace

std::string_view nameOf(LoadVerdict verdict) noexcept
{
    return wordOf(verdict).text;
}

const std::vector<Loader>& knownLoaders()
{
    return loaderTable().loaders;
}

const std::vector<Gpu>& exampleGpus()
{
    return loaderTable().columns;
}

std::vector<FormatUse> formatsUsed(const ResolvedPlan& resolved)
{
    std::vector<FormatUse> uses;
    for (const Decision& decision : resolved.decisions) {
        const StorageFormat* format = findFormat(decision.choice.format);
        if (format == nullptr)
            continue;
        // Formats of custom nodes are judged by the loaders that list them; only variants can be worse.
        const bool loads = format->loaderSupport(decision.choice.params) <= format->info().loader;
        const auto same = [&](const FormatUse& use) {
            return use.format == decision.choice.format && use.variantLoads == loads;
        };
        auto use = std::find_if(uses.begin(), uses.end(), same);
        if (use == uses.end())
            use = uses.insert(uses.end(),
                {decision.choice.format, loads,
                    loads ? std::string() : std::string(format->loaderNote(decision.choice.params)), 0});
        ++use->layers;
    }
    std::stable_sort(
        uses.begin(), uses.end(), [](const FormatUse& a, const FormatUse& b) { return a.layers > b.layers; });
    return uses;
}

LoadAnswer willItLoad(const std::vector<FormatUse>& formats, const Loader& loader, const Gpu* gpu)
{
    LoadAnswer answer;
    for (const FormatUse& use : formats) {
        const FormatAnswer each = judge(use, loader, gpu);
        answer.verdict = std::max(answer.verdict, each.verdict);
        answer.reasons.push_back({countedSource("Engine", "%1 (%n layer(s)): %2: %3"),
            {use.format, Message(wordOf(each.verdict)), each.reason}, use.layers});
    }
    if (formats.empty())
        answer.reasons.emplace_back(messageSource(
            "Engine", "the plan quantizes nothing; every loader of the family reads plain weights"));
    return answer;
}

std::vector<Finding> loaderFindings(
    const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved, const Loader& loader)
{
    std::vector<Finding> findings;
    const auto lists = [&loader](std::string_view id) {
        return std::find(loader.formats.begin(), loader.formats.end(), id) != loader.formats.end();
    };
    for (const FormatUse& use : formatsUsed(resolved)) {
        if (judge(use, loader, nullptr).verdict != LoadVerdict::Refused)
            continue;
        Finding& finding = findings.emplace_back();
        finding.id = "loader-refuses";
        finding.severity = Severity::Problem;
        finding.text = {countedSource("Engine", "%1 does not load %2 (%n layer(s))"),
            {loader.version.empty() ? loader.name : fmt::format("{} {}", loader.name, loader.version),
                use.format},
            static_cast<std::int64_t>(use.layers)};
        for (std::size_t i = 0; i < resolved.decisions.size(); ++i) {
            const Choice& choice = resolved.decisions[i].choice;
            const StorageFormat* format = findFormat(choice.format);
            if (choice.format == use.format && format != nullptr
                && (format->loaderSupport(choice.params) <= format->info().loader) == use.variantLoads)
                finding.layers.push_back(i);
        }
        const Choice near = nearestChoice(use.format, model, finding.layers,
            recipeLevelOf(plan.recipe).value_or(RecipeLevel::Fast), [&](const StorageFormat& other) {
                return lists(other.info().id) && other.loaderSupport({}) <= other.info().loader;
            });
        if (!near.keeps())
            finding.fixes.push_back(
                {PlanFix::Kind::SetChoice, "store them as " + near.format, near, {}, {}, {}});
    }
    return findings;
}

} // namespace mantissa
