// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/group_codes.h"

#include "engine/formats/grids/group_grids.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace mantissa::formats {

namespace {

constexpr float kSignedMax = 7.0f; ///< 3.16: −8 is not emitted
constexpr float kSteps = 15.0f; ///< between 16 codes
constexpr float kMiddle = 8.0f; ///< code that means "offset"
constexpr std::uint8_t kToggleSigns = 0x88; ///< two's complement of both nibbles to code + 8 and back

/// Scale factors that the searches try: 1, 0.97, 0.94, … (the plain one first, so that it wins ties).
constexpr std::size_t kCandidates = 16;
constexpr float kCandidateStep = 0.03f;
/// Below this scale the reciprocals of the search lose their meaning: such groups get the plain rule.
constexpr float kSmallestSearchScale = 0x1p-100f;

float roundToStored(float value)
{
    return kernels::roundToBF16(value);
}

struct Affine {
    float scale = 0, offset = 0;
};

/// The largest and the least of the finite values; infinities that the user allowed count as the largest
/// float.
std::pair<float, float> rangeOf(std::span<const float> values)
{
    float low = 0, high = 0;
    bool any = false;
    for (const float value : values) {
        if (!(value == value))
            continue;
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
    }
    constexpr float kLargest = std::numeric_limits<float>::max();
    return {std::clamp(low, -kLargest, kLargest), std::clamp(high, -kLargest, kLargest)};
}

/// clamp(RNE(value), −8, 7) as a float; NaN gives 0. Adding 1.5 · 2^23 rounds to integers.
float roundedCode(float value)
{
    constexpr float kRounder = 12582912.0f;
    const float clamped = std::min(std::max(value, -kMiddle), kSteps - kMiddle);
    return value == value ? (clamped + kRounder) - kRounder : 0.0f;
}

/// The 16 codes of an asymmetric group.
kernels::GridValues affineGrid()
{
    kernels::GridValues grid;
    grid.low = -kMiddle;
    grid.high = kSteps - kMiddle;
    return grid;
}

float affineError(std::span<const float> values, const Affine& affine)
{
    return gridError(affineGrid(), values, affine.scale, affine.offset);
}

unsigned codeOf(float value, const Affine& affine)
{
    const float code = affine.scale == 0.0f ? 0.0f : roundedCode((value - affine.offset) / affine.scale);
    return static_cast<unsigned>(static_cast<int>(code + kMiddle));
}

void writeAffine(std::span<const float> values, const Affine& affine, std::uint8_t* bytes)
{
    for (std::size_t i = 0; i < values.size(); i += 2)
        bytes[i / 2]
            = static_cast<std::uint8_t>(codeOf(values[i], affine) | codeOf(values[i + 1], affine) << 4);
}

/// Scales and offsets of some rows, [column group][row], to their places.
void addGroupScales(const GroupSpec& spec, std::int64_t firstRow, std::span<const float> scales,
    std::span<const float> offsets, EncodedPieces& out)
{
    const auto groups = static_cast<std::size_t>(spec.shape.cols / spec.group);
    const std::size_t rowCount = scales.size() / groups;
    for (std::size_t g = 0; g < groups; ++g) {
        const auto first = g * static_cast<std::size_t>(spec.shape.rows) + static_cast<std::size_t>(firstRow);
        addBF16(out, 1, first, scales.subspan(g * rowCount, rowCount));
        if (spec.asymmetric)
            addBF16(out, 2, first, offsets.subspan(g * rowCount, rowCount));
    }
}

/// Values on the grid: a quotient is a code but for the last bits.
void writeGridRows(const GroupSpec& spec, std::int64_t firstRow, std::span<const float> values,
    const GridScales& scales, EncodedPieces& out)
{
    const auto cols = static_cast<std::size_t>(spec.shape.cols), group = static_cast<std::size_t>(spec.group);
    const auto rowCount = static_cast<std::size_t>(scales.rows);
    const auto codes = out.add(0, static_cast<std::uint64_t>(firstRow) * cols / 2, values.size() / 2);
    for (std::size_t row = 0; row < rowCount; ++row)
        for (std::size_t g = 0; g < cols / group; ++g) {
            const std::size_t at = row * cols + g * group;
            auto* const bytes = reinterpret_cast<std::uint8_t*>(codes.data()) + at / 2;
            const float scale = scales.scale[g * rowCount + row];
            if (spec.asymmetric)
                writeAffine(values.subspan(at, group), {scale, scales.second[g * rowCount + row]}, bytes);
            else
                kernels::activeKernels().encodeInt4Divide(
                    values.data() + at, group, scale, kernels::Precision::F32, bytes);
        }
    addGroupScales(spec, firstRow, scales.scale, scales.second, out);
}

class GroupEncoder final : public LayerEncoder {
public:
    explicit GroupEncoder(const GroupSpec& spec)
        : m_spec(spec)
        , m_kernels(kernels::activeKernels())
    { }

    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        const auto cols = static_cast<std::size_t>(m_spec.shape.cols);
        const auto group = static_cast<std::size_t>(m_spec.group);
        const std::size_t groups = cols / group, rowCount = rows.size() / cols;
        const auto codes = out.add(0, static_cast<std::uint64_t>(firstRow) * cols / 2, rows.size() / 2);
        std::vector<float> scales(groups * rowCount), offsets(groups * rowCount);
        for (std::size_t row = 0; row < rowCount; ++row)
            for (std::size_t g = 0; g < groups; ++g) {
                const std::size_t at = row * cols + g * group;
                auto* const bytes = reinterpret_cast<std::uint8_t*>(codes.data()) + at / 2;
                const Affine affine = encodeGroup(rows.subspan(at, group), bytes);
                scales[g * rowCount + row] = affine.scale;
                offsets[g * rowCount + row] = affine.offset;
            }
        addGroupScales(m_spec, firstRow, scales, offsets, out);
    }

private:
    Affine encodeGroup(std::span<const float> values, std::uint8_t* bytes) const
    {
        if (m_spec.asymmetric)
            return encodeAsymmetric(values, bytes);
        const float amax = finite(m_kernels.absmax(values.data(), values.size()));
        float scale = roundToStored(amax / kSignedMax);
        if (m_spec.searchScale && scale >= kSmallestSearchScale)
            scale = searched(values, scale);
        if (scale != 0.0f) // all zero, or nothing that the stored type can scale: codes 0
            m_kernels.encodeInt4Divide(values.data(), values.size(), scale, kernels::Precision::F32, bytes);
        return {scale, 0.0f};
    }

