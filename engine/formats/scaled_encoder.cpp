// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/scaled_codes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mantissa::formats {

namespace {

using kernels::KernelSet;
using kernels::Precision;

constexpr float kInt8Max = 127.0f;
constexpr float kInt4Max = 7.0f;

/// The searched scales: that of the absmax rule times 1, 1 - step, 1 - 2·step, …
struct Candidates {
    std::size_t count;
    float step;
};
/// A rotated row has no outliers to lose: down to 0.31.
constexpr Candidates kRowCandidates{24, 0.03f};
/// A whole tensor's few largest weights carry outputs. Its least squared error is often at a third of the
/// absmax scale and gains 3 dB in the weights, but costs 5.5 dB in the outputs of the layers of
/// spec/algorithms 4.1 (33.2 to 27.6 dB); down to 0.94 both gain (+0.5 and +0.1 dB).
constexpr Candidates kTensorCandidates{7, 0.01f};
static_assert(std::max(kRowCandidates.count, kTensorCandidates.count) <= kernels::kMaxErrorScales);

/// Rows whose errors are summed in one go by the per-tensor search: fixes the order of summation.
constexpr std::int64_t kErrorRows = 64;

/// What turns a weight into a code, and what is stored for it.
struct Scale {
    float factor = 0; ///< multiplier or divisor, as the rule has it
    float stored = 1;
    Precision precision = Precision::F32; ///< of the product or quotient
};

bool multiplies(ScaleRule rule)
{
    return rule == ScaleRule::Fp8Multiply || rule == ScaleRule::Fp8Kitchen
        || rule == ScaleRule::Int8TensorMultiply || rule == ScaleRule::Int8RowMultiply;
}

float largestCode(CodeKind code)
{
    switch (code) {
    case CodeKind::E4M3:
        return kernels::kE4M3Max;
    case CodeKind::E5M2:
        return kernels::kE5M2Max;
    case CodeKind::Int8:
        return kInt8Max;
    case CodeKind::Int4:
        break;
    }
    return kInt4Max;
}

Scale multiplierFor(float stored)
{
    return {1.0f / stored, stored};
}

/// The formulas of ScaleRule.
Scale scaleFor(const ScaledSpec& spec, float amax)
{
    amax = finite(amax);
    switch (spec.rule) {
    case ScaleRule::Fp8Multiply:
    case ScaleRule::Int8RowMultiply: {
        // torch divides a number by a tensor as number · (1 / tensor): two roundings.
        const float multiplier = 1.0f / std::max(amax, 1e-12f) * largestCode(spec.code);
        return {multiplier, 1.0f / multiplier};
    }
    case ScaleRule::Fp8Kitchen: {
        const float exact = amax / largestCode(spec.code);
        const float stored = roundTo(spec.precision, exact);
        const float multiplier = roundTo(spec.precision, 1.0f / stored);
        if (spec.widenOnOverflow && !std::isfinite(multiplier))
            return multiplierFor(exact);
        return {multiplier, stored, spec.precision};
    }
    case ScaleRule::Int8TensorMultiply:
        return multiplierFor(std::max(amax, 1e-12f) / kInt8Max);
    case ScaleRule::Int8Divide: {
        const float stored = std::max(amax / kInt8Max, 1e-30f);
        return {roundTo(spec.precision, stored), stored, spec.precision};
    }
    case ScaleRule::Int8TileDivide: {
        const float stored = std::max(amax / kInt8Max, 1e-8f);
        return {stored, stored};
    }
    case ScaleRule::Int4Divide:
        break;
    }
    const float stored = roundTo(spec.precision, std::max(amax, 1e-10f) / kInt4Max);
    return {stored, stored, spec.precision};
}

/// A scale that the search chose, in the form that the rule uses.
Scale withStored(const ScaledSpec& spec, float stored)
{
    return multiplies(spec.rule) ? multiplierFor(stored) : Scale{stored, stored};
}

template <Candidates candidates> std::array<float, candidates.count> candidateScales(float stored)
{
    std::array<float, candidates.count> scales{};
    for (std::size_t k = 0; k < scales.size(); ++k)
        scales[k] = stored * (1.0f - candidates.step * static_cast<float>(k));
    return scales;
}

/// The first of the smallest errors; the absmax scale (index 0) where none is a number.
template <typename T> std::size_t bestCandidate(std::span<const T> errors)
{
    std::size_t best = 0;
    for (std::size_t k = 1; k < errors.size(); ++k)
        if (errors[k] < errors[best])
            best = k;
    return best;
}

class ScaledEncoder final : public LayerEncoder {
public:
    explicit ScaledEncoder(const ScaledSpec& spec)
        : m_spec(spec)
        , m_kernels(kernels::activeKernels())
    {
        if (spec.grid == ScaleGrid::Tensor && spec.searchScale)
            m_groupErrors.resize(static_cast<std::size_t>((spec.shape.rows + kErrorRows - 1) / kErrorRows)
                * kTensorCandidates.count);
    }

