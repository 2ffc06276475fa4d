// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/outliers.h"

#include "engine/formats/activation_grid.h"
#include "engine/plan/guards.h"

#include <algorithm>

namespace mantissa {

namespace {

/// Rotation groups from the widest: the wider, the flatter the channels become.
constexpr int kGroups[] = {256, 64, 16};

/// The same format, rotated, where every layer's width allows one group.
Choice rotated(
    const Choice& choice, const Model& model, const std::vector<std::size_t>& layers, RecipeLevel recipe)
{
    for (const int group : kGroups) {
        Choice turned = choice;
        turned.params.convrotGroup = group;
        const bool fits = std::all_of(layers.begin(), layers.end(),
            [&](std::size_t at) { return fitFormat(model.layers[at], turned, recipe).has_value(); });
        if (fits && checkChoice(turned))
            return turned;
    }
    return {};
}

} // namespace

double outlierRatio(std::span<const float> absMax)
{
    if (absMax.empty())
        return 0;
    std::vector<float> sorted(absMax.begin(), absMax.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double median = static_cast<double>(*middle);
    const double largest = static_cast<double>(*std::max_element(middle, sorted.end()));
    return median > 0 ? largest / median : 0;
}

Result<std::vector<Finding>> outlierFindings(
    const QuantPlan& plan, const Model& model, const ResolvedPlan& resolved, const StatisticsFile& statistics)
{
    struct Group {
        Choice wanted;
        std::vector<std::size_t> layers;
        double worst = 0;
        std::size_t worstLayer = 0;
    };
    std::vector<Group> groups; // by format: a fix keeps it
    std::vector<double> ratios(statistics.inputCount(), -1); // q, k and v share an input
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Choice& choice = resolved.decisions[i].choice;
        const auto known = statistics.layers().find(model.layers[i].name);
        if (choice.keeps() || known == statistics.layers().end())
            continue;
        const ActivationGrid grid = activationGridOf(choice.format, choice.params);
        if ((grid != ActivationGrid::Int8Row && grid != ActivationGrid::Int4Row)
            || choice.params.convrotGroup.value_or(0) != 0)
            continue;
        double& ratio = ratios[known->second];
        if (ratio < 0) {
            const auto input = statistics.layer(model.layers[i].name, MomentDetail::None);
            if (!input)
                return tl::unexpected(input.error());
            ratio = outlierRatio(input->absMax);
        }
        if (ratio < kOutlierRatio)
            continue;
        auto group = std::find_if(groups.begin(), groups.end(),
            [&](const Group& other) { return other.wanted.format == choice.format; });
        if (group == groups.end())
            group = groups.insert(groups.end(), {choice, {}, 0, 0});
        group->layers.push_back(i);
        if (ratio > group->worst) {
            group->worst = ratio;
            group->worstLayer = i;
        }
    }
    const RecipeLevel recipe = recipeLevelOf(plan.recipe).value_or(RecipeLevel::Fast);
    std::vector<Finding> findings;
    for (const Group& group : groups) {
        Finding& finding = findings.emplace_back();
        finding.id = "outlier-channels";
        finding.text = {countedSource("Engine",
                            "%n layer(s) in %1 (has|have) input channels %2 times the median and more (most: "
                            "%3, %4 times); one scale for a whole token leaves few steps for the other "
                            "channels"),
            {group.wanted.format, fmt::format("{:.0f}", kOutlierRatio), model.layers[group.worstLayer].name,
                fmt::format("{:.0f}", group.worst)},
            static_cast<std::int64_t>(group.layers.size())};
        finding.layers = group.layers;
        const StorageFormat* format = findFormat(group.wanted.format);
        if (format != nullptr && format->info().rotates)
            if (const Choice turned = rotated(group.wanted, model, group.layers, recipe); !turned.keeps())
                finding.fixes.push_back({PlanFix::Kind::SetChoice,
                    fmt::format("rotate them by {} channels (ConvRot)", *turned.params.convrotGroup), turned,
                    {}, {}, {}});
        if (recipe != RecipeLevel::Best)
            finding.fixes.push_back({PlanFix::Kind::SetRecipe, "use the recipe best", {}, "best", {}, {}});
    }
    return findings;
}

} // namespace mantissa
