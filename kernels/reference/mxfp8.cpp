// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

#include <algorithm>

namespace mantissa::kernels {

std::uint8_t mxfp8ExponentByLogarithm(float blockMax) noexcept
{
    constexpr float kSmallest = 0x1p-127f;
    constexpr int kBias = 127, kLargestCode = 254; // 255 is NaN in E8M0
    if (!std::isfinite(blockMax))
        return kLargestCode;
    const float needed = std::max(blockMax / kE4M3Max, kSmallest);
    // The float32 logarithm, correctly rounded: the double one is good to 2^-52.
    const auto logarithm = static_cast<float>(std::log2(static_cast<double>(needed)));
    const int code = static_cast<int>(std::ceil(logarithm)) + kBias;
    return static_cast<std::uint8_t>(std::clamp(code, 0, kLargestCode));
}

namespace reference {

void mxfp8Row(const float* src, std::size_t n, std::uint8_t* exponents, std::uint8_t* codes) noexcept
{
    for (std::size_t begin = 0; begin < n; begin += kMxfp8Block) {
        const std::size_t present = std::min(kMxfp8Block, n - begin);
        const std::uint8_t exponent = mxfp8Exponent(absmax(src + begin, present));
        const float scale = decodeE8M0(exponent);
        for (std::size_t i = 0; i < kMxfp8Block; ++i)
            codes[i] = i < present && exponent != 0 ? encodeE4M3(src[begin + i] / scale) : std::uint8_t{0};
        *exponents++ = exponent;
        codes += kMxfp8Block;
    }
}

void decodeMxfp8Row(
    const std::uint8_t* codes, const std::uint8_t* exponents, std::size_t n, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = decodeE4M3(codes[i]) * decodeE8M0(exponents[i / kMxfp8Block]);
}

} // namespace reference

} // namespace mantissa::kernels
