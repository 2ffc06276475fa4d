// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/modes.h"

#include "engine/base/pattern.h"

#include <algorithm>
#include <charconv>

namespace mantissa::ctq {

namespace {

/// 'text', true, 1.5 or 12; anything else is a text too.
JsonNode parseValue(std::string text)
{
    constexpr std::string_view kSpaces = " \t\n\r\f\v";
    const std::size_t last = text.find_last_not_of(kSpaces);
    text.resize(last == std::string::npos ? 0 : last + 1);
    if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
        return jsonText(text.substr(1, text.size() - 2));
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower == "true" || lower == "false")
        return jsonFlag(lower == "true");
    const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* const end = text.data() + text.size();
    if (text.find('.') != std::string::npos) {
        JsonNode node;
        node.kind = JsonNode::Kind::Number;
        const auto [stop, code] = std::from_chars(begin, end, node.number);
        return code == std::errc() && stop == end ? node : jsonText(text);
    }
    std::int64_t value = 0;
    const auto [stop, code] = std::from_chars(begin, end, value);
    return code == std::errc() && stop == end && begin != end ? jsonInteger(value) : jsonText(text);
}

class Editor {
public:
    Editor(std::shared_ptr<const TensorSource> source, const EditRequest& request)
        : m_source(source)
        , m_request(request)
        , m_draft(std::move(source))
    { }

    Result<Draft> run()
    {
        if (!m_request.addKeys.empty()) {
            Result<JsonNode> added = parseAddedKeys(m_request.addKeys);
            if (!added)
                return forward(std::move(added));
            m_added = std::move(*added);
        }
        if (!m_request.filter.empty()) {
            Result<Pattern> filter = Pattern::compile(m_request.filter);
            if (!filter)
                return forward(std::move(filter));
            m_filter = std::move(*filter);
        }
        Result<JsonNode> table = readHeaderTable(*m_source);
        if (!table)
            return forward(std::move(table));
        m_table = std::move(*table);
        m_draft.copyAll();
        Status status = editTensors();
        if (status)
            status = editTable();
        if (!status)
            return forward(std::move(status));
        finishTable();
        m_draft.normalizeScales();
        m_draft.notes.push_back(
            fmt::format("{} layers edited, {} settings tensors made from the header", m_edited, m_created));
        return std::move(m_draft);
    }

private:
    Result<bool> wanted(const std::string& layer) const
    {
        return m_filter ? m_filter->search(layer) : Result<bool>(true);
    }

    bool edit(JsonNode& settings) const
    {
        bool changed = false;
        for (const std::string& key : m_request.removeKeys)
            changed |= eraseMember(settings, key);
        for (const auto& [key, value] : m_added.members) {
            const JsonNode* const before = settings.find(key);
            if (before && pythonEquals(*before, value))
                continue;
            setMember(settings, key, value);
            changed = true;
        }
        return changed;
    }

    Status editTensors()
    {
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i) {
            const std::string& name = m_source->tensors()[i].name;
            if (!name.ends_with(kSettingsSuffix))
                continue;
            const std::string layer = name.substr(0, name.size() - kSettingsSuffix.size());
            Result<JsonNode> settings = readSettingsTensor(*m_source, i);
            if (!settings)
                return forward(std::move(settings));
            Result<bool> matches = wanted(layer);
            if (!matches)
                return forward(std::move(matches));
            if (*matches && edit(*settings)) {
                m_draft.putSettings(name, pythonDump(*settings));
                ++m_edited;
            }
            m_settings.emplace(layer, std::move(*settings));
        }
        return {};
    }

    Status editTable()
    {
        JsonNode* layers = nullptr;
        for (auto& [key, value] : m_table.members)
            if (key == "layers")
                layers = &value;
        if (!layers)
            return {};
        for (auto& [layer, entry] : layers->members) {
            Result<bool> matches = wanted(layer);
            if (!matches)
                return forward(std::move(matches));
            if (!*matches || entry.kind != JsonNode::Kind::Object)
                continue;
            m_tableChanged |= edit(entry);
            if (m_settings.find(layer) == m_settings.end())
                createTensor(layer, entry);
        }
        return {};
    }

    /// Layers that only the header knows get a tensor of their own, with all keys of the entry.
    void createTensor(const std::string& layer, const JsonNode& entry)
    {
        const std::ptrdiff_t weight = m_source->find(layer + ".weight");
        if (weight < 0)
            return;
        JsonNode settings = entry;
        if (!settings.find("format")) {
            const DType dtype = m_source->tensors()[static_cast<std::size_t>(weight)].dtype;
            if (dtype != DType::F8E4M3 && dtype != DType::I8)
                return;
            setMember(settings, "format", jsonText(dtype == DType::I8 ? "int8_blockwise" : "float8_e4m3fn"));
        }
        m_draft.putSettings(layer + std::string(kSettingsSuffix), pythonDump(settings));
        m_settings.emplace(layer, std::move(settings));
        ++m_created;
    }

    void finishTable()
    {
        const std::string key(kHeaderTableKey);
        if (m_request.generateTable && !m_settings.empty()) {
            JsonNode layers;
            layers.kind = JsonNode::Kind::Object;
            bool rotated = false;
            for (const auto& [layer, settings] : m_settings) {
                layers.members.push_back({layer, settings});
                rotated |= settings.find("convrot") != nullptr;
            }
            m_draft.metadata[key] = headerTable(layers);
            if (rotated)
                m_draft.notes.emplace_back(
                    "the header table keeps the convrot settings (convert-to-quant drops them, after "
                    "which the rotated layers decode wrongly)");
        } else if (m_tableChanged) {
            m_draft.metadata[key] = pythonDump(m_table);
        }
    }

    std::shared_ptr<const TensorSource> m_source;
    const EditRequest& m_request;
    Draft m_draft;
    JsonNode m_added, m_table;
    std::optional<Pattern> m_filter;
    std::map<std::string, JsonNode> m_settings; ///< of every layer that has a settings tensor in the output
    bool m_tableChanged = false;
    std::size_t m_edited = 0, m_created = 0;
};

} // namespace

Result<JsonNode> parseAddedKeys(std::string_view text)
{
    JsonNode object;
    object.kind = JsonNode::Kind::Object;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find('\'', at);
        const std::size_t close = open == std::string_view::npos ? open : text.find('\'', open + 1);
        if (close == std::string_view::npos)
            break;
        if (close == open + 1 || close + 1 >= text.size() || text[close + 1] != ':') {
            at = open + 1;
            continue;
        }
        const std::size_t value = text.find_first_not_of(" \t\n\r\f\v", close + 2);
        const std::size_t end = std::min(text.find(',', std::min(value, text.size())), text.size());
        if (value != std::string_view::npos && value < end)
            setMember(object, std::string(text.substr(open + 1, close - open - 1)),
                parseValue(std::string(text.substr(value, end - value))));
        at = end + 1;
    }
    if (object.members.empty())
        return tl::unexpected(Error{ErrorCode::Usage, "--add-keys names no key", {},
            "write it as \"'full_precision_matrix_mult': true, 'group_size': 64\""});
    return object;
}

Result<Draft> draftEdited(std::shared_ptr<const TensorSource> source, const EditRequest& request)
{
    return Editor(std::move(source), request).run();
}

} // namespace mantissa::ctq
