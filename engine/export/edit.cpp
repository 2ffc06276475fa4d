// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/edit.h"

#include "engine/base/python_json.h"
#include "engine/export/plan_export.h"
#include "engine/export/stored_layer.h"
#include "engine/base/pattern.h"
#include "engine/base/json.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

namespace mantissa {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTableKey = "_quantization_metadata";
constexpr std::string_view kSettingsSuffix = ".comfy_quant";
/// Settings are a few hundred bytes; anything longer is not settings.
constexpr std::uint64_t kLongestSettings = 1 << 20;

/// Settings of one layer in its two places; null where it has none there.
struct Settings {
    Json own, table;
};

class Editor {
public:
    Editor(std::shared_ptr<const TensorSource> source, const EditOptions& options, EditSummary& summary)
        : m_source(std::move(source))
        , m_options(options)
        , m_summary(summary)
    {
        m_out.source = m_source;
        m_out.metadata = m_source->info().metadata;
    }

    Result<Assembly> run()
    {
        for (Status status :
            {refuseContainerEncodings(*m_source), readPatterns(), readOwnSettings(), readTable()})
            if (!status)
                return forward(std::move(status));
        for (auto& [layer, settings] : m_settings)
            editLayer(layer, settings);
        if (Status status = copyTensors(); !status)
            return forward(std::move(status));
        addSettings();
        editMetadata();
        if (Status status = checkNames(); !status)
            return forward(std::move(status));
        if (m_failed)
            return tl::unexpected(std::move(*m_failed));
        return std::move(m_out);
    }

private:
    Status readPatterns()
    {
        for (const auto& [text, target] :
            {std::pair{&m_options.quantFilter, &m_filter}, std::pair{&m_options.removeTensors, &m_remove}}) {
            if (text->empty())
                continue;
            auto pattern = Pattern::compile(*text);
            if (!pattern)
                return forward(std::move(pattern));
            *target = std::move(*pattern);
        }
        return {};
    }

    Status readOwnSettings()
    {
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i) {
            const TensorInfo& tensor = m_source->tensors()[i];
            if (!tensor.name.ends_with(kSettingsSuffix))
                continue;
            std::string text(static_cast<std::size_t>(std::min(tensor.bytes, kLongestSettings)), '\0');
            if (Status status = m_source->read(i, 0, std::as_writable_bytes(std::span(text))); !status)
                return status;
            Json settings = parseOrderedJson(text);
            if (!settings.is_object())
                return tl::unexpected(Error{ErrorCode::InvalidInput,
                    sentence("{} is not a JSON object", tensor.name), tensor.name, {}});
            const std::string layer = tensor.name.substr(0, tensor.name.size() - kSettingsSuffix.size());
            m_settings[layer].own = std::move(settings);
        }
        return {};
    }

    Status readTable()
    {
        const auto it = m_out.metadata.find(std::string(kTableKey));
        if (it == m_out.metadata.end())
            return {};
        const Json table = parseOrderedJson(it->second);
        if (!table.is_object() || !table.contains("layers") || !table["layers"].is_object())
            return tl::unexpected(Error{ErrorCode::InvalidInput,
                sentence("the metadata entry {} is not a table of layers", kTableKey),
                m_source->info().path.string(), {}});
        for (const auto& [layer, settings] : table["layers"].items()) {
            m_settings[layer].table = settings;
            m_tableOrder.push_back(layer);
        }
        m_hasTable = true;
        return {};
    }

    /// A search that takes too many steps is remembered and ends the edit.
    bool finds(const Pattern& pattern, const std::string& name)
    {
        auto found = pattern.search(name);
        if (!found && !m_failed)
            m_failed = std::move(found.error());
        return found && *found;
    }
    bool applies(const std::string& layer) { return !m_filter || finds(*m_filter, layer); }

    bool editJson(Json& settings) const
    {
        if (!settings.is_object())
            return false;
        const Json before = settings;
        for (const std::string& key : m_options.removeKeys)
            settings.erase(key);
        for (const auto& [key, value] : m_options.addKeys)
            settings[key] = parseOrderedJson(value);
        return settings != before;
    }

    void editLayer(const std::string& layer, Settings& settings)
    {
        if (settings.own.is_null() && settings.table.is_object()) {
            settings.own
                = settings.table; // named in the header only: loaders would see it, other tools would not
            ++m_summary.settingsAdded;
        }
        if (applies(layer)) {
            const bool own = editJson(settings.own), table = editJson(settings.table);
            m_summary.layersEdited += own || table ? 1 : 0;
        }
        if (m_options.saveTable) {
            settings.table = settings.own;
            settings.table.erase("per_row"); // the header entries of the ecosystem's files do not have it
            if (std::find(m_tableOrder.begin(), m_tableOrder.end(), layer) == m_tableOrder.end())
                m_tableOrder.push_back(layer);
            m_hasTable = true;
        }
    }

