// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tiny_checkpoint.h"

#include "tests/support/process.h"

#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

namespace mantissa::test {
namespace {

std::size_t countOf(const std::vector<std::int64_t>& shape)
{
    std::size_t count = 1;
    for (const std::int64_t dim : shape)
        count *= static_cast<std::size_t>(dim);
    return count;
}

std::string rawBytes(const std::vector<float>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

} // namespace

TinyTensor tinyF32(
    const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<float>& values)
{
    std::vector<float> all(countOf(shape));
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = values[i % values.size()];
    return {name, "F32", shape, rawBytes(all)};
}

TinyTensor tinyRandom(
    const std::string& name, const std::vector<std::int64_t>& shape, unsigned seed, float scale)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> all(countOf(shape));
    for (float& value : all)
        value = normal(engine);
    return {name, "F32", shape, rawBytes(all)};
}

void writeTiny(const std::filesystem::path& path, const std::vector<TinyTensor>& tensors,
    const std::map<std::string, std::string>& metadata)
{
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::string data;
    for (const TinyTensor& tensor : tensors) {
        header[tensor.name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape},
            {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
        data += tensor.bytes;
    }
    const std::string text = header.dump();
    const std::uint64_t length = text.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    writeFile(path, file + text + data);
}

} // namespace mantissa::test
