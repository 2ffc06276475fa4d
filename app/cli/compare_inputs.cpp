// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/compare_inputs.h"

#include "app/cli/plan_options.h"
#include "engine/export/plan_export.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace mantissa::cli {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path)
{
    std::error_code ignored;
    return !path.empty() && fs::exists(path, ignored);
}

/// Takes "NAME=" off the front, where it is one.
std::string takeName(std::string& text)
{
    const std::size_t at = text.find('=');
    if (exists(text) || at == std::string::npos || at == 0 || text.find('/') < at)
        return {};
    std::string name = text.substr(0, at);
    text.erase(0, at + 1);
    return name;
}

std::string pathName(const fs::path& path)
{
    // "folder/" has an empty file name.
    const fs::path whole = path.has_filename() ? path : path.parent_path();
    std::error_code ignored;
    return fs::is_directory(whole, ignored) ? whole.filename().string() : whole.stem().string();
}

std::string uniqueName(std::string name, std::set<std::string>& taken)
{
    std::string candidate = name;
    for (int n = 2; !taken.insert(candidate).second; ++n)
        candidate = fmt::format("{} ({})", name, n);
    return candidate;
}

struct VariantText {
    std::string name, file, plan; ///< plan: a format or a plan file; may be empty
};

VariantText split(std::string text)
{
    VariantText result;
    result.name = takeName(text);
    // Files and plans may have a ':' in their names too: the last one behind a file that there is counts.
    std::size_t at = text.rfind(':');
    for (std::size_t colon = at; colon != std::string::npos && !exists(text.substr(0, at));
         colon = colon == 0 ? std::string::npos : text.rfind(':', colon - 1))
        if (colon == 0 || exists(text.substr(0, colon)))
            at = colon;
    if (exists(text) || at == std::string::npos) {
        result.file = text;
    } else {
        result.file = text.substr(0, at);
        result.plan = text.substr(at + 1);
    }
    return result;
}

Result<std::shared_ptr<const QuantPlan>> planOf(const Model& model, const std::string& text)
{
    if (findFormat(text) != nullptr)
        return std::make_shared<const QuantPlan>(defaultPlan(model, Choice{text, {}}));
    const std::size_t slash = text.find('/');
    if (slash != std::string::npos && findFormat(text.substr(0, slash)) != nullptr && !exists(text)) {
        QuantPlan plan = defaultPlan(model, Choice{text.substr(0, slash), {}});
        plan.recipe = text.substr(slash + 1);
        if (const auto recipe = recipeOf(plan); !recipe)
            return tl::unexpected(recipe.error());
        return std::make_shared<const QuantPlan>(std::move(plan));
    }
    if (!exists(text))
        return tl::unexpected(Error{ErrorCode::Usage,
            fmt::format("\"{}\" is neither a storage format nor a plan file", text), {},
            "a variant is FILE, FILE:FORMAT, FILE:FORMAT/RECIPE or FILE:PLAN.json; 'mantissa formats' lists "
            "the formats"});
    auto plan = readPlan(text);
    if (!plan)
        return tl::unexpected(std::move(plan.error()));
    return std::make_shared<const QuantPlan>(std::move(*plan));
}

} // namespace

Result<std::vector<VariantSpec>> readVariants(const std::vector<std::string>& texts)
{
    std::vector<VariantSpec> variants;
    std::set<std::string> names;
    std::string firstFile;
    for (const std::string& typed : texts) {
        VariantText text = split(typed);
        if (variants.empty())
            firstFile = text.file;
        VariantSpec variant;
        if (text.file.empty() && variants.empty())
            return fail(ErrorCode::Usage, "the first variant must name a file");
        if (text.file.empty() || (!variants.empty() && text.file == firstFile)) {
            variant.model = variants.front().model;
            text.file = firstFile;
        } else {
            auto model = openModel(text.file);
            if (!model)
                return tl::unexpected(model.error());
            variant.model = std::move(*model);
        }
        if (!text.plan.empty()) {
            auto plan = planOf(*variant.model, text.plan);
            if (!plan)
                return tl::unexpected(plan.error());
            variant.plan = std::move(*plan);
        }
        std::string name = text.name;
        if (name.empty())
            name = text.plan.empty() ? pathName(text.file)
                                     : fmt::format("{}:{}", pathName(text.file),
                                         exists(text.plan) ? fs::path(text.plan).stem().string() : text.plan);
        variant.name = uniqueName(std::move(name), names);
        variants.push_back(std::move(variant));
    }
    return variants;
}

Status giveStatistics(
    std::vector<VariantSpec>& variants, const std::filesystem::path& file, const JobContext& job)
{
    bool any = false;
    std::map<const Model*, std::shared_ptr<const StatisticsFile>> checked; // which hashes the model's files
    for (VariantSpec& variant : variants) {
        if (!variant.plan)
            continue;
        const auto recipe = recipeOf(*variant.plan);
        if (!recipe)
            return tl::unexpected(recipe.error());
        if (!needsStatistics(*recipe))
            continue;
        any = true;
        auto& statistics = checked[variant.model.get()];
        if (!statistics) {
            auto inputs = openStatisticsFor(file, *variant.model, job);
            if (!inputs)
                return forward(std::move(inputs));
            statistics = inputs->statistics;
        }
        variant.statistics = statistics;
    }
    if (any)
        return {};
    return tl::unexpected(Error{ErrorCode::Usage, "no variant uses the statistics", file.string(),
        "name a recipe that needs them, as in :nvfp4/balanced, or a plan with such a recipe"});
}

Result<std::vector<FolderSpec>> readFolders(const std::vector<std::string>& texts)
{
    std::vector<FolderSpec> folders;
    std::set<std::string> names;
    for (std::string text : texts) {
        std::string name = takeName(text);
        std::error_code ignored;
        if (!fs::exists(text, ignored))
            return tl::unexpected(Error{ErrorCode::System, "there is no such folder", text, {}});
        if (!fs::is_directory(text, ignored))
            return tl::unexpected(Error{ErrorCode::InvalidInput, "this is no folder", text,
                "with --images, compare takes folders of pictures"});
        folders.push_back({uniqueName(name.empty() ? pathName(text) : std::move(name), names), text});
    }
    return folders;
}

} // namespace mantissa::cli
