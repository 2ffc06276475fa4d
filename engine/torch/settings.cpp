// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/settings.h"

#include "engine/torch/failure.h"
#include "engine/base/json.h"

namespace mantissa {

using Json = nlohmann::json;

struct Settings::Data {
    std::vector<std::pair<std::string, Json>> objects; ///< name for messages, JSON object; the first wins

    const Json* find(Names names, std::string_view* where = nullptr) const
    {
        for (const auto& [origin, object] : objects) {
            for (const std::string_view name : names) {
                const auto it = object.find(std::string(name));
                if (it == object.end() || it->is_null())
                    continue;
                if (where)
                    *where = origin;
                return &*it;
            }
        }
        return nullptr;
    }
};

namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 31; ///< no network has more of anything

[[noreturn]] void refuse(std::string_view name, std::string_view where, std::string_view wanted)
{
    throw Failure(Error{
        ErrorCode::InvalidInput, sentence("the setting {} is not {}", name, wanted), std::string(where), {}});
}

std::int64_t toInteger(const Json& value, std::string_view name, std::string_view where)
{
    if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() > double(kLargest))
        refuse(name, where, "a whole number");
    return value.get<std::int64_t>();
}

/// Whether a file of a diffusers folder is a component's; it calls the diffusion model after its kind.
bool isConfigOf(std::string_view role, std::string_view path)
{
    if (role == "diffusion_model")
        return path == "unet/config.json" || path == "transformer/config.json";
    return path == std::string(role) + "/config.json";
}

} // namespace

Settings::Settings(const Model& model, std::string_view component)
    : m_data(std::make_unique<Data>())
{
    const auto add = [&](const std::string& origin, const std::string& text) {
        Json object = parseJson(text);
        if (object.is_object())
            m_data->objects.emplace_back(origin, std::move(object));
    };
    const SourceInfo& info = model.source->info();
    if (const auto it = info.metadata.find("config"); it != info.metadata.end())
        add("metadata config", it->second);
    for (const auto& [key, text] : info.metadata) {
        // Tables of layers and our own provenance are no settings.
        if (key != "config" && key != "_quantization_metadata" && key != "mantissa" && text.starts_with('{'))
            add("metadata " + key, text);
    }
    for (const auto& [path, text] : info.configs) {
        if (path == "config.json" || isConfigOf(component, path))
            add(path, text);
    }
}

Settings::~Settings() = default;
Settings::Settings(Settings&&) noexcept = default;

bool Settings::has(Names names) const
{
    return m_data->find(names) != nullptr;
}

bool Settings::isNumber(Names names) const
{
    const Json* value = m_data->find(names);
    return value && value->is_number();
}

std::int64_t Settings::integer(Names names, std::int64_t fallback) const
{
    std::string_view where;
    const Json* value = m_data->find(names, &where);
    return value ? toInteger(*value, *names.begin(), where) : fallback;
}

double Settings::number(Names names, double fallback) const
{
    std::string_view where;
    const Json* value = m_data->find(names, &where);
    if (value && !value->is_number())
        refuse(*names.begin(), where, "a number");
    return value ? value->get<double>() : fallback;
}

bool Settings::flag(Names names, bool fallback) const
{
    std::string_view where;
    const Json* value = m_data->find(names, &where);
    if (value && !value->is_boolean())
        refuse(*names.begin(), where, "true or false");
    return value ? value->get<bool>() : fallback;
}

std::string Settings::text(Names names, std::string_view fallback) const
{
    std::string_view where;
    const Json* value = m_data->find(names, &where);
    if (value && !value->is_string())
        refuse(*names.begin(), where, "a text");
    return value ? value->get<std::string>() : std::string(fallback);
}

std::vector<std::int64_t> Settings::integers(Names names, std::vector<std::int64_t> fallback) const
{
    std::string_view where;
    const Json* value = m_data->find(names, &where);
    if (!value)
        return fallback;
    if (!value->is_array() || value->size() > 256)
        refuse(*names.begin(), where, "a list of whole numbers");
    std::vector<std::int64_t> numbers;
    for (const Json& item : *value) {
        if (!item.is_array()) {
            numbers.push_back(toInteger(item, *names.begin(), where));
            continue;
        }
        for (const Json& inner : item)
            numbers.push_back(toInteger(inner, *names.begin(), where));
    }
    return numbers;
}

} // namespace mantissa
