// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/code_grid.h"

#include "kernels/kernel_set.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mantissa {

namespace {

using kernels::kE2M1Max;
using kernels::kE4M3Max;

/// No scale of a group is smaller: its reciprocal must stay finite.
constexpr float kSmallestScale = 1e-12f;
/// Smallest E4M3 value above zero (kernels/number_formats.h).
constexpr std::uint8_t kSmallestCode = 1, kLargestCode = 0x7E;
constexpr float kInt8Max = 127.0f;
/// Steps of an asymmetric 4-bit grid.
constexpr float kAsymmetricSteps = 15.0f, kAsymmetricMiddle = 8.0f;

} // namespace

/// Chooses the scales of one tile, column group by column group, all rows side by side.
class CodeGrid::Search {
public:
    Search(const GridSpec& spec, const ColumnTile& tile, float tensorScale, std::span<const float> weights)
        : m_spec(spec)
        , m_tile(tile)
        , m_weights(weights)
        , m_kernels(kernels::activeKernels())
        , m_rows(static_cast<std::size_t>(tile.rows))
    {
        const std::int64_t groups = (tile.cols() + spec.groupColumns - 1) / spec.groupColumns;
        const auto count = static_cast<std::size_t>(groups) * m_rows;
        m_result.rows = tile.rows;
        m_result.groupColumns = spec.groupColumns;
        m_result.tensor = tensorScale;
        m_result.scale.resize(count);
        if (spec.asymmetric || spec.storage == ScaleStorage::E4M3OfRow)
            m_result.second.resize(count);
        if (spec.storage != ScaleStorage::Float && spec.storage != ScaleStorage::BFloat16)
            m_result.code.resize(count);
        if (spec.storage == ScaleStorage::E4M3OfRow)
            m_rowFactors = rowFactors();
    }

    GridScales run(ScaleRule rule, double* error)
    {
        const bool searching = rule == ScaleRule::LeastSquares;
        double total = 0;
        for (std::int64_t first = 0; first < m_tile.cols(); first += m_spec.groupColumns) {
            m_first = first;
            m_last = std::min(first + m_spec.groupColumns, m_tile.cols());
            measureGroup();
            std::vector<float> best(m_rows, std::numeric_limits<float>::infinity());
            Candidate candidate(m_rows), chosen(m_rows);
            const std::size_t count = searching ? candidateCount() : 1;
            for (std::size_t k = 0; k < count; ++k) {
                makeCandidate(searching ? k : kPlain, candidate);
                if (count == 1 && error == nullptr) {
                    std::swap(chosen, candidate);
                    break;
                }
                takeBetter(candidate, errorsOf(candidate), best, chosen);
            }
            for (std::size_t r = 0; error != nullptr && r < m_rows; ++r)
                total += static_cast<double>(best[r]);
            store(chosen);
        }
        if (error != nullptr)
            *error = total;
        return std::move(m_result);
    }

private:
    static constexpr std::size_t kPlain = static_cast<std::size_t>(-1);

    /// The scales of one column group.
    struct Candidate {
        std::vector<float> scale, second;
        std::vector<std::uint8_t> code;

        explicit Candidate(std::size_t rows)
            : scale(rows)
            , second(rows)
            , code(rows)
        { }
    };

    std::vector<float> rowFactors() const
    {
        std::vector<float> factors(m_rows);
        for (std::int64_t c = 0; c < m_tile.cols(); ++c)
            for (std::size_t r = 0; r < m_rows; ++r)
                factors[r] = std::max(factors[r], std::abs(m_tile.column(c)[r]));
        for (float& factor : factors)
            factor = std::max(factor / kInt8Max, kSmallestScale);
        return factors;
    }

    std::size_t candidateCount() const
    {
        if (m_spec.groupRows == 0 || m_spec.storage == ScaleStorage::PowerOfTwo)
            return 1;
        if (m_spec.storage == ScaleStorage::Float || m_spec.storage == ScaleStorage::BFloat16)
            return m_spec.multipliers.size();
        return static_cast<std::size_t>(m_spec.lastStep - m_spec.firstStep) + 1;
    }

