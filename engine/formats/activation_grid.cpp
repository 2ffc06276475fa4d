// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/activation_grid.h"

#include "kernels/kernel_set.h"

#include <algorithm>

namespace mantissa {

namespace {

using kernels::KernelSet;
using kernels::Precision;

constexpr std::size_t kNvfp4Block = 16, kInt4Group = 64;
/// Keeps divisions finite for tokens of zeros.
constexpr float kSmallestScale = 1e-12f;

void roundFp8(const KernelSet& set, std::span<float> tokens, float inputScale)
{
    const float scale = inputScale > 0
        ? inputScale
        : std::max(set.absmax(tokens.data(), tokens.size()) / kernels::kE4M3Max, kSmallestScale);
    std::vector<std::uint8_t> codes(tokens.size());
    set.encodeE4M3(tokens.data(), tokens.size(), 1.0f / scale, Precision::F32, codes.data());
    set.decodeE4M3(codes.data(), codes.size(), scale, tokens.data());
}

/// Integers up to ±limit with one scale for each run of `group` values.
void roundIntegers(const KernelSet& set, std::span<float> tokens, std::size_t group, float limit)
{
    kernels::GridValues grid;
    grid.low = -limit;
    grid.high = limit;
    std::vector<float> scales(group);
    for (std::size_t begin = 0; begin < tokens.size(); begin += group) {
        const std::size_t count = std::min(group, tokens.size() - begin);
        float* const run = tokens.data() + begin;
        std::fill(scales.begin(), scales.end(), std::max(set.absmax(run, count) / limit, kSmallestScale));
        set.roundToGrid(grid, run, scales.data(), nullptr, count, run);
    }
}

void roundNvfp4(const KernelSet& set, std::span<float> tokens, std::size_t channels, float inputScale)
{
    const float tensorScale = inputScale > 0
        ? inputScale
        : std::max(set.absmax(tokens.data(), tokens.size()) / (kernels::kE4M3Max * kernels::kE2M1Max),
            kSmallestScale);
    const std::size_t blocks = (channels + kNvfp4Block - 1) / kNvfp4Block;
    std::vector<std::uint8_t> scales(blocks), codes(blocks * kNvfp4Block / 2);
    for (std::size_t begin = 0; begin + channels <= tokens.size(); begin += channels) {
        float* const row = tokens.data() + begin;
        set.nvfp4Row(row, channels, tensorScale, kNvfp4Block, scales.data(), codes.data());
        set.decodeNvfp4Row(codes.data(), scales.data(), channels, tensorScale, kNvfp4Block, row);
    }
}

void roundMxfp8(const KernelSet& set, std::span<float> tokens, std::size_t channels)
{
    const std::size_t blocks = (channels + kernels::kMxfp8Block - 1) / kernels::kMxfp8Block;
    std::vector<std::uint8_t> exponents(blocks), codes(blocks * kernels::kMxfp8Block);
    for (std::size_t begin = 0; begin + channels <= tokens.size(); begin += channels) {
        float* const row = tokens.data() + begin;
        set.mxfp8Row(row, channels, exponents.data(), codes.data());
        set.decodeMxfp8Row(codes.data(), exponents.data(), channels, row);
    }
}

} // namespace

ActivationGrid activationGridOf(std::string_view formatId, const FormatParams& params)
{
    if (params.fullPrecisionMatrixMult)
        return ActivationGrid::None;
    if (formatId.starts_with("float8"))
        return ActivationGrid::Fp8Tensor;
    if (formatId == "mxfp8" || formatId == "hybrid_mxfp8")
        return ActivationGrid::Mxfp8;
    if (formatId == "nvfp4" || formatId == "svdquant_nvfp4")
        return ActivationGrid::Nvfp4;
    if (formatId == "convrot_w4a4")
        return params.linearDtype == "int8" ? ActivationGrid::Int8Row : ActivationGrid::Int4Row;
    if (formatId == "svdquant_w4a4")
        return ActivationGrid::Int4Group64;
    if (formatId.starts_with("int8") || formatId == "asym_w4a8_int8")
        return ActivationGrid::Int8Row;
    return ActivationGrid::None;
}

double inputScaleRange(std::string_view formatId, const FormatParams& params)
{
    if (params.fullPrecisionMatrixMult)
        return 0; // inputs stay in 16 bits
    if (formatId == "float8_e4m3fn" || formatId == "float8_e5m2")
        return static_cast<double>(kernels::kE4M3Max);
    if (formatId == "nvfp4")
        return static_cast<double>(kernels::kE4M3Max) * static_cast<double>(kernels::kE2M1Max);
    return 0;
}

void roundActivations(ActivationGrid grid, std::span<float> tokens, std::int64_t channels, float inputScale)
{
    const KernelSet& set = kernels::activeKernels();
    const auto width = static_cast<std::size_t>(channels);
    switch (grid) {
    case ActivationGrid::None:
        return;
    case ActivationGrid::Fp8Tensor:
        return roundFp8(set, tokens, inputScale);
    case ActivationGrid::Mxfp8:
        return roundMxfp8(set, tokens, width);
    case ActivationGrid::Nvfp4:
        return roundNvfp4(set, tokens, width, inputScale);
    case ActivationGrid::Int8Row:
        return roundIntegers(set, tokens, width, 127.0f);
    case ActivationGrid::Int4Row:
        return roundIntegers(set, tokens, width, 7.0f);
    case ActivationGrid::Int4Group64:
        return roundIntegers(set, tokens, kInt4Group, 7.0f);
    }
}

} // namespace mantissa
