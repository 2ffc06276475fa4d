// SPDX-License-Identifier: GPL-3.0-or-later
// The layers that networks are built of. Each is made from the scope that holds its tensors and takes its
// sizes from their shapes. Linear and Conv are the one seam for quantization: the weight may be stored in any
// format, observers see the input, and products may run in the stored format.
//
// Shapes: B batch, N tokens, C channels. Thread rule: one thread at a time, as for the network.
#pragma once

#include "engine/torch/nn/network_context.h"

#include <optional>
#include <vector>

namespace mantissa::nn {

class Linear {
public:
    explicit Linear(const Scope& scope);
    /// For matrices whose tensors have names of their own ("in_proj_weight").
    Linear(const Scope& scope, std::string_view weight, std::string_view bias);
    /// [..., in] → [..., out].
    at::Tensor operator()(const at::Tensor& x) const;
    std::int64_t inFeatures() const { return m_in; }
    std::int64_t outFeatures() const { return m_out; }
    /// Multiplies in float32 where the network runs in fp16: for layers whose results are beyond fp16's
    /// range.
    void keepWide() { m_wide = true; }

private:
    Scope m_scope;
    WeightStore::Id m_weight;
    std::optional<WeightStore::Id> m_bias;
    std::int64_t m_in = 0, m_out = 0;
    bool m_wide = false;
};

struct ConvShape {
    std::int64_t stride = 1;
    std::int64_t padding = -1; ///< -1: half the kernel, so that the size stays
};

/// Two or three spatial dimensions, by the weight's shape.
class Conv {
public:
    explicit Conv(const Scope& scope, ConvShape shape = {});
    /// For kernels with a stride or padding of their own in each dimension.
    Conv(const Scope& scope, std::vector<std::int64_t> stride, std::vector<std::int64_t> padding);
    /// [B, in, spatial…] → [B, out, spatial…].
    at::Tensor operator()(const at::Tensor& x) const;
    std::int64_t outChannels() const { return m_out; }

private:
    Scope m_scope;
    WeightStore::Id m_weight;
    std::optional<WeightStore::Id> m_bias;
    std::vector<std::int64_t> m_stride, m_padding;
    std::int64_t m_out = 0;
};

/// Affine where the scope has a weight; over the last dimension.
class LayerNorm {
public:
    explicit LayerNorm(const Scope& scope, double eps = 1e-5);
    at::Tensor operator()(const at::Tensor& x) const;

private:
    Scope m_scope;
    std::optional<WeightStore::Id> m_weight, m_bias;
    double m_eps;
};

/// Root-mean-square norm over the last dimension, in float32; the weight is `weight` or `scale`.
class RmsNorm {
public:
    explicit RmsNorm(const Scope& scope, double eps = 1e-6);
    at::Tensor operator()(const at::Tensor& x) const;

private:
    Scope m_scope;
    WeightStore::Id m_weight;
    double m_eps;
};

class GroupNorm {
public:
    GroupNorm(const Scope& scope, std::int64_t groups, double eps);
    at::Tensor operator()(const at::Tensor& x) const;

private:
    Scope m_scope;
    WeightStore::Id m_weight, m_bias;
    std::int64_t m_groups;
    double m_eps;
};

class Embedding {
public:
    explicit Embedding(const Scope& scope);
    /// int64 [B, N] → [B, N, C]. Raises Usage for an id outside of the table.
    at::Tensor operator()(const at::Tensor& ids) const;

private:
    Scope m_scope;
    WeightStore::Id m_weight;
};

} // namespace mantissa::nn
