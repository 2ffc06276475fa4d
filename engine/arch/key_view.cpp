// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/key_view.h"

#include "engine/arch/glob.h"

#include <algorithm>

namespace mantissa::arch {

KeyIndex::KeyIndex(const TensorSource& source, const ModuleTable& table)
{
    const auto tensors = source.tensors();
    m_keys.reserve(tensors.size());
    for (const Module& module : table.modules) {
        std::string_view name = tensors[module.weight].name;
        if (!module.bare && name.size() != module.name.size() && !name.ends_with(".weight"))
            name = m_made.emplace_back(std::string(module.name) + ".weight");
        m_keys.push_back({name, &module.shape, module.weight});
        if (module.bias >= 0) {
            const TensorInfo& bias = tensors[static_cast<std::size_t>(module.bias)];
            m_keys.push_back({bias.name, &bias.shape, static_cast<std::size_t>(module.bias)});
        }
    }
    std::sort(m_keys.begin(), m_keys.end(), [](const Key& a, const Key& b) { return a.name < b.name; });
}

namespace {

/// The run of keys whose text from `skip` on starts with `start`. All keys agree before `skip`.
std::span<const Key> runOf(std::span<const Key> keys, std::size_t skip, std::string_view start)
{
    const auto head = [&](const Key& key) { return key.name.substr(skip, start.size()); };
    const auto first = std::lower_bound(keys.begin(), keys.end(), start,
        [&](const Key& key, std::string_view text) { return head(key) < text; });
    const auto last = std::upper_bound(
        first, keys.end(), start, [&](std::string_view text, const Key& key) { return text < head(key); });
    return {first, last};
}

} // namespace

KeyView::KeyView(std::span<const Key> all, std::string_view prefix)
    : m_prefix(prefix)
    , m_keys(runOf(all, 0, prefix))
{ }

std::span<const Key> KeyView::startingWith(std::string_view start) const
{
    return runOf(m_keys, m_prefix.size(), start);
}

const Key* KeyView::find(std::string_view name) const
{
    const auto it = std::lower_bound(m_keys.begin(), m_keys.end(), name,
        [&](const Key& key, std::string_view text) { return relative(key) < text; });
    return it != m_keys.end() && relative(*it) == name ? &*it : nullptr;
}

bool KeyView::hasPrefix(std::string_view start) const
{
    return !startingWith(start).empty();
}

std::size_t KeyView::countPrefix(std::string_view start) const
{
    return startingWith(start).size();
}

const Key* KeyView::findGlob(std::string_view glob) const
{
    const std::size_t star = glob.find('*');
    if (star == std::string_view::npos)
        return find(glob);
    for (const Key& key : startingWith(glob.substr(0, star)))
        if (matchesGlob(glob, relative(key)))
            return &key;
    return nullptr;
}

std::int64_t KeyView::countIndices(std::string_view pattern) const
{
    const std::size_t hash = pattern.find('#');
    if (hash == std::string_view::npos)
        return 0;
    std::int64_t count = 0;
    while (hasPrefix(fmt::format("{}{}{}", pattern.substr(0, hash), count, pattern.substr(hash + 1))))
        ++count;
    return count;
}

} // namespace mantissa::arch