    float searched(std::span<const float> values, float plain) const
    {
        std::array<float, kCandidates> scales{}, errors{};
        for (std::size_t k = 0; k < kCandidates; ++k)
            scales[k] = roundToStored(plain * (1.0f - kCandidateStep * static_cast<float>(k)));
        m_kernels.roundingErrors(
            values.data(), values.size(), scales.data(), kCandidates, kSignedMax, errors.data());
        std::size_t best = 0;
        for (std::size_t k = 1; k < kCandidates; ++k)
            if (errors[k] < errors[best])
                best = k;
        return scales[best];
    }

    Affine encodeAsymmetric(std::span<const float> values, std::uint8_t* bytes) const
    {
        const auto [low, high] = rangeOf(values);
        Affine affine = affineFor(low, high);
        if (m_spec.searchScale && affine.scale >= kSmallestSearchScale) {
            float bestError = affineError(values, affine);
            for (std::size_t k = 1; k < kCandidates; ++k) {
                const float factor = 1.0f - kCandidateStep * static_cast<float>(k);
                // Clip both ends, the upper one, or the lower one.
                for (const Affine& candidate : {affineFor(low * factor, high * factor),
                         affineFor(low, high * factor), affineFor(low * factor, high)}) {
                    if (!(candidate.scale >= kSmallestSearchScale))
                        continue;
                    if (const float error = affineError(values, candidate); error < bestError) {
                        bestError = error;
                        affine = candidate;
                    }
                }
            }
        }
        writeAffine(values, affine, bytes);
        return affine;
    }

    static Affine affineFor(float low, float high)
    {
        const float scale = roundToStored(high / kSteps - low / kSteps);
        return {scale, roundToStored(kMiddle * scale + low)};
    }

    GroupSpec m_spec;
    const kernels::KernelSet& m_kernels;
};

