// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/sentence.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace mantissa {

Message Sentence::translatable() const
{
    const std::string& text = *this;
    return m_message.empty() || m_message.text() != text ? Message(text) : m_message;
}

namespace detail {

namespace {

using Argument = fmt::basic_format_arg<fmt::format_context>;

/// One argument as the place says: of "{1:.2f}" what stands between "1" and "}".
std::string rendered(const Argument& argument, std::string_view spec)
{
    return fmt::vformat(fmt::format("{{{}}}", spec), fmt::format_args(&argument, 1));
}

} // namespace

Sentence makeSentence(fmt::string_view source, fmt::format_args args, std::span<const Sentence* const> nested)
{
    const std::string_view text(source.data(), source.size());
    if (nested.empty()) // a literal, looked up as it reads
        return fmt::vformat(source, args);
    std::vector<Message> arguments(nested.size());
    std::size_t next = 0;
    for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos;
         at = text.find_first_of("{}", at)) {
        if (at + 1 < text.size() && text[at + 1] == text[at]) { // "{{" and "}}" are braces of the text
            at += 2;
            continue;
        }
        const std::size_t end = text.find('}', at);
        const std::string_view place = text.substr(at + 1, end - at - 1);
        const std::size_t digits = std::min(place.find(':'), place.size());
        std::size_t index = next;
        if (digits == 0)
            ++next;
        else
            std::from_chars(place.data(), place.data() + digits, index);
        if (index < nested.size())
            arguments[index] = nested[index] != nullptr
                ? nested[index]->translatable()
                : Message(rendered(args.get(static_cast<int>(index)), place.substr(digits)));
        at = end + 1;
    }
    Sentence made(fmt::vformat(source, args));
    made.m_message = Message(MessageSource{text.data()}, std::move(arguments));
    return made;
}

} // namespace detail

} // namespace mantissa
