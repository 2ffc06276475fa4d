// SPDX-License-Identifier: GPL-3.0-or-later
// The text towers of CLIP: OpenAI's CLIP-L and OpenCLIP's H and G, in the names of HF transformers or of
// OpenCLIP. Pre-norm transformer with a causal mask; the pooled state is taken at the first position of the
// highest id, which is the end of text in every CLIP vocabulary.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

#include <limits>

namespace mantissa {

namespace {

using namespace nn;

struct ClipSettings {
    std::int64_t heads = 0;
    bool quickGelu = false;
};

/// q, k and v apart (HF) or fused in one matrix (OpenCLIP).
class SelfAttention {
public:
    SelfAttention(const Scope& scope, const ClipSettings& settings)
        : m_scope(scope)
        , m_out(scope / "out_proj")
        , m_heads(settings.heads)
    {
        if (scope.has("in_proj_weight")) {
            m_in.emplace_back(scope, "in_proj_weight", "in_proj_bias");
        } else {
            for (const char* name : {"q_proj", "k_proj", "v_proj"})
                m_in.emplace_back(scope / name);
        }
    }

    at::Tensor operator()(const at::Tensor& x, const at::Tensor& mask) const
    {
        std::vector<at::Tensor> qkv;
        if (m_in.size() == 1)
            qkv = m_in[0](x).chunk(3, -1);
        else
            qkv = {m_in[0](x), m_in[1](x), m_in[2](x)};
        for (at::Tensor& part : qkv)
            part = splitHeads(part, m_heads);
        at::Tensor y = m_out(attention(qkv[0], qkv[1], qkv[2], mask));
        if (m_scope.tapped()) {
            // The fused kernel does not show the probabilities, so whoever watches gets them computed for
            // him.
            const double scale = 1.0 / std::sqrt(double(qkv[0].size(-1)));
            const at::Tensor scores = at::matmul(qkv[0] * scale, qkv[1].transpose(-1, -2)) + mask;
            m_scope.tap({y, scores.softmax(-1)});
        }
        return y;
    }

private:
    Scope m_scope;
    std::vector<Linear> m_in;
    Linear m_out;
    std::int64_t m_heads;
};

struct ClipNames {
    const char *norm1, *norm2, *attention, *up, *down;
};
constexpr ClipNames kHfNames{"layer_norm1", "layer_norm2", "self_attn", "mlp.fc1", "mlp.fc2"};
constexpr ClipNames kOpenClipNames{"ln_1", "ln_2", "attn", "mlp.c_fc", "mlp.c_proj"};

class ClipLayer {
public:
    ClipLayer(const Scope& scope, const ClipNames& names, const ClipSettings& settings)
        : m_scope(scope)
        , m_norm1(scope / names.norm1)
        , m_norm2(scope / names.norm2)
        , m_attention(scope / names.attention, settings)
        , m_up(scope / names.up)
        , m_down(scope / names.down)
        , m_quickGelu(settings.quickGelu)
    { }
    at::Tensor operator()(at::Tensor x, const at::Tensor& mask) const
    {
        x = x + m_attention(m_norm1(x), mask);
        const at::Tensor h = m_up(m_norm2(x));
        x = x + m_down(m_quickGelu ? quickGelu(h) : at::gelu(h));
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    LayerNorm m_norm1, m_norm2;
    SelfAttention m_attention;
    Linear m_up, m_down;
    bool m_quickGelu;
};

/// Where the parts are, in either naming.
struct ClipPlaces {
    Scope tokens, layers, finalNorm;
    std::string positions; ///< name of the position table, below `root`
    Scope root;
    const ClipNames* names;
};

ClipPlaces findPlaces(const Scope& scope)
{
    if (scope.has("token_embedding.weight"))
        return {scope / "token_embedding", scope / "transformer.resblocks", scope / "ln_final",
            "positional_embedding", scope, &kOpenClipNames};
    // Old SD 1 files lack the text_model level.
    const Scope text
        = scope.has("text_model.embeddings.token_embedding.weight") ? scope / "text_model" : scope;
    return {text / "embeddings.token_embedding", text / "encoder.layers", text / "final_layer_norm",
        "embeddings.position_embedding.weight", text, &kHfNames};
}

class ClipText final : public TextEncoder {
public:
    ClipText(const Scope& scope, const ClipPlaces& places, const ClipSettings& settings)
        : m_scope(scope)
        , m_tokens(places.tokens)
        , m_positions(places.root.load(places.positions))
        , m_finalNorm(places.finalNorm)
    {
        const std::string marker = std::string(places.names->norm1) + ".weight";
        while (places.layers.has(std::to_string(m_layers.size()) + "." + marker))
            m_layers.emplace_back(
                places.layers / static_cast<std::int64_t>(m_layers.size()), *places.names, settings);
        if (m_layers.empty())
            raise(ErrorCode::InvalidInput, "the text encoder has no layers");
        if (scope.has("text_projection.weight"))
            m_projection.emplace(scope / "text_projection");
        else if (scope.has("text_projection"))
            m_projectionMatrix = scope.load("text_projection");
    }

    EncodedText encode(const at::Tensor& ids) override
    {
        const std::int64_t length = ids.size(1);
        if (length > m_positions.size(0))
            raise(ErrorCode::Usage, "{} tokens are too many for a text encoder of {} positions", length,
                m_positions.size(0));
        at::Tensor x = m_tokens(ids) + m_positions.slice(0, 0, length);
        const at::Tensor mask
            = at::full({length, length}, -std::numeric_limits<float>::infinity(), x.options()).triu(1);
        EncodedText text;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            if (i + 1 == m_layers.size())
                text.penultimate = x;
            x = m_layers[i](x, mask);
        }
        text.last = m_finalNorm(x);
        const at::Tensor rows = at::arange(ids.size(0), ids.options());
        text.pooled = text.last.index({rows, ids.argmax(-1)});
        if (m_projection)
            text.projected = (*m_projection)(text.pooled);
        else if (m_projectionMatrix.defined())
            text.projected = at::matmul(text.pooled, m_projectionMatrix);
        return text;
    }

    at::Tensor finalNorm(const at::Tensor& hidden) override { return m_finalNorm(hidden); }

private:
    Scope m_scope;
    Embedding m_tokens;
    at::Tensor m_positions;
    std::vector<ClipLayer> m_layers;
    LayerNorm m_finalNorm;
    std::optional<Linear> m_projection;
    at::Tensor m_projectionMatrix; ///< OpenCLIP's [width, projection], multiplied from the right
};

} // namespace

Network makeClipText(const Scope& scope, std::string_view id)
{
    const ClipPlaces places = findPlaces(scope);
    const std::int64_t width = places.tokens.dim("weight", 1);
    ClipSettings settings;
    settings.heads = scope.settings().integer(
        {"clip_heads", "num_attention_heads"}, std::max<std::int64_t>(1, width / 64));
    settings.quickGelu
        = scope.settings().text({"clip_act", "hidden_act"}, id == "clip_l" ? "quick_gelu" : "gelu")
        == "quick_gelu";
    Network network;
    network.textEncoder = std::make_unique<ClipText>(scope, places, settings);
    return network;
}

} // namespace mantissa
