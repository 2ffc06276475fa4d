// SPDX-License-Identifier: GPL-3.0-or-later
// What all modules of one running network share: its weights, and whoever watches it run.
#pragma once

#include "engine/torch/settings.h"
#include "engine/torch/weight_store.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mantissa {

/// Sees what modules return, by their path below the network ("blocks.0.attn"), in the order of the
/// computation.
class TapSink {
public:
    virtual ~TapSink() = default;
    virtual bool wants(std::string_view module) const = 0;
    virtual void take(std::string_view module, std::span<const at::Tensor> outputs) = 0;
};

/// Sees the input of every Linear and convolution before it is multiplied; a value that it returns takes the
/// input's place (simulated activation quantization). Calibration and sensitivity analysis are observers.
class LayerObserver {
public:
    virtual ~LayerObserver() = default;
    virtual at::Tensor input(std::string_view layer, const at::Tensor& x) = 0;
    /// What a Linear layer made of that input; a value that it returns takes its place.
    virtual at::Tensor output(std::string_view /*layer*/, const at::Tensor& y) { return y; }
};

struct NetworkContext {
    NetworkContext(const std::shared_ptr<const Model>& model, const std::string& prefix,
        std::string_view component, WeightOptions options)
        : weights(model, prefix, std::move(options))
        , settings(*model, component)
    { }
    WeightStore weights;
    Settings settings;
    TapSink* taps = nullptr;
    LayerObserver* observer = nullptr;
};

/// A place in a network: a path and the tensors below it. Modules are made from scopes and hold no reference
/// cycles.
class Scope {
public:
    explicit Scope(std::shared_ptr<NetworkContext> context, std::string path = {})
        : m_context(std::move(context))
        , m_path(std::move(path))
    { }
    Scope operator/(std::string_view child) const;
    Scope operator/(std::int64_t index) const { return *this / std::to_string(index); }

    const std::string& path() const { return m_path; }
    NetworkContext& context() const { return *m_context; }
    const std::shared_ptr<NetworkContext>& shared() const { return m_context; }
    const Settings& settings() const { return m_context->settings; }

    /// Whether a tensor of this name is here ("weight", "attn.to_q.weight").
    bool has(std::string_view tensor) const;
    /// Its logical shape; raises InvalidInput where it is missing.
    const Shape& shape(std::string_view tensor) const;
    /// One dimension of it; raises InvalidInput where it has fewer.
    std::int64_t dim(std::string_view tensor, std::size_t dimension) const;
    /// Its values in the compute dtype, from the file now; for small parameters.
    at::Tensor load(std::string_view tensor) const;
    /// As load(), but in float32 whatever the compute dtype: frequencies of rotations lose too much in 16
    /// bits.
    at::Tensor loadFloat(std::string_view tensor) const;
    /// Consecutive indices from 0 that have `marker` below them: `scope.count("blocks", "attn.qkv.weight")`.
    std::int64_t count(std::string_view list, std::string_view marker) const;

    /// Whether any tensor is below this place ("vector_in").
    bool hasBelow(std::string_view place) const;
    /// One more than the highest index below `list` that any tensor has, so that what is missing from a block
    /// in between is an error and not a shorter network.
    std::int64_t depth(std::string_view list) const;
    /// Raises InvalidInput for the first of these tensors that is missing.
    void require(std::initializer_list<std::string_view> tensors) const;

    /// Whether somebody wants to see what the module of this path returns.
    bool tapped() const;
    /// Shows an output to the tap sink, if there is one.
    void tap(const at::Tensor& output) const;
    void tap(std::initializer_list<at::Tensor> outputs) const;

private:
    std::string full(std::string_view tensor) const;
    std::shared_ptr<NetworkContext> m_context;
    std::string m_path;
};

} // namespace mantissa
