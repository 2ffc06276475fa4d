// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/grids/group_grids.h"

namespace mantissa::formats {

namespace {

/// E4M3 codes of W4A8's scale around the absmax rule's: ratios 0.5 to 1.12 (spec/algorithms 4.1).
constexpr int kW4A8FirstStep = -8, kW4A8LastStep = 1;

/// 0.50 to 1.06 of the absmax scale in steps of 0.02 (spec/algorithms 4.1); an asymmetric grid, which already
/// spans its group, up to 1.
std::vector<float> groupMultipliers(int last)
{
    std::vector<float> factors;
    for (int k = 0; k <= last; ++k)
        factors.push_back(0.50f + 0.02f * static_cast<float>(k));
    return factors;
}
constexpr int kToOne = 25, kPastOne = 28;

GridSpec grouped(MatrixShape shape, std::int64_t group, int lastMultiplier)
{
    GridSpec spec;
    spec.shape = shape;
    spec.groupColumns = group;
    spec.multipliers = groupMultipliers(lastMultiplier);
    return spec;
}

} // namespace

GridSpec levelGrid(MatrixShape shape, std::int64_t group, const std::array<float, 16>& levels)
{
    GridSpec spec = grouped(shape, group, kPastOne);
    spec.values.kind = kernels::GridKind::Levels;
    spec.values.levels = levels;
    return spec;
}

GridSpec int4GroupGrid(MatrixShape shape, std::int64_t group)
{
    GridSpec spec = grouped(shape, group, kToOne);
    spec.values.low = -8;
    spec.values.high = 7;
    spec.asymmetric = true;
    spec.storage = ScaleStorage::BFloat16;
    return spec;
}

GridSpec int4SymmetricGroupGrid(MatrixShape shape, std::int64_t group)
{
    GridSpec spec = grouped(shape, group, kPastOne);
    spec.values.low = -7;
    spec.values.high = 7;
    spec.largest = 7;
    spec.storage = ScaleStorage::BFloat16;
    return spec;
}

GridSpec w4a8Grid(
    MatrixShape shape, std::int64_t group, std::size_t rotation, const std::array<float, 16>& levels)
{
    GridSpec spec = grouped(shape, group, kPastOne);
    spec.values.kind = kernels::GridKind::IntegerLevels;
    spec.values.levels = levels;
    spec.storage = ScaleStorage::E4M3OfRow;
    spec.rotation = rotation;
    spec.firstStep = kW4A8FirstStep;
    spec.lastStep = kW4A8LastStep;
    return spec;
}

} // namespace mantissa::formats
