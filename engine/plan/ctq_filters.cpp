// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/ctq_filters.h"

#include "engine/base/resource.h"
#include "engine/base/json_tree.h"

#include <algorithm>
#include <cassert>

namespace mantissa {

namespace {

struct FilterTable {
    std::vector<std::string> avoid;
    std::vector<CtqFilter> filters;
};

std::string textOf(const JsonNode& object, std::string_view key)
{
    const JsonNode* node = object.find(key);
    return node ? node->string : std::string();
}

bool flagOf(const JsonNode& object, std::string_view key)
{
    const JsonNode* node = object.find(key);
    return node && node->boolean;
}

std::vector<std::string> listOf(const JsonNode& object, std::string_view key)
{
    std::vector<std::string> list;
    if (const JsonNode* node = object.find(key))
        for (const JsonNode& item : node->items)
            list.push_back(item.string);
    return list;
}

CtqFilter readFilter(const JsonNode& node, const FilterTable& table)
{
    CtqFilter filter;
    const std::string alias = textOf(node, "alias_of");
    for (const CtqFilter& other : table.filters)
        if (other.id == alias)
            filter = other; // aliases come after what they stand for
    filter.aliasOf = alias;
    filter.id = textOf(node, "id");
    filter.group = textOf(node, "group");
    filter.textInputScale = flagOf(node, "text_input_scale");
    if (!alias.empty())
        return filter;
    filter.exclude = listOf(node, "exclude");
    filter.keep = listOf(node, "keep");
    filter.remove = listOf(node, "remove");
    filter.lastLayerPrefixes = listOf(node, "last_layer_prefixes");
    filter.lastLayer = !filter.lastLayerPrefixes.empty();
    filter.preserveDtype = textOf(node, "preserve_dtype");
    filter.preservePattern = textOf(node, "preserve_pattern");
    filter.avoid = flagOf(node, "avoid");
    if (filter.avoid)
        filter.exclude.insert(filter.exclude.begin(), table.avoid.begin(), table.avoid.end());
    return filter;
}

FilterTable loadTable()
{
    FilterTable table;
    const auto document = parseJsonTree(embeddedResource("presets/ctq_filters.json"));
    assert(document.has_value()); // part of the program; a test reads it
    if (!document)
        return table;
    table.avoid = listOf(*document, "avoid");
    if (const JsonNode* filters = document->find("filters"))
        for (const JsonNode& node : filters->items)
            table.filters.push_back(readFilter(node, table));
    return table;
}

const FilterTable& table()
{
    static const FilterTable loaded = loadTable();
    return loaded;
}

} // namespace

std::span<const CtqFilter> ctqFilters()
{
    return table().filters;
}

const CtqFilter* findCtqFilter(std::string_view id)
{
    for (const CtqFilter& filter : table().filters)
        if (filter.id == id)
            return &filter;
    return nullptr;
}

const std::vector<std::string>& ctqAvoidList()
{
    return table().avoid;
}

bool containsAny(std::string_view name, const std::vector<std::string>& parts)
{
    return std::any_of(parts.begin(), parts.end(),
        [name](const std::string& part) { return name.find(part) != std::string_view::npos; });
}

} // namespace mantissa
