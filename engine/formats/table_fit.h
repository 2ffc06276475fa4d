// SPDX-License-Identifier: GPL-3.0-or-later
// Which table of 16 levels asym_w4a8_int8 takes for a layer (spec/quant-formats 3.14): the standard one, or
// one fitted to weights whose distribution has heavier tails than a rotated layer should have.
#pragma once

#include "engine/formats/storage_format.h"

#include <array>
#include <vector>

namespace mantissa::formats {

constexpr std::size_t kTableLevels = 16;

/// The standard table: the values of comfy-kitchen 0.2.40 as spec 3.14 lists them.
constexpr std::array<float, kTableLevels> kGaussianTable{-0.980602f, -0.794529f, -0.638165f, -0.500986f,
    -0.377321f, -0.263187f, -0.155210f, -0.050720f, 0.052541f, 0.156985f, 0.265284f, 0.379533f, 0.502636f,
    0.638953f, 0.794876f, 0.980671f};

/// A sample of the weight, each value divided by the largest magnitude of its group: all rows of a small
/// layer, evenly spaced ones of a large one (comfy-kitchen draws random ones).
class TableSampler {
public:
    explicit TableSampler(MatrixShape shape);

    /// True if one of these rows is in the sample.
    bool wants(std::int64_t firstRow, std::int64_t rowCount) const;
    /// `row` is in the sample, `values` are its normalized columns. May be called from several threads for
    /// different rows.
    void add(std::int64_t row, std::span<const float> values);
    /// The standard table, unless the excess kurtosis of the sample exceeds −0.1: then a Lloyd fit of 25
    /// rounds from the quantiles, on at most 300 000 values.
    std::array<float, kTableLevels> table() const;

private:
    MatrixShape m_shape;
    std::int64_t m_step = 1; ///< every step-th row
    std::vector<float> m_values;
};

/// The Lloyd fit. `sample` is not empty; its order does not matter.
std::array<float, kTableLevels> fitTable(std::vector<float> sample);

} // namespace mantissa::formats
