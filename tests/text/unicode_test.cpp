// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/unicode_text.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using Text = std::vector<char32_t>;

TEST_CASE("UTF-8 goes there and back")
{
    const std::string text = "a\u00e9\u6771\U0001F680";
    const auto codepoints = decodeUtf8(text);
    REQUIRE(codepoints);
    CHECK(*codepoints == Text{U'a', 0xE9, 0x6771, 0x1F680});
    std::string again;
    for (const char32_t c : *codepoints)
        appendUtf8(again, c);
    CHECK(again == text);
    for (const char* broken : {"\x80", "\xC3", "\xE6\x9D", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\x80"})
        CHECK_FALSE(decodeUtf8(broken));
}

TEST_CASE("normalization form C")
{
    CHECK(*composed({U'e', 0x301}) == Text{0xE9});
    CHECK(*composed({0x212B}) == Text{0xC5}); // the Angstrom sign
    CHECK(*composed({U'q', 0x307, 0x323}) == Text{U'q', 0x323, 0x307}); // marks in canonical order
    CHECK(*composed({0x1112, 0x1161, 0x11AB}) == Text{0xD55C}); // Hangul
    CHECK(*composed({0x958}) == Text{0x915, 0x93C}); // excluded from composition
    CHECK(*composed({0xFB01}) == Text{0xFB01}); // compatibility forms stay
    CHECK(composed({})->empty());
}

TEST_CASE("lower case is of one character by itself")
{
    Text out;
    for (const char32_t c : {U'A', U'\u0130', U'\u03A3', U'\u01C4', U'1'})
        appendLowered(out, c);
    CHECK(out == Text{U'a', U'i', 0x307, 0x3C3, 0x1C6, U'1'});
}

TEST_CASE("classes of characters")
{
    CHECK(isLetter(U'\u6771'));
    CHECK_FALSE(isLetter(0x301));
    CHECK(isNumber(U'\u00BD'));
    CHECK(isNumber(0x2167));
    CHECK_FALSE(isNumber(U'a'));
    for (const char32_t c : {0x20, 0x9, 0xA0, 0x3000, 0x2003, 0x85})
        CHECK(isSpace(c));
    CHECK_FALSE(isSpace(0x200B)); // the zero-width space is none
}
