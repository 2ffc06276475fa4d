// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence with its places kept apart from what fills them, so that a window can say it in its own
// language. Everything else takes text(), which is English.
//
// Sources are written with messageSource() and countedSource(), which lupdate reads (docs/HACKING.md), or are
// those of sentences (engine/base/sentence.h); tests ask that each has a translation.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// What a translation is looked up by: "%n layer(s) in %1: nothing loads it". %1 to %9 are arguments, %n is
/// the count; "(s)" is there unless the count is one, and of "(is|are)" the count chooses. Sources of
/// sentences have the places of fmt: "{} has {:.1f} bytes"; a translation that wants another order numbers
/// them from 0:
/// "{1} … {0}". A literal.
struct MessageSource {
    const char* text = "";
};
/// `context` is always "Engine"; lupdate wants to see it.
constexpr MessageSource messageSource(const char*, const char* text)
{
    return {text};
}
/// The same for sentences with a count: languages have forms for it.
constexpr MessageSource countedSource(const char*, const char* text)
{
    return {text};
}

class Message {
public:
    Message() = default;
    /// What is looked up as it is, if at all: names, numbers, what a person wrote, a sentence of a data file.
    Message(std::string verbatim); // NOLINT(google-explicit-constructor): arguments are mostly names
    Message(const char* verbatim); // NOLINT(google-explicit-constructor)
    Message(MessageSource source, std::vector<Message> arguments = {}, // NOLINT(google-explicit-constructor)
        std::int64_t count = -1);
    /// What another process said, or a data file: its source is no literal.
    static Message received(std::string source, std::vector<Message> arguments, std::int64_t count = -1);

    bool isVerbatim() const { return !m_received && m_source.text[0] == '\0'; }
    bool empty() const { return isVerbatim() && m_text.empty(); }
    /// Empty where it is verbatim.
    const char* source() const { return m_received ? m_text.c_str() : m_source.text; }
    const std::vector<Message>& arguments() const { return m_arguments; }
    std::int64_t count() const { return m_count; } ///< negative: none

    /// In English.
    std::string text() const;
    /// Whether both say the same.
    bool operator==(const Message& other) const;

private:
    std::string m_text; ///< verbatim, or the source that was received
    MessageSource m_source;
    bool m_received = false;
    std::vector<Message> m_arguments;
    std::int64_t m_count = -1;
};

/// A place of fmt in a source: "{}", "{1}", "{:.1f}".
struct FmtPlace {
    std::size_t length = 0; ///< in characters; 0: there is none
    std::size_t index = 0; ///< of the argument
    std::string_view spec; ///< ":.1f"; may be empty
};
/// The place at the start of `rest`, where one begins there; `next` is the argument of one without a number.
FmtPlace fmtPlaceAt(std::string_view rest, std::size_t next);

/// Puts arguments and count into the places of a source or of its translation, in either notation.
std::string fillMessage(std::string_view source, std::span<const std::string> arguments, std::int64_t count);

} // namespace mantissa
