// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions over layer names, for rules, filters and the Python tool's options.
//
// The syntax is PCRE2's with ECMAScript's reading of `\uXXXX`, `[]` and `$`, which covers what rules written
// for ECMAScript or for Python's `re` use. Known differences from `re`: `\Z` also matches before a final
// newline,
// `(?P<n>…)` names may not repeat, and `\N{NAME}` is not known. Patterns come from files, so matching is
// bounded: a pattern that needs more than a fixed number of steps on one name is an error, never a long wait.
#pragma once

#include "engine/base/error.h"

#include <memory>
#include <string>
#include <string_view>

namespace mantissa {

/// Immutable once compiled; cheap to copy; may be used from several threads at once.
class Pattern {
public:
    /// Usage, naming the pattern and the byte at which it stops making sense.
    static Result<Pattern> compile(std::string_view text);

    /// Whether the pattern occurs anywhere in `name`. Usage if it takes too many steps.
    Result<bool> search(std::string_view name) const;
    /// Whether all of `name` is one occurrence.
    Result<bool> matchesAll(std::string_view name) const;
    const std::string& text() const { return m_text; }

private:
    struct Compiled;
    Result<bool> run(std::string_view name, bool whole) const;

    std::string m_text;
    std::string m_literal; ///< set where the pattern is plain text: no engine is needed then
    bool m_isLiteral = false;
    std::shared_ptr<const Compiled> m_compiled;
};

/// Layer names may hold dots and brackets: makes a pattern that finds exactly this text.
std::string escapePattern(std::string_view text);

} // namespace mantissa
