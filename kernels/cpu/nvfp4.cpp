// SPDX-License-Identifier: GPL-3.0-or-later
// NVFP4, one block per lane: kLanes blocks are transposed, so that every step is the same for all of them and
// no sum or maximum runs across lanes.
#include "kernels/cpu/cpu_kernels.h"
#include "kernels/cpu/targets.h"

#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/nvfp4.cpp"
#include <hwy/foreach_target.h>

#include "kernels/cpu/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mantissa::kernels::HWY_NAMESPACE {

#if MANTISSA_VECTOR_TARGET

/// kLanes blocks, transposed: column i of block k is values[i · kLanes + k].
template <std::size_t block> struct Blocks {
    HWY_ALIGN float values[block * kLanes];

    HWY_INLINE Floats column(std::size_t i) const { return hn::Load(kFloat, values + i * kLanes); }

    HWY_INLINE explicit Blocks(const float* src)
    {
        if constexpr (block == 16)
            transposeSixteen(src);
        else
            for (std::size_t k = 0; k < kLanes; ++k)
                for (std::size_t i = 0; i < block; ++i)
                    values[i * kLanes + k] = src[k * block + i];
    }

    /// Largest magnitudes, NaN skipped.
    HWY_INLINE Floats largest() const
    {
        Ints result = hn::Zero(kInt);
        for (std::size_t i = 0; i < block; ++i)
            result = hn::Max(result, hn::BitCast(kInt, magnitudeWithoutNan(column(i))));
        return hn::BitCast(kFloat, result);
    }

private:
    /// Two rounds of taking every fourth value.
    HWY_INLINE void transposeSixteen(const float* src)
    {
        HWY_ALIGN float fourths[4][4 * kLanes]; // fourths[j][i] = src[4 i + j]
        Floats a, b, c, d;
        for (std::size_t p = 0; p < 4; ++p) {
            hn::LoadInterleaved4(kFloat, src + 4 * kLanes * p, a, b, c, d);
            hn::Store(a, kFloat, fourths[0] + p * kLanes);
            hn::Store(b, kFloat, fourths[1] + p * kLanes);
            hn::Store(c, kFloat, fourths[2] + p * kLanes);
            hn::Store(d, kFloat, fourths[3] + p * kLanes);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            hn::LoadInterleaved4(kFloat, fourths[j], a, b, c, d);
            hn::Store(a, kFloat, values + j * kLanes);
            hn::Store(b, kFloat, values + (4 + j) * kLanes);
            hn::Store(c, kFloat, values + (8 + j) * kLanes);
            hn::Store(d, kFloat, values + (12 + j) * kLanes);
        }
    }
};

template <std::size_t block> HWY_INLINE Words plainScaleCodes(const Blocks<block>& blocks, Floats tensorScale)
{
    const Floats sixth = hn::Div(blocks.largest(), hn::Set(kFloat, kE2M1Max));
    return encodeE4M3Lanes(hn::Div(sixth, tensorScale)); // which saturates at 448
}

/// Four bytes of a block: the codes of eight columns from `first` on.
template <std::size_t block>
HWY_INLINE Words packEight(const Blocks<block>& blocks, Floats scale, std::size_t first)
{
    Words packed = hn::Zero(kWord);
    for (std::size_t i = 0; i < 8; i += 2) {
        const Words even = encodeE2M1Lanes(hn::Div(blocks.column(first + i), scale));
        const Words odd = encodeE2M1Lanes(hn::Div(blocks.column(first + i + 1), scale));
        const Words byte = hn::Or(hn::ShiftLeft<4>(even), odd);
        packed = hn::Or(packed, hn::ShiftLeftSame(byte, static_cast<int>(4 * i)));
    }
    // A scale of 0 (also one that underflowed) has only codes of 0.
    return hn::IfThenZeroElse(hn::RebindMask(kWord, hn::Eq(scale, hn::Zero(kFloat))), packed);
}

/// Writes the kLanes scale codes and kLanes · block / 2 bytes of codes.
template <std::size_t block>
HWY_INLINE void writeBlocks(const Blocks<block>& blocks, Floats tensorScale, Words scaleCodes,
    std::uint8_t* scales, std::uint8_t* packed)
{
    storeBytes(scaleCodes, scales);
    const Floats scale = hn::Mul(tensorScale, decodeE4M3Lanes(scaleCodes));
    HWY_ALIGN std::uint32_t words[kLanes * block / 8];
    if constexpr (block == 8)
        hn::Store(packEight(blocks, scale, 0), kWord, words);
    else if constexpr (block == 16)
        hn::StoreInterleaved2(packEight(blocks, scale, 0), packEight(blocks, scale, 8), kWord, words);
    else
        hn::StoreInterleaved4(packEight(blocks, scale, 0), packEight(blocks, scale, 8),
            packEight(blocks, scale, 16), packEight(blocks, scale, 24), kWord, words);
    std::memcpy(packed, words, sizeof words);
}

