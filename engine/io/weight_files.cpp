// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/weight_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

namespace mantissa {
namespace {

// In the order of preference. PyTorch files are taken under these names only.
constexpr std::array<std::string_view, 5> kUsualStems{
    "diffusion_pytorch_model", "model", "pytorch_model", "adapter_model", "pytorch_lora_weights"};
// What follows the stem in "model.fp16.safetensors".
constexpr std::array<std::string_view, 9> kVariants{
    "fp16", "bf16", "fp32", "fp8", "int8", "non_ema", "ema", "fp16_ema", "fp16_non_ema"};
constexpr std::size_t kShardDigits = 5; // "-00001-of-00002"

struct ParsedName {
    WeightSet set; // stem, variant, safetensors, shardsExpected
    bool isIndex = false;
};

bool takeSuffix(std::string_view& name, std::string_view suffix)
{
    if (!name.ends_with(suffix))
        return false;
    name.remove_suffix(suffix.size());
    return true;
}

bool isVariant(std::string_view text)
{
    return std::ranges::find(kVariants, text) != kVariants.end();
}

/// Removes ".VARIANT" from the end; empty if there is none.
std::string takeVariant(std::string_view& name)
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || !isVariant(name.substr(dot + 1)))
        return {};
    std::string variant(name.substr(dot + 1));
    name = name.substr(0, dot);
    return variant;
}

/// Removes "-00001-of-00002" from the end; the total, or 0.
std::uint32_t takeShardNumber(std::string_view& name)
{
    constexpr std::string_view kOf = "-of-";
    constexpr std::size_t kLength = 1 + kShardDigits + kOf.size() + kShardDigits;
    if (name.size() < kLength)
        return 0;
    const std::string_view tail = name.substr(name.size() - kLength);
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        const char* end = tail.data() + at + kShardDigits;
        const auto [stop, error] = std::from_chars(tail.data() + at, end, value);
        return error == std::errc{} && stop == end ? value : 0;
    };
    const std::uint32_t total = number(1 + kShardDigits + kOf.size());
    if (tail[0] != '-' || tail.substr(1 + kShardDigits, kOf.size()) != kOf || number(1) == 0 || total == 0)
        return 0;
    name.remove_suffix(kLength);
    return total;
}

std::optional<ParsedName> parse(std::string_view name)
{
    ParsedName result;
    WeightSet& set = result.set;
    if (takeSuffix(name, ".json")) { // "model.safetensors.index.json", "model.safetensors.index.fp16.json"
        set.variant = takeVariant(name);
        if (!takeSuffix(name, ".index"))
            return std::nullopt;
        result.isIndex = true;
    }
    if (takeSuffix(name, ".safetensors"))
        set.safetensors = true;
    else if (takeSuffix(name, ".bin") || takeSuffix(name, ".pt") || takeSuffix(name, ".pth")
        || takeSuffix(name, ".ckpt"))
        set.safetensors = false;
    else
        return std::nullopt;
    if (!result.isIndex)
        set.shardsExpected = takeShardNumber(name);
    if (set.variant.empty())
        set.variant = takeVariant(name);
    if (set.shardsExpected == 0
        && !result.isIndex) // both orders occur: "model.fp16-00001-of-…", "model-00001-of-….fp16"
        set.shardsExpected = takeShardNumber(name);
    set.stem = name;
    if (!set.safetensors && std::ranges::find(kUsualStems, set.stem) == kUsualStems.end())
        return std::nullopt;
    return result;
}

std::tuple<bool, std::ptrdiff_t, bool, bool> rankOf(const WeightSet& set)
{
    const std::ptrdiff_t stem = std::ranges::find(kUsualStems, set.stem) - kUsualStems.begin();
    return {!set.safetensors, stem, !set.variant.empty(), set.index.empty() && set.shardsExpected > 0};
}

} // namespace

std::string WeightSet::label() const
{
    return !index.empty() ? index : files.empty() ? stem : files.front();
}

bool equallyGood(const WeightSet& a, const WeightSet& b)
{
    return std::tuple(a.safetensors, rankOf(a)) == std::tuple(b.safetensors, rankOf(b)) && a.stem != b.stem;
}

std::vector<WeightSet> findWeightSets(std::vector<std::string> fileNames)
{
    std::ranges::sort(fileNames);
    // Single files and shards of one stem are different sets; an index belongs to the shards.
    std::map<std::tuple<std::string, std::string, bool, std::uint32_t>, WeightSet> sets;
    std::vector<std::pair<std::string, ParsedName>> indexes;
    for (const std::string& name : fileNames) {
        std::optional<ParsedName> parsed = parse(name);
        if (!parsed)
            continue;
        if (parsed->isIndex) {
            indexes.emplace_back(name, std::move(*parsed));
            continue;
        }
        WeightSet& set = parsed->set;
        auto key = std::tuple(set.stem, set.variant, set.safetensors, set.shardsExpected);
        sets.try_emplace(std::move(key), set).first->second.files.push_back(name);
    }
    std::vector<WeightSet> result;
    for (auto& [name, parsed] : indexes) {
        parsed.set.index = name;
        for (auto at = sets.begin(); at != sets.end();) {
            const WeightSet& set = at->second;
            const bool mine = set.shardsExpected > 0 && set.stem == parsed.set.stem
                && set.variant == parsed.set.variant && set.safetensors == parsed.set.safetensors;
            if (mine)
                parsed.set.files.insert(parsed.set.files.end(), set.files.begin(), set.files.end());
            at = mine ? sets.erase(at) : std::next(at);
        }
        result.push_back(std::move(parsed.set));
    }
    for (auto& [key, set] : sets)
        result.push_back(std::move(set));
    std::ranges::stable_sort(result, [](const WeightSet& a, const WeightSet& b) {
        return std::tuple(rankOf(a), a.stem, a.variant) < std::tuple(rankOf(b), b.stem, b.variant);
    });
    return result;
}

} // namespace mantissa
