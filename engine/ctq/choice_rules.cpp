// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/layer_choice.h"

#include <algorithm>
#include <bit>

namespace mantissa::ctq {

namespace {

constexpr int kDefaultBlock = 128;

tl::unexpected<Error> usage(std::string message, std::string hint = {})
{
    return tl::unexpected(Error{ErrorCode::Usage, std::move(message), {}, std::move(hint)});
}

/// "block2d" and "block3d" are other names of "block" in 1.3.4.
std::string plainScaling(std::string mode)
{
    return mode.starts_with("block") ? "block" : std::move(mode);
}

Result<int> readBlockSize(const ParsedOptions& options, std::string_view key, int otherwise)
{
    constexpr std::int64_t kLargest = 1 << 20;
    const auto value = options.integer(key);
    if (!value)
        return otherwise;
    if (*value < 1 || *value > kLargest)
        return usage(fmt::format("a block size of {} makes no sense", *value));
    return static_cast<int>(*value);
}

Result<int> readGroup(const ParsedOptions& options, std::string_view key)
{
    constexpr std::int64_t kLargest = 4096;
    const std::int64_t value = options.integer(key).value_or(0);
    const bool power = value >= 4 && value <= kLargest
        && std::has_single_bit(static_cast<std::uint64_t>(value))
        && std::countr_zero(static_cast<std::uint64_t>(value)) % 2 == 0;
    if (!power)
        return usage(
            fmt::format("ConvRot turns groups of 4, 16, 64, 256, 1024 or 4096 columns, not {}", value),
            "other sizes, which the Python tool writes, are decoded wrongly by comfy-kitchen");
    return static_cast<int>(value);
}

Status compileInto(std::optional<Pattern>& target, const ParsedOptions& options, std::string_view key)
{
    const std::string text = options.text(key);
    if (text.empty())
        return {};
    Result<Pattern> pattern = Pattern::compile(text);
    if (!pattern)
        return forward(std::move(pattern));
    target = std::move(*pattern);
    return {};
}

Status readPrimary(const ParsedOptions& options, ChoiceRules& rules)
{
    FormatWish& wish = rules.primary;
    wish.type = options.flag("nvfp4") ? "nvfp4"
        : options.flag("mxfp8")       ? "mxfp8"
        : options.flag("int8")        ? "int8"
                                      : "fp8";
    wish.scaling = plainScaling(options.text("scaling_mode"));
    wish.simple = options.flag("simple");
    wish.simpleOption = "--simple";
    wish.fullPrecision = options.flag("fpmm") && !rules.dedicated;
    wish.rotateDynamic = options.flag("dynamic_convrot");
    wish.rotate = options.flag("convrot") || wish.rotateDynamic;
    wish.rotatePrimary = true;
    Result<int> block = readBlockSize(options, "block_size", kDefaultBlock);
    if (!block)
        return forward(std::move(block));
    wish.blockSize = *block;
    if (!wish.rotate)
        return {};
    Result<int> group = readGroup(options, "convrot_group_size");
    if (!group)
        return forward(std::move(group));
    wish.rotationGroup = *group;
    return {};
}

/// Custom and fallback layers inherit what is not said about them, but not --simple.
Status readCustom(const ParsedOptions& options, ChoiceRules& rules)
{
    if (rules.customLayers && !options.flag("custom_type"))
        return usage("--custom-layers needs --custom-type, the format of these layers");
    if (!rules.customLayers || rules.dedicated)
        return {};
    FormatWish wish = rules.primary;
    wish.type = options.text("custom_type");
    wish.simple = options.flag("custom_simple");
    wish.onlyPrimarySimple = rules.primary.simple && !wish.simple;
    wish.simpleOption = "--custom-simple";
    wish.rotatePrimary = false;
    wish.fullPrecision |= options.flag("custom_fpmm");
    if (options.flag("custom_scaling_mode"))
        wish.scaling = plainScaling(options.text("custom_scaling_mode"));
    Result<int> block = readBlockSize(options, "custom_block_size", wish.blockSize);
    if (!block)
        return forward(std::move(block));
    wish.blockSize = *block;
    if (options.flag("custom_convrot")) {
        Result<int> group = readGroup(options, "custom_convrot_group_size");
        if (!group)
            return forward(std::move(group));
        wish.rotate = true;
        wish.rotationGroup = *group;
    }
    rules.custom = std::move(wish);
    return {};
}

Status readFallback(const ParsedOptions& options, ChoiceRules& rules)
{
    if (!options.flag("fallback") || rules.dedicated)
        return {};
    FormatWish wish = rules.primary;
    wish.type = options.text("fallback");
    wish.simple = options.flag("fallback_simple");
    wish.onlyPrimarySimple = rules.primary.simple && !wish.simple;
    wish.simpleOption = "--fallback-simple";
    wish.rotatePrimary = false;
    Result<int> block = readBlockSize(options, "fallback_block_size", wish.blockSize);
    if (!block)
        return forward(std::move(block));
    wish.blockSize = *block;
    rules.fallback = std::move(wish);
    return {};
}

/// The block size that --heur looks at: the one named, else that of the primary format.
int heuristicBlock(const ParsedOptions& options, const ChoiceRules& rules)
{
    constexpr int kFp8 = 64, kNvfp4 = 16, kMxfp8 = 32;
    const bool named = options.flag("block_size");
    const std::string& type = rules.primary.type;
    if (type == "nvfp4" && (rules.dedicated || !named))
        return kNvfp4;
    if (type == "mxfp8" && (rules.dedicated || !named))
        return kMxfp8;
    // With block scaling or any INT8 part the option has a default of its own.
    const bool blocks = rules.primary.scaling == "block"
        || (type == "int8" && rules.primary.scaling != "tensor") || options.text("custom_type") == "int8"
        || options.text("fallback") == "int8";
    return named || blocks || type == "int8" ? rules.primary.blockSize : kFp8;
}

} // namespace

Result<ChoiceRules> makeRules(const ParsedOptions& options, std::string_view layerConfigText)
{
    ChoiceRules rules;
    rules.dedicated = (options.flag("nvfp4") || options.flag("mxfp8")) && !options.flag("custom_type")
        && !options.flag("fallback");
    Status status = readPrimary(options, rules);
    if (status && !rules.dedicated)
        status = compileInto(rules.customLayers, options, "custom_layers");
    if (status)
        status = compileInto(rules.excludeLayers, options, "exclude_layers");
    if (status)
        status = compileInto(rules.preserveLayers, options, "preserve_layers");
    if (status)
        status = readCustom(options, rules);
    if (status)
        status = readFallback(options, rules);
    if (!status)
        return forward(std::move(status));
    if (options.flag("layer_config") && !rules.dedicated) {
        Result<LayerConfig> config = LayerConfig::parse(layerConfigText);
        if (!config)
            return forward(std::move(config));
        rules.layerConfig = std::move(*config);
    }
    rules.wholeNames = options.flag("fullmatch");
    rules.heuristics = options.flag("heur");
    rules.customHeuristics = options.flag("custom_heur");
    rules.heuristicBlock = heuristicBlock(options, rules);
    for (const std::string& id : options.filters)
        rules.filters.push_back(findCtqFilter(id));
    rules.inputScaleOne = options.flag("input_scale");
    rules.outputDtype = options.text("output_dtype") == "float16" ? DType::F16 : DType::BF16;
    return rules;
}

} // namespace mantissa::ctq
