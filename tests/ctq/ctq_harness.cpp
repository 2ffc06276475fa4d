// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ctq/ctq_harness.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>

namespace mantissa::test {

namespace {

constexpr const char* kTable = "_quantization_metadata";

using Json = nlohmann::json;

Json tableOf(const std::map<std::string, std::string>& metadata)
{
    const auto at = metadata.find(kTable);
    return at == metadata.end() ? Json() : Json::parse(at->second);
}

/// Units in the last place between two values of a float dtype of two or four bytes.
template <typename Bits> std::int64_t ordered(Bits bits)
{
    constexpr Bits kSign = Bits(1) << (8 * sizeof(Bits) - 1);
    const auto magnitude = static_cast<std::int64_t>(bits & static_cast<Bits>(~kSign));
    return (bits & kSign) != 0 ? -magnitude : magnitude;
}

template <typename Bits> std::int64_t largestDistance(const GoldenTensor& a, const GoldenTensor& b)
{
    const auto left = a.as<Bits>(), right = b.as<Bits>();
    std::int64_t largest = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        largest = std::max(largest, std::abs(ordered(left[i]) - ordered(right[i])));
    return largest;
}

bool sameBytes(const std::string& name, const GoldenTensor& a, const GoldenTensor& b)
{
    if (a.bytes == b.bytes)
        return true;
    constexpr std::int64_t kTolerance = 2;
    if (!name.ends_with(".bias"))
        return false;
    return (a.dtype == "F32" ? largestDistance<std::uint32_t>(a, b) : largestDistance<std::uint16_t>(a, b))
        <= kTolerance;
}

bool contains(const std::vector<std::string>& list, const std::string& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

void compareTables(
    const Json& written, const Json& expected, const Exceptions& except, std::vector<std::string>& lines)
{
    if (written.is_null() != expected.is_null())
        lines.emplace_back(written.is_null() ? "the header table is missing" : "a header table too many");
    if (written.is_null() || expected.is_null())
        return;
    if (written.value("format_version", "") != expected.value("format_version", ""))
        lines.emplace_back("the header table has another version");
    Json left = written.at("layers"), right = expected.at("layers");
    for (const std::string& layer : except.headerLayers) {
        left.erase(layer);
        right.erase(layer);
    }
    if (left != right)
        lines.emplace_back("the header table differs: " + Json::diff(right, left).dump());
}

} // namespace

ScratchFolder::ScratchFolder()
{
    std::random_device random;
    m_path = std::filesystem::temp_directory_path()
        / fmt::format("mantissa-ctq-{:08x}{:08x}", random(), random());
    std::filesystem::create_directories(m_path);
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

void ScratchFolder::fetch(const std::string& golden) const
{
    std::filesystem::copy_file(std::filesystem::path(MANTISSA_TEST_DATA) / "ctq" / golden, m_path / golden,
        std::filesystem::copy_options::skip_existing);
}

GoldenFile ScratchFolder::read(const std::string& name) const
{
    return GoldenFile(std::filesystem::relative(m_path / name, MANTISSA_TEST_DATA).string());
}

Result<CtqOutcome> runIn(const ScratchFolder& folder, const std::vector<std::string>& args)
{
    return runCtq(args, folder.path(), {});
}

std::vector<std::string> differences(
    const GoldenFile& written, const GoldenFile& expected, const Exceptions& except)
{
    std::vector<std::string> lines;
    for (const auto& [name, tensor] : expected.tensors()) {
        if (contains(except.tensors, name))
            continue;
        if (!written.has(name)) {
            lines.push_back(name + " is missing");
            continue;
        }
        const GoldenTensor& ours = written.at(name);
        if (ours.dtype != tensor.dtype || ours.shape != tensor.shape)
            lines.push_back(fmt::format("{} is {} [{}] instead of {} [{}]", name, ours.dtype,
                fmt::join(ours.shape, ", "), tensor.dtype, fmt::join(tensor.shape, ", ")));
        else if (!sameBytes(name, ours, tensor))
            lines.push_back(name + " has other bytes");
    }
    for (const auto& [name, tensor] : written.tensors())
        if (!expected.has(name) && !contains(except.tensors, name))
            lines.push_back(name + " is one too many");
    auto left = written.metadata(), right = expected.metadata();
    compareTables(tableOf(left), tableOf(right), except, lines);
    left.erase(kTable);
    right.erase(kTable);
    if (left != right)
        lines.emplace_back("other metadata differs");
    return lines;
}

std::string settingsText(const GoldenFile& file, const std::string& layer)
{
    const auto& bytes = file.at(layer + ".comfy_quant").bytes;
    return {bytes.begin(), bytes.end()};
}

std::string headerEntry(const GoldenFile& file, const std::string& layer)
{
    const Json table = tableOf(file.metadata());
    if (table.is_null() || !table.at("layers").contains(layer))
        return {};
    return table.at("layers").at(layer).dump();
}

} // namespace mantissa::test
