// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/json_tree.h"
#include "engine/base/json.h"
#include "engine/base/resource.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <optional>

namespace mantissa {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr auto kMaxDepth = static_cast<std::size_t>(kDeepestJson);
constexpr std::size_t kMaxNodes = 4'000'000; // a node takes some 150 bytes: below 600 MB whatever the text

using Json = nlohmann::json;

/// Builds the tree from parser events. The parser keeps its own stack on the heap and reports errors as
/// events, so neither depth nor malformed text can do more than end the parse.
class TreeBuilder {
public:
    using number_integer_t = Json::number_integer_t;
    using number_unsigned_t = Json::number_unsigned_t;
    using number_float_t = Json::number_float_t;
    using string_t = Json::string_t;
    using binary_t = Json::binary_t;

    bool null() { return add({}); }
    bool boolean(bool value)
    {
        JsonNode node;
        node.kind = JsonNode::Kind::Bool;
        node.boolean = value;
        return add(std::move(node));
    }
    bool number_integer(number_integer_t value)
    {
        JsonNode node;
        node.kind = JsonNode::Kind::Integer;
        node.integer = value;
        node.number = static_cast<double>(value);
        return add(std::move(node));
    }
    bool number_unsigned(number_unsigned_t value)
    {
        if (value <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
            return number_integer(static_cast<std::int64_t>(value));
        return number_float(static_cast<double>(value), {});
    }
    bool number_float(number_float_t value, const string_t&)
    {
        JsonNode node;
        node.kind = JsonNode::Kind::Number;
        node.number = value;
        return add(std::move(node));
    }
    bool string(string_t& value)
    {
        JsonNode node;
        node.kind = JsonNode::Kind::String;
        node.string = std::move(value);
        return add(std::move(node));
    }
    bool binary(binary_t&) { return refuse("binary values do not occur in JSON"); }
    bool start_object(std::size_t) { return open(JsonNode::Kind::Object); }
    bool start_array(std::size_t) { return open(JsonNode::Kind::Array); }
    bool key(string_t& value)
    {
        m_key = std::move(value);
        return true;
    }
    bool end_array()
    {
        m_open.pop_back();
        return true;
    }
    bool end_object()
    {
        const auto& members = m_open.back()->members;
        std::vector<std::string_view> keys;
        keys.reserve(members.size());
        for (const auto& [name, value] : members)
            keys.push_back(name);
        std::sort(keys.begin(), keys.end());
        const auto twice = std::adjacent_find(keys.begin(), keys.end());
        if (twice != keys.end())
            return refuse(sentence("the key {} occurs twice in one object", quoteJson(*twice)));
        m_open.pop_back();
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error)
    {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: …": people need the part after
        // the colon.
        std::string_view text = error.what();
        if (const auto bracket = text.find("] "); bracket != std::string_view::npos)
            text.remove_prefix(bracket + 2);
        m_error = Error{ErrorCode::InvalidInput, sentence("this is not JSON: {}", text),
            sentence("byte {}", position), {}};
        return false;
    }

    JsonNode root;
    std::optional<Error> takeError() { return std::move(m_error); }

private:
    bool refuse(Sentence message)
    {
        m_error = Error{ErrorCode::InvalidInput, std::move(message), {}, {}};
        return false;
    }
    JsonNode* place(JsonNode node)
    {
        if (m_open.empty()) {
            root = std::move(node);
            return &root;
        }
        JsonNode& parent = *m_open.back();
        if (parent.kind == JsonNode::Kind::Array) {
            parent.items.push_back(std::move(node));
            return &parent.items.back();
        }
        parent.members.push_back({std::move(m_key), std::move(node)});
        return &parent.members.back().value;
    }
    bool add(JsonNode node)
    {
        if (++m_count > kMaxNodes)
            return refuse(sentence("the document has more than {} values", kMaxNodes));
        place(std::move(node));
        return true;
    }
    bool open(JsonNode::Kind kind)
    {
        if (m_open.size() >= kMaxDepth)
            return refuse(sentence("the document is nested more than {} levels deep", kMaxDepth));
        if (++m_count > kMaxNodes)
            return refuse(sentence("the document has more than {} values", kMaxNodes));
        JsonNode node;
        node.kind = kind;
        // Pointers into the open containers stay valid: only the innermost one grows while it is open.
        m_open.push_back(place(std::move(node)));
        return true;
    }

    std::vector<JsonNode*> m_open;
    std::string m_key;
    std::size_t m_count = 0;
    std::optional<Error> m_error;
};

} // namespace

JsonNode::JsonNode() = default;
JsonNode::~JsonNode() = default;
JsonNode::JsonNode(const JsonNode&) = default;
JsonNode::JsonNode(JsonNode&&) noexcept = default;
JsonNode& JsonNode::operator=(const JsonNode&) = default;
JsonNode& JsonNode::operator=(JsonNode&&) noexcept = default;

const JsonNode* JsonNode::find(std::string_view key) const
{
    for (const auto& [name, value] : members)
        if (name == key)
            return &value;
    return nullptr;
}

std::string JsonNode::textAt(std::string_view key) const
{
    const JsonNode* node = find(key);
    return node != nullptr ? node->string : std::string();
}

bool JsonNode::flagAt(std::string_view key) const
{
    const JsonNode* node = find(key);
    return node != nullptr && node->boolean;
}

std::vector<std::string> JsonNode::textsAt(std::string_view key) const
{
    std::vector<std::string> texts;
    if (const JsonNode* node = find(key))
        for (const JsonNode& item : node->items)
            texts.push_back(item.string);
    return texts;
}

std::string_view nameOf(JsonNode::Kind kind) noexcept
{
    switch (kind) {
    case JsonNode::Kind::Null:
        return "null";
    case JsonNode::Kind::Bool:
        return "true or false";
    case JsonNode::Kind::Integer:
        return "a whole number";
    case JsonNode::Kind::Number:
        return "a number";
    case JsonNode::Kind::String:
        return "a string";
    case JsonNode::Kind::Array:
        return "a list";
    case JsonNode::Kind::Object:
        return "an object";
    }
    return "a value";
}

Result<JsonNode> parseJsonTree(std::string_view text)
{
    if (text.size() > kMaxBytes)
        return fail(ErrorCode::InvalidInput,
            "the document is {} bytes long, more than the {} that are allowed", text.size(), kMaxBytes);
    TreeBuilder builder;
    if (Json::sax_parse(text.begin(), text.end(), &builder))
        return std::move(builder.root);
    if (auto error = builder.takeError())
        return tl::unexpected(std::move(*error));
    return fail(ErrorCode::InvalidInput, "this is not JSON");
}

JsonNode embeddedJson(std::string_view name)
{
    auto document = parseJsonTree(embeddedResource(name));
    assert(document.has_value());
    return document ? std::move(*document) : JsonNode();
}

std::string pointerTo(std::string_view parent, std::string_view key)
{
    std::string pointer(parent);
    pointer += '/';
    for (const char c : key) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

std::string quoteJson(std::string_view text)
{
    return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace mantissa
