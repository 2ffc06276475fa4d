// SPDX-License-Identifier: GPL-3.0-or-later
// Adversarial inputs for the kernels, and buffers that notice a byte written too far.
#pragma once

#include "kernels/number_formats.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace mantissa::test {

/// What the random values of one test round look like.
enum class Flavour {
    Weights, ///< normal, σ = 0.02
    Bits, ///< every bit pattern: NaN, infinities and subnormals in their natural share
    Edges, ///< special values and their neighbours
    Ties, ///< small multiples of 1/8: halves and quarters of every step
    Zeros, ///< mostly zeros of both signs, whole blocks of them
    Tiny, ///< subnormals and what is near them
    Huge, ///< near the largest float
};
constexpr Flavour kFlavours[] = {Flavour::Weights, Flavour::Bits, Flavour::Edges, Flavour::Ties,
    Flavour::Zeros, Flavour::Tiny, Flavour::Huge};
/// Flavours without NaN and infinities, whose squares do not overflow.
constexpr Flavour kModerate[] = {Flavour::Weights, Flavour::Ties, Flavour::Zeros, Flavour::Tiny};

inline float oneValue(Flavour flavour, std::mt19937& random)
{
    const auto pick = [&](std::uint32_t count) { return static_cast<std::uint32_t>(random()) % count; };
    const float sign = pick(2) == 0 ? 1.0f : -1.0f;
    switch (flavour) {
    case Flavour::Weights:
        return std::normal_distribution<float>(0.0f, 0.02f)(random);
    case Flavour::Bits:
        return std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    case Flavour::Edges: {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        constexpr float kSpecial[] = {0.0f, 0.25f, 0.75f, 1.25f, 1.75f, 2.5f, 3.5f, 5.0f, 6.0f, 448.0f,
            464.0f, 57344.0f, 61440.0f, 65504.0f, 65520.0f, 0x1p-6f, 0x1p-9f, 0x1p-10f, 0x1p-14f, 0x1p-24f,
            0x1p-25f, 0x1p-126f, 0x1p-149f, 126.5f, 127.5f, 128.5f, 0.5f, 1e30f, 3.4e38f, 0x1.ffp127f,
            kInfinity, std::numeric_limits<float>::quiet_NaN()};
        const float value = kSpecial[pick(std::size(kSpecial))];
        const std::uint32_t step = pick(3);
        return sign * (step == 0 ? value : std::nextafter(value, step == 1 ? 0.0f : kInfinity));
    }
    case Flavour::Ties:
        return sign * static_cast<float>(pick(1100)) * 0.125f;
    case Flavour::Zeros:
        return pick(40) == 0 ? sign * static_cast<float>(pick(9)) : sign * 0.0f;
    case Flavour::Tiny:
        return sign * std::bit_cast<float>(static_cast<std::uint32_t>(random()) >> (pick(24) + 5));
    case Flavour::Huge:
        return sign
            * std::bit_cast<float>(0x7F7FFFFFu - (static_cast<std::uint32_t>(random()) >> (8 + pick(8))));
    }
    return 0.0f;
}

/// A copy of the values in memory that starts `shift` bytes off its natural alignment and ends with the
/// values.
template <typename T> class Unaligned {
public:
    Unaligned(const std::vector<T>& values, std::size_t shift)
        : m_bytes(values.size() * sizeof(T) + shift * sizeof(T))
        , m_shift(shift * sizeof(T))
    {
        if (!values.empty())
            std::memcpy(m_bytes.data() + m_shift, values.data(), values.size() * sizeof(T));
    }
    const T* get() const { return reinterpret_cast<const T*>(m_bytes.data() + m_shift); }

private:
    std::vector<unsigned char> m_bytes;
    std::size_t m_shift;
};

/// Room for `size` results, with a margin on both sides that must stay as it is.
template <typename T> class Guarded {
public:
    explicit Guarded(std::size_t size)
        : m_values(size + 2 * kMargin)
        , m_size(size)
    {
        std::memset(m_values.data(), kFill, m_values.size() * sizeof(T));
    }
    T* get() { return m_values.data() + kMargin; }
    std::vector<T> result()
    {
        const auto* bytes = reinterpret_cast<const unsigned char*>(m_values.data());
        const std::size_t margin = kMargin * sizeof(T), total = m_values.size() * sizeof(T);
        bool intact = true;
        for (std::size_t i = 0; i < margin; ++i)
            intact = intact && bytes[i] == kFill && bytes[total - 1 - i] == kFill;
        if (!intact)
            FAIL("a kernel wrote outside its output");
        return {m_values.begin() + kMargin, m_values.end() - kMargin};
    }

private:
    static constexpr std::size_t kMargin = 64;
    static constexpr unsigned char kFill = 0xA5;
    std::vector<T> m_values;
    std::size_t m_size;
};

inline std::vector<float> makeValues(Flavour flavour, std::size_t count, std::mt19937& random)
{
    std::vector<float> values(count);
    for (float& value : values)
        value = oneValue(flavour, random);
    return values;
}

inline bool same(float a, float b)
{
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b)
        || (std::isnan(a) && std::isnan(b));
}
inline bool same(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b)
        || (std::isnan(a) && std::isnan(b));
}
template <typename T> bool same(T a, T b)
{
    return a == b;
}

/// Index of the first difference, or -1. NaN equals NaN.
template <typename T> std::ptrdiff_t firstDifference(const std::vector<T>& a, const std::vector<T>& b)
{
    if (a.size() != b.size())
        return 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!same(a[i], b[i]))
            return static_cast<std::ptrdiff_t>(i);
    return -1;
}

} // namespace mantissa::test