    /// Extremes of every row of the group, joined over the rows that share a scale.
    void measureGroup()
    {
        m_low.assign(m_rows, std::numeric_limits<float>::infinity());
        m_high.assign(m_rows, -std::numeric_limits<float>::infinity());
        for (std::int64_t c = m_first; c < m_last; ++c) {
            const float* const column = m_tile.column(c);
            for (std::size_t r = 0; r < m_rows; ++r) {
                m_low[r] = std::min(m_low[r], column[r]);
                m_high[r] = std::max(m_high[r], column[r]);
            }
        }
        forEachRowGroup([&](std::size_t begin, std::size_t end) {
            const float low = *std::min_element(m_low.begin() + at(begin), m_low.begin() + at(end));
            const float high = *std::max_element(m_high.begin() + at(begin), m_high.begin() + at(end));
            std::fill(m_low.begin() + at(begin), m_low.begin() + at(end), low);
            std::fill(m_high.begin() + at(begin), m_high.begin() + at(end), high);
        });
    }

    float absmaxOf(std::size_t row) const { return std::max(std::abs(m_low[row]), std::abs(m_high[row])); }

    void makeCandidate(std::size_t index, Candidate& to) const
    {
        const bool plain = index == kPlain;
        const float factor = plain || m_spec.multipliers.size() <= index ? 1.0f : m_spec.multipliers[index];
        const int step = plain ? 0 : m_spec.firstStep + static_cast<int>(index);
        for (std::size_t r = 0; r < m_rows; ++r) {
            if (m_spec.groupRows == 0) {
                to.scale[r] = m_result.tensor;
            } else if (m_spec.asymmetric) {
                const float span = std::max(m_high[r] - m_low[r], kSmallestScale * kAsymmetricSteps);
                to.scale[r] = stored(span * factor / kAsymmetricSteps);
                // Codes -8 to 7: half a step past the middle. Without shrinking this is low + 8 · scale.
                to.second[r] = stored(plain ? m_low[r] + kAsymmetricMiddle * to.scale[r]
                                            : (m_high[r] + m_low[r]) * 0.5f + 0.5f * to.scale[r]);
            } else {
                makeSymmetric(r, factor, step, to);
            }
        }
    }

    void makeSymmetric(std::size_t r, float factor, int step, Candidate& to) const
    {
        const float absmax = absmaxOf(r);
        switch (m_spec.storage) {
        case ScaleStorage::Float:
        case ScaleStorage::BFloat16:
            to.scale[r] = stored(std::max(absmax / m_spec.largest, kSmallestScale) * factor);
            return;
        case ScaleStorage::PowerOfTwo:
            to.code[r] = kernels::mxfp8Exponent(absmax);
            to.scale[r] = kernels::decodeE8M0(to.code[r]);
            return;
        case ScaleStorage::E4M3OfTensor:
            to.code[r] = stepped(kernels::encodeE4M3(absmax / m_spec.largest / m_result.tensor), step, 0);
            to.scale[r] = m_result.tensor * kernels::decodeE4M3(to.code[r]);
            return;
        case ScaleStorage::E4M3OfRow:
            to.code[r] = stepped(
                kernels::encodeE4M3(absmax / m_spec.largest / m_rowFactors[r]), step, kSmallestCode);
            to.scale[r] = kernels::decodeE4M3(to.code[r]);
            to.second[r] = m_rowFactors[r];
            return;
        }
    }

    /// A free scale or offset as the format keeps it.
    float stored(float value) const
    {
        return m_spec.storage == ScaleStorage::BFloat16 ? kernels::roundToBF16(value) : value;
    }

    static std::uint8_t stepped(std::uint8_t code, int step, int lowest)
    {
        return static_cast<std::uint8_t>(std::clamp(code + step, lowest, int{kLargestCode}));
    }

    /// Σ h·(w − ŵ)² of every row, joined over the rows that share a scale.
    std::vector<float> errorsOf(const Candidate& candidate) const
    {
        std::vector<float> errors(m_rows);
        const float* const second = m_result.second.empty() ? nullptr : candidate.second.data();
        for (std::int64_t c = m_first; c < m_last; ++c)
            m_kernels.addGridErrors(m_spec.values, m_tile.column(c), candidate.scale.data(), second,
                m_weights.empty() ? 1.0f : m_weights[static_cast<std::size_t>(c)], m_rows, errors.data());
        forEachRowGroup([&](std::size_t begin, std::size_t end) {
            double sum = 0;
            for (std::size_t r = begin; r < end; ++r)
                sum += static_cast<double>(errors[r]);
            // All rows of the group decide alike; the total stays the sum over rows.
            std::fill(errors.begin() + at(begin), errors.begin() + at(end),
                static_cast<float>(sum / static_cast<double>(end - begin)));
        });
        return errors;
    }

