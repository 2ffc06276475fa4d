// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of one network, read from its checkpoint when they are first used, whatever they are stored as.
#pragma once

#include "engine/torch/prelude.h"

#include "engine/model/model.h"
#include "engine/torch/nn/native_product.h"

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mantissa {

enum class LayerPart { Weight, Bias };

struct WeightOptions {
    at::ScalarType compute = at::kFloat; ///< what weights are converted to
    at::Device device = at::kCPU;
    /// Bytes of converted weights that may stay in memory. Weights beyond it are read again at each use, so
    /// that a network of any size runs: the cost is one reading of the file a step, of which the next weight
    /// is read while this one is computed with. In memory beside the limit: two weights.
    std::uint64_t memoryLimit = ~std::uint64_t{0};
    /// Where set and it returns true, it has filled `dst` with the float rows of a layer, or with its bias,
    /// in place of what the file holds: what a plan makes that is not exported yet. Called with `dst` of the
    /// part's logical size; from the store's thread and from the one that reads ahead.
    std::function<bool(const Layer& layer, LayerPart part, std::span<float> dst)> replace;
};

/// Thread rule: one thread at a time. It reads ahead on a thread of its own, which it waits for.
class WeightStore {
public:
    using Id = std::size_t;

    /// Tensors whose names start with `prefix`, under the rest of their names.
    WeightStore(std::shared_ptr<const Model> model, const std::string& prefix, WeightOptions options);

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
    /// From now on, weights of these kinds are given by useNative(). None at first.
    void multiplyNatively(nn::NativeProducts products) { m_native = products; }
    /// Whether useNative() gives this weight: it is stored so, and neither a plan nor a probe replaces it.
    bool isNative(Id id) const { return nativeScale(id).has_value(); }
    /// A weight as it is stored, on the device; null where it is not native. Valid until the next call.
    const nn::NativeWeight* useNative(Id id);
    /// Gives back the memory of all weights; they are read again when they are used.
    void release();

    const Model& model() const { return *m_model; }
    const WeightOptions& options() const { return m_options; }
    std::uint64_t residentBytes() const { return m_residentBytes; }

private:
    struct Entry {
        std::size_t tensor = 0;
        const Layer* layer = nullptr; ///< whose weight it is
        const Layer* biasOf = nullptr; ///< whose bias it is
        Shape shape;
        at::Tensor resident;
        at::Tensor substitute; ///< where defined, used in place of everything else
        std::optional<nn::NativeWeight> native;
    };
    at::Tensor read(const Entry& entry) const;
    at::Tensor readPlain(std::size_t tensor) const;
    /// The tensor that scales a native weight; none where it is not native.
    std::optional<std::size_t> nativeScale(Id id) const;
    /// The values of a weight that is not kept, from the thread that has read ahead where it has.
    at::Tensor stream(Id id);
    bool fits(std::uint64_t bytes) const { return m_residentBytes + bytes <= m_options.memoryLimit; }

    struct Ahead {
        Id id = 0;
        std::future<at::Tensor> values;
    };

    std::shared_ptr<const Model> m_model;
    WeightOptions m_options;
    std::vector<Entry> m_entries;
    std::unordered_map<std::string, Id> m_ids;
    std::uint64_t m_residentBytes = 0;
    nn::NativeProducts m_native;
    nn::NativeWeight m_passing; ///< the one that useNative() gave last and does not keep
    std::optional<Ahead> m_ahead;
    std::optional<Id> m_streamed; ///< the weight that was streamed last
    std::unordered_map<Id, Id> m_next; ///< which was streamed after which, the last time
};

} // namespace mantissa
