// SPDX-License-Identifier: GPL-3.0-or-later
// The encoders of T5, its version 1.1, UMT5 and ByT5, in the names of HF transformers. Pre-norm transformer
// without biases or attention scale; a table of relative positions is added to the scores. T5 (Raffel et al.,
// arXiv:1910.10683) has the table in its first block, for all; UMT5 one in every block. No mask: padding is
// attended, as image models do.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

#include <cmath>

namespace mantissa {

namespace {

using namespace nn;

constexpr const char* kBiasTable = "layer.0.SelfAttention.relative_attention_bias.weight";

struct T5Settings {
    std::int64_t heads = 0;
    std::int64_t maxDistance = 0; ///< from here on, all positions share a bucket
    double eps = 0;
    TwoLinear::Activation activation = nullptr;
    bool wide = false; ///< in fp16: what the blocks add up is beyond its range, so that is kept in float32
};

/// The bucket of each key's distance for each query, int64 [N, N]: keys before and after have half of the
/// buckets each; in a half, the first half are single distances, the others grow logarithmically.
at::Tensor positionBuckets(
    std::int64_t length, std::int64_t buckets, std::int64_t maxDistance, at::Device device)
{
    const std::int64_t half = buckets / 2, exact = half / 2;
    const at::Tensor index = at::arange(length, at::TensorOptions(at::kLong).device(device));
    const at::Tensor relative = index.unsqueeze(0) - index.unsqueeze(1);
    const at::Tensor distance = relative.abs();
    const at::Tensor steps = (distance.clamp_min(1).to(at::kFloat) / double(exact)).log()
        / std::log(double(maxDistance) / double(exact)) * double(half - exact);
    const at::Tensor far = (steps.to(at::kLong) + exact).clamp_max(half - 1);
    return at::where(distance < exact, distance, far) + (relative > 0).to(at::kLong) * half;
}

class T5Block {
public:
    T5Block(const Scope& scope, const T5Settings& settings)
        : m_scope(scope)
        , m_norm1(scope / "layer.0.layer_norm", settings.eps)
        , m_norm2(scope / "layer.1.layer_norm", settings.eps)
        , m_q(scope / "layer.0.SelfAttention.q")
        , m_k(scope / "layer.0.SelfAttention.k")
        , m_v(scope / "layer.0.SelfAttention.v")
        , m_o(scope / "layer.0.SelfAttention.o")
        , m_down(scope / "layer.1.DenseReluDense.wo")
        , m_settings(settings)
    {
        const Scope dense = scope / "layer.1.DenseReluDense";
        if (dense.has("wi_0.weight"))
            m_gate.emplace(dense / "wi_0");
        m_up.emplace(dense / (m_gate ? "wi_1" : "wi"));
        m_down.keepWide();
        if (scope.has(kBiasTable)) {
            if (scope.dim(kBiasTable, 1) != settings.heads || scope.dim(kBiasTable, 0) < 4)
                raise(ErrorCode::InvalidInput, "{}.{} does not fit {} heads", scope.path(), kBiasTable,
                    settings.heads);
            m_table = scope.load(kBiasTable);
        }
    }

    bool hasBias() const { return m_table.defined(); }
    /// What is added to the scores: [1, heads, N, N].
    at::Tensor bias(std::int64_t length) const
    {
        const at::Tensor buckets
            = positionBuckets(length, m_table.size(0), m_settings.maxDistance, m_table.device());
        return at::embedding(m_table, buckets).permute({2, 0, 1}).unsqueeze(0);
    }

    at::Tensor operator()(at::Tensor x, const at::Tensor& bias) const
    {
        const at::Tensor h = m_norm1(x);
        const std::int64_t heads = m_settings.heads;
        x = x
            + m_o(attention(
                splitHeads(m_q(h), heads), splitHeads(m_k(h), heads), splitHeads(m_v(h), heads), bias, 1.0));
        const at::Tensor g = m_norm2(x);
        const at::Tensor up = (*m_up)(g);
        x = x + m_down(m_gate ? m_settings.activation((*m_gate)(g)) * up : m_settings.activation(up));
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    RmsNorm m_norm1, m_norm2;
    Linear m_q, m_k, m_v, m_o, m_down;
    std::optional<Linear> m_gate, m_up;
    at::Tensor m_table; ///< [buckets, heads]
    T5Settings m_settings;
};

class T5Encoder final : public TextEncoder {
public:
    T5Encoder(const Scope& scope, const T5Settings& settings)
        : m_tokens(scope / (scope.has("shared.weight") ? "shared" : "encoder.embed_tokens"))
        , m_finalNorm(scope / "encoder.final_layer_norm", settings.eps)
        , m_wide(settings.wide)
    {
        const std::int64_t depth = scope.count("encoder.block", "layer.0.SelfAttention.q.weight");
        for (std::int64_t i = 0; i < depth; ++i)
            m_blocks.emplace_back(scope / "encoder.block" / i, settings);
    }

    EncodedText encode(const at::Tensor& ids) override
    {
        requireInput(ids, "ids", {-1, -1});
        at::Tensor x = m_tokens(ids);
        if (m_wide)
            x = x.to(at::kFloat);
        at::Tensor bias;
        for (const T5Block& block : m_blocks) {
            if (block.hasBias())
                bias = block.bias(ids.size(1));
            x = block(x, bias);
        }
        EncodedText text;
        text.last = m_finalNorm(x);
        return text;
    }

    at::Tensor finalNorm(const at::Tensor& hidden) override { return m_finalNorm(hidden); }

private:
    Embedding m_tokens;
    std::vector<T5Block> m_blocks;
    RmsNorm m_finalNorm;
    bool m_wide;
};

} // namespace

Network makeT5Encoder(const Scope& scope, std::string_view)
{
    const Scope first = scope / "encoder.block.0";
    T5Settings t5;
    t5.heads = first.dim(kBiasTable, 1);
    quotient(first.dim("layer.0.SelfAttention.q.weight", 0), t5.heads, fmt::format("{} heads", t5.heads));
    t5.maxDistance = scope.settings().integer({"relative_attention_max_distance"}, 128);
    if (t5.maxDistance <= first.dim(kBiasTable, 0) / 4)
        raise(ErrorCode::InvalidInput,
            "relative_attention_max_distance is {}, less than the table of positions tells apart",
            t5.maxDistance);
    t5.eps = scope.settings().number({"layer_norm_epsilon"}, 1e-6);
    // Version 1.0 has one up projection and ReLU; 1.1 and its successors a gate with the tanh form of GELU.
    const bool gated = first.has("layer.1.DenseReluDense.wi_0.weight");
    const std::string kind = scope.settings().text({"feed_forward_proj"}, gated ? "gated-gelu" : "relu");
    t5.activation = kind.ends_with("gelu") ? geluTanh : [](const at::Tensor& x) { return at::relu(x); };
    t5.wide = scope.context().weights.options().compute == at::kHalf;
    Network network;
    network.textEncoder = std::make_unique<T5Encoder>(scope, t5);
    return network;
}

} // namespace mantissa
