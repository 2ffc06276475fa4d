// SPDX-License-Identifier: GPL-3.0-or-later
// The little of Unicode that tokenizers need. Version 15.0 (utf8proc 2.8).
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// Code points of UTF-8 text. Usage, with the byte, if it is not UTF-8.
Result<std::vector<char32_t>> decodeUtf8(std::string_view text);
void appendUtf8(std::string& out, char32_t codepoint);
/// Normalization form C, where an input of kMaximumPromptBytes is the largest that callers give.
Result<std::vector<char32_t>> composed(const std::vector<char32_t>& text);
/// Lower case of one character by itself: no final sigma. One code point, but for U+0130, which has two.
void appendLowered(std::vector<char32_t>& out, char32_t codepoint);

bool isLetter(char32_t codepoint); ///< \p{L}
bool isNumber(char32_t codepoint); ///< \p{N}
bool isSpace(char32_t codepoint); ///< White_Space

} // namespace mantissa
