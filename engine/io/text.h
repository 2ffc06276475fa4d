// SPDX-License-Identifier: GPL-3.0-or-later
// Small helpers for text that comes out of hostile files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mantissa {

/// Index of the first byte that is not part of well-formed UTF-8 (no surrogates, no overlong forms); npos if
/// all is.
std::size_t firstInvalidUtf8(std::string_view text) noexcept;
/// True if there is a byte below 32 or DEL: nothing that may be printed to a terminal as it is.
bool hasControlCharacter(std::string_view text) noexcept;
/// The text in single quotes for a message: control and non-UTF-8 bytes as \xNN, shortened if it is long.
std::string inQuotes(std::string_view text);

} // namespace mantissa
