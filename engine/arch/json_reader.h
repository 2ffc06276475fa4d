// SPDX-License-Identifier: GPL-3.0-or-later
// Parsing of JSON that comes from a file: never throws, and refuses nesting that would exhaust the stack
// later.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace mantissa::arch {

/// Objects keep the order of the text. Empty if it is not JSON or is nested deeper than 64 levels.
inline std::optional<nlohmann::ordered_json> parseBounded(std::string_view text)
{
    constexpr int kDeepest = 64;
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kDeepest)
                return std::nullopt;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (json.is_discarded())
        return std::nullopt;
    return json;
}

/// Text of a parsed value as Python's json.dumps spells it (", " and ": "); bytes that are not UTF-8 are
/// replaced.
std::string pythonDump(const nlohmann::ordered_json& value);

} // namespace mantissa::arch
