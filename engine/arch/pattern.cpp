// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/pattern.h"

#include <algorithm>
#include <limits>

namespace mantissa {

namespace {
constexpr std::size_t kLongestName = 4096;
constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
constexpr int kDeepestGroup = 8;
} // namespace

class Pattern::Parser {
public:
    explicit Parser(std::string_view text)
        : m_text(text)
    { }

    bool parse(std::vector<Sequence>& out) { return alternatives(out, 0) && m_at == m_text.size(); }

private:
    bool more() const { return m_at < m_text.size(); }

    bool alternatives(std::vector<Sequence>& out, int depth)
    {
        if (depth > kDeepestGroup)
            return false;
        out.emplace_back();
        while (more() && m_text[m_at] != ')') {
            if (m_text[m_at] == '|') {
                ++m_at;
                out.emplace_back();
                continue;
            }
            Atom atom;
            if (!one(atom, depth) || !quantifier(atom))
                return false;
            out.back().push_back(std::move(atom));
        }
        return true;
    }

    bool one(Atom& atom, int depth)
    {
        const char c = m_text[m_at++];
        switch (c) {
        case '^':
            atom.kind = Atom::Kind::Begin;
            return true;
        case '$':
            atom.kind = Atom::Kind::End;
            return true;
        case '.':
            atom.kind = Atom::Kind::Any;
            return true;
        case '[':
            return characterClass(atom);
        case '\\':
            return escaped(atom);
        case '(':
            atom.kind = Atom::Kind::Group;
            if (m_text.substr(m_at, 2) == "?:")
                m_at += 2;
            if (!alternatives(atom.alternatives, depth + 1) || !more())
                return false;
            ++m_at; // the closing parenthesis: alternatives() stops at nothing else
            return true;
        case '*':
        case '+':
        case '?':
        case '{':
        case '}':
        case ']':
            return false;
        default:
            atom.character = c;
            return true;
        }
    }

    bool escaped(Atom& atom)
    {
        if (!more())
            return false;
        const char c = m_text[m_at++];
        if (c == 'd') {
            atom.kind = Atom::Kind::Class;
            atom.ranges = {{'0', '9'}};
            return true;
        }
        if (std::string_view(".\\|()[]{}*+?^$-/").find(c) == std::string_view::npos)
            return false;
        atom.character = c;
        return true;
    }

    bool characterClass(Atom& atom)
    {
        atom.kind = Atom::Kind::Class;
        if (more() && m_text[m_at] == '^') {
            atom.negated = true;
            ++m_at;
        }
        while (more() && m_text[m_at] != ']') {
            const char first = m_text[m_at++];
            if (first == '\\' || first == '[')
                return false;
            char last = first;
            if (m_at + 1 < m_text.size() && m_text[m_at] == '-' && m_text[m_at + 1] != ']') {
                last = m_text[m_at + 1];
                m_at += 2;
            }
            atom.ranges.emplace_back(first, last);
        }
        if (!more() || atom.ranges.empty())
            return false;
        ++m_at;
        return true;
    }

