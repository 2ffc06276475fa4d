// SPDX-License-Identifier: GPL-3.0-or-later
// Differential test: many seeds, each a call of every entry with random values, length, parameters and
// alignment.
#include "kernels/dispatch.h"
#include "tests/kernels/kernel_inputs.h"

#include <algorithm>

using namespace mantissa::kernels;
using namespace mantissa::test;

namespace {

constexpr std::uint32_t kSeeds = 400;

/// What one seed does with one set. Every result is appended to `bytes`, so that two sets can be compared.
class RandomCalls {
public:
    RandomCalls(const KernelSet& set, std::uint32_t seed)
        : m_set(set)
        , m_random(seed)
    {
        const Flavour first = kFlavours[pick(std::size(kFlavours))],
                      second = kFlavours[pick(std::size(kFlavours))];
        m_n = pick(3) == 0 ? pick(70) : pick(700);
        m_values.resize(m_n + 4096);
        for (float& value : m_values)
            value = oneValue(pick(4) == 0 ? second : first, m_random);
        m_src = m_values.data() + pick(5);
        m_factor
            = std::ldexp(1.0f + static_cast<float>(pick(1024)) / 1024.0f, static_cast<int>(pick(60)) - 40);
        m_precision = static_cast<Precision>(pick(3));
        m_block = std::size_t{8} << pick(3);
    }

    std::vector<std::uint8_t> run()
    {
        conversions();
        reductions();
        encoders();
        blocks();
        grids();
        return std::move(m_bytes);
    }

private:
    std::uint32_t pick(std::size_t count) { return static_cast<std::uint32_t>(m_random() % count); }

    template <typename T> void keep(std::vector<T> values)
    {
        if constexpr (std::is_floating_point_v<T>)
            for (T& value : values)
                if (std::isnan(value))
                    value = std::numeric_limits<T>::quiet_NaN(); // payloads are not promised
        const auto* begin = reinterpret_cast<const std::uint8_t*>(values.data());
        m_bytes.insert(m_bytes.end(), begin, begin + values.size() * sizeof(T));
    }
    template <typename T, typename Call> void keepOutput(std::size_t size, const Call& call)
    {
        Guarded<T> out(size);
        call(out.get());
        keep(out.result());
    }
    const std::byte* sourceBytes() const { return reinterpret_cast<const std::byte*>(m_src) + 1; }
    const std::uint8_t* sourceCodes() const { return reinterpret_cast<const std::uint8_t*>(m_src) + 1; }

    void conversions()
    {
        keepOutput<float>(m_n, [&](float* dst) { m_set.floatFromF16(sourceBytes(), m_n, dst); });
        keepOutput<float>(m_n, [&](float* dst) { m_set.floatFromBF16(sourceBytes(), m_n, dst); });
        keepOutput<float>(m_n, [&](float* dst) { m_set.floatFromF64(sourceBytes(), m_n, dst); });
        keepOutput<std::byte>(2 * m_n, [&](std::byte* dst) { m_set.f16FromFloat(m_src, m_n, dst); });
        keepOutput<std::byte>(2 * m_n, [&](std::byte* dst) { m_set.bf16FromFloat(m_src, m_n, dst); });
        keepOutput<float>(m_n, [&](float* dst) { m_set.roundTo(m_precision, m_src, m_n, dst); });
    }

    void reductions()
    {
        const std::size_t group = 1 + pick(70);
        keep(std::vector<float>{m_set.absmax(m_src, m_n)});
        keepOutput<float>(
            (m_n + group - 1) / group, [&](float* dst) { m_set.groupAbsmax(m_src, m_n, group, dst); });
        keep(std::vector<std::size_t>{m_set.countNonFinite(m_src, m_n)});
        keep(std::vector<double>{m_set.sumSquares(m_src, m_n), m_set.sumSquaredError(m_src, m_src + 3, m_n)});
    }

    void encoders()
    {
        using Codes = std::uint8_t*;
        const std::size_t even = m_n & ~std::size_t{1};
        const auto* const signedCodes = reinterpret_cast<const std::int8_t*>(sourceCodes());
        const int lowest = pick(2) == 0 ? -128 : -127;
        keepOutput<std::uint8_t>(
            m_n, [&](Codes dst) { m_set.encodeE4M3(m_src, m_n, m_factor, m_precision, dst); });
        keepOutput<std::uint8_t>(
            m_n, [&](Codes dst) { m_set.encodeE5M2(m_src, m_n, m_factor, m_precision, dst); });
        keepOutput<float>(m_n, [&](float* dst) { m_set.decodeE4M3(sourceCodes(), m_n, m_factor, dst); });
        keepOutput<float>(m_n, [&](float* dst) { m_set.decodeE5M2(sourceCodes(), m_n, m_factor, dst); });
        keepOutput<std::int8_t>(
            m_n, [&](std::int8_t* dst) { m_set.encodeInt8Multiply(m_src, m_n, 1.0f / m_factor, dst); });
        keepOutput<std::int8_t>(m_n, [&](std::int8_t* dst) {
            m_set.encodeInt8Divide(m_src, m_n, m_factor, m_precision, lowest, dst);
        });
        keepOutput<float>(m_n, [&](float* dst) { m_set.decodeInt8(signedCodes, m_n, m_factor, dst); });
        keepOutput<std::uint8_t>(
            even / 2, [&](Codes dst) { m_set.encodeInt4Divide(m_src, even, m_factor, m_precision, dst); });
        keepOutput<float>(even, [&](float* dst) { m_set.decodeInt4(sourceCodes(), even, m_factor, dst); });

        std::vector<float> finite(m_src, m_src + m_n), scales(pick(kMaxErrorScales + 1));
        for (float& value : finite)
            value = std::isfinite(value) ? value : 0.0f;
        for (float& scale : scales)
            scale = m_factor * (1.0f + static_cast<float>(pick(100)) / 100.0f);
        keepOutput<float>(scales.size(), [&](float* dst) {
            m_set.roundingErrors(finite.data(), m_n, scales.data(), scales.size(), 7.0f, dst);
        });
    }

