// SPDX-License-Identifier: GPL-3.0-or-later
// Lumina Image 2 (arXiv:2503.21758) and Z-Image (arXiv:2511.22699) in the names of their authors' files: one
// stream of text and picture, after refiners of their own; sandwich norms and tanh gates. Z-Image pads both
// to whole multiples with learned tokens, scales time, and modulates without SiLU.
//
// x [B, 16, H, W]; timestep: sigma [B], of which 1 − sigma is embedded; context [B, N, width]. The prediction
// is negated, so that what is returned is the velocity as other flow models give it.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

namespace mantissa {

namespace {

using namespace nn;

/// Of query and key norms, which are made without one: torch then takes float32's epsilon.
constexpr double kHeadNormEps = 1.1920928955078125e-07;

struct Lumina2Settings {
    std::int64_t width = 0, heads = 0, keyHeads = 0, headWidth = 0;
    std::int64_t patch = 0;
    std::vector<std::int64_t> axes;
    double theta = 0, eps = 0;
    double timeScale = 0;
    std::int64_t padMultiple = 0; ///< of text and picture tokens; 0: no padding
};

/// Queries may have more heads than keys and values; each of those then serves several.
class GroupedAttention {
public:
    GroupedAttention(const Scope& scope, const Lumina2Settings& settings)
        : m_qkv(scope / "qkv")
        , m_out(scope / "out")
        , m_settings(settings)
    {
        if (scope.has("q_norm.weight") || scope.has("k_norm.weight")) {
            m_qNorm.emplace(scope / "q_norm", kHeadNormEps);
            m_kNorm.emplace(scope / "k_norm", kHeadNormEps);
        }
    }
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& rotation) const
    {
        const std::int64_t keyWidth = m_settings.keyHeads * m_settings.headWidth;
        const auto parts
            = m_qkv(x).split_with_sizes({m_settings.heads * m_settings.headWidth, keyWidth, keyWidth}, -1);
        at::Tensor q = splitHeads(parts[0], m_settings.heads);
        at::Tensor k = splitHeads(parts[1], m_settings.keyHeads),
                   v = splitHeads(parts[2], m_settings.keyHeads);
        if (m_qNorm) {
            q = (*m_qNorm)(q);
            k = (*m_kNorm)(k);
        }
        q = rotatePairs(q, rotation);
        k = rotatePairs(k, rotation);
        if (const std::int64_t each = m_settings.heads / m_settings.keyHeads; each > 1) {
            k = k.repeat_interleave(each, 1);
            v = v.repeat_interleave(each, 1);
        }
        return m_out(attention(q, k, v));
    }

private:
    Linear m_qkv, m_out;
    std::optional<RmsNorm> m_qNorm, m_kNorm;
    Lumina2Settings m_settings;
};

class Block {
public:
    Block(const Scope& scope, const Lumina2Settings& settings, bool modulated)
        : m_scope(scope)
        , m_attention(scope / "attention", settings)
        , m_gate(scope / "feed_forward.w1")
        , m_down(scope / "feed_forward.w2")
        , m_up(scope / "feed_forward.w3")
        , m_attentionNorm1(scope / "attention_norm1", settings.eps)
        , m_attentionNorm2(scope / "attention_norm2", settings.eps)
        , m_ffnNorm1(scope / "ffn_norm1", settings.eps)
        , m_ffnNorm2(scope / "ffn_norm2", settings.eps)
    {
        if (!modulated)
            return;
        // The index tells whether a SiLU comes before the matrix.
        m_silu = !scope.has("adaLN_modulation.0.weight");
        const Scope modulation = scope / (m_silu ? "adaLN_modulation.1" : "adaLN_modulation.0");
        modulation.require({"bias"});
        m_modulation.emplace(modulation);
    }

    /// `t` [B, width of the time embedding]; not read by blocks without modulation.
    at::Tensor operator()(at::Tensor x, const at::Tensor& t, const at::Tensor& rotation) const
    {
        if (m_modulation) {
            const auto part = (*m_modulation)(m_silu ? at::silu(t) : t).unsqueeze(1).chunk(4, -1);
            x = x
                + part[1].tanh()
                    * m_attentionNorm2(m_attention(m_attentionNorm1(x) * (part[0] + 1), rotation));
            x = x + part[3].tanh() * m_ffnNorm2(feedForward(m_ffnNorm1(x) * (part[2] + 1)));
        } else {
            x = x + m_attentionNorm2(m_attention(m_attentionNorm1(x), rotation));
            x = x + m_ffnNorm2(feedForward(m_ffnNorm1(x)));
        }
        m_scope.tap(x);
        return x;
    }

private:
    at::Tensor feedForward(const at::Tensor& x) const { return m_down(at::silu(m_gate(x)) * m_up(x)); }

