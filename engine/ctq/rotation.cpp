// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/rotation.h"

#include "engine/ctq/torch_matmul.h"
#include "kernels/kernel_set.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>

namespace mantissa::ctq {

namespace {

/// Sign of an entry: the product over base-4 digits of the 4 × 4 matrix, -1 where the digits add up to 3.
bool isNegative(std::size_t row, std::size_t column)
{
    bool negative = false;
    for (; row != 0 || column != 0; row /= 4, column /= 4)
        negative ^= row % 4 + column % 4 == 3;
    return negative;
}

std::vector<float> makeHadamard(std::size_t group)
{
    std::vector<float> matrix(group * group);
    const float entry = 1.0f / std::sqrt(static_cast<float>(group)); // a power of two
    // Digits above the highest one that is set are zeros in both: (0, 0) adds up to 0, so leaving them out is
    // right.
    for (std::size_t i = 0; i < matrix.size(); ++i)
        matrix[i] = isNegative(i / group, i % group) ? -entry : entry;
    return matrix;
}

/// Made once a size, kept for the life of the program: 64 MiB for the largest group, 4096.
const std::vector<float>& hadamard(std::size_t group)
{
    static std::mutex mutex;
    static std::map<std::size_t, std::vector<float>> matrices;
    const std::scoped_lock lock(mutex);
    std::vector<float>& matrix = matrices[group];
    if (matrix.empty())
        matrix = makeHadamard(group);
    return matrix;
}

class RotatedEncoder final : public LayerEncoder {
public:
    RotatedEncoder(MatrixShape shape, std::size_t group, RotatedRule rule)
        : m_cols(static_cast<std::size_t>(shape.cols))
        , m_group(group)
        , m_rule(rule)
    { }

    // The second formula gives an all-zero layer the scale 1, which is known only after a look at all of it.
    int statsRounds() const override { return m_rule == RotatedRule::Other ? 1 : 0; }
    bool needsRows(int, std::int64_t, std::int64_t) const override
    {
        return !m_anyNonZero.load(std::memory_order_relaxed);
    }
    void accumulate(int, std::int64_t, std::span<const float> rows) override
    {
        if (std::any_of(rows.begin(), rows.end(), [](float value) { return value != 0.0f; }))
            m_anyNonZero.store(true, std::memory_order_relaxed);
    }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        const std::size_t count = rows.size() / m_cols;
        std::vector<float> rotated(rows.size()), stored(count, 1.0f);
        rotateGroups(rows, m_group, rotated);
        const auto first = static_cast<std::uint64_t>(firstRow);
        auto* const codes = reinterpret_cast<std::int8_t*>(out.add(0, first * m_cols, rows.size()).data());
        const bool allZero = m_rule == RotatedRule::Other && !m_anyNonZero.load(std::memory_order_relaxed);
        for (std::size_t row = 0; row < count && !allZero; ++row)
            stored[row] = encodeRow(rotated.data() + row * m_cols, codes + row * m_cols);
        const auto scales = std::as_bytes(std::span(stored));
        std::memcpy(out.add(1, first * sizeof(float), scales.size()).data(), scales.data(), scales.size());
    }

private:
    float encodeRow(const float* row, std::int8_t* codes) const
    {
        constexpr float kMax = 127.0f;
        const kernels::KernelSet& kernel = kernels::activeKernels();
        const float amax = kernel.absmax(row, m_cols);
        if (m_rule == RotatedRule::Primary) {
            const float scale = std::max(amax / kMax, 1e-30f);
            kernel.encodeInt8Divide(row, m_cols, scale, kernels::Precision::F32, -128, codes);
            return scale;
        }
        // A Python number over a tensor is the number times the reciprocal: two roundings.
        const float factor = (1.0f / std::max(amax, 1e-12f)) * kMax;
        kernel.encodeInt8Multiply(row, m_cols, factor, codes);
        return 1.0f / factor;
    }

    std::size_t m_cols, m_group;
    RotatedRule m_rule;
    std::atomic<bool> m_anyNonZero{false};
};

} // namespace

void rotateGroups(std::span<const float> src, std::size_t group, std::span<float> dst)
{
    assert(src.size() % group == 0 && dst.size() == src.size());
    orderedProduct(src, src.size() / group, group, hadamard(group), dst);
}

std::unique_ptr<LayerEncoder> makeRotatedEncoder(MatrixShape shape, std::size_t group, RotatedRule rule)
{
    return std::make_unique<RotatedEncoder>(shape, group, rule);
}

} // namespace mantissa::ctq