    void blocks()
    {
        const std::size_t group = std::size_t{4} << (2 * pick(6));
        const std::size_t rotated = m_n / group * group + (group > m_n ? group : 0);
        keepOutput<float>(rotated, [&](float* dst) {
            std::copy_n(m_values.data(), rotated, dst);
            m_set.rotate(dst, rotated, group, m_precision);
        });

        const std::size_t count = (m_n + m_block - 1) / m_block, bytes = count * m_block / 2;
        Guarded<std::uint8_t> scales(count), packed(bytes);
        m_set.nvfp4Row(m_src, m_n, m_factor, m_block, scales.get(), packed.get());
        keepOutput<float>(m_n, [&](float* dst) {
            m_set.decodeNvfp4Row(packed.get(), scales.get(), m_n, m_factor, m_block, dst);
        });
        keep(scales.result());
        keep(packed.result());
        keep(std::vector<double>{
            m_set.nvfp4SearchRow(m_src, m_n, m_factor / 64.0f, m_block, scales.get(), packed.get())});
        keep(scales.result());
        keep(packed.result());

        const std::size_t tiles = (m_n + kMxfp8Block - 1) / kMxfp8Block;
        Guarded<std::uint8_t> exponents(tiles), codes(tiles * kMxfp8Block);
        m_set.mxfp8Row(m_src, m_n, exponents.get(), codes.get());
        keepOutput<float>(
            m_n, [&](float* dst) { m_set.decodeMxfp8Row(codes.get(), exponents.get(), m_n, dst); });
        keep(exponents.result());
        keep(codes.result());
    }

    void grids()
    {
        GridValues grid;
        grid.kind = static_cast<GridKind>(pick(6));
        grid.low = -static_cast<float>(pick(2) == 0 ? 8 : 127);
        grid.high = static_cast<float>(pick(2) == 0 ? 7 : 127);
        for (float& level : grid.levels)
            level = static_cast<float>(pick(2000)) / 1000.0f - 1.0f;
        std::sort(grid.levels.begin(), grid.levels.end());
        std::vector<float> src(m_src, m_src + m_n), scale(m_n), second(m_n);
        for (std::size_t i = 0; i < m_n; ++i) {
            src[i] = std::isfinite(src[i]) ? src[i] : 0.0f;
            scale[i] = pick(20) == 0 ? 0.0f : m_factor * (1.0f + static_cast<float>(pick(1000)) / 100.0f);
            second[i] = m_factor * (1.0f + static_cast<float>(pick(100)) / 10.0f);
        }
        const bool needsSecond = grid.kind == GridKind::IntegerLevels;
        const float* const other = needsSecond || pick(2) == 0 ? second.data() : nullptr;
        keepOutput<float>(
            m_n, [&](float* dst) { m_set.roundToGrid(grid, src.data(), scale.data(), other, m_n, dst); });
        keepOutput<float>(m_n, [&](float* dst) {
            std::copy(src.begin(), src.end(), dst);
            m_set.addGridErrors(grid, src.data(), scale.data(), other, m_factor, m_n, dst);
        });
        keepOutput<float>(m_n, [&](float* dst) {
            std::copy(scale.begin(), scale.end(), dst);
            m_set.addScaled(src.data(), m_n, m_factor, dst);
        });
    }

    const KernelSet& m_set;
    std::mt19937 m_random;
    std::size_t m_n = 0, m_block = 16;
    std::vector<float> m_values;
    const float* m_src = nullptr;
    float m_factor = 1;
    Precision m_precision = Precision::F32;
    std::vector<std::uint8_t> m_bytes;
};

} // namespace

TEST_CASE("random calls give the same bytes in every set", "[kernels]")
{
    for (std::uint32_t seed = 1; seed <= kSeeds; ++seed) {
        const auto expected = RandomCalls(referenceKernels(), seed).run();
        REQUIRE(expected.size() > 0);
        for (const KernelSet* set : allKernels().subspan(1)) {
            CAPTURE(set->name, seed);
            const auto at = firstDifference(expected, RandomCalls(*set, seed).run());
            CHECK(at == -1);
        }
    }
}
