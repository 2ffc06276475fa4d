// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace mantissa {
namespace {

constexpr std::size_t kLongestQuote = 160; // bytes; a sentence stays readable

/// Length of the well-formed sequence at the start of `text`; 0 if there is none (Unicode 15, table 3-7).
std::size_t utf8Length(std::string_view text) noexcept
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return 1;
    std::size_t length = 0;
    unsigned char lowest = 0x80, highest = 0xBF; // of the second byte
    if (lead >= 0xC2 && lead <= 0xDF)
        length = 2;
    else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        lowest = lead == 0xE0 ? 0xA0 : lowest;
        highest = lead == 0xED ? 0x9F : highest;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        lowest = lead == 0xF0 ? 0x90 : lowest;
        highest = lead == 0xF4 ? 0x8F : highest;
    }
    if (length == 0 || text.size() < length || at(1) < lowest || at(1) > highest)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (at(i) < 0x80 || at(i) > 0xBF)
            return 0;
    return length;
}

bool isControl(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

} // namespace

std::size_t firstInvalidUtf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8Length(text.substr(i));
        if (length == 0)
            return i;
        i += length;
    }
    return std::string_view::npos;
}

bool hasControlCharacter(std::string_view text) noexcept
{
    return std::ranges::any_of(text, isControl);
}

std::string inQuotes(std::string_view text)
{
    std::string result = "'";
    std::size_t i = 0;
    while (i < text.size() && result.size() < kLongestQuote) {
        const std::size_t length = utf8Length(text.substr(i));
        if (length == 0 || isControl(text[i])) {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
            ++i;
        } else {
            result += text.substr(i, length);
            i += length;
        }
    }
    result += i < text.size() ? "…'" : "'";
    return result;
}

} // namespace mantissa
