// SPDX-License-Identifier: GPL-3.0-or-later
// JSON text as Python's json.dumps writes it, which the ecosystem's files carry: ", " and ": " between, ASCII
// only, keys in their order.
#pragma once

#include "engine/base/json_tree.h"

#include <string>
#include <string_view>

namespace mantissa {

std::string pythonDump(const JsonNode& node);
/// A string literal with quotes; bytes that are not UTF-8 become U+FFFD.
std::string pythonQuote(std::string_view utf8);
/// Re-spells JSON text; gives "null" for what is not JSON.
std::string toPythonJson(std::string_view json);

/// As `a == b` of two Python values: numbers by value, true equals 1, objects whatever the order of their
/// keys.
bool pythonEquals(const JsonNode& a, const JsonNode& b);

JsonNode jsonText(std::string value);
JsonNode jsonFlag(bool value);
JsonNode jsonInteger(std::int64_t value);
/// Adds or replaces a member; keeps its place if it is there.
void setMember(JsonNode& object, const std::string& key, JsonNode value);
/// Whether it was there.
bool eraseMember(JsonNode& object, std::string_view key);

} // namespace mantissa
