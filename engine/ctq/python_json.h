// SPDX-License-Identifier: GPL-3.0-or-later
// JSON text as Python's json.dumps writes it: ", " and ": " between, ASCII only, keys in their order.
#pragma once

#include "engine/plan/json_tree.h"

#include <string>

namespace mantissa::ctq {

std::string pythonDump(const JsonNode& node);
std::string pythonQuote(std::string_view utf8);

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

} // namespace mantissa::ctq
