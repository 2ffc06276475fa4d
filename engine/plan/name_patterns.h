// SPDX-License-Identifier: GPL-3.0-or-later
// Says which names belong together in few patterns: numbers of blocks that agree become one pattern, and what
// differs is listed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// What stands between two dots of a name.
struct NamePart {
    enum class Kind {
        Word, ///< `words`, one of them
        AnyNumber,
        Numbers, ///< one of `words`
        OtherNumbers, ///< any number but `words`
    };
    Kind kind = Kind::Word;
    std::vector<std::string_view> words; ///< valid as long as the names
};

struct NamePattern {
    std::vector<NamePart> parts;
    bool below = false; ///< everything below that path, instead of that name
    std::size_t group = 0;
};

struct GroupedName {
    std::string_view name; ///< no two items have the same
    std::size_t group = 0;
};

/// Patterns of which each fits names of its group and of no other. Names of the group `rest` are fitted by
/// none, all others by at least one; what is not among the names may be fitted by any. `collapse`: numbers
/// between dots count blocks, else they are words like others.
std::vector<NamePattern> namePatterns(
    const std::vector<GroupedName>& names, std::size_t rest, bool collapse = true);

/// Of the names up to their end, or up to the dot that everything below follows: "blocks\.\d+\.attn".
/// Understood alike by PCRE2, Python's `re` and ECMAScript.
std::string regexOf(const NamePattern& pattern);

/// The name with all its numbers alike: "blocks.#.attn".
std::string skeletonOf(std::string_view name);

} // namespace mantissa
