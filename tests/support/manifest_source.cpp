// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/manifest_source.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mantissa::test {

namespace {

using Json = nlohmann::ordered_json;

std::string readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot open " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

Entry fromJson(const std::string& name, const Json& json)
{
    const auto dtype = dtypeFromName(json.at("dtype").get<std::string>());
    if (!dtype)
        throw std::runtime_error("unknown dtype of " + name);
    return {name, *dtype, json.at("shape").get<Shape>()};
}

} // namespace

ManifestSource::ManifestSource(
    std::vector<Entry> entries, std::map<std::string, std::string> metadata, std::string fileName)
{
    std::vector<TensorInfo> tensors;
    std::uint64_t offset = 0;
    for (Entry& e : entries) {
        TensorInfo info{e.name, e.dtype, e.shape, 0, 0, offset};
        info.bytes = byteCount(e.dtype, elementCount(e.shape).value_or(0)).value_or(0);
        offset += info.bytes;
        tensors.push_back(std::move(info));
        m_data.push_back(std::move(e.data));
    }
    m_info.container = "safetensors";
    m_info.path = fileName.empty() ? "/nowhere/model.safetensors" : "/nowhere/" + fileName;
    m_info.metadata = std::move(metadata);
    setTensors(std::move(tensors));
}

Status ManifestSource::read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const
{
    const std::vector<std::byte>& data = m_data.at(tensor);
    if (offset > data.size() || dst.size() > data.size() - offset)
        return fail(ErrorCode::InvalidInput, "the file has no data");
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(offset), dst.size(), dst.begin());
    return {};
}

std::vector<Entry> loadManifest(const std::string& name)
{
    std::vector<Entry> entries;
    for (const Json& row : Json::parse(readFile(MANTISSA_TEST_DATA "/manifests/" + name + ".json")))
        entries.push_back(fromJson(row.at("name").get<std::string>(), row));
    return entries;
}

std::vector<Entry> loadSafetensors(const std::string& path, std::map<std::string, std::string>& metadata)
{
    const std::string file = readFile(path);
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), 8);
    const Json header = Json::parse(file.substr(8, length));
    std::vector<Entry> entries;
    for (const auto& [name, row] : header.items()) {
        if (name == "__metadata__") {
            metadata = row.get<std::map<std::string, std::string>>();
            continue;
        }
        Entry e = fromJson(name, row);
        const std::size_t begin = 8 + length + row.at("data_offsets").at(0).get<std::size_t>();
        e.data.resize(row.at("data_offsets").at(1).get<std::size_t>() + 8 + length - begin);
        std::memcpy(e.data.data(), file.data() + begin, e.data.size());
        entries.push_back(std::move(e));
    }
    return entries;
}

std::vector<Entry> loadFixture(const std::string& name, std::map<std::string, std::string>* metadata)
{
    std::map<std::string, std::string> header;
    std::vector<Entry> entries;
    for (Entry& e : loadSafetensors(MANTISSA_TEST_DATA "/arch/" + name + ".safetensors", header))
        if (!e.name.starts_with("golden."))
            entries.push_back(std::move(e));
    for (const Json& row : Json::parse(header.at("weights")))
        entries.push_back(fromJson(row.at("name").get<std::string>(), row));
    if (metadata != nullptr)
        *metadata = std::move(header);
    return entries;
}

Entry entry(std::string name, Shape shape, DType dtype)
{
    return {std::move(name), dtype, std::move(shape)};
}

Entry textEntry(std::string name, std::string_view text)
{
    Entry e{std::move(name), DType::U8, {static_cast<std::int64_t>(text.size())}};
    e.data.resize(text.size());
    if (!text.empty())
        std::memcpy(e.data.data(), text.data(), text.size());
    return e;
}

std::shared_ptr<const TensorSource> sourceOf(
    std::vector<Entry> entries, std::map<std::string, std::string> metadata, std::string fileName)
{
    return std::make_shared<ManifestSource>(std::move(entries), std::move(metadata), std::move(fileName));
}

} // namespace mantissa::test
