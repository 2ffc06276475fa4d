// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/name_patterns.h"

#include "engine/base/pattern.h"

#include <algorithm>
#include <map>

namespace mantissa {

namespace {

bool isNumber(std::string_view part)
{
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
}

std::vector<std::string_view> partsOf(std::string_view name)
{
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        parts.push_back(name.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

struct Item {
    std::vector<std::string_view> parts;
    std::size_t group = 0;
};
using Items = std::vector<const Item*>;
using Path = std::vector<NamePart>;

/// Shorter first, so that 9 comes before 10.
struct NumberOrder {
    bool operator()(std::string_view a, std::string_view b) const
    {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    }
};
using ByNumber = std::map<std::string_view, Items, NumberOrder>;

/// Values of a number under which everything agrees that they have in common.
struct Cluster {
    std::vector<std::string_view> values;
    std::map<std::vector<std::string_view>, const Item*> items; ///< by what follows the number
};

std::string joined(const std::vector<std::string_view>& words)
{
    std::string list;
    for (const std::string_view word : words)
        list.append(list.empty() ? "" : "|").append(escapePattern(word));
    return words.size() == 1 ? list : "(?:" + list + ")";
}

class Writer {
public:
    Writer(std::size_t rest, bool collapse)
        : m_rest(rest)
        , m_collapse(collapse)
    { }

    /// Patterns for the names of `items`, which all begin with what `path` fits. `whole`: other names do so
    /// too, but none of the same form, so that patterns go on to the end of a name.
    std::vector<NamePattern> write(const Path& path, const Items& items, bool whole) const
    {
        const std::size_t group = items.front()->group;
        const bool uniform
            = std::ranges::all_of(items, [&](const Item* item) { return item->group == group; });
        if (uniform && group == m_rest)
            return {};
        if (uniform && haveOneForm(items, path.size()))
            return {toTheEnd(path, items)};
        const bool ends
            = std::ranges::any_of(items, [&](const Item* item) { return item->parts.size() == path.size(); });
        if (uniform && !whole && !path.empty() && !ends)
            return {{path, true, group}};
        return split(path, items, whole);
    }

private:
    bool counts(std::string_view part) const { return m_collapse && isNumber(part); }

    bool haveOneForm(const Items& items, std::size_t from) const
    {
        const auto& first = items.front()->parts;
        return std::ranges::all_of(items, [&](const Item* item) {
            if (item->parts.size() != first.size())
                return false;
            for (std::size_t i = from; i < first.size(); ++i)
                if (item->parts[i] != first[i] && !(counts(item->parts[i]) && counts(first[i])))
                    return false;
            return true;
        });
    }

    NamePattern toTheEnd(Path path, const Items& items) const
    {
        const auto& first = items.front()->parts;
        for (std::size_t i = path.size(); i < first.size(); ++i) {
            const bool same
                = std::ranges::all_of(items, [&](const Item* item) { return item->parts[i] == first[i]; });
            path.push_back(
                same ? NamePart{NamePart::Kind::Word, {first[i]}} : NamePart{NamePart::Kind::AnyNumber, {}});
        }
        return {std::move(path), false, items.front()->group};
    }

    std::vector<NamePattern> split(const Path& path, const Items& items, bool whole) const
    {
        std::vector<NamePattern> out;
        std::vector<std::pair<std::string_view, Items>> words; // in the order of the names
        ByNumber numbers;
        for (const Item* item : items) {
            if (item->parts.size() == path.size()) {
                if (item->group != m_rest)
                    out.push_back({path, false, item->group});
                continue;
            }
            const std::string_view part = item->parts[path.size()];
            if (counts(part)) {
                numbers[part].push_back(item);
                continue;
            }
            auto found = std::ranges::find(words, part, &std::pair<std::string_view, Items>::first);
            if (found == words.end())
                found = words.insert(words.end(), {part, {}});
            found->second.push_back(item);
        }
        const auto add = [&out](std::vector<NamePattern> patterns) {
            std::ranges::move(patterns, std::back_inserter(out));
        };
        if (!numbers.empty())
            add(splitByNumber(path, numbers, whole));
        for (const auto& [word, below] : words) {
            Path longer = path;
            longer.push_back({NamePart::Kind::Word, {word}});
            add(write(longer, below, whole));
        }
        return out;
    }

    /// Short is: block by block where whole blocks differ, branch by branch where the same branches of blocks
    /// do, role by role where layers do here and there.
    std::vector<NamePattern> splitByNumber(const Path& path, const ByNumber& numbers, bool whole) const
    {
        std::vector<NamePattern> best = byBlock(path, numbers, {}, whole);
        if (whole || best.size() < 2)
            return best;
        for (auto& other : {byBranch(path, numbers), byRole(path, numbers)})
            if (lengthOf(other) < lengthOf(best))
                best = other;
        return best;
    }

    std::vector<NamePattern> byBranch(const Path& path, const ByNumber& numbers) const
    {
        std::map<std::string_view, ByNumber> branches;
        ByNumber others;
        for (const auto& [number, items] : numbers)
            for (const Item* item : items) {
                const bool isBranch
                    = item->parts.size() > path.size() + 1 && !counts(item->parts[path.size() + 1]);
                (isBranch ? branches[item->parts[path.size() + 1]] : others)[number].push_back(item);
            }
        std::vector<NamePattern> out = byRole(path, others);
        for (const auto& [word, branch] : branches) {
            std::vector<NamePattern> whole = byBlock(path, branch, word, false);
            std::vector<NamePattern> roles = byRole(path, branch);
            std::ranges::move(lengthOf(roles) < lengthOf(whole) ? roles : whole, std::back_inserter(out));
        }
        return out;
    }

    std::vector<NamePattern> byRole(const Path& path, const ByNumber& numbers) const
    {
        std::map<std::vector<std::string_view>, Items> roles; // by the form of what follows the number
        for (const auto& [number, items] : numbers)
            for (const Item* item : items) {
                std::vector<std::string_view> form(
                    item->parts.begin() + static_cast<std::ptrdiff_t>(path.size()) + 1, item->parts.end());
                std::ranges::replace_if(
                    form, [this](std::string_view part) { return counts(part); }, "#");
                roles[std::move(form)].push_back(item);
            }
        std::vector<NamePattern> out;
        for (const auto& [form, items] : roles)
            std::ranges::move(write(path, items, true), std::back_inserter(out));
        return out;
    }

    /// `branch`: what follows every number here, where that is the same; may be empty.
    std::vector<NamePattern> byBlock(
        const Path& path, const ByNumber& numbers, std::string_view branch, bool whole) const
    {
        std::vector<Cluster> clusters = clustersOf(numbers, path.size() + 1);
        const auto largest
            = std::ranges::max_element(clusters, {}, [](const Cluster& each) { return each.values.size(); });
        std::vector<NamePattern> out;
        for (Cluster& cluster : clusters) {
            std::ranges::sort(cluster.values, NumberOrder());
            NamePart part{NamePart::Kind::Numbers, cluster.values};
            if (numbers.size() == 1) {
                part.kind = NamePart::Kind::Word;
            } else if (clusters.size() == 1) {
                part = {NamePart::Kind::AnyNumber, {}};
            } else if (&cluster == &*largest && 2 * cluster.values.size() > numbers.size()) {
                part = {NamePart::Kind::OtherNumbers, {}};
                for (const auto& [number, items] : numbers)
                    if (std::ranges::find(cluster.values, number) == cluster.values.end())
                        part.words.push_back(number);
            }
            Path longer = path;
            longer.push_back(std::move(part));
            if (!branch.empty())
                longer.push_back({NamePart::Kind::Word, {branch}});
            Items items;
            for (const auto& [below, item] : cluster.items)
                items.push_back(item);
            std::ranges::move(write(longer, items, whole), std::back_inserter(out));
        }
        return out;
    }

    /// Those with much in them first: others join them where they can.
    static std::vector<Cluster> clustersOf(const ByNumber& numbers, std::size_t after)
    {
        std::vector<std::pair<std::string_view, const Items*>> order;
        for (const auto& [number, items] : numbers)
            order.emplace_back(number, &items);
        std::ranges::stable_sort(
            order, std::ranges::greater(), [](const auto& each) { return each.second->size(); });
        std::vector<Cluster> clusters;
        for (const auto& [number, items] : order) {
            std::map<std::vector<std::string_view>, const Item*> below;
            for (const Item* item : *items)
                below.emplace(
                    std::vector<std::string_view>(
                        item->parts.begin() + static_cast<std::ptrdiff_t>(after), item->parts.end()),
                    item);
            const auto agrees = [&](const Cluster& cluster) {
                return std::ranges::all_of(below, [&](const auto& each) {
                    const auto found = cluster.items.find(each.first);
                    return found == cluster.items.end() || found->second->group == each.second->group;
                });
            };
            auto cluster = std::ranges::find_if(clusters, agrees);
            if (cluster == clusters.end())
                cluster = clusters.insert(clusters.end(), Cluster{});
            cluster->values.push_back(number);
            cluster->items.merge(below);
        }
        return clusters;
    }

    static std::size_t lengthOf(const std::vector<NamePattern>& patterns)
    {
        constexpr std::size_t kPerPattern = 16; // a type or settings, quotes
        std::size_t length = 0;
        for (const NamePattern& pattern : patterns)
            length += regexOf(pattern).size() + kPerPattern;
        return length;
    }

    std::size_t m_rest;
    bool m_collapse;
};

} // namespace

std::vector<NamePattern> namePatterns(const std::vector<GroupedName>& names, std::size_t rest, bool collapse)
{
    if (names.empty())
        return {};
    std::vector<Item> items;
    items.reserve(names.size());
    for (const auto& [name, group] : names)
        items.push_back({partsOf(name), group});
    Items all;
    for (const Item& item : items)
        all.push_back(&item);
    return Writer(rest, collapse).write({}, all, false);
}

std::string regexOf(const NamePattern& pattern)
{
    std::string out;
    for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
        const NamePart& part = pattern.parts[i];
        out += i == 0 ? "" : "\\.";
        if (part.kind == NamePart::Kind::OtherNumbers)
            out += "(?!" + joined(part.words) + "\\b)\\d+";
        else
            out += part.kind == NamePart::Kind::AnyNumber ? "\\d+" : joined(part.words);
    }
    return out;
}

std::string skeletonOf(std::string_view name)
{
    std::string out;
    for (const std::string_view part : partsOf(name))
        out.append(part.data() == name.data() ? "" : ".").append(isNumber(part) ? "#" : part);
    return out;
}

} // namespace mantissa
