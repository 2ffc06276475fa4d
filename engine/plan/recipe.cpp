// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/recipe.h"

#include <algorithm>
#include <array>

namespace mantissa {

namespace {

constexpr std::array kLevels{
    RecipeLevel::Absmax, RecipeLevel::Fast, RecipeLevel::Light, RecipeLevel::Balanced, RecipeLevel::Best};

} // namespace

std::string_view nameOf(RecipeLevel level) noexcept
{
    switch (level) {
    case RecipeLevel::Absmax:
        return "absmax";
    case RecipeLevel::Fast:
        return "fast";
    case RecipeLevel::Light:
        return "light";
    case RecipeLevel::Balanced:
        return "balanced";
    case RecipeLevel::Best:
        return "best";
    }
    return "";
}

std::optional<RecipeLevel> recipeLevelOf(std::string_view name)
{
    const auto* const it = std::find_if(
        kLevels.begin(), kLevels.end(), [&](RecipeLevel level) { return nameOf(level) == name; });
    return it == kLevels.end() ? std::nullopt : std::optional(*it);
}

std::span<const RecipeLevel> recipeLevels() noexcept
{
    return kLevels;
}

bool needsStatistics(RecipeLevel level) noexcept
{
    return level >= RecipeLevel::Light;
}

Recipe dataFreePart(RecipeLevel level) noexcept
{
    return level == RecipeLevel::Absmax ? Recipe::Absmax : Recipe::Fast;
}

FormatParams paramsFor(RecipeLevel level, std::string_view formatId, FormatParams wanted)
{
    if (level == RecipeLevel::Best && formatId == "nvfp4")
        wanted.preQuantScale = true;
    return wanted;
}

} // namespace mantissa
