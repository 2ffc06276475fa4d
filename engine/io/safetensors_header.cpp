// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/safetensors_header.h"

#include "engine/io/safetensors_reader.h"
#include "engine/io/text.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace mantissa {
namespace {

constexpr std::size_t kAlignment = 8;

/// Place of a dtype in the reference writer's order (safetensors 0.8, its enumeration from last to first).
int layoutRank(DType dtype) noexcept
{
    switch (dtype) {
    case DType::U64:
        return 0;
    case DType::I64:
        return 1;
    case DType::F64:
        return 2;
    case DType::C64:
        return 3;
    case DType::F32:
        return 4;
    case DType::U32:
        return 5;
    case DType::I32:
        return 6;
    case DType::BF16:
        return 7;
    case DType::F16:
        return 8;
    case DType::U16:
        return 9;
    case DType::I16:
        return 10;
    case DType::F8E8M0:
        return 11;
    case DType::F8E4M3:
        return 12;
    case DType::F8E5M2:
        return 13;
    case DType::I8:
        return 14;
    case DType::U8:
        return 15;
    case DType::F6E3M2:
        return 16;
    case DType::F6E2M3:
        return 17;
    case DType::F4:
        return 18;
    case DType::Bool:
        return 19;
    }
    return 20;
}

void appendJsonText(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
            else
                out += c;
        }
    }
    out += '"';
}

tl::unexpected<Error> refused(Sentence message, Sentence where)
{
    return tl::unexpected<Error>(Error{ErrorCode::InvalidInput, std::move(message), std::move(where), {}});
}

Status checkTexts(
    const std::vector<HeaderTensor>& tensors, const std::map<std::string, std::string>& metadata)
{
    for (const HeaderTensor& tensor : tensors)
        if (firstInvalidUtf8(tensor.name) != std::string::npos || hasControlCharacter(tensor.name)
            || tensor.name == "__metadata__")
            return refused("a safetensors file cannot hold a tensor of this name",
                sentence("tensor {}", inQuotes(tensor.name)));
    for (const auto& [key, value] : metadata)
        if (firstInvalidUtf8(key) != std::string::npos || firstInvalidUtf8(value) != std::string::npos)
            return refused("metadata must be UTF-8 text", sentence("metadata entry {}", inQuotes(key)));
    return {};
}

} // namespace

Result<SafetensorsHeader> makeSafetensorsHeader(
    const std::vector<HeaderTensor>& tensors, const std::map<std::string, std::string>& metadata)
{
    if (Status status = checkTexts(tensors, metadata); !status)
        return forward(std::move(status));
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        const int rankA = layoutRank(tensors[a].dtype), rankB = layoutRank(tensors[b].dtype);
        return rankA != rankB ? rankA < rankB : tensors[a].name < tensors[b].name;
    });

    SafetensorsHeader header;
    header.offsets.resize(tensors.size());
    std::string& json = header.bytes;
    json.assign(kAlignment, '\0');
    json += '{';
    if (!metadata.empty()) {
        json += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata) {
            json += json.back() == '{' ? "" : ",";
            appendJsonText(json, key);
            json += ':';
            appendJsonText(json, value);
        }
        json += '}';
    }
    std::vector<std::string_view> names;
    for (const std::size_t i : order) {
        const HeaderTensor& tensor = tensors[i];
        const auto count = elementCount(tensor.shape);
        const auto bytes = count ? byteCount(tensor.dtype, *count) : std::nullopt;
        std::uint64_t end = 0;
        if (!bytes || __builtin_add_overflow(header.dataBytes, *bytes, &end))
            return refused("the shape overflows or does not fill whole bytes",
                sentence("tensor {}", inQuotes(tensor.name)));
        json += json.size() == kAlignment + 1 ? "" : ",";
        appendJsonText(json, tensor.name);
        json += fmt::format(":{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
            nameOf(tensor.dtype), fmt::join(tensor.shape, ","), header.dataBytes, end);
        header.offsets[i] = header.dataBytes;
        header.dataBytes = end;
        names.push_back(tensor.name);
    }
    json += '}';
    json.append((kAlignment - json.size() % kAlignment) % kAlignment, ' ');
    std::ranges::sort(names);
    if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
        return refused("two tensors have the same name", sentence("tensor {}", inQuotes(*twice)));
    const std::uint64_t length = json.size() - kAlignment;
    if (length > kMostSafetensorsHeaderBytes)
        return fail(ErrorCode::Unsupported,
            "the header would be {} bytes long, more than the {} that safetensors allows", length,
            kMostSafetensorsHeaderBytes);
    std::memcpy(json.data(), &length, kAlignment);
    return header;
}

} // namespace mantissa
