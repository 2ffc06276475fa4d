// SPDX-License-Identifier: GPL-3.0-or-later
// AuraFlow (fal, 2024) in the names of its authors' files: a few double layers and many single ones, without
// biases; what a layer's attention adds goes through its feed-forward layer only.
//
// x [B, 4, H, W]; timestep: sigma [B], multiplied by 1000 inside; context [B, N, width] of Pile-T5.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"
#include "engine/torch/nn/functions.h"

#include <cmath>

namespace mantissa {

namespace {

using namespace nn;

/// Cos half, then sin half. As timestepEmbedding(), but with frequencies that are multiplied by 1000 before
/// the times are: the two differ in float32's last digits, and angles of hundreds show them.
at::Tensor timeSinusoids(const at::Tensor& t, std::int64_t width)
{
    const std::int64_t half = width / 2;
    const at::Tensor frequencies = at::exp(at::arange(half, at::TensorOptions(at::kFloat).device(t.device()))
                                       * (-std::log(10000.0) / double(half)))
        * 1000;
    const at::Tensor angles = t.to(at::kFloat).unsqueeze(-1) * frequencies;
    return at::cat({angles.cos(), angles.sin()}, -1);
}

struct AuraSettings {
    std::int64_t width = 0, heads = 0, patch = 0;
};

/// Queries, keys, values and output of text ("1") or picture ("2"). The norms of queries and keys have no
/// weights.
class Projections {
public:
    Projections(const Scope& scope, const std::string& side, const AuraSettings& settings)
        : m_q(linearTo(scope / ("w" + side + "q"), settings.width))
        , m_k(linearTo(scope / ("w" + side + "k"), settings.width))
        , m_v(linearTo(scope / ("w" + side + "v"), settings.width))
        , m_o(linearTo(scope / ("w" + side + "o"), settings.width))
        , m_qNorm(scope / ("q_norm" + side))
        , m_kNorm(scope / ("k_norm" + side))
        , m_heads(settings.heads)
    { }
    flux::Heads heads(const at::Tensor& x) const
    {
        return {m_qNorm(splitHeads(m_q(x), m_heads)), m_kNorm(splitHeads(m_k(x), m_heads)),
            splitHeads(m_v(x), m_heads)};
    }
    at::Tensor project(const at::Tensor& attended) const { return m_o(attended); }

private:
    Linear m_q, m_k, m_v, m_o;
    LayerNorm m_qNorm, m_kNorm;
    std::int64_t m_heads;
};

/// Norms, modulation and feed-forward layer around attention, of text, picture or both in one sequence.
class Side {
public:
    /// `suffix` ends the names of all of them: "C", "X", or none, where the modulation is "CX".
    Side(const Scope& scope, const std::string& suffix, const AuraSettings& settings)
        : m_norm1(scope / ("norm" + suffix + "1"))
        , m_norm2(scope / ("norm" + suffix + "2"))
        , m_modulation(scope / ("mod" + (suffix.empty() ? "CX" : suffix)), settings.width, 2)
        , m_gate(scope / ("mlp" + suffix) / "c_fc1")
        , m_up(linearTo(scope / ("mlp" + suffix) / "c_fc2", m_gate.outFeatures()))
        , m_down(linearTo(scope / ("mlp" + suffix) / "c_proj", settings.width))
    { }
    flux::Modulations modulation(const at::Tensor& vector) const { return m_modulation(vector); }
    at::Tensor attentionInput(const at::Tensor& x, const flux::Modulations& parts) const
    {
        return modulate(m_norm1(x), parts[0].shift, parts[0].scale);
    }
    at::Tensor finish(const at::Tensor& x, const at::Tensor& attended, const flux::Modulations& parts) const
    {
        const at::Tensor y = modulate(m_norm2(x + parts[0].gate * attended), parts[1].shift, parts[1].scale);
        return x + parts[1].gate * m_down(at::silu(m_gate(y)) * m_up(y));
    }

private:
    LayerNorm m_norm1, m_norm2;
    flux::ModulationLayer m_modulation;
    Linear m_gate, m_up, m_down;
};

class DoubleLayer {
public:
    DoubleLayer(const Scope& scope, const AuraSettings& settings)
        : m_scope(scope)
        , m_textAttention(scope / "attn", "1", settings)
        , m_imageAttention(scope / "attn", "2", settings)
        , m_text(scope, "C", settings)
        , m_image(scope, "X", settings)
    { }
    void operator()(at::Tensor& text, at::Tensor& image, const at::Tensor& vector) const
    {
        const auto textParts = m_text.modulation(vector), imageParts = m_image.modulation(vector);
        const flux::Heads t = m_textAttention.heads(m_text.attentionInput(text, textParts));
        const flux::Heads i = m_imageAttention.heads(m_image.attentionInput(image, imageParts));
        const at::Tensor y
            = attention(at::cat({t.q, i.q}, 2), at::cat({t.k, i.k}, 2), at::cat({t.v, i.v}, 2));
        const std::int64_t length = text.size(1);
        text = m_text.finish(text, m_textAttention.project(y.slice(1, 0, length)), textParts);
        image = m_image.finish(image, m_imageAttention.project(y.slice(1, length)), imageParts);
        m_scope.tap({text, image});
    }

private:
    Scope m_scope;
    Projections m_textAttention, m_imageAttention;
    Side m_text, m_image;
};

class SingleLayer {
public:
    SingleLayer(const Scope& scope, const AuraSettings& settings)
        : m_scope(scope)
        , m_attention(scope / "attn", "1", settings)
        , m_side(scope, "", settings)
    { }
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& vector) const
    {
        const auto parts = m_side.modulation(vector);
        const flux::Heads h = m_attention.heads(m_side.attentionInput(x, parts));
        at::Tensor y = m_side.finish(x, m_attention.project(attention(h.q, h.k, h.v)), parts);
        m_scope.tap(y);
        return y;
    }

private:
    Scope m_scope;
    Projections m_attention;
    Side m_side;
};

class AuraFlow final : public DenoisingNetwork {
public:
    AuraFlow(const Scope& scope, const AuraSettings& settings)
        : m_patch{settings.patch, settings.patch}
        , m_x(linearTo(scope / "init_x_linear", settings.width))
        , m_text(linearTo(scope / "cond_seq_linear", settings.width))
        , m_positions(scope, "positional_encoding", settings.width, SquarePositions::Beyond::Interpolate)
        , m_registers(loadTable(scope, "register_tokens", scope.dim("register_tokens", 1), settings.width))
        , m_time(flux::makeEmbedder(scope / "t_embedder", scope.dim("t_embedder.mlp.2.weight", 0)))
        , m_finalModulation(linearTo(scope / "modF.1", 2 * settings.width))
        , m_final(scope / "final_linear")
        , m_channels(quotient(m_x.inFeatures(), settings.patch * settings.patch, "the numbers of a patch"))
    {
        quotient(m_final.outFeatures(), settings.patch * settings.patch, "the numbers of a patch");
        const std::int64_t doubles
            = countBlocks(scope, "double_layers", {"attn.w1q.weight", "attn.w2q.weight", "modC.1.weight"});
        for (std::int64_t i = 0; i < doubles; ++i)
            m_double.emplace_back(scope / "double_layers" / i, settings);
        const std::int64_t singles
            = countBlocks(scope, "single_layers", {"attn.w1q.weight", "modCX.1.weight"});
        for (std::int64_t i = 0; i < singles; ++i)
            m_single.emplace_back(scope / "single_layers" / i, settings);
    }

