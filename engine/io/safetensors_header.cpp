// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/io/safetensors_header.h"

#include "engine/base/python_json.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace mantissa {
namespace {

/// Readers refuse longer headers (the cap of the reference implementation).
constexpr std::size_t kLongestHeader = 100'000'000;

/// The order of the reference implementation's dtype list, which it sorts by.
int rankOf(DType dtype)
{
    constexpr std::array kOrder {DType::Bool, DType::F4, DType::F6E2M3, DType::F6E3M2, DType::U8, DType::I8,
        DType::F8E5M2, DType::F8E4M3, DType::F8E8M0, DType::I16, DType::U16, DType::F16, DType::BF16, DType::I32,
        DType::U32, DType::F32, DType::C64, DType::F64, DType::I64, DType::U64};
    return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), dtype) - kOrder.begin());
}

std::vector<std::size_t> writingOrder(const std::vector<HeaderTensor>& tensors)
{
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const int left = rankOf(tensors[a].dtype), right = rankOf(tensors[b].dtype);
        return left != right ? left > right : tensors[a].name < tensors[b].name;
    });
    return order;
}

} // namespace

Result<SafetensorsHeader> makeSafetensorsHeader(
    const std::vector<HeaderTensor>& tensors, const std::map<std::string, std::string>& metadata)
{
    SafetensorsHeader header;
    header.offsets.resize(tensors.size());
    std::string json = "{";
    if (!metadata.empty()) {
        json += R"("__metadata__":{)";
        for (const auto& [key, value] : metadata)
            json += fmt::format("{}{}:{}", json.back() == '{' ? "" : ",", pythonQuote(key), pythonQuote(value));
        json += '}';
    }
    std::string_view previous;
    for (const std::size_t index : writingOrder(tensors)) {
        const HeaderTensor& tensor = tensors[index];
        const auto count = elementCount(tensor.shape);
        const auto bytes = count ? byteCount(tensor.dtype, *count) : std::nullopt;
        if (!bytes || tensor.name == "__metadata__" || (!previous.empty() && previous == tensor.name))
            return fail(ErrorCode::Internal, "the tensor {} cannot be written as {} [{}]", tensor.name,
                nameOf(tensor.dtype), fmt::join(tensor.shape, ", "));
        previous = tensor.name;
        header.offsets[index] = header.dataBytes;
        json += fmt::format(R"({}{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", json.size() == 1 ? "" : ",",
            pythonQuote(tensor.name), nameOf(tensor.dtype), fmt::join(tensor.shape, ","), header.dataBytes,
            header.dataBytes + *bytes);
        header.dataBytes += *bytes;
    }
    json += '}';
    json.resize((json.size() + 7) / 8 * 8, ' ');
    if (json.size() > kLongestHeader)
        return fail(ErrorCode::Unsupported, "the header of the output would have {} bytes, more than readers accept", json.size());
    const std::uint64_t length = json.size();
    for (int shift = 0; shift < 64; shift += 8)
        header.bytes += static_cast<char>((length >> shift) & 0xFF);
    header.bytes += json;
    return header;
}

} // namespace mantissa
