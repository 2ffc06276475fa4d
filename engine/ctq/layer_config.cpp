// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/layer_config.h"

#include "engine/base/json_tree.h"
#include "engine/plan/rule_names.h"

#include <algorithm>
#include <array>

namespace mantissa::ctq {

namespace {

tl::unexpected<Error> wrong(std::string_view pointer, std::string message, std::string hint = {})
{
    return tl::unexpected(Error{ErrorCode::InvalidInput, "the layer config: " + std::move(message),
        std::string(pointer), std::move(hint)});
}

/// What Python takes for true.
bool truthy(const JsonNode* node)
{
    if (!node)
        return false;
    switch (node->kind) {
    case JsonNode::Kind::Bool:
        return node->boolean;
    case JsonNode::Kind::Integer:
    case JsonNode::Kind::Number:
        return node->number != 0;
    case JsonNode::Kind::String:
        return !node->string.empty();
    case JsonNode::Kind::Array:
        return !node->items.empty();
    case JsonNode::Kind::Object:
        return !node->members.empty();
    case JsonNode::Kind::Null:
        break;
    }
    return false;
}

Result<std::string> readFormat(const JsonNode& object, const std::string& pointer)
{
    const JsonNode* const format = object.find("format");
    if (!format)
        return wrong(pointer, "the entry names no format", "give it a \"format\", or \"skip\": true");
    if (format->kind != JsonNode::Kind::String || format->string.empty())
        return wrong(pointerTo(pointer, "format"), "the format is empty",
            "a template has to be filled in: name a format, or put \"skip\": true");
    if (std::ranges::find(layerConfigFormats(), std::string_view(format->string))
        == layerConfigFormats().end())
        return wrong(pointerTo(pointer, "format"),
            fmt::format("no such format: {}", quoteJson(format->string)),
            fmt::format("one of {}", fmt::join(layerConfigFormats(), ", ")));
    return format->string;
}

Result<LayerSettingsEntry> readEntry(const JsonNode& object, const std::string& pointer)
{
    LayerSettingsEntry entry;
    entry.skip = truthy(object.find("skip"));
    if (entry.skip)
        return entry;
    Result<std::string> format = readFormat(object, pointer);
    if (!format)
        return forward(std::move(format));
    entry.format = std::move(*format);
    entry.simple = truthy(object.find("simple"));
    if (const JsonNode* const block = object.find("block_size");
        block && block->kind != JsonNode::Kind::Null) {
        constexpr std::int64_t kLargest = 1 << 20;
        if (block->kind != JsonNode::Kind::Integer || block->integer < 1 || block->integer > kLargest)
            return wrong(pointerTo(pointer, "block_size"), "the block size is no positive whole number");
        entry.blockSize = static_cast<int>(block->integer);
    }
    if (const JsonNode* const mode = object.find("scaling_mode");
        mode && mode->kind != JsonNode::Kind::Null) {
        constexpr std::array<std::string_view, 5> kModes = {"tensor", "row", "block", "block2d", "block3d"};
        if (mode->kind != JsonNode::Kind::String
            || std::find(kModes.begin(), kModes.end(), mode->string) == kModes.end())
            return wrong(pointerTo(pointer, "scaling_mode"), "the scaling mode is not tensor, row or block");
        entry.scalingMode = mode->string;
    }
    if (const JsonNode* const precise = object.find("full_precision_matrix_mult"))
        entry.fullPrecision = truthy(precise);
    return entry;
}

bool isOperator(char c)
{
    return std::string_view(".*+?^${}|\\").find(c) != std::string_view::npos;
}

} // namespace

// Literal characters are those left without escapes and operators; brackets count, as they do in the Python
// tool.
Specificity specificityOf(std::string_view pattern)
{
    constexpr std::size_t kLongLiteral = 8;
    Specificity result;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size())
            ++i;
        else if (!isOperator(pattern[i]))
            ++result.literals;
    }
    result.numbered = result.literals >= kLongLiteral && pattern.find("\\d") != std::string_view::npos;
    return result;
}

Result<LayerConfig> LayerConfig::parse(std::string_view json)
{
    Result<JsonNode> root = parseJsonTree(json);
    if (!root)
        return forward(std::move(root));
    if (root->kind != JsonNode::Kind::Object)
        return wrong("", fmt::format("it must be an object, not {}", nameOf(root->kind)));
    LayerConfig config;
    for (const auto& [key, value] : root->members) {
        const std::string pointer = pointerTo("", key);
        if (key.starts_with('_') && key != "_default")
            continue;
        if (key == "_default" && (value.kind != JsonNode::Kind::Object || value.members.empty()))
            continue;
        if (value.kind != JsonNode::Kind::Object)
            return wrong(pointer, fmt::format("the entry must be an object, not {}", nameOf(value.kind)));
        Result<LayerSettingsEntry> entry = readEntry(value, pointer);
        if (!entry)
            return forward(std::move(entry));
        if (key == "_default") {
            config.m_default = std::move(*entry);
            continue;
        }
        Result<Pattern> pattern = Pattern::compile(key);
        if (!pattern)
            return wrong(pointer, std::move(pattern.error().message));
        config.m_entries.push_back({std::move(*pattern), std::move(*entry)});
    }
    std::stable_sort(config.m_entries.begin(), config.m_entries.end(), [](const Entry& a, const Entry& b) {
        const Specificity left = specificityOf(a.pattern.text()), right = specificityOf(b.pattern.text());
        return left.numbered != right.numbered ? left.numbered : left.literals > right.literals;
    });
    return config;
}

Result<const LayerSettingsEntry*> LayerConfig::find(std::string_view layer, bool wholeName) const
{
    for (const Entry& entry : m_entries) {
        const Result<bool> matches
            = wholeName ? entry.pattern.matchesAll(layer) : entry.pattern.search(layer);
        if (!matches)
            return tl::unexpected(matches.error());
        if (*matches)
            return &entry.settings;
    }
    return m_default ? &*m_default : nullptr;
}

} // namespace mantissa::ctq