    template <typename Work> void forEachRowGroup(const Work& work) const
    {
        if (m_spec.groupRows <= 1)
            return;
        const auto side = static_cast<std::size_t>(m_spec.groupRows);
        for (std::size_t begin = 0; begin < m_rows; begin += side)
            work(begin, std::min(begin + side, m_rows));
    }

    static std::ptrdiff_t at(std::size_t row) { return static_cast<std::ptrdiff_t>(row); }

    void takeBetter(const Candidate& candidate, const std::vector<float>& errors, std::vector<float>& best,
        Candidate& chosen) const
    {
        for (std::size_t r = 0; r < m_rows; ++r)
            if (errors[r] < best[r]) {
                best[r] = errors[r];
                chosen.scale[r] = candidate.scale[r];
                chosen.second[r] = candidate.second[r];
                chosen.code[r] = candidate.code[r];
            }
    }

    void store(const Candidate& chosen)
    {
        const std::ptrdiff_t begin = m_first / m_spec.groupColumns * m_tile.rows;
        std::copy(chosen.scale.begin(), chosen.scale.end(), m_result.scale.begin() + begin);
        if (!m_result.second.empty())
            std::copy(chosen.second.begin(), chosen.second.end(), m_result.second.begin() + begin);
        if (!m_result.code.empty())
            std::copy(chosen.code.begin(), chosen.code.end(), m_result.code.begin() + begin);
    }

    const GridSpec& m_spec;
    const ColumnTile& m_tile;
    std::span<const float> m_weights;
    const kernels::KernelSet& m_kernels;
    std::size_t m_rows;
    std::int64_t m_first = 0, m_last = 0; ///< columns of the current group
    std::vector<float> m_low, m_high, m_rowFactors;
    GridScales m_result;
};

std::vector<float> CodeGrid::tensorScales(float absmax, ScaleRule rule) const
{
    if (m_spec.storage == ScaleStorage::E4M3OfTensor) {
        if (absmax == 0.0f)
            return {1.0f};
        // The second variant leaves room for block scales to grow by half ("four over six", 1.9).
        std::vector<float> scales{absmax / (kE4M3Max * kE2M1Max)};
        if (rule == ScaleRule::LeastSquares)
            scales.push_back(absmax / (256.0f * kE2M1Max));
        return scales;
    }
    if (m_spec.groupRows != 0)
        return {1.0f};
    const float plain = std::max(absmax, kSmallestScale) / m_spec.largest;
    if (rule == ScaleRule::Absmax)
        return {plain};
    std::vector<float> scales = m_spec.multipliers;
    for (float& scale : scales)
        scale *= plain;
    return scales;
}

GridScales CodeGrid::scales(const ColumnTile& tile, float tensorScale, ScaleRule rule,
    std::span<const float> columnWeights, double* error) const
{
    return Search(m_spec, tile, tensorScale, columnWeights).run(rule, error);
}

void CodeGrid::round(const GridScales& scales, std::int64_t column, const float* src, float* dst) const
{
    kernels::activeKernels().roundToGrid(m_spec.values, src, scales.scaleOf(column), scales.secondOf(column),
        static_cast<std::size_t>(scales.rows), dst);
}

void CodeGrid::write(
    std::int64_t firstRow, const ColumnTile& values, const GridScales& scales, EncodedPieces& out) const
{
    std::vector<float> rows(values.values.size());
    transpose(values.values, values.cols(), rows);
    m_writer.rows(firstRow, rows, scales, out);
}

void CodeGrid::finish(std::span<const GridScales> scales, EncodedPieces& out) const
{
    if (m_writer.finish)
        m_writer.finish(scales, out);
}

void transpose(std::span<const float> src, std::int64_t rows, std::span<float> dst)
{
    constexpr std::size_t kBlock = 16; // a cache line of floats
    const auto height = static_cast<std::size_t>(rows);
    const std::size_t width = height == 0 ? 0 : src.size() / height;
    for (std::size_t top = 0; top < height; top += kBlock)
        for (std::size_t left = 0; left < width; left += kBlock)
            for (std::size_t r = top; r < std::min(top + kBlock, height); ++r)
                for (std::size_t c = left; c < std::min(left + kBlock, width); ++c)
                    dst[c * height + r] = src[r * width + c];
}

} // namespace mantissa
