// SPDX-License-Identifier: GPL-3.0-or-later
// What diffusion transformers share: patches of pictures and video, their positions, modulation, and checks
// of inputs.
//
// Shapes: B batch, N tokens, C channels; "spatial" are all dimensions after the first two: rows and columns,
// or frames, rows and columns.
#pragma once

#include "engine/torch/nn/layers.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace mantissa::nn {

/// Raises Usage, naming the input, where it is undefined or has another shape. -1 in `shape` fits every
/// length.
void requireInput(const at::Tensor& value, std::string_view name, std::initializer_list<std::int64_t> shape);
/// whole / part; raises InvalidInput, with `what` ("heads of 128 channels"), where it leaves a rest or part
/// is no length.
std::int64_t quotient(std::int64_t whole, std::int64_t part, std::string_view what);
/// Raises InvalidInput where the widths are no even numbers, or do not make up `headWidth`.
void requireAxes(const std::vector<std::int64_t>& axisWidths, std::int64_t headWidth);
/// A parameter of rows·width numbers, as [rows, width] in the compute dtype. Raises InvalidInput for another
/// size.
at::Tensor loadTable(const Scope& scope, std::string_view name, std::int64_t rows, std::int64_t width);
/// Raises InvalidInput where a matrix or kernel below one of these places has no bias: for families whose
/// every layer has one.
void requireBiases(const Scope& scope, std::initializer_list<std::string_view> places);
/// The first of these places that has a weight; the first of all where none has, so that the error names it.
Scope firstOf(const Scope& scope, std::initializer_list<std::string_view> places);
/// Consecutive indices from 0 of `list` that have any of the tensors: a block that misses one counts, so that
/// its maker names what is missing.
std::int64_t countBlocks(
    const Scope& scope, std::string_view list, std::initializer_list<std::string_view> tensors);
/// A Linear that makes `out` features, a norm over `width` channels; they raise InvalidInput where the file's
/// tensor has another size.
Linear linearTo(const Scope& scope, std::int64_t out);
RmsNorm rmsNormOver(const Scope& scope, std::int64_t width, double eps);
LayerNorm layerNormOver(const Scope& scope, std::int64_t width, double eps); ///< with weight and bias

/// Pads the spatial dimensions of x on their far side to multiples of `patch`, with what is on the near side:
/// ComfyUI pads so (comfy.ldm.common_dit), and what is predicted there is cut off again.
at::Tensor padToPatch(const at::Tensor& x, const std::vector<std::int64_t>& patch);
/// Cuts the spatial dimensions of y to the lengths that those of `x` have.
at::Tensor cutTo(const at::Tensor& y, const at::Tensor& x);
/// How many patches each spatial dimension of x takes.
std::vector<std::int64_t> patchGrid(const at::Tensor& x, const std::vector<std::int64_t>& patch);

enum class PatchOrder { ChannelsFirst, ChannelsLast }; ///< which a patch's numbers are sorted by first
/// [B, C, spatial…] → [B, N, C·Πpatch], patches in row-major order.
at::Tensor cutPatches(const at::Tensor& x, const std::vector<std::int64_t>& patch, PatchOrder order);
/// The inverse: [B, N, C·Πpatch] → [B, C, grid·patch…].
at::Tensor joinPatches(const at::Tensor& tokens, const std::vector<std::int64_t>& grid,
    const std::vector<std::int64_t>& patch, PatchOrder order);

/// Index of every point of a grid on each axis, row-major: float64 [Πgrid, axes].
at::Tensor gridPositions(const std::vector<std::int64_t>& grid, at::Device device);

/// x·(1 + scale) + shift, for x [B, N, C] and one shift and scale [B, C] or [B, 1, C] a sample.
at::Tensor modulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale);

at::Tensor geluTanh(const at::Tensor& x);
/// silu(first half) · second half, of the last dimension.
at::Tensor siluGate(const at::Tensor& x);

/// Linear, activation, Linear: feed-forward layers and the embedders of timesteps and vectors.
class TwoLinear {
public:
    using Activation = at::Tensor (*)(const at::Tensor&);
    /// Its output is shown as that of `place`.
    TwoLinear(const Scope& place, std::string_view first, std::string_view second, Activation activation);
    TwoLinear(const Scope& place, const Scope& first, const Scope& second, Activation activation);
    at::Tensor operator()(const at::Tensor& x) const;
    std::int64_t inFeatures() const { return m_first.inFeatures(); }
    std::int64_t outFeatures() const { return m_second.outFeatures(); }

private:
    Scope m_place;
    Linear m_first, m_second;
    Activation m_activation;
};

/// A convolution whose kernel is its stride: x [B, in, spatial…] → tokens [B, N, out]. Pads as padToPatch().
class PatchEmbedding {
public:
    explicit PatchEmbedding(const Scope& scope);
    at::Tensor operator()(const at::Tensor& x) const;
    const std::vector<std::int64_t>& patch() const { return m_patch; }
    std::int64_t inChannels() const { return m_in; }
    std::int64_t width() const { return m_conv.outChannels(); }

private:
    std::vector<std::int64_t> m_patch;
    std::int64_t m_in;
    Conv m_conv;
};

/// TwoLinear of `out` features; raises InvalidInput where its matrices do not fit that or each other. An
/// activation that halves (siluGate) is for a first matrix of twice what the second takes.
TwoLinear twoLinearTo(const Scope& place, const Scope& first, const Scope& second,
    TwoLinear::Activation activation, std::int64_t out);

/// Norm, modulation and matrix after the last block: `norm_final`, `adaLN_modulation.1` (unless the
/// modulation comes from elsewhere) and `linear`.
class FinalLayer {
public:
    FinalLayer(const Scope& scope, std::int64_t width, bool ownModulation = true);
    std::int64_t outFeatures() const { return m_linear.outFeatures(); }
    /// `vector` [B, C]: what the whole network is conditioned on.
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& vector) const;
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale) const;

private:
    Scope m_scope;
    LayerNorm m_norm;
    std::optional<Linear> m_modulation;
    Linear m_linear;
};

/// Learned positions of a square grid of patches, of which pictures take what is around the centre.
class SquarePositions {
public:
    /// What a picture does that has more rows or columns than the grid.
    enum class Beyond { Refuse, Interpolate };
    SquarePositions(const Scope& scope, std::string_view tensor, std::int64_t width, Beyond beyond);
    /// [rows·columns, width] in the compute dtype. Raises Usage for a grid beyond the table, where that is
    /// refused.
    const at::Tensor& operator()(const std::vector<std::int64_t>& grid);

private:
    Scope m_scope;
    std::string m_tensor;
    std::int64_t m_width, m_side;
    Beyond m_beyond;
    std::vector<std::int64_t> m_grid; ///< of m_positions: one is kept, as a picture's steps all have one size
    at::Tensor m_positions;
};

} // namespace mantissa::nn
