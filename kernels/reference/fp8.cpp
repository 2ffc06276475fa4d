// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

namespace mantissa::kernels::reference {

void encodeE4M3Run(
    const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = encodeE4M3(round(precision, src[i] * multiplier));
}

void encodeE5M2Run(
    const float* src, std::size_t n, float multiplier, Precision precision, std::uint8_t* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i) {
        const float scaled = round(precision, src[i] * multiplier);
        dst[i] = encodeE5M2(clampOr(scaled, -kE5M2Max, kE5M2Max, scaled));
    }
}

void decodeE4M3Run(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = decodeE4M3(src[i]) * scale;
}

void decodeE5M2Run(const std::uint8_t* src, std::size_t n, float scale, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = decodeE5M2(src[i]) * scale;
}

} // namespace mantissa::kernels::reference
