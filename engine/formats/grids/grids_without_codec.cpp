// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/grids/grids_without_codec.h"

namespace mantissa::formats {

namespace {

/// 3.17, the quantiles of QLoRA (arXiv 2305.14314).
constexpr std::array<float, 16> kNf4Levels{-1.0f, -0.6961928f, -0.52507305f, -0.3949175f, -0.28444138f,
    -0.18477343f, -0.091050036f, 0.0f, 0.0795803f, 0.1609302f, 0.2461123f, 0.33791524f, 0.44070983f,
    0.562617f, 0.72295684f, 1.0f};
/// 3.14, the default codebook.
constexpr std::array<float, 16> kW4A8Levels{-0.980602f, -0.794529f, -0.638165f, -0.500986f, -0.377321f,
    -0.263187f, -0.155210f, -0.050720f, 0.052541f, 0.156985f, 0.265284f, 0.379533f, 0.502636f, 0.638953f,
    0.794876f, 0.980671f};

constexpr std::int64_t kGroup = 64, kW4A8Group = 16;
constexpr std::int64_t kPreferredRotation = 256, kSmallerRotation = 64;
/// E4M3 codes of W4A8's scale around the absmax rule's: ratios 0.5 to 1.12 (spec/algorithms 4.1).
constexpr int kW4A8FirstStep = -8, kW4A8LastStep = 1;

/// 0.50 to 1.06 of the absmax scale in steps of 0.02 (spec/algorithms 4.1); an asymmetric grid, which already
/// spans its group, up to 1.
std::vector<float> groupMultipliers(std::size_t count)
{
    std::vector<float> factors(count);
    for (std::size_t k = 0; k < count; ++k)
        factors[k] = 0.50f + 0.02f * static_cast<float>(k);
    return factors;
}
constexpr std::size_t kToOne = 26, kPastOne = 29;

GridSpec grouped(MatrixShape shape, std::int64_t group, std::size_t multipliers)
{
    GridSpec spec;
    spec.shape = shape;
    spec.groupColumns = group;
    spec.multipliers = groupMultipliers(multipliers);
    return spec;
}

} // namespace

GridSpec nf4Grid(MatrixShape shape)
{
    GridSpec spec = grouped(shape, kGroup, kPastOne);
    spec.values.kind = kernels::GridKind::Levels;
    spec.values.levels = kNf4Levels;
    return spec;
}

GridSpec int4GroupGrid(MatrixShape shape)
{
    GridSpec spec = grouped(shape, kGroup, kToOne);
    spec.values.low = -8;
    spec.values.high = 7;
    spec.asymmetric = true;
    return spec;
}

GridSpec int4SymmetricGroupGrid(MatrixShape shape)
{
    GridSpec spec = grouped(shape, kGroup, kPastOne);
    spec.values.low = -7;
    spec.values.high = 7;
    spec.largest = 7;
    return spec;
}

GridSpec w4a8Grid(MatrixShape shape)
{
    GridSpec spec = grouped(shape, kW4A8Group, kPastOne);
    spec.values.kind = kernels::GridKind::IntegerLevels;
    spec.values.levels = kW4A8Levels;
    spec.storage = ScaleStorage::E4M3OfRow;
    spec.rotation = static_cast<std::size_t>(
        shape.cols % kPreferredRotation == 0 ? kPreferredRotation : kSmallerRotation);
    spec.firstStep = kW4A8FirstStep;
    spec.lastStep = kW4A8LastStep;
    return spec;
}

Result<CodeGrid> gridWithoutCodec(std::string_view id, MatrixShape shape)
{
    if (shape.cols % kGroup != 0)
        return fail(ErrorCode::Unsupported, "{} must divide the {} input features", kGroup, shape.cols);
    if (id == "nf4")
        return CodeGrid(nf4Grid(shape), {});
    if (id == "int4")
        return CodeGrid(int4GroupGrid(shape), {});
    if (id == "svdquant_w4a4")
        return CodeGrid(int4SymmetricGroupGrid(shape), {});
    if (id == "asym_w4a8_int8")
        return CodeGrid(w4a8Grid(shape), {});
    return fail(ErrorCode::Unsupported, "no grid is known for the format \"{}\"", id);
}

} // namespace mantissa::formats