    Scope m_scope;
    GroupedAttention m_attention;
    Linear m_gate, m_down, m_up;
    RmsNorm m_attentionNorm1, m_attentionNorm2, m_ffnNorm1, m_ffnNorm2;
    std::optional<Linear> m_modulation;
    bool m_silu = true;
};

std::vector<Block> makeBlocks(
    const Scope& scope, std::string_view list, const Lumina2Settings& settings, bool modulated)
{
    std::vector<Block> blocks;
    for (std::int64_t i = 0, n = scope.depth(list); i < n; ++i)
        blocks.emplace_back(scope / list / i, settings, modulated);
    return blocks;
}

at::Tensor runBlocks(
    const std::vector<Block>& blocks, at::Tensor x, const at::Tensor& t, const at::Tensor& rotation)
{
    for (const Block& block : blocks)
        x = block(x, t, rotation);
    return x;
}

/// Tokens with their positions on the axes text, row and column.
struct Stream {
    at::Tensor tokens; ///< [B, N, width]
    at::Tensor positions; ///< [N, 3]
};

class Lumina2 final : public DenoisingNetwork {
public:
    Lumina2(const Scope& scope, const Lumina2Settings& settings)
        : m_scope(scope)
        , m_settings(settings)
        , m_x(scope / "x_embedder")
        , m_time(scope / "t_embedder", "mlp.0", "mlp.2", at::silu)
        , m_textNorm(scope / "cap_embedder.0", settings.eps)
        , m_text(scope / "cap_embedder.1")
        , m_textRefiner(makeBlocks(scope, "context_refiner", settings, false))
        , m_imageRefiner(makeBlocks(scope, "noise_refiner", settings, true))
        , m_layers(makeBlocks(scope, "layers", settings, true))
        , m_finalNorm(scope / "final_layer.norm_final", 1e-6)
        , m_finalModulation(scope / "final_layer.adaLN_modulation.1")
        , m_final(scope / "final_layer.linear")
        , m_channels(quotient(m_x.inFeatures(), settings.patch * settings.patch, "the pixels of a patch"))
    {
        scope.require({"x_embedder.bias", "t_embedder.mlp.0.bias", "t_embedder.mlp.2.bias",
            "cap_embedder.1.bias", "final_layer.adaLN_modulation.1.bias", "final_layer.linear.bias"});
        if (settings.padMultiple > 0) {
            m_imagePad = loadTable(scope, "x_pad_token", 1, settings.width);
            m_textPad = loadTable(scope, "cap_pad_token", 1, settings.width);
        }
    }

    LatentForm latentForm() const override { return {m_channels}; }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_channels, -1, -1});
        requireInput(input.timestep, "timestep", {input.x.size(0)});
        requireInput(input.context, "context", {input.x.size(0), -1, m_text.inFeatures()});
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        const at::Tensor t = m_time(timestepEmbedding(
            (1 - input.timestep.to(at::kFloat)) * m_settings.timeScale, m_time.inFeatures()));

        Stream text = textStream(m_text(m_textNorm(input.context.to(compute))));
        const std::int64_t textLength = text.tokens.size(1);
        const std::vector<std::int64_t> patch{m_settings.patch, m_settings.patch};
        const std::vector<std::int64_t> grid = patchGrid(input.x, patch);
        Stream image = imageStream(
            m_x(cutPatches(padToPatch(input.x, patch), patch, PatchOrder::ChannelsLast)), grid, textLength);

        const at::Tensor textRotation = rotation(text.positions), imageRotation = rotation(image.positions);
        text.tokens = runBlocks(m_textRefiner, text.tokens, t, textRotation);
        image.tokens = runBlocks(m_imageRefiner, image.tokens, t, imageRotation);
        at::Tensor x = runBlocks(
            m_layers, at::cat({text.tokens, image.tokens}, 1), t, at::cat({textRotation, imageRotation}, 1));
        x = x.slice(1, textLength, textLength + grid[0] * grid[1]);
        x = m_final(m_finalNorm(x) * (m_finalModulation(at::silu(t)).unsqueeze(1) + 1));
        return -cutTo(joinPatches(x, grid, patch, PatchOrder::ChannelsLast), input.x);
    }