class GroupDecoder final : public LayerDecoder {
public:
    GroupDecoder(const GroupSpec& spec, std::span<const StoredTensor> stored, StoredReader reader)
        : m_spec(spec)
        , m_scaleType(stored[1].dtype)
        , m_offsetType(spec.asymmetric ? stored[2].dtype : DType::BF16)
        , m_reader(std::move(reader))
        , m_kernels(kernels::activeKernels())
    { }

    Status decodeRows(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst) const override
    {
        const auto cols = static_cast<std::size_t>(m_spec.shape.cols);
        const auto group = static_cast<std::size_t>(m_spec.group);
        const std::size_t groups = cols / group, rows = static_cast<std::size_t>(rowCount);
        std::vector<std::byte> codes(rows * cols / 2);
        if (auto read = m_reader(0, static_cast<std::uint64_t>(firstRow) * cols / 2, codes); !read)
            return read;
        std::vector<float> scales(groups * rows), offsets(m_spec.asymmetric ? groups * rows : 0);
        for (std::size_t g = 0; g < groups; ++g) {
            const auto first
                = g * static_cast<std::size_t>(m_spec.shape.rows) + static_cast<std::size_t>(firstRow);
            if (auto read
                = readSmallFloats(m_reader, 1, m_scaleType, first, std::span(scales).subspan(g * rows, rows));
                !read)
                return read;
            if (!m_spec.asymmetric)
                continue;
            if (auto read = readSmallFloats(
                    m_reader, 2, m_offsetType, first, std::span(offsets).subspan(g * rows, rows));
                !read)
                return read;
        }
        if (m_spec.asymmetric)
            for (std::byte& byte : codes)
                byte ^= std::byte{kToggleSigns};
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t g = 0; g < groups; ++g) {
                const std::size_t at = row * cols + g * group;
                m_kernels.decodeInt4(reinterpret_cast<const std::uint8_t*>(codes.data()) + at / 2, group,
                    scales[g * rows + row], dst.data() + at);
                for (std::size_t i = at; m_spec.asymmetric && i < at + group; ++i)
                    dst[i] += offsets[g * rows + row];
            }
        return {};
    }

private:
    GroupSpec m_spec;
    DType m_scaleType, m_offsetType;
    StoredReader m_reader;
    const kernels::KernelSet& m_kernels;
};

} // namespace

std::unique_ptr<LayerEncoder> makeGroupEncoder(const GroupSpec& spec)
{
    return std::make_unique<GroupEncoder>(spec);
}

std::unique_ptr<LayerDecoder> makeGroupDecoder(
    const GroupSpec& spec, std::span<const StoredTensor> stored, StoredReader reader)
{
    return std::make_unique<GroupDecoder>(spec, stored, std::move(reader));
}

CodeGrid groupGrid(const GroupSpec& spec)
{
    return CodeGrid(spec.asymmetric ? int4GroupGrid(spec.shape, spec.group)
                                    : int4SymmetricGroupGrid(spec.shape, spec.group),
        {.rows = [spec](std::int64_t firstRow, std::span<const float> values, const GridScales& scales,
                     EncodedPieces& out) { writeGridRows(spec, firstRow, values, scales, out); },
            .finish = {}});
}

std::vector<StoredTensor> groupLayout(const GroupSpec& spec)
{
    const Shape scales{spec.shape.cols / spec.group, spec.shape.rows};
    std::vector<StoredTensor> tensors{
        {"weight", DType::I8, {spec.shape.rows, spec.shape.cols / 2}}, {"weight_scale", DType::BF16, scales}};
    if (spec.asymmetric)
        tensors.push_back({"weight_zeros", DType::BF16, scales});
    return tensors;
}

Status checkGroupTensors(const GroupSpec& spec, std::span<const StoredTensor> stored)
{
    if (spec.group <= 0 || spec.group % 2 != 0 || spec.shape.cols % spec.group != 0)
        return fail(ErrorCode::InvalidInput,
            "the group size {} must be even and divide the {} input features", spec.group, spec.shape.cols);
    const auto contract = groupLayout(spec);
    for (std::size_t i = 0; i < contract.size(); ++i) {
        const bool codes = i == 0;
        if (auto checked = codes
                ? checkStored(stored, i, contract[i].suffix, {DType::I8, DType::U8}, {contract[i].shape})
                : checkStored(stored, i, contract[i].suffix, kSmallFloats, {contract[i].shape});
            !checked)
            return checked;
    }
    return {};
}

} // namespace mantissa::formats
