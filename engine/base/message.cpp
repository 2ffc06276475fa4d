// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/message.h"

#include <fmt/format.h>
#include <utility>

namespace mantissa {

Message::Message(std::string verbatim)
    : m_verbatim(std::move(verbatim))
{ }

Message::Message(const char* verbatim)
    : m_verbatim(verbatim)
{ }

Message::Message(MessageSource source, std::vector<Message> arguments, std::int64_t count)
    : m_source(source)
    , m_arguments(std::move(arguments))
    , m_count(count)
{ }

std::string Message::text() const
{
    if (isVerbatim())
        return m_verbatim;
    std::vector<std::string> arguments;
    arguments.reserve(m_arguments.size());
    for (const Message& argument : m_arguments)
        arguments.push_back(argument.text());
    return fillMessage(m_source.text, arguments, m_count);
}

bool Message::operator==(const Message& other) const
{
    return m_verbatim == other.m_verbatim && std::string_view(m_source.text) == other.m_source.text
        && m_count == other.m_count && m_arguments == other.m_arguments;
}

namespace {

/// "(s)" and "(is|are)" at the start of `rest`: how many characters they take, and what stands for them. Zero
/// where it is another parenthesis.
std::pair<std::size_t, std::string_view> choice(std::string_view rest, std::int64_t count)
{
    const std::size_t end = rest.find_first_of("()", 1);
    if (end == std::string_view::npos || rest[end] != ')')
        return {0, {}};
    const std::string_view inside = rest.substr(1, end - 1);
    if (inside == "s")
        return {end + 1, count == 1 ? "" : "s"};
    const std::size_t bar = inside.find('|');
    if (bar == std::string_view::npos)
        return {0, {}};
    return {end + 1, count == 1 ? inside.substr(0, bar) : inside.substr(bar + 1)};
}

} // namespace

std::string fillMessage(std::string_view source, std::span<const std::string> arguments, std::int64_t count)
{
    std::string text;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char next = i + 1 < source.size() ? source[i + 1] : '\0';
        if (source[i] == '%' && next == 'n' && count >= 0) {
            text += fmt::to_string(count);
            ++i;
        } else if (source[i] == '%' && next >= '1' && next <= '9'
            && static_cast<std::size_t>(next - '1') < arguments.size()) {
            text += arguments[static_cast<std::size_t>(next - '1')];
            ++i;
        } else if (const auto [length, chosen] = source[i] == '(' && count >= 0
                       ? choice(source.substr(i), count)
                       : std::pair<std::size_t, std::string_view>{0, {}};
                   length > 0) {
            text += chosen;
            i += length - 1;
        } else {
            text += source[i];
        }
    }
    return text;
}

} // namespace mantissa
