// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/quantize/blocks.h"
#include "engine/torch/quantize/gptq.h"
#include "kernels/kernel_set.h"

#include <algorithm>

namespace mantissa::quantize {

namespace {

/// One run over a tile. In activation order: the weights, the targets they have become, and the errors so
/// far.
class Sweep {
public:
    Sweep(const at::Tensor& tile, const HessianFactor& factor, const CodeGrid& grid, const GridScales& scales)
        : m_factor(factor)
        , m_grid(grid)
        , m_scales(scales)
        , m_kernels(kernels::activeKernels())
        , m_order(factor.order.const_data_ptr<std::int64_t>())
        , m_columns(tile.size(0))
        , m_rows(tile.size(1))
        , m_weights(tile.index_select(0, factor.order))
        , m_targets(m_weights.clone())
        , m_errors(at::empty_like(m_weights))
        , m_values(at::empty_like(m_weights))
    { }

    at::Tensor run()
    {
        for (std::int64_t begin = 0; begin < m_columns; begin += kBlock) {
            const std::int64_t end = std::min(begin + kBlock, m_columns);
            for (std::int64_t first = begin; first < end; first += kSubBlock) {
                const std::int64_t last = std::min(first + kSubBlock, end);
                for (std::int64_t column = first; column < last; ++column)
                    roundColumn(column, last);
                passOn(first, last, end);
            }
            passOn(begin, end, m_columns);
        }
        return m_values;
    }

private:
    static float* row(at::Tensor& matrix, std::int64_t index)
    {
        return matrix.data_ptr<float>() + index * matrix.size(1);
    }

    void roundColumn(std::int64_t column, std::int64_t last)
    {
        const float* const target = row(m_targets, column);
        const float* const weight = row(m_weights, column);
        float* const value = row(m_values, m_order[column]);
        float* const error = row(m_errors, column);
        m_grid.round(m_scales, m_order[column], target, value);
        for (std::int64_t r = 0; r < m_rows; ++r)
            error[r] = value[r] - weight[r];
        const float* const feedback = m_factor.feedback.const_data_ptr<float>() + column * m_columns;
        for (std::int64_t next = column + 1; next < last; ++next)
            m_kernels.addScaled(
                error, static_cast<std::size_t>(m_rows), -feedback[next], row(m_targets, next));
    }

    /// Takes the errors of columns [begin, end) out of the targets of [end, last).
    void passOn(std::int64_t begin, std::int64_t end, std::int64_t last)
    {
        if (end == last)
            return;
        const at::Tensor feedback
            = m_factor.feedback.narrow(0, begin, end - begin).narrow(1, end, last - end);
        m_targets.narrow(0, end, last - end)
            .addmm_(feedback.t(), m_errors.narrow(0, begin, end - begin), 1, -1);
    }

    const HessianFactor& m_factor;
    const CodeGrid& m_grid;
    const GridScales& m_scales;
    const kernels::KernelSet& m_kernels;
    const std::int64_t* m_order;
    std::int64_t m_columns, m_rows;
    at::Tensor m_weights, m_targets, m_errors;
    at::Tensor m_values; ///< natural order
};

} // namespace

at::Tensor gptq(
    const at::Tensor& tile, const HessianFactor& factor, const CodeGrid& grid, const GridScales& scales)
{
    return Sweep(tile, factor, grid, scales).run();
}

} // namespace mantissa::quantize
