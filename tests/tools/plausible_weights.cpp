// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tools/plausible_weights.h"

#include "kernels/number_formats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace mantissa::tools {

namespace {

constexpr std::size_t kTable = 1u << 16; ///< distinct values of a tensor: one lookup for 16 random bits
constexpr std::int64_t kColumnsPerOutlier = 256;

std::uint64_t mix(std::uint64_t z) // splitmix64
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

std::uint64_t hashOf(std::string_view text) // FNV-1a
{
    std::uint64_t hash = 0xCBF29CE484222325u;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return hash;
}

/// Quantiles of the standard normal distribution, by Newton's method on its distribution function.
std::vector<float> normalQuantiles()
{
    std::vector<float> values(kTable);
    double x = -4.4;
    for (std::size_t i = 0; i < kTable / 2; ++i) {
        const double wanted = (static_cast<double>(i) + 0.5) / static_cast<double>(kTable);
        for (int step = 0; step < 20; ++step) {
            const double error = 0.5 * std::erfc(-x / std::sqrt(2.0)) - wanted;
            const double slope = std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0));
            x -= error / slope;
            if (std::abs(error) < 1e-12)
                break;
        }
        values[i] = static_cast<float>(x);
        values[kTable - 1 - i] = static_cast<float>(-x);
    }
    return values;
}

/// How the values of one tensor are made.
struct Recipe {
    double mean = 0, deviation = 0;
    std::uint64_t key = 0;
    std::int64_t columns = 0; ///< elements of a row; 0: no outlier columns
    bool counts = false; ///< 0, 1, 2, …
    bool constant = false;
};

bool isFloat(DType dtype)
{
    return isTrainingFloat(dtype) || dtype == DType::F8E4M3 || dtype == DType::F8E5M2;
}

Recipe recipeOf(const HeaderTensor& tensor, std::uint64_t seed)
{
    Recipe recipe;
    recipe.key = mix(hashOf(tensor.name) ^ mix(seed));
    const std::string_view name = tensor.name;
    if (!isFloat(tensor.dtype)) {
        recipe.counts = name.ends_with("position_ids");
        recipe.constant = !recipe.counts;
        return recipe;
    }
    const std::size_t rank = tensor.shape.size();
    if (rank == 0) {
        recipe.constant = true;
        recipe.mean = name.ends_with(".alpha") ? 8.0 : 1.0;
    } else if (rank == 1) {
        recipe.mean = name.ends_with("bias") ? 0.0 : 1.0;
        recipe.deviation = 0.05;
    } else if (name.find("embedding") != std::string_view::npos
        || name.find("shared") != std::string_view::npos) {
        recipe.deviation = 0.02;
    } else {
        std::int64_t inputs = 1;
        for (std::size_t i = 1; i < rank; ++i)
            inputs *= std::max<std::int64_t>(tensor.shape[i], 1);
        recipe.deviation = 1.0 / std::sqrt(static_cast<double>(inputs));
        if (rank == 2 && inputs >= 16)
            recipe.columns = inputs;
    }
    return recipe;
}

template <typename T> T encode(double value, DType dtype)
{
    const auto single = static_cast<float>(value);
    if constexpr (sizeof(T) == 8)
        return value;
    else if constexpr (sizeof(T) == 4)
        return single;
    else if constexpr (sizeof(T) == 2)
        return dtype == DType::BF16 ? kernels::encodeBF16(single) : kernels::encodeF16(single);
    else
        return dtype == DType::F8E5M2 ? kernels::encodeE5M2(single) : kernels::encodeE4M3(single);
}

} // namespace

struct PlausibleWeights::Impl {
    std::vector<HeaderTensor> tensors;
    std::vector<Recipe> recipes;
    std::vector<float> normal = normalQuantiles();