/// Σ d² over the columns first, first + stride, …, in the order of folding.
template <std::size_t block, std::size_t first, std::size_t stride>
HWY_INLINE Floats foldedError(const Blocks<block>& magnitudes, Floats reciprocal, Floats scale)
{
    if constexpr (stride == block) {
        const Floats magnitude = magnitudes.column(first);
        const Floats rounded = roundToE2M1(hn::Mul(magnitude, reciprocal));
        const Floats difference = hn::Sub(magnitude, hn::Mul(rounded, scale));
        return hn::Mul(difference, difference);
    } else {
        return hn::Add(foldedError<block, first, 2 * stride>(magnitudes, reciprocal, scale),
            foldedError<block, first + stride, 2 * stride>(magnitudes, reciprocal, scale));
    }
}

/// The scale codes with the least error, and those errors.
template <std::size_t block>
HWY_INLINE Words searchScaleCodes(const Blocks<block>& blocks, Floats tensorScale, float* errors)
{
    Blocks<block> magnitudes = blocks;
    for (std::size_t i = 0; i < block; ++i)
        hn::Store(hn::Abs(blocks.column(i)), kFloat, magnitudes.values + i * kLanes);
    const Ints plain = hn::BitCast(kInt, plainScaleCodes(blocks, tensorScale));
    Ints best = plain;
    Floats bestError = hn::Set(kFloat, std::numeric_limits<float>::infinity());
    for (int offset = kNvfp4SearchFirst; offset <= kNvfp4SearchLast; ++offset) {
        const Ints candidate = hn::Add(plain, hn::Set(kInt, offset));
        const Ints code = hn::Min(hn::Max(candidate, hn::Zero(kInt)), hn::Set(kInt, 0x7E));
        const Floats scale = hn::Mul(tensorScale, decodeE4M3Lanes(hn::BitCast(kWord, code)));
        const auto isZero = hn::RebindMask(kFloat, hn::Eq(code, hn::Zero(kInt)));
        const Floats reciprocal = hn::IfThenZeroElse(isZero, hn::Div(hn::Set(kFloat, 1.0f), scale));
        const Floats error = foldedError<block, 0, 1>(magnitudes, reciprocal, scale);
        // Past the ends of the range the clamped code was tried before or will be: it must not count here.
        const auto inRange = hn::RebindMask(kFloat, hn::Eq(candidate, code));
        const auto better = hn::And(inRange, hn::Lt(error, bestError));
        bestError = hn::IfThenElse(better, error, bestError);
        best = hn::IfThenElse(hn::RebindMask(kInt, better), code, best);
    }
    const auto isZeroBlock = hn::Eq(blocks.largest(), hn::Zero(kFloat));
    hn::StoreU(hn::IfThenZeroElse(isZeroBlock, bestError), kFloat, errors);
    return hn::BitCast(kWord, hn::IfThenZeroElse(hn::RebindMask(kInt, isZeroBlock), best));
}

/// Calls work(src, blocks, index of the first block) for kLanes blocks at a time, the last ones zero-padded.
template <std::size_t block, typename Work>
HWY_INLINE void forEachBlocks(const float* src, std::size_t n, const Work& work)
{
    constexpr std::size_t kStep = block * kLanes;
    std::size_t i = 0;
    for (; i + kStep <= n; i += kStep)
        work(src + i, kLanes, i / block);
    if (i == n)
        return;
    float rest[kStep] = {};
    std::memcpy(rest, src + i, (n - i) * sizeof(float));
    work(rest, (n - i + block - 1) / block, i / block);
}

/// What one call wrote, when not all of kLanes blocks exist.
template <std::size_t block> struct Written {
    std::uint8_t scales[kLanes];
    std::uint8_t packed[kLanes * block / 2];

    void copyTo(std::size_t count, std::uint8_t* scalesOut, std::uint8_t* packedOut) const
    {
        std::memcpy(scalesOut, scales, count);
        std::memcpy(packedOut, packed, count * block / 2);
    }
};

template <std::size_t block>
HWY_INLINE void writeSome(const Blocks<block>& blocks, Floats tensorScale, Words scaleCodes,
    std::size_t count, std::uint8_t* scales, std::uint8_t* packed)
{
    if (count == kLanes)
        return writeBlocks(blocks, tensorScale, scaleCodes, scales, packed);
    Written<block> written;
    writeBlocks(blocks, tensorScale, scaleCodes, written.scales, written.packed);
    written.copyTo(count, scales, packed);
}

