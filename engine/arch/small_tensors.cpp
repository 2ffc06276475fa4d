// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/small_tensors.h"

#include "kernels/number_formats.h"

#include <cmath>
#include <cstring>

namespace mantissa::arch {

namespace {

constexpr std::int64_t kMostValues = 4096;

template <typename T> T load(const std::vector<std::byte>& bytes, std::size_t index)
{
    T value;
    std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

} // namespace

std::optional<std::vector<double>> readSmallTensor(const TensorSource& source, std::size_t tensor)
{
    const TensorInfo& info = source.tensors()[tensor];
    const auto count = elementCount(info.shape);
    if (!count || *count < 1 || *count > kMostValues || !isTrainingFloat(info.dtype))
        return std::nullopt;
    if (byteCount(info.dtype, *count) != info.bytes)
        return std::nullopt;
    std::vector<std::byte> bytes(info.bytes);
    if (!source.read(tensor, 0, bytes))
        return std::nullopt;
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(*count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(*count); ++i) {
        switch (info.dtype) {
        case DType::F64:
            values.push_back(load<double>(bytes, i));
            break;
        case DType::F32:
            values.push_back(static_cast<double>(load<float>(bytes, i)));
            break;
        case DType::F16:
            values.push_back(static_cast<double>(kernels::decodeF16(load<std::uint16_t>(bytes, i))));
            break;
        default:
            values.push_back(static_cast<double>(kernels::decodeBF16(load<std::uint16_t>(bytes, i))));
        }
    }
    return values;
}

double deviationOf(const std::vector<double>& values)
{
    if (values.empty())
        return 0;
    double mean = 0;
    for (const double value : values)
        mean += value;
    mean /= static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

} // namespace mantissa::arch
