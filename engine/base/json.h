// SPDX-License-Identifier: GPL-3.0-or-later
// The one header through which we see nlohmann_json. Its documents are instantiated once, in json.cpp: every
// source that parsed or wrote JSON on its own took seconds longer to compile.
#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

extern template class nlohmann::basic_json<>;
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace mantissa {

/// What is nested deeper is refused: nobody writes it, and some work on documents is recursive.
inline constexpr int kDeepestJson = 32;

/// Documents may come from a file that somebody made to break its readers. Discarded (`is_discarded()`,
/// neither an object nor anything else) where the text is no JSON or is nested deeper than kDeepestJson:
/// writing a document is recursive, and its depth must not exhaust a thread's stack. Never throws but for
/// want of memory.
nlohmann::json parseJson(std::string_view text);
/// The same; objects keep the order of the text. A key is looked up one by one: not for large objects.
nlohmann::ordered_json parseOrderedJson(std::string_view text);

} // namespace mantissa
