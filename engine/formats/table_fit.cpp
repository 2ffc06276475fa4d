// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/table_fit.h"

#include <algorithm>
#include <cmath>

namespace mantissa::formats {

namespace {

// comfy-kitchen 0.2.40 (spec 3.14).
constexpr double kKurtosisGate = -0.1;
constexpr std::size_t kFitSample = 300'000;
constexpr int kFitRounds = 25;
constexpr std::int64_t kSample = std::int64_t{1} << 19;

double excessKurtosis(const std::vector<float>& values)
{
    const auto count = static_cast<double>(values.size());
    double sum = 0, squares = 0, fourths = 0;
    for (const float value : values)
        sum += static_cast<double>(value);
    const double mean = sum / count;
    for (const float value : values) {
        const double square = (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
        squares += square;
        fourths += square * square;
    }
    const double deviation = std::sqrt(squares / std::max(1.0, count - 1)) + 1e-9;
    return fourths / count / (deviation * deviation * deviation * deviation) - 3.0;
}

} // namespace

TableSampler::TableSampler(MatrixShape shape)
    : m_shape(shape)
{
    const std::int64_t rows = std::max<std::int64_t>(1, kSample / shape.cols);
    m_step = (shape.rows + rows - 1) / rows;
    const std::int64_t sampled = (shape.rows + m_step - 1) / m_step;
    m_values.resize(static_cast<std::size_t>(sampled * shape.cols));
}

bool TableSampler::wants(std::int64_t firstRow, std::int64_t rowCount) const
{
    return rowCount > 0 && (firstRow + m_step - 1) / m_step * m_step < firstRow + rowCount;
}

void TableSampler::add(std::int64_t row, std::span<const float> values)
{
    float* const to = m_values.data() + static_cast<std::size_t>(row / m_step * m_shape.cols);
    for (std::size_t i = 0; i < values.size(); ++i)
        to[i] = std::isfinite(values[i]) ? values[i] : 0.0f;
}

std::array<float, kTableLevels> TableSampler::table() const
{
    if (!(excessKurtosis(m_values) > kKurtosisGate))
        return kGaussianTable;
    const std::size_t step = (m_values.size() + kFitSample - 1) / kFitSample;
    std::vector<float> sample;
    for (std::size_t i = 0; i < m_values.size(); i += step)
        sample.push_back(m_values[i]);
    return fitTable(std::move(sample));
}

std::array<float, kTableLevels> fitTable(std::vector<float> sample)
{
    std::sort(sample.begin(), sample.end());
    std::vector<double> sums(sample.size() + 1);
    for (std::size_t i = 0; i < sample.size(); ++i)
        sums[i + 1] = sums[i] + static_cast<double>(sample[i]);
    std::array<float, kTableLevels> table{};
    for (std::size_t i = 0; i < kTableLevels; ++i) {
        const double at
            = static_cast<double>(sample.size() - 1) * static_cast<double>(i) / (kTableLevels - 1);
        const auto low = static_cast<std::size_t>(at);
        const std::size_t high = std::min(low + 1, sample.size() - 1);
        const auto share = static_cast<float>(at - static_cast<double>(low));
        table[i] = sample[low] + (sample[high] - sample[low]) * share;
    }
    for (int round = 0; round < kFitRounds; ++round) {
        std::size_t begin = 0;
        auto fitted = table;
        for (std::size_t i = 0; i < kTableLevels; ++i) {
            // Values up to the midpoint belong to the lower level.
            const float midpoint = i + 1 < kTableLevels ? (table[i] + table[i + 1]) / 2.0f : sample.back();
            const auto end = static_cast<std::size_t>(
                std::upper_bound(sample.begin(), sample.end(), midpoint) - sample.begin());
            if (end > begin)
                fitted[i] = static_cast<float>((sums[end] - sums[begin]) / static_cast<double>(end - begin));
            begin = std::max(begin, end);
        }
        table = fitted;
    }
    return table;
}

} // namespace mantissa::formats
