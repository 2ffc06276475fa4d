// SPDX-License-Identifier: GPL-3.0-or-later
// The rule is in tests/golden/arch/README.md.
#include "tests/tools/golden_fixture.h"

#include "engine/io/tensor_source.h"
#include "kernels/number_formats.h"
#include "tests/tools/checkpoint_file.h"

#include <cstring>
#include <nlohmann/json.hpp>

namespace mantissa::tools {

namespace {

std::vector<std::byte> made(const nlohmann::json& rule, DType dtype, std::int64_t count)
{
    std::uint64_t key = 0xCBF29CE484222325u;
    for (const char c : rule.at("draw").get<std::string>())
        key = (key ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    const std::uint64_t start = key ^ rule.at("seed").get<std::uint64_t>();
    const auto offset = rule.at("offset").get<double>();
    const auto scale = rule.at("scale").get<double>();
    const auto size = static_cast<std::size_t>(bitsOf(dtype) / 8);
    std::vector<std::byte> bytes(static_cast<std::size_t>(count) * size);
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); ++i) {
        std::uint64_t z = start + (i + 1) * 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        const double draw = static_cast<double>(z >> 40) * 0x1p-23 - 1.0;
        const auto value = static_cast<float>(offset + scale * draw);
        const std::uint16_t half
            = dtype == DType::BF16 ? kernels::encodeBF16(value) : kernels::encodeF16(value);
        if (size == 4)
            std::memcpy(bytes.data() + i * size, &value, size);
        else
            std::memcpy(bytes.data() + i * size, &half, size);
    }
    return bytes;
}

} // namespace

Status expandGolden(const std::filesystem::path& fixture, const std::filesystem::path& out)
try {
    const auto source = openCheckpoint(fixture);
    if (!source)
        return tl::unexpected(source.error());
    const auto& metadata = (*source)->info().metadata;
    if (!metadata.contains("weights"))
        return fail(ErrorCode::InvalidInput, "{} is not a golden fixture", fixture.string());
    std::vector<HeaderTensor> tensors;
    std::vector<std::vector<std::byte>> data;
    for (std::size_t i = 0; i < (*source)->tensors().size(); ++i) {
        const TensorInfo& info = (*source)->tensors()[i];
        if (info.name.starts_with("golden."))
            continue;
        tensors.push_back({info.name, info.dtype, info.shape});
        data.emplace_back(info.bytes);
        if (Status status = (*source)->read(i, 0, data.back()); !status)
            return status;
    }
    for (const auto& rule : nlohmann::json::parse(metadata.at("weights"))) {
        const auto dtype = dtypeFromName(rule.at("dtype").get<std::string>());
        const auto shape = rule.at("shape").get<Shape>();
        const auto count = elementCount(shape);
        if (!dtype || !isTrainingFloat(*dtype) || *dtype == DType::F64 || !count)
            return fail(ErrorCode::InvalidInput, "a rule of {} cannot be read", fixture.string());
        tensors.push_back({rule.at("name").get<std::string>(), *dtype, shape});
        data.push_back(made(rule, *dtype, *count));
    }
    std::map<std::string, std::string> kept;
    for (const char* key : {"fixture", "arch", "config"})
        if (metadata.contains(key))
            kept[key] = metadata.at(key);
    return writeCheckpoint(
        out, tensors, kept, 1, [&](std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) {
            std::memcpy(dst.data(), data[tensor].data() + offset, dst.size());
        });
} catch (const nlohmann::json::exception& problem) {
    return fail(ErrorCode::InvalidInput, "{}: {}", fixture.string(), problem.what());
}

} // namespace mantissa::tools
