// SPDX-License-Identifier: GPL-3.0-or-later
// A small JSON tree for documents that people write and strangers send: keeps the order of keys, refuses
// duplicate keys, and is bounded in size and depth. Every error knows the JSON pointer of its place.
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct JsonMember;

struct JsonNode {
    // Defined where JsonMember is complete.
    JsonNode();
    ~JsonNode();
    JsonNode(const JsonNode&);
    JsonNode(JsonNode&&) noexcept;
    JsonNode& operator=(const JsonNode&);
    JsonNode& operator=(JsonNode&&) noexcept;

    enum class Kind { Null, Bool, Integer, Number, String, Array, Object };
    Kind kind = Kind::Null;
    bool boolean = false;
    std::int64_t integer = 0; ///< for Integer
    double number = 0; ///< for Integer and Number
    std::string string;
    std::vector<JsonNode> items;
    std::vector<JsonMember> members; ///< in the order of the text

    /// Null if there is no such member.
    const JsonNode* find(std::string_view key) const;
    /// What a member holds; empty, or false, where there is none or it is of another kind.
    std::string textAt(std::string_view key) const;
    bool flagAt(std::string_view key) const;
    std::vector<std::string> textsAt(std::string_view key) const; ///< of an array of strings
};

struct JsonMember {
    std::string key;
    JsonNode value;
};

std::string_view nameOf(JsonNode::Kind kind) noexcept; ///< "a string", "an object", …

/// InvalidInput with the byte offset or the JSON pointer in `where`; never throws.
Result<JsonNode> parseJsonTree(std::string_view text);
/// A document that is part of the program (resource.h). They are ours, and a test reads every one: a broken
/// one is null, and an assertion in debug builds.
JsonNode embeddedJson(std::string_view name);

/// One more step of a JSON pointer (`~` and `/` escaped).
std::string pointerTo(std::string_view parent, std::string_view key);
/// A JSON string literal; bytes that are not UTF-8 become U+FFFD.
std::string quoteJson(std::string_view text);

} // namespace mantissa