    std::int64_t rowGranularity() const override
    {
        if (m_spec.grid == ScaleGrid::Tile)
            return m_spec.tile;
        return m_groupErrors.empty() ? 1 : kErrorRows;
    }

    int statsRounds() const override
    {
        if (m_spec.grid == ScaleGrid::Tensor)
            return m_spec.searchScale ? 2 : 1;
        return m_spec.onesIfAllZero ? 1 : 0; // only to see whether anything is not zero
    }

    bool needsRows(int, std::int64_t, std::int64_t) const override
    {
        return m_spec.grid == ScaleGrid::Tensor || m_maximum.value() == 0.0f;
    }

    void accumulate(int round, std::int64_t firstRow, std::span<const float> rows) override
    {
        if (!needsRows(round, firstRow, 0))
            return;
        if (round == 0)
            m_maximum.add(m_kernels.absmax(rows.data(), rows.size()));
        else
            accumulateErrors(firstRow, rows);
    }

    void finishRound(int round) override
    {
        const float amax = m_maximum.value();
        if (round == 0) {
            m_allZero = m_spec.onesIfAllZero && amax == 0.0f;
            m_tensorScale = m_allZero ? Scale{0, 1} : scaleFor(m_spec, amax);
        } else if (!m_allZero) {
            std::array<double, kTensorCandidates.count> sums{};
            for (std::size_t i = 0; i < m_groupErrors.size(); ++i)
                sums[i % sums.size()] += m_groupErrors[i];
            const auto scales = candidateScales<kTensorCandidates>(m_tensorScale.stored);
            m_tensorScale = withStored(m_spec, scales[bestCandidate<double>(sums)]);
        }
    }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        switch (m_spec.grid) {
        case ScaleGrid::Tensor:
            encodeWithTensorScale(firstRow, rows, out);
            break;
        case ScaleGrid::Row:
            encodeWithRowScales(firstRow, rows, out);
            break;
        case ScaleGrid::Tile:
            encodeWithTileScales(firstRow, rows, out);
            break;
        }
    }

    void finish(EncodedPieces& out) override
    {
        if (m_spec.grid == ScaleGrid::Tensor)
            addFloats(out, 1, 0, {&m_tensorScale.stored, 1});
        if (m_spec.constantTensor)
            addFloats(out, 2, 0, {&*m_spec.constantTensor, 1});
    }

private:
    std::size_t cols() const { return static_cast<std::size_t>(m_spec.shape.cols); }
    std::size_t codeBytes(std::size_t values) const
    {
        return m_spec.code == CodeKind::Int4 ? values / 2 : values;
    }

    std::span<std::byte> addCodes(std::int64_t firstRow, std::size_t values, EncodedPieces& out) const
    {
        const auto rowBytes = static_cast<std::uint64_t>(codeBytes(cols()));
        return out.add(0, static_cast<std::uint64_t>(firstRow) * rowBytes, codeBytes(values));
    }

    void encodeRun(std::span<const float> src, const Scale& scale, std::byte* dst) const
    {
        if (scale.factor == 0.0f) // a divisor that the input's dtype cannot hold: comfy-kitchen gives zeros
            return;
        auto* const bytes = reinterpret_cast<std::uint8_t*>(dst);
        auto* const integers = reinterpret_cast<std::int8_t*>(dst);
        const Precision precision = scale.precision;
        switch (m_spec.code) {
        case CodeKind::E4M3:
            return m_kernels.encodeE4M3(src.data(), src.size(), scale.factor, precision, bytes);
        case CodeKind::E5M2:
            return m_kernels.encodeE5M2(src.data(), src.size(), scale.factor, precision, bytes);
        case CodeKind::Int8:
            if (multiplies(m_spec.rule))
                return m_kernels.encodeInt8Multiply(src.data(), src.size(), scale.factor, integers);
            return m_kernels.encodeInt8Divide(src.data(), src.size(), scale.factor, precision,
                m_spec.rule == ScaleRule::Int8Divide ? -128 : -127, integers);
        case CodeKind::Int4:
            return m_kernels.encodeInt4Divide(src.data(), src.size(), scale.factor, precision, bytes);
        }
    }

    void encodeWithTensorScale(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) const
    {
        const auto codes = addCodes(firstRow, rows.size(), out);
        if (!m_allZero)
            encodeRun(rows, m_tensorScale, codes.data());
    }

