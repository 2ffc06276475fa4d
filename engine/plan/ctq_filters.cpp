// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/ctq_filters.h"

#include "engine/base/json_tree.h"

#include <algorithm>

namespace mantissa {

namespace {

struct FilterTable {
    std::vector<std::string> avoid;
    std::vector<CtqFilter> filters;
};

CtqFilter readFilter(const JsonNode& node, const FilterTable& table)
{
    CtqFilter filter;
    const std::string alias = node.textAt("alias_of");
    for (const CtqFilter& other : table.filters)
        if (other.id == alias)
            filter = other; // aliases come after what they stand for
    filter.aliasOf = alias;
    filter.id = node.textAt("id");
    filter.group = node.textAt("group");
    filter.textInputScale = node.flagAt("text_input_scale");
    if (!alias.empty())
        return filter;
    filter.exclude = node.textsAt("exclude");
    filter.keep = node.textsAt("keep");
    filter.remove = node.textsAt("remove");
    filter.lastLayerPrefixes = node.textsAt("last_layer_prefixes");
    filter.lastLayer = !filter.lastLayerPrefixes.empty();
    filter.preserveDtype = node.textAt("preserve_dtype");
    filter.preservePattern = node.textAt("preserve_pattern");
    filter.avoid = node.flagAt("avoid");
    if (filter.avoid)
        filter.exclude.insert(filter.exclude.begin(), table.avoid.begin(), table.avoid.end());
    return filter;
}

FilterTable loadTable()
{
    FilterTable table;
    const JsonNode document = embeddedJson("presets/ctq_filters.json");
    table.avoid = document.textsAt("avoid");
    if (const JsonNode* filters = document.find("filters"))
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