    LatentForm latentForm() const override { return {m_channels}; }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_channels, -1, -1});
        const std::int64_t batch = input.x.size(0);
        requireInput(input.timestep, "timestep", {batch});
        requireInput(input.context, "context", {batch, -1, m_text.inFeatures()});
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_patch);
        at::Tensor image = m_x(cutPatches(padToPatch(input.x, m_patch), m_patch, PatchOrder::ChannelsFirst))
            + m_positions(grid);
        at::Tensor text
            = at::cat({m_registers.unsqueeze(0).expand({batch, -1, -1}), m_text(input.context)}, 1);
        const at::Tensor vector = m_time(timeSinusoids(input.timestep, m_time.inFeatures()));
        for (const DoubleLayer& layer : m_double)
            layer(text, image, vector);
        at::Tensor both = at::cat({text, image}, 1);
        for (const SingleLayer& layer : m_single)
            both = layer(both, vector);
        const auto part = m_finalModulation(at::silu(vector)).chunk(2, -1);
        const at::Tensor y = m_final(modulate(both.slice(1, text.size(1)), part[0], part[1]));
        return cutTo(joinPatches(y, grid, m_patch, PatchOrder::ChannelsLast), input.x);
    }

private:
    std::vector<std::int64_t> m_patch;
    Linear m_x, m_text;
    SquarePositions m_positions;
    at::Tensor m_registers; ///< [tokens, width], in front of the text
    TwoLinear m_time;
    std::vector<DoubleLayer> m_double;
    std::vector<SingleLayer> m_single;
    Linear m_finalModulation, m_final;
    std::int64_t m_channels;
};

} // namespace

Network makeAuraFlow(const Scope& scope, std::string_view)
{
    AuraSettings aura;
    aura.width = scope.dim("init_x_linear.weight", 0);
    // The published network has heads of 256 channels.
    aura.heads = scope.settings().integer(
        {"n_heads", "num_attention_heads"}, std::max<std::int64_t>(1, aura.width / 256));
    quotient(aura.width, aura.heads, fmt::format("{} heads", aura.heads));
    aura.patch = scope.settings().integer({"patch_size"}, 2);
    if (aura.patch < 1 || aura.patch > 64)
        raise(ErrorCode::InvalidInput, "patches of {0}×{0} are none", aura.patch);
    Network network;
    network.denoiser = std::make_unique<AuraFlow>(scope, aura);
    return network;
}

} // namespace mantissa