    template <typename T> void fill(std::size_t index, std::uint64_t first, T* dst, std::size_t count) const
    {
        const Recipe& recipe = recipes[index];
        const DType dtype = tensors[index].dtype;
        const auto value = [&](std::uint64_t bits, double factor) {
            return encode<T>(
                recipe.mean + recipe.deviation * factor * static_cast<double>(normal[bits & 0xFFFF]), dtype);
        };
        if (recipe.constant) {
            std::fill_n(dst, count, encode<T>(recipe.mean, dtype));
            return;
        }
        const std::uint64_t start = recipe.key + mix(first + 1);
        if (count < kTable) {
            for (std::size_t i = 0; i < count; ++i)
                dst[i] = value(mix(start + i), 1.0);
        } else {
            std::vector<T> table(kTable);
            for (std::size_t i = 0; i < kTable; ++i)
                table[i] = value(i, 1.0);
            lookUp(table.data(), start, dst, count);
        }
        outliers(recipe, first, dst, count, value);
    }

    /// Four values a step of xorshift64*: the only loop whose speed matters.
    template <typename T> static void lookUp(const T* table, std::uint64_t state, T* dst, std::size_t count)
    {
        state |= 1;
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4) {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            const std::uint64_t bits = state * 0x2545F4914F6CDD1Du;
            dst[i] = table[bits >> 48];
            dst[i + 1] = table[(bits >> 32) & 0xFFFF];
            dst[i + 2] = table[(bits >> 16) & 0xFFFF];
            dst[i + 3] = table[mix(bits) & 0xFFFF]; // the low bits of the generator are weak
        }
        for (; i < count; ++i)
            dst[i] = table[mix(state + i) & 0xFFFF];
    }

    template <typename T, typename Value>
    void outliers(
        const Recipe& recipe, std::uint64_t first, T* dst, std::size_t count, const Value& value) const
    {
        if (recipe.columns == 0)
            return;
        const auto columns = static_cast<std::uint64_t>(recipe.columns);
        const auto many
            = static_cast<std::uint64_t>(std::max<std::int64_t>(1, recipe.columns / kColumnsPerOutlier));
        for (std::uint64_t k = 0; k < many; ++k) {
            const std::uint64_t choice = mix(recipe.key + 77 * (k + 1));
            const std::uint64_t column = choice % columns;
            const double factor = 4.0 + static_cast<double>((choice >> 32) % 12);
            const std::uint64_t begin = (column + columns - first % columns) % columns;
            for (std::uint64_t i = begin; i < count; i += columns)
                dst[i] = value(mix(recipe.key ^ (first + i)), factor);
        }
    }
};

PlausibleWeights::PlausibleWeights(const std::vector<HeaderTensor>& tensors, std::uint64_t seed)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->tensors = tensors;
    for (const HeaderTensor& tensor : tensors)
        m_impl->recipes.push_back(recipeOf(tensor, seed));
}

PlausibleWeights::~PlausibleWeights() = default;

void PlausibleWeights::fill(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const
{
    const DType dtype = m_impl->tensors[tensor].dtype;
    const auto size = static_cast<std::uint64_t>(bitsOf(dtype) / 8);
    const auto run = [&]<typename T>(T) {
        std::vector<T> values(dst.size() / sizeof(T));
        m_impl->fill(tensor, offset / sizeof(T), values.data(), values.size());
        std::memcpy(dst.data(), values.data(), dst.size());
    };
    if (isFloat(dtype)) {
        switch (size) {
        case 8:
            return run(double{});
        case 4:
            return run(float{});
        case 2:
            return run(std::uint16_t{});
        default:
            return run(std::uint8_t{});
        }
    }
    std::fill(dst.begin(), dst.end(), std::byte{0});
    if (m_impl->recipes[tensor].counts && size == 8) // little-endian, as the format is
        for (std::uint64_t i = 0; i * size < dst.size(); ++i) {
            const std::uint64_t value = offset / size + i;
            std::memcpy(dst.data() + i * size, &value, size);
        }
}

} // namespace mantissa::tools
