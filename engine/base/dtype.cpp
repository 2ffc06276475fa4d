// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/dtype.h"

#include <array>

namespace mantissa {
namespace {

struct Row {
    DType dtype;
    std::string_view name;
    int bits;
};
constexpr std::array<Row, 20> kTable{{
    {DType::Bool, "BOOL", 8},
    {DType::U8, "U8", 8},
    {DType::I8, "I8", 8},
    {DType::F8E4M3, "F8_E4M3", 8},
    {DType::F8E5M2, "F8_E5M2", 8},
    {DType::F8E8M0, "F8_E8M0", 8},
    {DType::F4, "F4", 4},
    {DType::F6E2M3, "F6_E2M3", 6},
    {DType::F6E3M2, "F6_E3M2", 6},
    {DType::I16, "I16", 16},
    {DType::U16, "U16", 16},
    {DType::F16, "F16", 16},
    {DType::BF16, "BF16", 16},
    {DType::I32, "I32", 32},
    {DType::U32, "U32", 32},
    {DType::F32, "F32", 32},
    {DType::F64, "F64", 64},
    {DType::I64, "I64", 64},
    {DType::U64, "U64", 64},
    {DType::C64, "C64", 64},
}};
static_assert([] {
    for (std::size_t i = 0; i < kTable.size(); ++i)
        if (static_cast<std::size_t>(kTable[i].dtype) != i)
            return false;
    return true;
}());

} // namespace

int bitsOf(DType dtype) noexcept
{
    return kTable[static_cast<std::size_t>(dtype)].bits;
}

std::string_view nameOf(DType dtype) noexcept
{
    return kTable[static_cast<std::size_t>(dtype)].name;
}

std::optional<DType> dtypeFromName(std::string_view name) noexcept
{
    for (const Row& row : kTable)
        if (row.name == name)
            return row.dtype;
    return std::nullopt;
}

bool isTrainingFloat(DType dtype) noexcept
{
    return dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16 || dtype == DType::F64;
}

std::optional<std::int64_t> elementCount(const Shape& shape) noexcept
{
    std::int64_t count = 1;
    for (const std::int64_t dim : shape)
        if (dim < 0 || __builtin_mul_overflow(count, dim, &count))
            return std::nullopt;
    return count;
}

std::optional<std::uint64_t> byteCount(DType dtype, std::int64_t count) noexcept
{
    std::uint64_t bits = 0;
    if (count < 0
        || __builtin_mul_overflow(
            static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(bitsOf(dtype)), &bits)
        || bits % 8 != 0)
        return std::nullopt;
    return bits / 8;
}

} // namespace mantissa
