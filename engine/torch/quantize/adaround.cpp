// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/quantize/adaround.h"

#include <algorithm>
#include <cmath>

namespace mantissa::quantize {

namespace {

/// The paper's stretched sigmoid: h = clamp(1.2·σ(v) − 0.1, 0, 1).
constexpr double kStretch = 1.2, kShift = -0.1;
/// β falls from 10 to 2, and the penalty's weight rises to that of a weight's share of the loss. The paper's
/// 20 to 2 and 0.01 need its 10,000 steps; these do in hundreds.
constexpr double kFirstBeta = 10.0, kLastBeta = 2.0, kPenalty = 1.0;
constexpr double kRate = 0.05, kFirstMoment = 0.9, kSecondMoment = 0.999, kTiny = 1e-12;
/// Offsets grow from 2^-12 to 2^4 times the weight's magnitude: past any gap between values.
constexpr int kDoublings = 17;
constexpr double kFirstOffset = 0x1p-12;

at::Tensor rowsOf(const float* values, std::int64_t rows)
{
    return viewOf({values, static_cast<std::size_t>(rows)}, 1).squeeze(0);
}

/// What one unit of a grid is in weights, for the rows of a column.
at::Tensor unitOf(const CodeGrid& grid, const GridScales& scales, std::int64_t column)
{
    at::Tensor scale = rowsOf(scales.scaleOf(column), scales.rows);
    if (grid.spec().values.kind != kernels::GridKind::IntegerLevels)
        return scale;
    return scale * rowsOf(scales.secondOf(column), scales.rows);
}

} // namespace

at::Tensor otherNeighbour(
    const at::Tensor& tile, const at::Tensor& nearest, const CodeGrid& grid, const GridScales& scales)
{
    // An offset that doubles from a small one cannot jump over the neighbour: it is at most twice the
    // distance to the middle between the two values when it first leaves the nearest one.
    const at::Tensor side = at::where(nearest <= tile, 1.0f, -1.0f);
    at::Tensor unit = at::empty_like(tile);
    for (std::int64_t c = 0; c < tile.size(0); ++c)
        unit[c].copy_(unitOf(grid, scales, c));
    at::Tensor offset = (tile.abs() + unit) * kFirstOffset, other = nearest.clone();
    for (int i = 0; i < kDoublings; ++i) {
        const at::Tensor candidate = roundTile(tile + side * offset, grid, scales);
        other = at::where(other == nearest, candidate, other);
        offset = offset * 2;
    }
    return other;
}

at::Tensor adaRound(const at::Tensor& tile, const HessianFactor& factor, const CodeGrid& grid,
    const GridScales& scales, int steps, const std::function<bool()>& cancelled)
{
    at::Tensor plain = roundTile(tile, grid, scales);
    const auto ordered = [&](const at::Tensor& matrix) { return matrix.index_select(0, factor.order); };
    const at::Tensor weight = ordered(tile), nearest = ordered(plain);
    const at::Tensor gap = ordered(otherNeighbour(tile, plain, grid, scales)) - nearest;
    const at::Tensor fraction
        = at::where(gap != 0, (weight - nearest) / gap, at::zeros_like(gap)).clamp(0.01, 0.99);
    at::Tensor v = at::logit((fraction - kShift) / kStretch);
    at::Tensor first = at::zeros_like(v), second = at::zeros_like(v);
    const double start = outputError(nearest - weight, factor.hessian);
    const double unit = std::max(start / static_cast<double>(v.numel()), kTiny);
    for (int step = 1; step <= steps; ++step) {
        if (cancelled())
            raise(ErrorCode::Cancelled, "cancelled");
        const at::Tensor sigmoid = at::sigmoid(v);
        const at::Tensor h = (sigmoid * kStretch + kShift).clamp(0.0, 1.0);
        at::Tensor gradient = at::mm(factor.hessian, nearest + h * gap - weight).mul_(gap).mul_(2.0 / unit);
        const double progress = static_cast<double>(step) / steps;
        const double beta = kFirstBeta + (kLastBeta - kFirstBeta) * progress;
        const at::Tensor centred = h * 2 - 1;
        gradient.sub_(centred.abs().pow(beta - 1).mul_(centred.sign()).mul_(2 * beta * kPenalty * progress));
        gradient.mul_(sigmoid * (1 - sigmoid) * kStretch);
        first.mul_(kFirstMoment).add_(gradient, 1 - kFirstMoment);
        second.mul_(kSecondMoment).addcmul_(gradient, gradient, 1 - kSecondMoment);
        const at::Tensor scale = (second / (1 - std::pow(kSecondMoment, step))).sqrt_().add_(kTiny);
        v.sub_(first / scale, kRate / (1 - std::pow(kFirstMoment, step)));
    }
    const at::Tensor learned = at::where(v > 0, nearest + gap, nearest);
    if (outputError(learned - weight, factor.hessian) >= start)
        return plain;
    at::Tensor natural = at::empty_like(plain);
    natural.index_copy_(0, factor.order, learned);
    return roundTile(natural, grid, scales); // nearest + gap may miss the value by its last bit
}

} // namespace mantissa::quantize
