// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/message.h"

#include <fmt/format.h>
#include <utility>

namespace mantissa {

Message::Message(std::string verbatim)
    : m_text(std::move(verbatim))
{ }

Message::Message(const char* verbatim)
    : m_text(verbatim)
{ }

Message::Message(MessageSource source, std::vector<Message> arguments, std::int64_t count)
    : m_source(source)
    , m_arguments(std::move(arguments))
    , m_count(count)
{ }

Message Message::received(std::string source, std::vector<Message> arguments, std::int64_t count)
{
    Message message(std::move(source));
    message.m_received = !message.m_text.empty();
    message.m_arguments = std::move(arguments);
    message.m_count = count;
    return message;
}

std::string Message::text() const
{
    if (isVerbatim())
        return m_text;
    std::vector<std::string> arguments;
    arguments.reserve(m_arguments.size());
    for (const Message& argument : m_arguments)
        arguments.push_back(argument.text());
    return fillMessage(source(), arguments, m_count);
}

bool Message::operator==(const Message& other) const
{
    return std::string_view(source()) == other.source() && (!isVerbatim() || m_text == other.m_text)
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

FmtPlace fmtPlaceAt(std::string_view rest, std::size_t next)
{
    const std::size_t end = rest.starts_with('{') ? rest.find('}') : std::string_view::npos;
    if (end == std::string_view::npos)
        return {};
    std::size_t index = 0, at = 1;
    for (; at < end && rest[at] >= '0' && rest[at] <= '9' && index < 100; ++at)
        index = 10 * index + static_cast<std::size_t>(rest[at] - '0');
    if (at != end && rest[at] != ':')
        return {};
    return {end + 1, at == 1 ? next : index, rest.substr(at, end - at)};
}

std::string fillMessage(std::string_view source, std::span<const std::string> arguments, std::int64_t count)
{
    std::string text;
    std::size_t unnumbered = 0; // places of fmt without a number so far
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char next = i + 1 < source.size() ? source[i + 1] : '\0';
        if (source[i] == '%' && next == 'n' && count >= 0) {
            text += fmt::to_string(count);
            ++i;
        } else if (source[i] == '%' && next >= '1' && next <= '9'
            && static_cast<std::size_t>(next - '1') < arguments.size()) {
            text += arguments[static_cast<std::size_t>(next - '1')];
            ++i;
        } else if ((source[i] == '{' || source[i] == '}') && next == source[i]) {
            text += source[i]; // doubled: a brace of the text
            ++i;
        } else if (const FmtPlace place = fmtPlaceAt(source.substr(i), unnumbered);
                   place.length > 0 && place.index < arguments.size()) {
            text += arguments[place.index];
            unnumbered += place.index == unnumbered ? 1 : 0;
            i += place.length - 1;
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