    std::string renamed(const std::string& name) const
    {
        std::string out = name;
        for (const auto& [from, to] : m_options.renames)
            for (std::size_t at = out.find(from); at != std::string::npos;
                 at = out.find(from, at + to.size()))
                out.replace(at, from.size(), to);
        return out;
    }

    Status copyTensors()
    {
        for (std::size_t i = 0; i < m_source->tensors().size(); ++i) {
            const TensorInfo& tensor = m_source->tensors()[i];
            if (tensor.name.ends_with(kSettingsSuffix))
                continue; // written from the edited settings
            if (m_remove && finds(*m_remove, tensor.name)) {
                ++m_summary.tensorsRemoved;
                continue;
            }
            const std::string name = renamed(tensor.name);
            m_summary.tensorsRenamed += name != tensor.name ? 1 : 0;
            m_out.tensors.push_back({name, tensor.dtype, tensor.shape, CopyTensor{i}});
        }
        return {};
    }

    void addSettings()
    {
        for (const auto& [layer, settings] : m_settings) {
            const std::string name = layer + std::string(kSettingsSuffix);
            if (!settings.own.is_object() || (m_remove && finds(*m_remove, name)))
                continue;
            const std::string text = toPythonJson(settings.own.dump());
            const auto bytes = std::as_bytes(std::span(text));
            m_out.tensors.push_back({renamed(name), DType::U8, {static_cast<std::int64_t>(bytes.size())},
                ConstantBytes{{bytes.begin(), bytes.end()}}});
        }
    }

    void editMetadata()
    {
        if (m_hasTable) {
            std::vector<std::pair<std::string, std::string>> rows;
            for (const std::string& layer : m_tableOrder)
                rows.emplace_back(renamed(layer), toPythonJson(m_settings.at(layer).table.dump()));
            m_out.metadata[std::string(kTableKey)] = quantizationTable(rows);
        }
        for (const std::string& key : m_options.removeMetadata)
            m_out.metadata.erase(key);
        for (const auto& [key, value] : m_options.setMetadata)
            m_out.metadata[key] = value;
    }

    Status checkNames() const
    {
        std::set<std::string_view> names;
        for (const OutputTensor& tensor : m_out.tensors)
            if (!names.insert(tensor.name).second)
                return fail(ErrorCode::Usage, "two tensors would be called {}", tensor.name);
        return {};
    }

    std::shared_ptr<const TensorSource> m_source;
    const EditOptions& m_options;
    EditSummary& m_summary;
    Assembly m_out;
    std::optional<Pattern> m_filter, m_remove;
    std::map<std::string, Settings> m_settings;
    std::vector<std::string> m_tableOrder;
    bool m_hasTable = false;
    std::optional<Error> m_failed;
};

void skipSpace(std::string_view text, std::size_t& at)
{
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0)
        ++at;
}

/// A quoted string at `at`; no escapes, as in the original.
std::optional<std::string> quoted(std::string_view text, std::size_t& at)
{
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"'))
        return std::nullopt;
    const std::size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string out(text.substr(at + 1, end - at - 1));
    at = end + 1;
    return out;
}

} // namespace

Result<std::vector<std::pair<std::string, std::string>>> parseKeyValues(std::string_view text)
{
    std::vector<std::pair<std::string, std::string>> out;
    std::size_t at = 0;
    const auto mistake = [&](std::string_view what) {
        return tl::unexpected(
            Error{ErrorCode::Usage, sentence("{} is expected at character {} of \"{}\"", what, at + 1, text),
                {}, "write it as in 'full_precision_matrix_mult': true, 'group_size': 64"});
    };
    for (skipSpace(text, at); at < text.size(); skipSpace(text, at)) {
        const auto key = quoted(text, at);
        if (!key)
            return mistake("a quoted key");
        skipSpace(text, at);
        if (at >= text.size() || text[at] != ':')
            return mistake("a colon");
        skipSpace(text, ++at);
        if (const auto literal = quoted(text, at)) {
            out.emplace_back(*key, Json(*literal).dump());
        } else {
            const std::size_t end = std::min(text.find(',', at), text.size());
            std::string word(text.substr(at, end - at));
            word.erase(word.find_last_not_of(" \t\r\n") + 1);
            std::transform(
                word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
            const Json value = parseOrderedJson(word);
            if (!value.is_boolean() && !value.is_number())
                return mistake("true, false, a number or a quoted text");
            out.emplace_back(*key, value.dump());
            at = end;
        }
        skipSpace(text, at);
        if (at == text.size())
            break;
        if (text[at] != ',')
            return mistake("a comma");
        ++at;
    }
    return out;
}

Result<Assembly> assembleEdit(
    std::shared_ptr<const TensorSource> source, const EditOptions& options, EditSummary& summary)
{
    return Editor(std::move(source), options, summary).run();
}

} // namespace mantissa
