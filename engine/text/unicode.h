// SPDX-License-Identifier: GPL-3.0-or-later
// What tokenizers need of Unicode, on utf8proc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

std::string toUtf8(char32_t codePoint);
/// Code points in NFC; bytes that are not UTF-8 become U+FFFD.
std::u32string normalized(std::string_view utf8);

/// The words that CLIP's encoding works on: NFC, lower case (character by character), white space between words dropped;
/// then marks (`<|endoftext|>`), contractions ('s 't 're 've 'm 'll 'd), runs of letters, single numerals, runs of
/// anything else.
std::vector<std::string> splitClipWords(std::string_view utf8);

} // namespace mantissa
