// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/unicode.h"

#include <cstdint>
#include <utf8proc.h>

namespace mantissa {

namespace {

bool isLetter(char32_t c)
{
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool isNumber(char32_t c)
{
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

/// White_Space of the Unicode standard.
bool isSpace(char32_t c)
{
    if ((c >= 0x09 && c <= 0x0D) || c == 0x85)
        return true;
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
}

void appendUtf8(std::string& text, char32_t c)
{
    utf8proc_uint8_t buffer[4];
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), buffer);
    text.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(size));
}

std::u32string lowered(const std::u32string& text)
{
    constexpr char32_t kDottedI = 0x130, kDotAbove = 0x307;
    std::u32string lower;
    for (const char32_t c : text) {
        if (c == kDottedI) { // the one character whose lower case is two
            lower += U'i';
            lower += kDotAbove;
        } else {
            lower += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
        }
    }
    return lower;
}

/// Length of a fixed piece that starts here; 0 if none does.
std::size_t fixedPiece(std::u32string_view rest)
{
    static constexpr std::u32string_view kPieces[]
        = {U"<|startoftext|>", U"<|endoftext|>", U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};
    for (const std::u32string_view piece : kPieces) {
        if (rest.starts_with(piece))
            return piece.size();
    }
    return 0;
}

std::size_t pieceLength(std::u32string_view rest)
{
    if (const std::size_t fixed = fixedPiece(rest); fixed > 0)
        return fixed;
    if (isNumber(rest[0]))
        return 1;
    std::size_t length = 1;
    if (isLetter(rest[0])) {
        while (length < rest.size() && isLetter(rest[length]))
            ++length;
    } else {
        while (length < rest.size() && !isLetter(rest[length]) && !isNumber(rest[length]) && !isSpace(rest[length]))
            ++length;
    }
    return length;
}

} // namespace

std::string toUtf8(char32_t codePoint)
{
    std::string text;
    appendUtf8(text, codePoint);
    return text;
}

std::u32string normalized(std::string_view utf8)
{
    std::vector<utf8proc_int32_t> points;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
    auto left = static_cast<utf8proc_ssize_t>(utf8.size());
    while (left > 0) {
        utf8proc_int32_t point = 0;
        utf8proc_ssize_t read = utf8proc_iterate(at, left, &point);
        if (read <= 0) {
            point = 0xFFFD;
            read = 1;
        }
        // Room for the longest decomposition of a character (18, for U+FDFA).
        utf8proc_int32_t parts[32];
        int boundary = 0;
        const auto count = utf8proc_decompose_char(point, parts, 32, UTF8PROC_DECOMPOSE, &boundary);
        if (count > 0)
            points.insert(points.end(), parts, parts + count);
        at += read;
        left -= read;
    }
    // Combining marks in canonical order; utf8proc then composes.
    for (std::size_t i = 1; i < points.size(); ++i) {
        for (std::size_t j = i; j > 0; --j) {
            const int before = utf8proc_get_property(points[j - 1])->combining_class;
            const int here = utf8proc_get_property(points[j])->combining_class;
            if (here == 0 || before <= here)
                break;
            std::swap(points[j - 1], points[j]);
        }
    }
    const auto length = utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()),
        static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
    std::u32string text;
    for (utf8proc_ssize_t i = 0; i < length; ++i)
        text += static_cast<char32_t>(points[static_cast<std::size_t>(i)]);
    return text;
}

std::vector<std::string> splitClipWords(std::string_view utf8)
{
    const std::u32string text = lowered(normalized(utf8));
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin < text.size();) {
        if (isSpace(text[begin])) {
            ++begin;
            continue;
        }
        const std::size_t length = pieceLength(std::u32string_view(text).substr(begin));
        std::string word;
        for (std::size_t i = begin; i < begin + length; ++i)
            appendUtf8(word, text[i]);
        words.push_back(std::move(word));
        begin += length;
    }
    return words;
}

} // namespace mantissa
