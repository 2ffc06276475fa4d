// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/draft.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace mantissa::ctq {

Draft::Draft(std::shared_ptr<const TensorSource> source)
    : metadata(source->info().metadata)
    , m_source(std::move(source))
{ }

const OutputTensor* Draft::find(std::string_view name) const
{
    const auto at = m_tensors.find(name);
    return at == m_tensors.end() ? nullptr : &at->second;
}

void Draft::copy(std::size_t tensor, std::string_view name)
{
    const TensorInfo& info = m_source->tensors()[tensor];
    put({name.empty() ? info.name : std::string(name), info.dtype, info.shape, CopyTensor{tensor}});
}

void Draft::copyAs(std::size_t tensor, DType dtype)
{
    const TensorInfo& info = m_source->tensors()[tensor];
    put({info.name, dtype, info.shape, CopyTensor{tensor}});
}

void Draft::copyAll()
{
    for (std::size_t i = 0; i < m_source->tensors().size(); ++i)
        copy(i);
}

void Draft::put(OutputTensor tensor)
{
    std::string name = tensor.name;
    m_tensors.insert_or_assign(std::move(name), std::move(tensor));
}

void Draft::putScalar(const std::string& name, float value)
{
    std::vector<std::byte> bytes(sizeof(float));
    std::memcpy(bytes.data(), &value, sizeof(float));
    put({name, DType::F32, {}, ConstantBytes{std::move(bytes)}});
}

void Draft::putSettings(const std::string& name, const std::string& json)
{
    const auto bytes = std::as_bytes(std::span(json));
    put({name, DType::U8, {static_cast<std::int64_t>(json.size())},
        ConstantBytes{std::vector<std::byte>(bytes.begin(), bytes.end())}});
}

void Draft::erase(std::string_view name)
{
    if (const auto at = m_tensors.find(name); at != m_tensors.end())
        m_tensors.erase(at);
}

void Draft::addLayer(EncodedLayer layer, const std::vector<std::string>& outputs)
{
    m_layers.push_back({std::move(layer), outputs});
}

void Draft::normalizeScales()
{
    static constexpr std::array<std::string_view, 4> kScales
        = {".input_scale", ".weight_scale", ".scale_input", ".scale_weight"};
    for (auto& [name, tensor] : m_tensors) {
        const bool isScale = std::any_of(kScales.begin(), kScales.end(),
            [&name = name](std::string_view suffix) { return name.ends_with(suffix); });
        if (isScale && elementCount(tensor.shape) == 1)
            tensor.shape.clear();
    }
}

Assembly Draft::assemble()
{
    Assembly assembly;
    assembly.source = m_source;
    assembly.metadata = std::move(metadata);
    std::map<std::string, std::size_t, std::less<>> places;
    for (auto& [name, tensor] : m_tensors) {
        places.emplace(name, assembly.tensors.size());
        assembly.tensors.push_back(std::move(tensor));
    }
    for (Layer& entry : m_layers) {
        for (const std::string& output : entry.outputs)
            entry.layer.outputs.push_back(places.at(output));
        assembly.layers.push_back(std::move(entry.layer));
    }
    m_tensors.clear();
    m_layers.clear();
    return assembly;
}

Result<JsonNode> readSettingsTensor(const TensorSource& source, std::size_t tensor)
{
    constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;
    const TensorInfo& info = source.tensors()[tensor];
    if (info.bytes > kLargest)
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "the settings of the layer are too long", info.name, {}});
    std::string text(static_cast<std::size_t>(info.bytes), '\0');
    if (Status read = source.read(tensor, 0, std::as_writable_bytes(std::span(text))); !read)
        return tl::unexpected(std::move(read.error()).at(info.name));
    Result<JsonNode> node = parseJsonTree(text);
    if (!node)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            "the settings of the layer are not JSON: " + node.error().message, info.name, {}});
    if (node->kind != JsonNode::Kind::Object)
        return tl::unexpected(
            Error{ErrorCode::InvalidInput, "the settings of the layer are no JSON object", info.name, {}});
    return node;
}

Result<JsonNode> readHeaderTable(const TensorSource& source)
{
    JsonNode empty;
    empty.kind = JsonNode::Kind::Object;
    const auto& metadata = source.info().metadata;
    const auto at = metadata.find(std::string(kHeaderTableKey));
    if (at == metadata.end())
        return empty;
    Result<JsonNode> table = parseJsonTree(at->second);
    if (!table)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            fmt::format("the header's {} is not JSON: {}", kHeaderTableKey, table.error().message), {}, {}});
    const JsonNode* const layers = table->find("layers");
    if (table->kind != JsonNode::Kind::Object || (layers && layers->kind != JsonNode::Kind::Object))
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            fmt::format("the header's {} has no object of layers", kHeaderTableKey), {}, {}});
    return table;
}

std::string headerTable(const JsonNode& layers)
{
    return fmt::format("{{\"format_version\": \"1.0\", \"layers\": {}}}", pythonDump(layers));
}

} // namespace mantissa::ctq