    bool quantifier(Atom& atom)
    {
        if (!more())
            return true;
        const char c = m_text[m_at];
        if (c != '*' && c != '+' && c != '?')
            return true;
        if (atom.kind == Atom::Kind::Begin || atom.kind == Atom::Kind::End
            || (atom.kind == Atom::Kind::Group && c != '?')) // a repeated group could backtrack without bound
            return false;
        ++m_at;
        atom.least = c == '+' ? 1 : 0;
        atom.most = c == '?' ? 1 : kUnlimited;
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

/// Backtracking over atoms. The recursion is as deep as the pattern is long, never as long as the name.
class Pattern::Matcher {
public:
    explicit Matcher(std::string_view name)
        : m_name(name)
    { }

    bool matchesAt(const std::vector<Sequence>& alternatives, std::size_t position) const
    {
        return std::any_of(alternatives.begin(), alternatives.end(),
            [&](const Sequence& sequence) { return run(sequence, 0, position, nullptr); });
    }

private:
    /// What follows once a group's sequence is through.
    struct Continuation {
        const Sequence* sequence;
        std::size_t index;
        const Continuation* next;
    };

    bool run(
        const Sequence& sequence, std::size_t index, std::size_t position, const Continuation* then) const
    {
        if (index == sequence.size())
            return then == nullptr || run(*then->sequence, then->index, position, then->next);
        const Atom& atom = sequence[index];
        switch (atom.kind) {
        case Atom::Kind::Begin:
            return position == 0 && run(sequence, index + 1, position, then);
        case Atom::Kind::End:
            return position == m_name.size() && run(sequence, index + 1, position, then);
        case Atom::Kind::Group:
            return group(sequence, index, position, then);
        default:
            break;
        }
        std::size_t count = 0;
        while (count < atom.most && position + count < m_name.size() && takes(atom, m_name[position + count]))
            ++count;
        if (count < atom.least)
            return false;
        for (;; --count) {
            if (run(sequence, index + 1, position + count, then))
                return true;
            if (count == atom.least)
                return false;
        }
    }

    bool group(
        const Sequence& sequence, std::size_t index, std::size_t position, const Continuation* then) const
    {
        const Continuation after{&sequence, index + 1, then};
        for (const Sequence& alternative : sequence[index].alternatives)
            if (run(alternative, 0, position, &after))
                return true;
        return sequence[index].least == 0 && run(sequence, index + 1, position, then);
    }

    static bool takes(const Atom& atom, char c)
    {
        if (atom.kind == Atom::Kind::Any)
            return true;
        if (atom.kind == Atom::Kind::Character)
            return c == atom.character;
        const bool inside = std::any_of(atom.ranges.begin(), atom.ranges.end(),
            [c](const auto& range) { return c >= range.first && c <= range.second; });
        return inside != atom.negated;
    }

    std::string_view m_name;
};

std::optional<Pattern> Pattern::compile(std::string_view text)
{
    Pattern pattern;
    pattern.m_text = text;
    if (!Parser(text).parse(pattern.m_alternatives))
        return std::nullopt;
    if (pattern.m_alternatives.size() == 1) {
        const Sequence& sequence = pattern.m_alternatives.front();
        pattern.m_isLiteral = true;
        for (std::size_t i = 0; i < sequence.size(); ++i) {
            const Atom& atom = sequence[i];
            if (atom.kind == Atom::Kind::Begin && i == 0)
                pattern.m_atBegin = true;
            else if (atom.kind == Atom::Kind::End && i + 1 == sequence.size())
                pattern.m_atEnd = true;
            else if (atom.kind == Atom::Kind::Character && atom.least == 1 && atom.most == 1)
                pattern.m_literal += atom.character;
            else
                pattern.m_isLiteral = false;
        }
    }
    return pattern;
}

bool Pattern::foundIn(std::string_view name) const
{
    if (name.size() > kLongestName)
        return false;
    if (m_isLiteral) {
        if (m_atBegin && m_atEnd)
            return name == m_literal;
        if (m_atBegin)
            return name.starts_with(m_literal);
        return m_atEnd ? name.ends_with(m_literal) : name.find(m_literal) != std::string_view::npos;
    }
    const Matcher matcher(name);
    for (std::size_t position = 0; position <= name.size(); ++position)
        if (matcher.matchesAt(m_alternatives, position))
            return true;
    return false;
}

bool matchesGlob(std::string_view glob, std::string_view text) noexcept
{
    const std::size_t first = glob.find('*');
    if (first == std::string_view::npos)
        return glob == text;
    if (!text.starts_with(glob.substr(0, first)))
        return false;
    std::size_t at = first;
    for (std::size_t star = first;;) {
        const std::size_t next = glob.find('*', star + 1);
        const std::string_view piece
            = glob.substr(star + 1, next == std::string_view::npos ? next : next - star - 1);
        if (next == std::string_view::npos)
            return text.size() >= at + piece.size() && text.ends_with(piece);
        at = text.find(piece, at);
        if (at == std::string_view::npos)
            return false;
        at += piece.size();
        star = next;
    }
}

} // namespace mantissa
