// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/unicode_text.h"

#include <algorithm>
#include <utf8proc.h>

namespace mantissa {

Result<std::vector<char32_t>> decodeUtf8(std::string_view text)
{
    std::vector<char32_t> codepoints;
    codepoints.reserve(text.size());
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    for (std::size_t at = 0; at < text.size();) {
        utf8proc_int32_t codepoint = 0;
        const utf8proc_ssize_t taken
            = utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &codepoint);
        if (taken <= 0)
            return tl::unexpected(Error{ErrorCode::Usage, "the text is not UTF-8", sentence("byte {}", at),
                "save it as UTF-8, or set a UTF-8 locale"});
        codepoints.push_back(static_cast<char32_t>(codepoint));
        at += static_cast<std::size_t>(taken);
    }
    return codepoints;
}

void appendUtf8(std::string& out, char32_t codepoint)
{
    utf8proc_uint8_t bytes[4] = {};
    const utf8proc_ssize_t count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(codepoint), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

Result<std::vector<char32_t>> composed(const std::vector<char32_t>& text)
{
    std::vector<utf8proc_int32_t> buffer;
    buffer.reserve(text.size() + 8);
    int boundary = 0;
    constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    for (const char32_t codepoint : text) {
        utf8proc_int32_t parts[32]; // the longest decomposition has 18
        const utf8proc_ssize_t count = utf8proc_decompose_char(
            static_cast<utf8proc_int32_t>(codepoint), parts, 32, kOptions, &boundary);
        if (count < 0 || count > 32)
            return fail(
                ErrorCode::Internal, "U+{:04X} cannot be normalised", static_cast<std::uint32_t>(codepoint));
        buffer.insert(buffer.end(), parts, parts + count);
    }
    // Canonical order: runs of combining marks, stable by class.
    const auto classOf = [](utf8proc_int32_t c) { return utf8proc_get_property(c)->combining_class; };
    for (std::size_t begin = 0; begin < buffer.size();) {
        if (classOf(buffer[begin]) == 0) {
            ++begin;
            continue;
        }
        std::size_t end = begin;
        while (end < buffer.size() && classOf(buffer[end]) != 0)
            ++end;
        std::stable_sort(buffer.begin() + static_cast<std::ptrdiff_t>(begin),
            buffer.begin() + static_cast<std::ptrdiff_t>(end),
            [&](auto a, auto b) { return classOf(a) < classOf(b); });
        begin = end;
    }
    const utf8proc_ssize_t length
        = utf8proc_normalize_utf32(buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()), kOptions);
    if (length < 0)
        return fail(ErrorCode::Internal, "a text cannot be normalised: {}", utf8proc_errmsg(length));
    return std::vector<char32_t>(buffer.begin(), buffer.begin() + length);
}

void appendLowered(std::vector<char32_t>& out, char32_t codepoint)
{
    if (codepoint == U'\u0130') { // the one unconditional entry of SpecialCasing.txt that lowers to two
        out.insert(out.end(), {U'i', U'\u0307'});
        return;
    }
    out.push_back(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(codepoint))));
}

bool isLetter(char32_t codepoint)
{
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(codepoint))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    default:
        return false;
    }
}

bool isNumber(char32_t codepoint)
{
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(codepoint))) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

bool isSpace(char32_t c)
{
    // PropList.txt, White_Space.
    return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F
        || c == 0x3000;
}

} // namespace mantissa
