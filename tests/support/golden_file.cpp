// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/golden_file.h"
#include "kernels/number_formats.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace mantissa::test {

std::size_t GoldenTensor::elements() const
{
    std::size_t count = 1;
    for (const std::int64_t dimension : shape)
        count *= static_cast<std::size_t>(dimension);
    return count;
}

std::vector<float> GoldenTensor::floats() const
{
    if (dtype == "F32")
        return as<float>();
    if (dtype != "F16" && dtype != "BF16")
        throw std::runtime_error("golden tensor of dtype " + dtype + " has no float values");
    std::vector<float> values;
    for (const std::uint16_t code : as<std::uint16_t>())
        values.push_back(dtype == "F16" ? kernels::decodeF16(code) : kernels::decodeBF16(code));
    return values;
}

GoldenFile::GoldenFile(const std::string& path)
{
    std::ifstream file(std::string(MANTISSA_TEST_DATA) + "/" + path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot open golden file " + path);
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::uint64_t headerSize = 0;
    if (content.size() < sizeof headerSize)
        throw std::runtime_error("golden file is too short: " + path);
    std::memcpy(&headerSize, content.data(), sizeof headerSize);
    const std::string data = content.substr(sizeof headerSize + headerSize);
    const auto header = nlohmann::json::parse(content.substr(sizeof headerSize, headerSize));
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") {
            m_metadata = entry.get<std::map<std::string, std::string>>();
            continue;
        }
        const auto offsets = entry.at("data_offsets").get<std::vector<std::size_t>>();
        const std::string bytes = data.substr(offsets.at(0), offsets.at(1) - offsets.at(0));
        m_tensors[name]
            = {entry.at("dtype").get<std::string>(), entry.at("shape").get<std::vector<std::int64_t>>(),
                std::vector<std::uint8_t>(bytes.begin(), bytes.end())};
    }
}

const GoldenTensor& GoldenFile::at(const std::string& name) const
{
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        throw std::runtime_error("golden file has no tensor " + name);
    return found->second;
}

} // namespace mantissa::test
