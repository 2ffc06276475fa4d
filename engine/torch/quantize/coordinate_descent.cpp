// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/blocks.h"
#include "engine/torch/quantize/coordinate_descent.h"
#include "kernels/kernel_set.h"

#include <algorithm>

namespace mantissa::quantize {

namespace {

/// A pass that changes a smaller part of the codes is the last (spec/algorithms 1.5).
constexpr double kFewChanges = 1e-4;

/// Keeps the gradient G = H·(values − weights) up to date. Exactly the cyclic descent, one column after the
/// other; only the updates of columns that are not next wait until their block is done.
class Descent {
public:
    Descent(const at::Tensor& tile, const at::Tensor& values, const HessianFactor& factor,
        const CodeGrid& grid, const GridScales& scales)
        : m_factor(factor)
        , m_grid(grid)
        , m_scales(scales)
        , m_kernels(kernels::activeKernels())
        , m_order(factor.order.const_data_ptr<std::int64_t>())
        , m_columns(tile.size(0))
        , m_rows(tile.size(1))
        , m_values(values)
        , m_gradient(at::mm(factor.hessian, (values - tile).index_select(0, factor.order)))
        , m_changes(at::empty({std::min(kBlock, m_columns), m_rows}, at::kFloat))
    { }

    /// Returns how many codes changed.
    std::int64_t pass()
    {
        std::int64_t changed = 0;
        for (std::int64_t begin = 0; begin < m_columns; begin += kBlock) {
            const std::int64_t count = std::min(kBlock, m_columns - begin);
            at::Tensor ofBlock = m_gradient.narrow(0, begin, count).clone();
            for (std::int64_t first = 0; first < count; first += kSubBlock) {
                const std::int64_t width = std::min(kSubBlock, count - first);
                at::Tensor ofSubBlock = ofBlock.narrow(0, first, width).clone();
                for (std::int64_t i = 0; i < width; ++i)
                    changed += moveColumn(begin + first, i, width, first, ofSubBlock);
                ofBlock.addmm_(m_factor.hessian.narrow(0, begin, count).narrow(1, begin + first, width),
                    m_changes.narrow(0, first, width));
            }
            m_gradient.addmm_(m_factor.hessian.narrow(1, begin, count), m_changes.narrow(0, 0, count));
        }
        return changed;
    }

    /// Σ e·H·eᵀ = Σ e·G.
    double error(const at::Tensor& tile) const
    {
        return (m_values - tile)
            .index_select(0, m_factor.order)
            .mul_(m_gradient)
            .sum(at::kDouble)
            .item<double>();
    }

private:
    std::int64_t moveColumn(std::int64_t subBlock, std::int64_t i, std::int64_t width, std::int64_t changeRow,
        at::Tensor& gradients)
    {
        const std::int64_t column = subBlock + i;
        const float* const hessian = m_factor.hessian.const_data_ptr<float>() + column * m_columns;
        float* const value = m_values.data_ptr<float>() + m_order[column] * m_rows;
        float* const change = m_changes.data_ptr<float>() + (changeRow + i) * m_rows;
        const float* const gradient = gradients.const_data_ptr<float>() + i * m_rows;
        const float step = 1.0f / hessian[column];
        for (std::int64_t r = 0; r < m_rows; ++r)
            change[r] = value[r] - gradient[r] * step;
        m_grid.round(m_scales, m_order[column], change, change);
        std::int64_t changed = 0;
        for (std::int64_t r = 0; r < m_rows; ++r) {
            const float better = change[r];
            change[r] = better - value[r];
            value[r] = better;
            changed += change[r] != 0.0f ? 1 : 0;
        }
        for (std::int64_t next = i + 1; changed != 0 && next < width; ++next)
            m_kernels.addScaled(change, static_cast<std::size_t>(m_rows), hessian[subBlock + next],
                gradients.data_ptr<float>() + next * m_rows);
        return changed;
    }

    const HessianFactor& m_factor;
    const CodeGrid& m_grid;
    const GridScales& m_scales;
    const kernels::KernelSet& m_kernels;
    const std::int64_t* m_order;
    std::int64_t m_columns, m_rows;
    at::Tensor m_values, m_gradient, m_changes;
};

} // namespace

double coordinateDescent(const at::Tensor& tile, const at::Tensor& values, const HessianFactor& factor,
    const CodeGrid& grid, const GridScales& scales, int passes)
{
    Descent descent(tile, values, factor, grid, scales);
    for (int pass = 0; pass < passes; ++pass)
        if (static_cast<double>(descent.pass()) < kFewChanges * static_cast<double>(tile.numel()))
            break;
    return descent.error(tile);
}

} // namespace mantissa::quantize
