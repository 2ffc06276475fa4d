// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/layers.h"

#include "engine/torch/failure.h"
#include "engine/torch/nn/functions.h"

#include <algorithm>

namespace mantissa::nn {

namespace {

WeightStore::Id idOf(const Scope& scope, std::string_view tensor)
{
    const std::string name
        = scope.path().empty() ? std::string(tensor) : scope.path() + "." + std::string(tensor);
    return scope.context().weights.find(name);
}

std::optional<WeightStore::Id> idIfThere(const Scope& scope, std::string_view tensor)
{
    if (!scope.has(tensor))
        return std::nullopt;
    return idOf(scope, tensor);
}

at::Tensor valueIfThere(const Scope& scope, const std::optional<WeightStore::Id>& id)
{
    return id ? scope.context().weights.use(*id) : at::Tensor();
}

/// A vector of one number for each of `length` channels, as norms and biases have.
void requireVector(const Scope& scope, const std::optional<WeightStore::Id>& id, std::int64_t length)
{
    if (!id)
        return;
    const Shape& shape = scope.context().weights.shape(*id);
    if (shape.size() != 1 || shape[0] != length)
        raise(ErrorCode::InvalidInput,
            "a norm or bias of {} does not have one number for each of {} channels", scope.path(), length);
}

/// What the layer multiplies: what the observer makes of the input, in the compute dtype.
at::Tensor seenInput(const Scope& scope, const at::Tensor& x)
{
    NetworkContext& context = scope.context();
    const at::Tensor input = context.observer ? context.observer->input(scope.path(), x) : x;
    return input.to(context.weights.options().compute);
}

/// What the observer makes of a Linear layer's output; the taps see it too.
at::Tensor shownOutput(const Scope& scope, at::Tensor y)
{
    if (LayerObserver* const observer = scope.context().observer)
        y = observer->output(scope.path(), y);
    scope.tap(y);
    return y;
}

} // namespace

Linear::Linear(const Scope& scope)
    : Linear(scope, "weight", "bias")
{ }

Linear::Linear(const Scope& scope, std::string_view weight, std::string_view bias)
    : m_scope(scope)
    , m_weight(idOf(scope, weight))
    , m_bias(idIfThere(scope, bias))
    , m_in(scope.dim(weight, 1))
    , m_out(scope.dim(weight, 0))
{
    const Shape& dims = scope.shape(weight);
    if (!std::all_of(dims.begin() + 2, dims.end(), [](std::int64_t length) { return length == 1; }))
        raise(
            ErrorCode::InvalidInput, "{} has {} dimensions, and must be a matrix", scope.path(), dims.size());
    if (m_in < 1 || m_out < 1)
        raise(ErrorCode::InvalidInput, "{} is a matrix of {} by {}", scope.path(), m_out, m_in);
    requireVector(scope, m_bias, m_out);
}

at::Tensor Linear::operator()(const at::Tensor& x) const
{
    const at::Tensor input = seenInput(m_scope, x);
    if (input.size(-1) != m_in)
        raise(ErrorCode::InvalidInput, "{} takes {} features, and gets {}", m_scope.path(), m_in,
            input.size(-1));
    if (const NativeWeight* native = m_scope.context().weights.useNative(m_weight))
        return shownOutput(m_scope, nativeLinear(input, *native, valueIfThere(m_scope, m_bias)));
    at::Tensor weight = m_scope.context().weights.use(m_weight);
    if (weight.dim() > 2) // a 1×1 convolution used as a matrix
        weight = weight.reshape({m_out, m_in});
    at::Tensor bias = valueIfThere(m_scope, m_bias);
    if (m_wide && weight.scalar_type() == at::kHalf) {
        weight = weight.to(at::kFloat);
        bias = bias.defined() ? bias.to(at::kFloat) : bias;
    }
    return shownOutput(m_scope, at::linear(input.to(weight.scalar_type()), weight, bias));
}

Conv::Conv(const Scope& scope, ConvShape shape)
    : m_scope(scope)
    , m_weight(idOf(scope, "weight"))
    , m_bias(idIfThere(scope, "bias"))
    , m_out(scope.dim("weight", 0))
{
    requireVector(scope, m_bias, m_out);
    const Shape& dims = scope.shape("weight");
    for (std::size_t i = 2; i < dims.size(); ++i) {
        m_stride.push_back(shape.stride);
        m_padding.push_back(shape.padding < 0 ? dims[i] / 2 : shape.padding);
    }
}

Conv::Conv(const Scope& scope, std::vector<std::int64_t> stride, std::vector<std::int64_t> padding)
    : m_scope(scope)
    , m_weight(idOf(scope, "weight"))
    , m_bias(idIfThere(scope, "bias"))
    , m_stride(std::move(stride))
    , m_padding(std::move(padding))
    , m_out(scope.dim("weight", 0))
{
    requireVector(scope, m_bias, m_out);
}

at::Tensor Conv::operator()(const at::Tensor& x) const
{
    const at::Tensor input = seenInput(m_scope, x);
    at::Tensor weight = m_scope.context().weights.use(m_weight);
    const at::Tensor bias = valueIfThere(m_scope, m_bias);
    const std::vector<std::int64_t> ones(m_stride.size(), 1), zeros(m_stride.size(), 0);
    at::Tensor y = at::convolution(input, weight, bias, m_stride, m_padding, ones, false, zeros, 1);
    m_scope.tap(y);
    return y;
}

LayerNorm::LayerNorm(const Scope& scope, double eps)
    : m_scope(scope)
    , m_weight(idIfThere(scope, "weight"))
    , m_bias(idIfThere(scope, "bias"))
    , m_eps(eps)
{ }

at::Tensor LayerNorm::operator()(const at::Tensor& x) const
{
    requireVector(m_scope, m_weight, x.size(-1));
    requireVector(m_scope, m_bias, x.size(-1));
    return at::layer_norm(
        x, {x.size(-1)}, valueIfThere(m_scope, m_weight), valueIfThere(m_scope, m_bias), m_eps);
}

RmsNorm::RmsNorm(const Scope& scope, double eps)
    : m_scope(scope)
    , m_weight(idOf(scope, scope.has("weight") ? "weight" : "scale"))
    , m_eps(eps)
{ }

at::Tensor RmsNorm::operator()(const at::Tensor& x) const
{
    requireVector(m_scope, m_weight, x.size(-1));
    return rmsNormalize(x, m_eps) * m_scope.context().weights.use(m_weight);
}

GroupNorm::GroupNorm(const Scope& scope, std::int64_t groups, double eps)
    : m_scope(scope)
    , m_weight(idOf(scope, "weight"))
    , m_bias(idOf(scope, "bias"))
    , m_groups(groups)
    , m_eps(eps)
{
    const std::int64_t channels = scope.dim("weight", 0);
    requireVector(scope, m_weight, channels);
    requireVector(scope, m_bias, channels);
    if (groups < 1 || channels % groups != 0)
        throw Failure(Error{ErrorCode::InvalidInput,
            sentence("{} groups do not divide the {} channels of {}", groups, channels, scope.path()),
            scope.path(), "a reduced model says its groups in the metadata (config: norm_groups)"});
}

at::Tensor GroupNorm::operator()(const at::Tensor& x) const
{
    return at::group_norm(
        x, m_groups, m_scope.context().weights.use(m_weight), m_scope.context().weights.use(m_bias), m_eps);
}

Embedding::Embedding(const Scope& scope)
    : m_scope(scope)
    , m_weight(idOf(scope, "weight"))
{ }

at::Tensor Embedding::operator()(const at::Tensor& ids) const
{
    const at::Tensor table = m_scope.context().weights.use(m_weight);
    if (ids.numel() > 0
        && (ids.min().item<std::int64_t>() < 0 || ids.max().item<std::int64_t>() >= table.size(0)))
        raise(ErrorCode::Usage, "a token id is outside of {}, which has {} rows", m_scope.path(),
            table.size(0));
    return at::embedding(table, ids);
}

} // namespace mantissa::nn
