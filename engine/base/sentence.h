// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says in errors, notes and log lines: a string, in English, that still knows what it was
// made from, so that a window can say it in its own language (ui/text.h). Everybody else uses the string.
//
// Literals in errors, sentence(), fail() and raise() are looked up as they stand, and so must each have its
// line in resources/translations/engine_de.ts; a test reads the sources for them (docs/HACKING.md).
#pragma once

#include "engine/base/message.h"

#include <array>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mantissa {

class Sentence;

namespace detail {
/// `nested`: for each argument, the sentence that it is, or null.
Sentence makeSentence(
    fmt::string_view source, fmt::format_args args, std::span<const Sentence* const> nested);
} // namespace detail

class Sentence : public std::string {
public:
    Sentence() = default;
    /// Translated as a whole, if at all.
    Sentence(std::string text) // NOLINT(google-explicit-constructor): it stands where strings stood
        : std::string(std::move(text))
    { }
    Sentence(std::string_view text) // NOLINT(google-explicit-constructor)
        : std::string(text)
    { }
    Sentence(const char* text) // NOLINT(google-explicit-constructor)
        : std::string(text)
    { }
    Sentence(Message message) // NOLINT(google-explicit-constructor)
        : std::string(message.text())
        , m_message(std::move(message))
    { }

    /// What a translation is made from: verbatim where the string says something else by now, as after +=.
    Message translatable() const;

private:
    friend Sentence detail::makeSentence(
        fmt::string_view source, fmt::format_args args, std::span<const Sentence* const> nested);

    Message m_message; ///< empty: the string is all there is
};

namespace detail {
template <typename T> const Sentence* nestedSentence(const T& argument)
{
    if constexpr (std::is_same_v<T, Sentence>)
        return &argument;
    else
        return nullptr;
}
} // namespace detail

/// `sentence("{} has {} bytes", name, n)`. `source` is a literal, and no width or precision in it is an
/// argument of its own. Arguments are translated where they are sentences, or words that have a translation.
template <typename... Args> Sentence sentence(fmt::format_string<Args...> source, Args&&... args)
{
    const std::array<const Sentence*, sizeof...(Args)> nested{detail::nestedSentence(args)...};
    return detail::makeSentence(source, fmt::make_format_args(args...), nested);
}

} // namespace mantissa
