// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/sentence.h"

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
    for (std::size_t at = 0; at < text.size();) {
        if (const FmtPlace place = fmtPlaceAt(text.substr(at), next); place.length > 0) {
            if (place.index < nested.size())
                arguments[place.index] = nested[place.index] != nullptr
                    ? nested[place.index]->translatable()
                    : Message(rendered(args.get(static_cast<int>(place.index)), place.spec));
            next += place.index == next ? 1 : 0;
            at += place.length;
        } else { // "{{" and "}}" are braces of the text
            at += text.substr(at).starts_with("{{") ? 2 : 1;
        }
    }
    Sentence made(fmt::vformat(source, args));
    made.m_message = Message(MessageSource{text.data()}, std::move(arguments));
    return made;
}

} // namespace detail

} // namespace mantissa
