// SPDX-License-Identifier: GPL-3.0-or-later
// Computations without weights that several families share.
#pragma once

#include "engine/torch/prelude.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace mantissa::nn {

/// Sinusoidal embedding of `t` [B] (float32) in `width` channels: cos half, then sin half (or sin first),
/// frequencies maxPeriod^(-i/half). Returns float32 [B, width]. `scale` multiplies the angles after all else,
/// as diffusers does: with angles of hundreds, the order shows in float32's last digits.
at::Tensor timestepEmbedding(const at::Tensor& t, std::int64_t width, double maxPeriod = 10000.0,
    bool sinFirst = false, double scale = 1.0);

/// Softmax attention of q, k, v [B, heads, N, head width] with scale 1/√width unless another is given; `mask`
/// is added to the scores where it is defined. Returns [B, N, heads·width].
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
    const at::Tensor& mask = {}, std::optional<double> scale = {});

/// x divided by the root mean square of its last dimension, computed in float32.
at::Tensor rmsNormalize(const at::Tensor& x, double eps);

/// [B, N, heads·width] → [B, heads, N, width], and back.
at::Tensor splitHeads(const at::Tensor& x, std::int64_t heads);
at::Tensor mergeHeads(const at::Tensor& x);

/// Rotations for positions on several axes, as FLUX and its relatives embed them: `positions` [N, axes] (or
/// [B, N, axes]) float, `axisWidths` the share of the head width of each axis (even numbers). Returns cos and
/// sin, stacked in front: float32 [2, N, width/2] (or [2, B, 1, N, width/2]).
at::Tensor rotaryTable(
    const at::Tensor& positions, const std::vector<std::int64_t>& axisWidths, double theta);
/// Turns adjacent pairs (2i, 2i+1) of the last dimension of x [B, heads, N, width] by the table.
at::Tensor rotatePairs(const at::Tensor& x, const at::Tensor& table);

/// The tensors of `text` [B, C, H, W] cut into p×p patches: [B, H/p·W/p, C·p·p], channels slowest (c, row,
/// column).
at::Tensor patchify(const at::Tensor& x, std::int64_t p);
/// The inverse: [B, rows·columns, C·p·p] → [B, C, rows·p, columns·p].
at::Tensor unpatchify(const at::Tensor& x, std::int64_t p, std::int64_t rows, std::int64_t columns);

/// [B, C, T, H, W] → [B·T, C, H, W], and back to `batch` videos: for what looks at each frame alone.
at::Tensor toFrames(const at::Tensor& x);
at::Tensor fromFrames(const at::Tensor& frames, std::int64_t batch);

/// One number for each channel [C], in the shape and the options that x [B, C, …] takes.
at::Tensor perChannel(const at::Tensor& values, const at::Tensor& x);

/// x·sigmoid(1.702·x), the approximation that OpenAI's CLIP was trained with.
at::Tensor quickGelu(const at::Tensor& x);

} // namespace mantissa::nn
