// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/python_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mantissa {

namespace {

/// One code point of well-formed UTF-8; moves `at` past it. U+FFFD for a byte that starts none.
char32_t nextCodePoint(std::string_view text, std::size_t& at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    const std::size_t extra = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    if (first < 0x80) {
        ++at;
        return first;
    }
    if (extra == 0 || extra >= text.size() - at) {
        ++at;
        return 0xfffd;
    }
    char32_t point = first & (0x3fu >> extra);
    for (std::size_t i = 1; i <= extra; ++i)
        point = (point << 6) | (byte(at + i) & 0x3fu);
    at += extra + 1;
    return point;
}

void appendEscaped(std::string& out, char32_t point)
{
    constexpr char32_t kBeyondPlane = 0x10000;
    if (point >= kBeyondPlane) {
        const char32_t rest = point - kBeyondPlane;
        out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + static_cast<unsigned>(rest >> 10),
            0xdc00 + static_cast<unsigned>(rest & 0x3ff));
    } else {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    }
}

/// repr() of a float: the shortest text that reads back as the same number, always with a point or an
/// exponent.
std::string dumpNumber(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value < 0 ? "-Infinity" : "Infinity";
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0";
    return text;
}

bool isNumeric(const JsonNode& node)
{
    return node.kind == JsonNode::Kind::Bool || node.kind == JsonNode::Kind::Integer
        || node.kind == JsonNode::Kind::Number;
}

double numberOf(const JsonNode& node)
{
    return node.kind == JsonNode::Kind::Bool ? (node.boolean ? 1.0 : 0.0) : node.number;
}

} // namespace

std::string pythonQuote(std::string_view utf8)
{
    std::string out = "\"";
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t point = nextCodePoint(utf8, at);
        constexpr std::string_view kNamed = "\"\\\n\r\t\b\f", kLetters = "\"\\nrtbf";
        const std::size_t named
            = point < 0x80 ? kNamed.find(static_cast<char>(point)) : std::string_view::npos;
        if (named != std::string_view::npos)
            (out += '\\') += kLetters[named];
        else if (point >= 0x20 && point < 0x7f)
            out += static_cast<char>(point);
        else
            appendEscaped(out, point);
    }
    return out + '"';
}

std::string pythonDump(const JsonNode& node)
{
    std::vector<std::string> parts;
    switch (node.kind) {
    case JsonNode::Kind::Null:
        return "null";
    case JsonNode::Kind::Bool:
        return node.boolean ? "true" : "false";
    case JsonNode::Kind::Integer:
        return fmt::format("{}", node.integer);
    case JsonNode::Kind::Number:
        return dumpNumber(node.number);
    case JsonNode::Kind::String:
        return pythonQuote(node.string);
    case JsonNode::Kind::Array:
        for (const JsonNode& item : node.items)
            parts.push_back(pythonDump(item));
        return fmt::format("[{}]", fmt::join(parts, ", "));
    case JsonNode::Kind::Object:
        for (const auto& [key, value] : node.members)
            parts.push_back(pythonQuote(key) + ": " + pythonDump(value));
        return fmt::format("{{{}}}", fmt::join(parts, ", "));
    }
    return "null";
}

std::string toPythonJson(std::string_view json)
{
    const auto tree = parseJsonTree(json);
    return tree ? pythonDump(*tree) : "null";
}

bool pythonEquals(const JsonNode& a, const JsonNode& b)
{
    if (isNumeric(a) && isNumeric(b)) {
        if (a.kind == JsonNode::Kind::Integer && b.kind == JsonNode::Kind::Integer)
            return a.integer == b.integer;
        return numberOf(a) == numberOf(b);
    }
    if (a.kind != b.kind)
        return false;
    if (a.kind == JsonNode::Kind::Array)
        return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), pythonEquals);
    if (a.kind != JsonNode::Kind::Object)
        return a.string == b.string;
    return a.members.size() == b.members.size()
        && std::all_of(a.members.begin(), a.members.end(), [&](const auto& member) {
               const JsonNode* const other = b.find(member.key);
               return other && pythonEquals(member.value, *other);
           });
}

JsonNode jsonText(std::string value)
{
    JsonNode node;
    node.kind = JsonNode::Kind::String;
    node.string = std::move(value);
    return node;
}

JsonNode jsonFlag(bool value)
{
    JsonNode node;
    node.kind = JsonNode::Kind::Bool;
    node.boolean = value;
    return node;
}

JsonNode jsonInteger(std::int64_t value)
{
    JsonNode node;
    node.kind = JsonNode::Kind::Integer;
    node.integer = value;
    node.number = static_cast<double>(value);
    return node;
}

void setMember(JsonNode& object, const std::string& key, JsonNode value)
{
    for (auto& member : object.members)
        if (member.key == key) {
            member.value = std::move(value);
            return;
        }
    object.members.push_back({key, std::move(value)});
}

bool eraseMember(JsonNode& object, std::string_view key)
{
    return std::erase_if(object.members, [&](const auto& member) { return member.key == key; }) > 0;
}

} // namespace mantissa
