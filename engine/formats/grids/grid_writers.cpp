// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/grids/grid_writers.h"

#include <algorithm>
#include <cmath>

namespace mantissa::formats {

namespace {

/// Candidates for the scale of a whole matrix of FP8: from a third of an octave below the absmax scale to one
/// octave above it (spec/algorithms 4.1, rows d).
std::vector<float> fp8Multipliers()
{
    std::vector<float> factors(33);
    for (std::size_t k = 0; k < factors.size(); ++k)
        factors[k] = std::exp2((static_cast<float>(k) - 8.0f) / 24.0f);
    return factors;
}

/// Of a row or tile of integers: 0.50 to 1.06 in steps of 0.02 (spec/algorithms 4.1).
std::vector<float> integerMultipliers()
{
    std::vector<float> factors(29);
    for (std::size_t k = 0; k < factors.size(); ++k)
        factors[k] = 0.50f + 0.02f * static_cast<float>(k);
    return factors;
}

/// Of a whole matrix of integers: a smaller scale gains in the weights, but costs 5 dB at the output
/// (scaled_encoder.cpp).
std::vector<float> tensorMultipliers()
{
    std::vector<float> factors(7);
    for (std::size_t k = 0; k < factors.size(); ++k)
        factors[k] = 1.0f - 0.01f * static_cast<float>(k);
    return factors;
}

kernels::GridValues gridValues(CodeKind code)
{
    kernels::GridValues values;
    switch (code) {
    case CodeKind::E4M3:
        values.kind = kernels::GridKind::E4M3;
        break;
    case CodeKind::E5M2:
        values.kind = kernels::GridKind::E5M2;
        break;
    case CodeKind::Int8:
        break;
    case CodeKind::Int4:
        values.low = -7;
        values.high = 7;
        break;
    }
    return values;
}

float largestCode(CodeKind code, const kernels::GridValues& values)
{
    if (code == CodeKind::E4M3)
        return kernels::kE4M3Max;
    return code == CodeKind::E5M2 ? kernels::kE5M2Max : values.high;
}

/// Codes of a run of values with one scale. The values are on the grid, so the quotient is a code but for
/// the last bits, and rounding to nearest finds it whatever the formula.
void writeRun(CodeKind code, std::span<const float> values, float scale, std::byte* dst)
{
    const auto& kernels = kernels::activeKernels();
    auto* const bytes = reinterpret_cast<std::uint8_t*>(dst);
    constexpr auto kExact = kernels::Precision::F32;
    switch (code) {
    case CodeKind::E4M3:
        return kernels.encodeE4M3(values.data(), values.size(), 1.0f / scale, kExact, bytes);
    case CodeKind::E5M2:
        return kernels.encodeE5M2(values.data(), values.size(), 1.0f / scale, kExact, bytes);
    case CodeKind::Int8:
        return kernels.encodeInt8Divide(
            values.data(), values.size(), scale, kExact, -127, reinterpret_cast<std::int8_t*>(dst));
    case CodeKind::Int4:
        return kernels.encodeInt4Divide(values.data(), values.size(), scale, kExact, bytes);
    }
}

void writeScaledRows(const ScaledStorage& storage, std::int64_t firstRow, std::span<const float> values,
    const GridScales& scales, EncodedPieces& out)
{
    const auto cols = static_cast<std::size_t>(storage.shape.cols);
    const std::size_t rowBytes = storage.code == CodeKind::Int4 ? cols / 2 : cols;
    const auto rowCount = static_cast<std::size_t>(scales.rows);
    const auto group = static_cast<std::size_t>(scales.groupColumns);
    const auto codes = out.add(0, static_cast<std::uint64_t>(firstRow) * rowBytes, rowCount * rowBytes);
    for (std::size_t row = 0; row < rowCount; ++row)
        for (std::size_t first = 0; first < cols; first += group) {
            const float scale = scales.scale[first / group * rowCount + row];
            const std::size_t place = row * rowBytes + (storage.code == CodeKind::Int4 ? first / 2 : first);
            writeRun(storage.code, values.subspan(row * cols + first, std::min(group, cols - first)), scale,
                codes.data() + place);
        }
    if (storage.grid == ScaleGrid::Row) {
        addFloats(out, 1, static_cast<std::uint64_t>(firstRow), scales.scale);
    } else if (storage.grid == ScaleGrid::Tile) {
        const auto side = static_cast<std::size_t>(storage.tile);
        std::vector<float> stored;
        for (std::size_t row = 0; row < rowCount; row += side)
            for (std::size_t tile = 0; tile < cols / side; ++tile)
                stored.push_back(scales.scale[tile * rowCount + row]);
        addFloats(out, 1, static_cast<std::uint64_t>(firstRow) / side * (cols / side), stored);
    }
}

} // namespace

CodeGrid scaledGrid(const ScaledStorage& storage, std::optional<float> constantTensor)
{
    GridSpec spec;
    spec.shape = storage.shape;
    spec.rotation = storage.rotation;
    spec.values = gridValues(storage.code);
    spec.largest = largestCode(storage.code, spec.values);
    spec.groupColumns = storage.shape.cols;
    const bool integers = storage.code == CodeKind::Int8 || storage.code == CodeKind::Int4;
    spec.multipliers = integers ? integerMultipliers() : fp8Multipliers();
    if (storage.grid == ScaleGrid::Tensor) {
        spec.groupRows = 0;
        if (integers)
            spec.multipliers = tensorMultipliers();
    } else if (storage.grid == ScaleGrid::Tile) {
        spec.groupRows = spec.groupColumns = spec.rowGranularity = storage.tile;
    }
    const bool oneScale = storage.grid == ScaleGrid::Tensor;
    return CodeGrid(std::move(spec),
        {.rows = [storage](std::int64_t firstRow, std::span<const float> values, const GridScales& scales,
                     EncodedPieces& out) { writeScaledRows(storage, firstRow, values, scales, out); },
            .finish =
                [=](std::span<const GridScales> scales, EncodedPieces& out) {
                    if (oneScale)
                        addFloats(out, 1, 0, {&scales.front().tensor, 1});
                    if (constantTensor)
                        addFloats(out, 2, 0, {&*constantTensor, 1});
                }});
}

GridWriter blockWriter(const BlockLayout& layout, WriteCodes writeCodes)
{
    return {.rows =
                [=](std::int64_t firstRow, std::span<const float> values, const GridScales& scales,
                    EncodedPieces& out) {
                    std::vector<float> rowScales(layout.blocks());
                    std::size_t row = 0;
                    encodeBlockRows(
                        layout, firstRow, values,
                        [&](std::span<const float> rowValues, std::uint8_t* scaleCodes, std::uint8_t* codes) {
                            for (std::size_t block = 0; block < rowScales.size(); ++block) {
                                const std::size_t at = block * static_cast<std::size_t>(scales.rows) + row;
                                rowScales[block] = scales.scale[at];
                                scaleCodes[block] = scales.code[at];
                            }
                            writeCodes(rowValues, rowScales, codes);
                            ++row;
                        },
                        out);
                },
        .finish = {}};
}

} // namespace mantissa::formats