private:
    at::Tensor rotation(const at::Tensor& positions) const
    {
        return rotaryTable(positions, m_settings.axes, m_settings.theta);
    }

    /// Learned tokens behind `tokens`, up to a whole multiple.
    at::Tensor padded(const at::Tensor& tokens, const at::Tensor& token) const
    {
        if (m_settings.padMultiple == 0)
            return tokens;
        const std::int64_t rest = tokens.size(1) % m_settings.padMultiple;
        if (rest == 0)
            return tokens;
        return at::cat(
            {tokens, token.unsqueeze(0).expand({tokens.size(0), m_settings.padMultiple - rest, -1})}, 1);
    }

    Stream textStream(const at::Tensor& tokens) const
    {
        Stream text{padded(tokens, m_textPad), {}};
        const at::Tensor index
            = at::arange(1, text.tokens.size(1) + 1, at::TensorOptions(at::kDouble).device(tokens.device()));
        text.positions = at::stack({index, at::zeros_like(index), at::zeros_like(index)}, -1);
        return text;
    }

    /// The picture is one step behind the text; its padding has position 0 on every axis.
    Stream imageStream(
        const at::Tensor& tokens, const std::vector<std::int64_t>& grid, std::int64_t textLength) const
    {
        Stream image{padded(tokens, m_imagePad), {}};
        const at::Tensor points
            = at::constant_pad_nd(gridPositions(grid, tokens.device()), {1, 0}, double(textLength + 1));
        image.positions = at::constant_pad_nd(points, {0, 0, 0, image.tokens.size(1) - points.size(0)});
        return image;
    }

    Scope m_scope;
    Lumina2Settings m_settings;
    Linear m_x;
    TwoLinear m_time;
    RmsNorm m_textNorm;
    Linear m_text;
    std::vector<Block> m_textRefiner, m_imageRefiner, m_layers;
    LayerNorm m_finalNorm;
    Linear m_finalModulation, m_final;
    std::int64_t m_channels;
    at::Tensor m_imagePad, m_textPad; ///< [1, width]
};

} // namespace

Network makeLumina2(const Scope& scope, std::string_view id)
{
    if (scope.has("clip_text_pooled_proj.0.weight"))
        raise(ErrorCode::Unsupported, "NewBie networks, with their second text encoder, cannot be run yet");
    const Settings& settings = scope.settings();
    const bool zImage = id == "z_image";
    const Scope attention = scope / "layers.0.attention";
    Lumina2Settings lumina;
    lumina.width = scope.dim("x_embedder.weight", 0);
    lumina.headWidth = attention.has("q_norm.weight")
        ? attention.dim("q_norm.weight", 0)
        : quotient(
            lumina.width, settings.integer({"n_heads", "num_attention_heads"}, zImage ? 30 : 24), "heads");
    const std::string heads = fmt::format("heads of {} channels", lumina.headWidth);
    lumina.heads = quotient(attention.dim("out.weight", 1), lumina.headWidth, heads);
    lumina.keyHeads = quotient(
        attention.dim("qkv.weight", 0) - lumina.heads * lumina.headWidth, 2 * lumina.headWidth, heads);
    quotient(lumina.heads, lumina.keyHeads, fmt::format("groups for {} heads of keys", lumina.keyHeads));
    lumina.patch = settings.integer({"patch_size"}, 2);
    if (lumina.patch < 1 || lumina.patch > 64)
        raise(ErrorCode::InvalidInput, "patches of {} pixels a side", lumina.patch);
    lumina.axes = settings.integers({"axes_dims", "axes_dim_rope"},
        zImage ? std::vector<std::int64_t>{32, 48, 48} : std::vector<std::int64_t>{32, 32, 32});
    if (lumina.axes.size() != 3)
        raise(ErrorCode::InvalidInput, "{} rotary axes in place of 3", lumina.axes.size());
    requireAxes(lumina.axes, lumina.headWidth);
    lumina.theta = settings.number({"rope_theta"}, zImage ? 256.0 : 10000.0);
    lumina.eps = settings.number({"norm_eps"}, 1e-5);
    lumina.timeScale = settings.number({"time_scale", "t_scale"}, zImage ? 1000.0 : 1.0);
    lumina.padMultiple = scope.has("x_pad_token") || scope.has("cap_pad_token")
        ? settings.integer({"pad_tokens_multiple"}, 32)
        : 0;
    Network network;
    network.denoiser = std::make_unique<Lumina2>(scope, lumina);
    return network;
}

} // namespace mantissa