    void encodeWithRowScales(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) const
    {
        const auto codes = addCodes(firstRow, rows.size(), out);
        std::vector<float> stored(rows.size() / cols(), 1.0f);
        std::vector<float> rotated(m_spec.rotation != 0 ? cols() : 0);
        for (std::size_t row = 0; !m_allZero && row < stored.size(); ++row) {
            std::span<const float> values = rows.subspan(row * cols(), cols());
            if (m_spec.rotation != 0) {
                std::copy(values.begin(), values.end(), rotated.begin());
                m_kernels.rotate(rotated.data(), cols(), m_spec.rotation, m_spec.precision);
                values = rotated;
            }
            Scale scale = scaleFor(m_spec, m_kernels.absmax(values.data(), values.size()));
            if (m_spec.searchScale)
                scale = searchRow(values, scale);
            encodeRun(values, scale, codes.data() + row * codeBytes(cols()));
            stored[row] = scale.stored;
        }
        addFloats(out, 1, static_cast<std::uint64_t>(firstRow), stored);
    }

    void encodeWithTileScales(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) const
    {
        const auto codes = addCodes(firstRow, rows.size(), out);
        const auto side = static_cast<std::size_t>(m_spec.tile);
        const std::size_t tilesAcross = cols() / side, tilesDown = rows.size() / (cols() * side);
        std::vector<float> stored(tilesDown * tilesAcross), rowMaxima(tilesAcross);
        for (std::size_t down = 0; down < tilesDown; ++down) {
            const auto strip = rows.subspan(down * side * cols(), side * cols());
            const std::span<float> maxima(stored.data() + down * tilesAcross, tilesAcross);
            for (std::size_t row = 0; row < side; ++row) {
                m_kernels.groupAbsmax(strip.data() + row * cols(), cols(), side, rowMaxima.data());
                for (std::size_t tile = 0; tile < tilesAcross; ++tile)
                    maxima[tile] = std::max(maxima[tile], rowMaxima[tile]);
            }
            for (std::size_t tile = 0; tile < tilesAcross; ++tile) {
                const Scale scale = m_allZero ? Scale{0, 1} : scaleFor(m_spec, maxima[tile]);
                maxima[tile] = scale.stored;
                for (std::size_t row = 0; !m_allZero && row < side; ++row) {
                    const std::size_t begin = row * cols() + tile * side;
                    encodeRun(strip.subspan(begin, side), scale, codes.data() + down * side * cols() + begin);
                }
            }
        }
        addFloats(out, 1,
            static_cast<std::uint64_t>(firstRow / m_spec.tile) * static_cast<std::uint64_t>(tilesAcross),
            stored);
    }

    Scale searchRow(std::span<const float> values, const Scale& plain) const
    {
        const auto scales = candidateScales<kRowCandidates>(plain.stored);
        std::array<float, scales.size()> errors{};
        m_kernels.roundingErrors(values.data(), values.size(), scales.data(), scales.size(),
            largestCode(m_spec.code), errors.data());
        return withStored(m_spec, scales[bestCandidate<float>(errors)]);
    }

    void accumulateErrors(std::int64_t firstRow, std::span<const float> rows)
    {
        if (m_allZero)
            return;
        const auto scales = candidateScales<kTensorCandidates>(m_tensorScale.stored);
        std::array<float, scales.size()> errors{};
        const auto rowCount = static_cast<std::int64_t>(rows.size() / cols());
        for (std::int64_t row = 0; row < rowCount; ++row) {
            m_kernels.roundingErrors(rows.data() + static_cast<std::size_t>(row) * cols(), cols(),
                scales.data(), scales.size(), largestCode(m_spec.code), errors.data());
            const auto group = static_cast<std::size_t>((firstRow + row) / kErrorRows);
            for (std::size_t k = 0; k < errors.size(); ++k)
                m_groupErrors[group * errors.size() + k] += static_cast<double>(errors[k]);
        }
    }

    ScaledSpec m_spec;
    const KernelSet& m_kernels;
    SharedMaximum m_maximum;
    bool m_allZero = false;
    Scale m_tensorScale;
    /// [group of kErrorRows rows][candidate]; each group belongs to one row block, so no order of threads
    /// matters.
    std::vector<double> m_groupErrors;
};

} // namespace

bool isRotationGroup(std::int64_t group)
{
    return group >= 4 && group <= static_cast<std::int64_t>(kernels::kMaxRotation)
        && std::has_single_bit(static_cast<std::uint64_t>(group))
        && std::countr_zero(static_cast<std::uint64_t>(group)) % 2 == 0;
}

std::unique_ptr<LayerEncoder> makeScaledEncoder(const ScaledSpec& spec)
{
    return std::make_unique<ScaledEncoder>(spec);
}

} // namespace mantissa::formats
