// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

#include <cstring>

namespace mantissa::kernels::reference {

namespace {

template <typename T> T load(const std::byte* src, std::size_t index) noexcept
{
    T value;
    std::memcpy(&value, src + index * sizeof(T), sizeof(T));
    return value;
}

template <typename T> void store(std::byte* dst, std::size_t index, T value) noexcept
{
    std::memcpy(dst + index * sizeof(T), &value, sizeof(T));
}

} // namespace

void floatFromF16(const std::byte* src, std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = decodeF16(load<std::uint16_t>(src, i));
}

void floatFromBF16(const std::byte* src, std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = decodeBF16(load<std::uint16_t>(src, i));
}

void floatFromF64(const std::byte* src, std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i) {
        const double value = load<double>(src, i);
        // Converting a double past the range of float is undefined in C++: from half a step above the largest
        // float on it is infinity by hand.
        constexpr double kOverflow = 0x1.ffffffp127;
        if (std::isfinite(value) && std::abs(value) >= kOverflow)
            dst[i] = std::copysign(INFINITY, value < 0 ? -1.0f : 1.0f);
        else
            dst[i] = static_cast<float>(value);
    }
}

void f16FromFloat(const float* src, std::size_t n, std::byte* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        store(dst, i, encodeF16(src[i]));
}

void bf16FromFloat(const float* src, std::size_t n, std::byte* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        store(dst, i, encodeBF16(src[i]));
}

void roundTo(Precision precision, const float* src, std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = round(precision, src[i]);
}

} // namespace mantissa::kernels::reference
