// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions of the architecture files, matched against layer names.
//
// std::regex is too slow here (thousands of names times dozens of patterns at every start) and recurses once
// a character, so a hostile name could exhaust the stack. This subset is a set of ECMAScript's: literals,
// `\.` and other escaped punctuation, `\d`, `.`, classes `[a-z]`, groups with alternatives, `* + ?`, `^` and
// `$`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

class Pattern {
public:
    /// Empty if the text uses anything beyond the subset.
    static std::optional<Pattern> compile(std::string_view text);

    /// Whether the pattern occurs in the name (as std::regex_search). Names over 4096 bytes never match.
    bool foundIn(std::string_view name) const;
    const std::string& text() const { return m_text; }

private:
    struct Atom;
    using Sequence = std::vector<Atom>;
    struct Atom {
        enum class Kind { Character, Any, Class, Group, Begin, End } kind = Kind::Character;
        char character = 0;
        bool negated = false;
        std::vector<std::pair<char, char>> ranges; ///< of a class
        std::vector<Sequence> alternatives; ///< of a group
        std::size_t least = 1, most = 1;
    };
    class Parser;
    class Matcher;

    std::string m_text;
    std::string m_literal; ///< set where the whole pattern is plain text between optional anchors
    bool m_isLiteral = false, m_atBegin = false, m_atEnd = false;
    std::vector<Sequence> m_alternatives;
};

/// Wildcards: `*` stands for any text. Used for key lists, where a regular expression would only need
/// escaping.
bool matchesGlob(std::string_view glob, std::string_view text) noexcept;

} // namespace mantissa
