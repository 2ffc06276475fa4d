// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of one network, read from its checkpoint when they are first used, whatever they are stored as.
#pragma once

#include "engine/torch/prelude.h"

#include "engine/model/model.h"
#include "engine/torch/nn/integer_product.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mantissa {

struct WeightOptions {
    at::ScalarType compute = at::kFloat; ///< what weights are converted to
    at::Device device = at::kCPU;
    /// Bytes of converted weights that may stay in memory. Weights beyond it are read again at each use, so
    /// that a network of any size runs: the cost is one reading of the file a step.
    std::uint64_t memoryLimit = ~std::uint64_t{0};
    /// Where set and it returns true, it has filled `dst` with the float rows of a layer in place of what the
    /// file holds: the weights of a plan that is not exported yet. Called with `dst` of the layer's logical
    /// size.
    std::function<bool(const Layer& layer, std::span<float> dst)> replace;
};

/// Thread rule: one thread at a time.
class WeightStore {
public:
    using Id = std::size_t;

    /// Tensors whose names start with `prefix`, under the rest of their names.
    WeightStore(std::shared_ptr<const Model> model, std::string prefix, WeightOptions options);

    /// All tensors, in no order.
    const std::unordered_map<std::string, Id>& names() const { return m_ids; }
    bool has(std::string_view name) const { return m_ids.contains(std::string(name)); }
    /// Raises InvalidInput, naming the tensor, where there is none.
    Id find(std::string_view name) const;
    /// The logical shape: what the network multiplies with, whatever the storage.
    const Shape& shape(Id id) const { return m_entries[id].shape; }
    /// Null for tensors that are no layer's weight.
    const Layer* layer(Id id) const { return m_entries[id].layer; }
    /// The tensor in the compute dtype on the device; integers keep their dtype.
    at::Tensor use(Id id);
    /// The tensor in float32, on the device, whatever the compute dtype; read now and not kept.
    at::Tensor readFloat(Id id) const;
    /// Puts other values in the place of one tensor until it is called again with none (an undefined tensor);
    /// for probes. `values`: float32 of its logical shape.
    void substitute(Id id, const at::Tensor& values);
    /// The codes and scales of a layer that is stored as int8_tensorwise; null for others, and where a plan
    /// or a probe replaces it.
    const nn::IntegerWeight* useInteger(Id id);

    const Model& model() const { return *m_model; }
    const WeightOptions& options() const { return m_options; }
    std::uint64_t residentBytes() const { return m_residentBytes; }

private:
    struct Entry {
        std::size_t tensor = 0;
        const Layer* layer = nullptr;
        Shape shape;
        at::Tensor resident;
        at::Tensor substitute; ///< where defined, used in place of everything else
        std::optional<nn::IntegerWeight> integer;
    };
    at::Tensor read(const Entry& entry) const;
    at::Tensor readPlain(std::size_t tensor) const;

    std::shared_ptr<const Model> m_model;
    WeightOptions m_options;
    std::vector<Entry> m_entries;
    std::unordered_map<std::string, Id> m_ids;
    std::uint64_t m_residentBytes = 0;
};

} // namespace mantissa
