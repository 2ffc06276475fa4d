// SPDX-License-Identifier: GPL-3.0-or-later
// Element types of stored tensors, by their safetensors names.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mantissa {

/// The dtypes of the safetensors format (its 0.8 list), which covers what the other containers hold.
enum class DType : std::uint8_t {
    Bool,
    U8,
    I8,
    F8E4M3,
    F8E5M2,
    F8E8M0,
    F4,
    F6E2M3,
    F6E3M2,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
    C64,
};

using Shape = std::vector<std::int64_t>;

/// Bits of one element: 4 for F4, 6 for the F6 types, else a multiple of 8.
int bitsOf(DType dtype) noexcept;
/// The safetensors spelling ("F8_E4M3").
std::string_view nameOf(DType dtype) noexcept;
std::optional<DType> dtypeFromName(std::string_view name) noexcept;
/// F64, F32, F16, BF16: types that weights are trained in.
bool isTrainingFloat(DType dtype) noexcept;
/// Product of the dimensions; empty if one is negative or the product overflows 63 bits.
std::optional<std::int64_t> elementCount(const Shape& shape) noexcept;
/// Bytes that `count` elements take; empty if they do not fill whole bytes or overflow.
std::optional<std::uint64_t> byteCount(DType dtype, std::int64_t count) noexcept;

} // namespace mantissa