template <std::size_t block>
void encodeRow(const float* src, std::size_t n, float tensorScale, std::uint8_t* scales, std::uint8_t* packed)
{
    const Floats scale = hn::Set(kFloat, tensorScale);
    forEachBlocks<block>(src, n, [&](const float* values, std::size_t count, std::size_t first) HWY_ATTR {
        const Blocks<block> blocks(values);
        writeSome(
            blocks, scale, plainScaleCodes(blocks, scale), count, scales + first, packed + first * block / 2);
    });
}

template <std::size_t block>
double searchRow(
    const float* src, std::size_t n, float tensorScale, std::uint8_t* scales, std::uint8_t* packed)
{
    const Floats scale = hn::Set(kFloat, tensorScale);
    double sum = 0.0;
    forEachBlocks<block>(src, n, [&](const float* values, std::size_t count, std::size_t first) HWY_ATTR {
        const Blocks<block> blocks(values);
        float errors[kLanes];
        const Words codes = searchScaleCodes(blocks, scale, errors);
        for (std::size_t k = 0; k < count; ++k)
            if (std::isfinite(errors[k]))
                sum += static_cast<double>(errors[k]);
        if (scales != nullptr)
            writeSome(blocks, scale, codes, count, scales + first, packed + first * block / 2);
    });
    return sum;
}

void nvfp4Row(const float* src, std::size_t n, float tensorScale, std::size_t block, std::uint8_t* scales,
    std::uint8_t* packed) noexcept
{
    if (block == 16)
        encodeRow<16>(src, n, tensorScale, scales, packed);
    else if (block == 8)
        encodeRow<8>(src, n, tensorScale, scales, packed);
    else
        encodeRow<32>(src, n, tensorScale, scales, packed);
}

double nvfp4SearchRow(const float* src, std::size_t n, float tensorScale, std::size_t block,
    std::uint8_t* scales, std::uint8_t* packed) noexcept
{
    if (block == 16)
        return searchRow<16>(src, n, tensorScale, scales, packed);
    if (block == 8)
        return searchRow<8>(src, n, tensorScale, scales, packed);
    return searchRow<32>(src, n, tensorScale, scales, packed);
}

/// As many 16-bit lanes as a vector of floats has pairs of columns.
using PairTag = hn::Repartition<std::uint16_t, ByteTag>;
using PairByteTag = hn::Rebind<std::uint8_t, PairTag>;

HWY_INLINE void decodeVector(const std::uint8_t* packed, Floats scale, float* dst)
{
    const PairTag pairs;
    const auto joined = hn::PromoteTo(pairs, hn::LoadU(PairByteTag(), packed));
    const auto odd = hn::ShiftLeft<8>(hn::And(joined, hn::Set(pairs, std::uint16_t{15})));
    const auto nibbles = hn::Or(hn::ShiftRight<4>(joined), odd);
    const Words codes = hn::PromoteTo(kWord, hn::BitCast(ByteTag(), nibbles));
    hn::StoreU(hn::Mul(decodeE2M1Lanes(codes), scale), kFloat, dst);
}

/// The scales of the kLanes columns from `column` on; blocks hold at least eight columns.
HWY_INLINE Floats columnScales(
    const std::uint8_t* scales, float tensorScale, std::size_t column, std::size_t block)
{
    const Floats first = hn::Set(kFloat, tensorScale * decodeE4M3(scales[column / block]));
    if (block >= kLanes)
        return first;
    const Floats second = hn::Set(kFloat, tensorScale * decodeE4M3(scales[column / block + 1]));
    return hn::IfThenElse(hn::FirstN(kFloat, block), first, second);
}

void decodeNvfp4Row(const std::uint8_t* packed, const std::uint8_t* scales, std::size_t n, float tensorScale,
    std::size_t block, float* dst) noexcept
{
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        decodeVector(packed + i / 2, columnScales(scales, tensorScale, i, block), dst + i);
    if (i == n)
        return;
    std::uint8_t bytes[kLanes / 2] = {};
    float out[kLanes];
    std::uint8_t lastScales[2] = {scales[i / block], scales[(n - 1) / block]};
    std::memcpy(bytes, packed + i / 2, (n - i + 1) / 2);
    decodeVector(bytes, columnScales(lastScales, tensorScale, 0, block), out);
    std::memcpy(dst + i, out, (n - i) * sizeof(float));
}

#endif

void addNvfp4(KernelSet& set)
{
#if MANTISSA_VECTOR_TARGET
    set.nvfp4Row = nvfp4Row;
    set.nvfp4SearchRow = nvfp4SearchRow;
    set.decodeNvfp4Row = decodeNvfp4Row;
#else
    (void)set;
#endif
}

} // namespace mantissa::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mantissa::kernels {
HWY_EXPORT(addNvfp4);
void cpu::addNvfp4(KernelSet& set)
{
    HWY_DYNAMIC_DISPATCH(addNvfp4)(set);
}
} // namespace mantissa::kernels
#endif
