// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/expression.h"

#include <algorithm>
#include <charconv>

namespace mantissa::arch {

namespace {

constexpr int kDeepest = 32;

bool truthOf(const Value& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number != 0;
    return std::holds_alternative<std::vector<std::int64_t>>(value);
}

Value truth(bool value)
{
    return static_cast<std::int64_t>(value ? 1 : 0);
}

Value arithmetic(char op, const Value& left, const Value& right)
{
    const auto* a = std::get_if<std::int64_t>(&left);
    const auto* b = std::get_if<std::int64_t>(&right);
    std::int64_t result = 0;
    if (a == nullptr || b == nullptr)
        return {};
    switch (op) {
    case '+':
        return __builtin_add_overflow(*a, *b, &result) ? Value{} : Value{result};
    case '-':
        return __builtin_sub_overflow(*a, *b, &result) ? Value{} : Value{result};
    case '*':
        return __builtin_mul_overflow(*a, *b, &result) ? Value{} : Value{result};
    default:
        break;
    }
    if (*b <= 0 || *a % *b != 0)
        return {};
    return *a / *b;
}

Value compare(std::string_view op, const Value& left, const Value& right)
{
    if (left.index() == 0 || right.index() == 0 || left.index() != right.index())
        return truth(false);
    if (op == "==")
        return truth(left == right);
    if (op == "!=")
        return truth(left != right);
    if (op == "<=")
        return truth(left <= right);
    if (op == ">=")
        return truth(left >= right);
    return truth(op == "<" ? left < right : left > right);
}

Value fromHyper(const HyperValue& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number;
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value))
        return *list;
    return {};
}

class Evaluator {
public:
    Evaluator(std::string_view text, const Facts& facts)
        : m_text(text)
        , m_facts(facts)
    { }

