// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

#include <algorithm>
#include <array>
#include <limits>

namespace mantissa::kernels::reference {

namespace {

constexpr int kLargestE4M3 = 0x7E; ///< the code of 448

/// One block with zeros past the end of the row.
struct Block {
    std::array<float, kMaxNvfp4Block> values{};
    std::size_t size = 0;

    Block(const float* src, std::size_t present, std::size_t block) noexcept
        : size(block)
    {
        std::copy_n(src, present, values.begin());
    }
};

std::uint8_t plainScaleCode(const Block& block, float tensorScale) noexcept
{
    const float largest = absmax(block.values.data(), block.size);
    return encodeE4M3(std::min(largest / kE2M1Max / tensorScale, kE4M3Max));
}

void packBlock(const Block& block, float tensorScale, std::uint8_t scaleCode, std::uint8_t* packed) noexcept
{
    const float scale = tensorScale * decodeE4M3(scaleCode);
    const auto code
        = [&](std::size_t i) -> unsigned { return scale == 0.0f ? 0u : encodeE2M1(block.values[i] / scale); };
    for (std::size_t i = 0; i < block.size; i += 2)
        packed[i / 2] = static_cast<std::uint8_t>(code(i) << 4 | code(i + 1));
}

float blockError(const Block& block, float tensorScale, std::uint8_t scaleCode) noexcept
{
    const float scale = tensorScale * decodeE4M3(scaleCode);
    const float reciprocal = scaleCode == 0 ? 0.0f : 1.0f / scale;
    std::array<float, kMaxNvfp4Block> squares{};
    for (std::size_t i = 0; i < block.size; ++i) {
        const float magnitude = std::abs(block.values[i]);
        const float difference = magnitude - decodeE2M1(encodeE2M1(magnitude * reciprocal)) * scale;
        squares[i] = difference * difference;
    }
    return fold(squares.data(), block.size);
}

struct Found {
    std::uint8_t code = 0;
    float error = 0;
};

Found searchScale(const Block& block, float tensorScale) noexcept
{
    if (absmax(block.values.data(), block.size) == 0.0f)
        return {};
    const int plain = plainScaleCode(block, tensorScale);
    const int first = std::max(0, plain + kNvfp4SearchFirst);
    const int last = std::min(kLargestE4M3, plain + kNvfp4SearchLast);
    Found best{static_cast<std::uint8_t>(plain), std::numeric_limits<float>::infinity()};
    for (int candidate = first; candidate <= last; ++candidate) {
        const float error = blockError(block, tensorScale, static_cast<std::uint8_t>(candidate));
        if (error < best.error)
            best = {static_cast<std::uint8_t>(candidate), error};
    }
    return best;
}

} // namespace

void nvfp4Row(const float* src, std::size_t n, float tensorScale, std::size_t block, std::uint8_t* scales,
    std::uint8_t* packed) noexcept
{
    for (std::size_t begin = 0; begin < n; begin += block) {
        const Block values(src + begin, std::min(block, n - begin), block);
        *scales = plainScaleCode(values, tensorScale);
        packBlock(values, tensorScale, *scales, packed);
        ++scales;
        packed += block / 2;
    }
}

double nvfp4SearchRow(const float* src, std::size_t n, float tensorScale, std::size_t block,
    std::uint8_t* scales, std::uint8_t* packed) noexcept
{
    double sum = 0.0;
    for (std::size_t begin = 0; begin < n; begin += block) {
        const Block values(src + begin, std::min(block, n - begin), block);
        const Found found = searchScale(values, tensorScale);
        if (std::isfinite(found.error))
            sum += static_cast<double>(found.error);
        if (scales == nullptr)
            continue;
        *scales++ = found.code;
        packBlock(values, tensorScale, found.code, packed);
        packed += block / 2;
    }
    return sum;
}

void decodeNvfp4Row(const std::uint8_t* packed, const std::uint8_t* scales, std::size_t n, float tensorScale,
    std::size_t block, float* dst) noexcept
{
    for (std::size_t i = 0; i < n; ++i) {
        const float scale = tensorScale * decodeE4M3(scales[i / block]);
        const auto nibble = static_cast<std::uint8_t>(i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15);
        dst[i] = decodeE2M1(nibble) * scale;
    }
}

} // namespace mantissa::kernels::reference