    std::optional<Value> run()
    {
        Value value = either();
        skipSpace();
        if (m_failed || m_at != m_text.size())
            return std::nullopt;
        return value;
    }

private:
    void skipSpace()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
            ++m_at;
    }

    bool take(std::string_view token)
    {
        skipSpace();
        if (!m_text.substr(m_at).starts_with(token))
            return false;
        m_at += token.size();
        return true;
    }

    Value fail()
    {
        m_failed = true;
        return {};
    }

    Value either()
    {
        if (++m_depth > kDeepest)
            return fail();
        Value left = both();
        while (!m_failed && take("||")) {
            const Value right = both();
            left = truth(truthOf(left) || truthOf(right));
        }
        --m_depth;
        return left;
    }

    Value both()
    {
        Value left = comparison();
        while (!m_failed && take("&&")) {
            const Value right = comparison();
            left = truth(truthOf(left) && truthOf(right));
        }
        return left;
    }

    Value comparison()
    {
        Value left = sum();
        for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"})
            if (take(op))
                return compare(op, left, sum());
        return left;
    }

    Value sum()
    {
        Value left = product();
        for (;;) {
            if (take("+"))
                left = arithmetic('+', left, product());
            else if (take("-"))
                left = arithmetic('-', left, product());
            else
                return left;
        }
    }

    Value product()
    {
        Value left = unary();
        for (;;) {
            if (take("*"))
                left = arithmetic('*', left, unary());
            else if (take("/"))
                left = arithmetic('/', left, unary());
            else
                return left;
        }
    }

    Value unary()
    {
        skipSpace();
        if (m_text.substr(m_at).starts_with("!") && !m_text.substr(m_at).starts_with("!=")) {
            ++m_at;
            return truth(!truthOf(unary()));
        }
        return primary();
    }

    Value primary()
    {
        if (take("(")) {
            Value inner = either();
            return take(")") ? inner : fail();
        }
        if (take("["))
            return list();
        skipSpace();
        if (m_at < m_text.size() && (m_text[m_at] == '-' || (m_text[m_at] >= '0' && m_text[m_at] <= '9')))
            return number();
        const std::string_view name = word();
        if (name.empty())
            return fail();
        if (take("("))
            return call(name);
        for (const auto& [known, value] : m_facts.known)
            if (known == name)
                return fromHyper(value);
        return {};
    }

    Value number()
    {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), value);
        if (error != std::errc{})
            return fail();
        m_at = static_cast<std::size_t>(end - m_text.data());
        return value;
    }

    Value list()
    {
        std::vector<std::int64_t> values;
        while (!take("]")) {
            const Value item = sum();
            const auto* value = std::get_if<std::int64_t>(&item);
            if (m_failed || value == nullptr)
                return fail();
            values.push_back(*value);
            take(",");
        }
        return values;
    }

    std::string_view word()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size()
            && (m_text[m_at] == '_' || (m_text[m_at] >= 'a' && m_text[m_at] <= 'z')
                || (m_text[m_at] >= '0' && m_text[m_at] <= '9')))
            ++m_at;
        return m_text.substr(begin, m_at - begin);
    }

    /// Raw text of an argument: keys are not expressions.
    std::string_view argument()
    {
        skipSpace();
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != ',' && m_text[m_at] != ')')
            ++m_at;
        std::string_view text = m_text.substr(begin, m_at - begin);
        while (text.ends_with(' '))
            text.remove_suffix(1);
        return text;
    }

    Value call(std::string_view name)
    {
        Value result;
        if (name == "if") {
            const Value condition = either();
            if (!take(","))
                return fail();
            result = either();
            if (!truthOf(condition))
                result = {};
        } else if (name == "has") {
            result = truth(firstOf(m_facts.network, argument()) != nullptr);
        } else if (name == "top") {
            result = truth(firstOf(m_facts.file, argument()) != nullptr);
        } else if (name == "any") {
            result = truth(any(argument()));
        } else if (name == "count") {
            const std::int64_t count = m_facts.network.countIndices(argument());
            result = count > 0 ? Value{count} : Value{};
        } else if (name == "rank") {
            if (const Key* key = firstOf(m_facts.network, argument()))
                result = static_cast<std::int64_t>(key->shape->size());
        } else if (name == "size") {
            result = static_cast<std::int64_t>(m_facts.network.size());
        } else if (name == "dim") {
            result = dimension();
        } else {
            return fail();
        }
        return take(")") ? result : fail();
    }

    bool any(std::string_view globs)
    {
        while (!globs.empty()) {
            const std::size_t bar = std::min(globs.find('|'), globs.size());
            if (m_facts.network.findGlob(globs.substr(0, bar)) != nullptr)
                return true;
            globs.remove_prefix(std::min(bar + 1, globs.size()));
        }
        return false;
    }

    Value dimension()
    {
        const Key* key = firstOf(m_facts.network, argument());
        if (!take(","))
            return fail();
        const Value index = sum();
        const auto* at = std::get_if<std::int64_t>(&index);
        if (at == nullptr)
            return fail();
        if (key == nullptr)
            return {};
        const auto rank = static_cast<std::int64_t>(key->shape->size());
        const std::int64_t place = *at < 0 ? rank + *at : *at;
        if (place < 0 || place >= rank)
            return {};
        return (*key->shape)[static_cast<std::size_t>(place)];
    }

    std::string_view m_text;
    const Facts& m_facts;
    std::size_t m_at = 0;
    int m_depth = 0;
    bool m_failed = false;
};

} // namespace

std::optional<Value> evaluate(std::string_view text, const Facts& facts)
{
    return Evaluator(text, facts).run();
}

bool isTrue(std::string_view text, const Facts& facts)
{
    if (text.empty())
        return true;
    const auto value = evaluate(text, facts);
    return value && truthOf(*value);
}

const Key* firstOf(const KeyView& view, std::string_view alternatives)
{
    while (!alternatives.empty()) {
        const std::size_t bar = std::min(alternatives.find('|'), alternatives.size());
        const std::string_view name = alternatives.substr(0, bar);
        const Key* key = name.find('*') == std::string_view::npos ? view.find(name) : view.findGlob(name);
        if (key != nullptr)
            return key;
        alternatives.remove_prefix(std::min(bar + 1, alternatives.size()));
    }
    return nullptr;
}

} // namespace mantissa::arch
