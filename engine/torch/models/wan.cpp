// SPDX-License-Identifier: GPL-3.0-or-later
// WAN 2.1 and 2.2 (arXiv:2503.20314) in the names of their authors' files: text to video, image to video with
// and without picture tokens, and the 5B model.
//
// x [B, C, T, H, W], whose channels include the mask and picture of image to video; timestep: 1000·sigma [B];
// context [B, N, width]; y: CLIP's picture tokens [B, 257, width], for networks that have img_emb, and may be
// undefined. The result has the channels of the noise: those of x for text to video.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

namespace mantissa {

namespace {

using namespace nn;

struct WanSettings {
    std::int64_t width = 0, heads = 0;
    double eps = 0;
    bool crossNorm = true; ///< norm3, before cross attention
};

/// Cos half, then sin half. As timestepEmbedding(), but with frequencies that are powers: the two differ in
/// float32's last digits, and times of 1000·sigma multiply that.
at::Tensor timeSinusoids(const at::Tensor& t, std::int64_t width)
{
    const std::int64_t half = width / 2;
    const at::Tensor exponents
        = at::arange(half, at::TensorOptions(at::kFloat).device(t.device())) / double(half);
    const at::Tensor angles = t.to(at::kFloat).unsqueeze(-1) * at::pow(at::Scalar(10000.0), exponents.neg());
    return at::cat({angles.cos(), angles.sin()}, -1);
}

/// The query and key norms span all heads. Without `rotation`, nothing is turned (cross attention).
class Attention {
public:
    Attention(const Scope& scope, const WanSettings& settings)
        : m_scope(scope)
        , m_q(scope / "q")
        , m_k(scope / "k")
        , m_v(scope / "v")
        , m_o(scope / "o")
        , m_heads(settings.heads)
    {
        if (scope.has("norm_q.weight") || scope.has("norm_k.weight")) {
            m_qNorm.emplace(scope / "norm_q", settings.eps);
            m_kNorm.emplace(scope / "norm_k", settings.eps);
        }
        if (scope.has("k_img.weight")) {
            m_imageK.emplace(scope / "k_img");
            m_imageV.emplace(scope / "v_img");
            if (scope.has("norm_k_img.weight"))
                m_imageKNorm.emplace(scope / "norm_k_img", settings.eps);
        }
    }

    at::Tensor self(const at::Tensor& x, const at::Tensor& rotation) const
    {
        const at::Tensor q = rotatePairs(query(x), rotation), k = rotatePairs(key(x, m_k, m_kNorm), rotation);
        return m_o(attention(q, k, splitHeads(m_v(x), m_heads)));
    }

    /// `image` may be undefined; else its attention is added to that of the text.
    at::Tensor cross(const at::Tensor& x, const at::Tensor& text, const at::Tensor& image) const
    {
        const at::Tensor q = query(x);
        at::Tensor y = attention(q, key(text, m_k, m_kNorm), splitHeads(m_v(text), m_heads));
        if (image.defined() && m_imageK)
            y = y
                + attention(q, key(image, *m_imageK, m_imageKNorm), splitHeads((*m_imageV)(image), m_heads));
        return m_o(y);
    }

private:
    at::Tensor query(const at::Tensor& x) const
    {
        const at::Tensor q = m_q(x);
        return splitHeads(m_qNorm ? (*m_qNorm)(q) : q, m_heads);
    }
    at::Tensor key(const at::Tensor& x, const Linear& matrix, const std::optional<RmsNorm>& norm) const
    {
        const at::Tensor k = matrix(x);
        return splitHeads(norm ? (*norm)(k) : k, m_heads);
    }

    Scope m_scope;
    Linear m_q, m_k, m_v, m_o;
    std::optional<Linear> m_imageK, m_imageV;
    std::optional<RmsNorm> m_qNorm, m_kNorm, m_imageKNorm;
    std::int64_t m_heads;
};

class Block {
public:
    Block(const Scope& scope, const WanSettings& settings)
        : m_scope(scope)
        , m_norm1(scope / "norm1", settings.eps)
        , m_norm2(scope / "norm2", settings.eps)
        , m_self(scope / "self_attn", settings)
        , m_cross(scope / "cross_attn", settings)
        , m_ffn(scope / "ffn", "0", "2", geluTanh)
        , m_modulation(loadTable(scope, "modulation", 6, settings.width))
    {
        if (settings.crossNorm) {
            scope.require({"norm3.weight", "norm3.bias"});
            m_norm3.emplace(scope / "norm3", settings.eps);
        }
    }

    /// `t` [B, 6, C].
    at::Tensor operator()(at::Tensor x, const at::Tensor& t, const at::Tensor& text, const at::Tensor& image,
        const at::Tensor& rotation) const
    {
        const auto part = (m_modulation.unsqueeze(0) + t).chunk(6, 1);
        x = x + part[2] * m_self.self(modulate(m_norm1(x), part[0], part[1]), rotation);
        x = x + m_cross.cross(m_norm3 ? (*m_norm3)(x) : x, text, image);
        x = x + part[5] * m_ffn(modulate(m_norm2(x), part[3], part[4]));
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    LayerNorm m_norm1, m_norm2;
    std::optional<LayerNorm> m_norm3;
    Attention m_self, m_cross;
    TwoLinear m_ffn;
    at::Tensor m_modulation;
};

/// CLIP's picture tokens in the network's width: norm, two layers, norm.
class ImageEmbedding {
public:
    explicit ImageEmbedding(const Scope& scope)
        : m_norm1(scope / "proj.0")
        , m_mlp(scope / "proj", "1", "3", [](const at::Tensor& x) { return at::gelu(x); })
        , m_norm2(scope / "proj.4")
    {
        if (scope.has("emb_pos"))
            m_positions = loadTable(scope, "emb_pos", scope.dim("emb_pos", 1), m_mlp.inFeatures());
    }
    std::int64_t inFeatures() const { return m_mlp.inFeatures(); }
    at::Tensor operator()(at::Tensor x) const
    {
        // Of first and last frame, one after the other.
        if (m_positions.defined()) {
            const std::int64_t length = std::min(x.size(1), m_positions.size(0));
            x = x.slice(1, 0, length) + m_positions.slice(0, 0, length);
        }
        return m_norm2(m_mlp(m_norm1(x)));
    }

private:
    LayerNorm m_norm1;
    TwoLinear m_mlp;
    LayerNorm m_norm2;
    at::Tensor m_positions; ///< [tokens of both pictures, width]
};

class Wan final : public DenoisingNetwork {
public:
    Wan(const Scope& scope, const WanSettings& settings)
        : m_scope(scope)
        , m_settings(settings)
        , m_x(scope / "patch_embedding")
        , m_text(scope / "text_embedding", "0", "2", geluTanh)
        , m_time(scope / "time_embedding", "0", "2", at::silu)
        , m_timeProjection(scope / "time_projection.1")
        , m_headNorm(scope / "head.norm", settings.eps)
        , m_head(scope / "head.head")
        , m_headModulation(loadTable(scope, "head.modulation", 2, settings.width))
    {
        if (m_x.patch().size() != 3 || m_x.width() != settings.width)
            raise(ErrorCode::InvalidInput, "patch_embedding does not make tokens of {} channels from video",
                settings.width);
        requireBiases(scope,
            {"blocks", "patch_embedding", "text_embedding", "time_embedding", "time_projection", "img_emb",
                "head"});
        if (scope.hasBelow("img_emb"))
            m_image.emplace(scope / "img_emb");
        for (std::int64_t i = 0, n = scope.depth("blocks"); i < n; ++i) {
            const Scope block = scope / "blocks" / i;
            if (m_image)
                block.require({"cross_attn.k_img.weight", "cross_attn.v_img.weight"});
            m_blocks.emplace_back(block, settings);
        }
    }

    LatentForm latentForm() const override
    {
        const auto& patch = m_x.patch();
        const std::int64_t out
            = quotient(m_head.outFeatures(), patch[0] * patch[1] * patch[2], "the numbers of a patch");
        return {out, m_x.inChannels() - out, true};
    }

    at::Tensor forward(const DenoiserInput& input) override
    {
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        const std::int64_t batch = input.x.defined() ? input.x.size(0) : -1;
        requireInput(input.x, "x", {-1, m_x.inChannels(), -1, -1, -1});
        requireInput(input.timestep, "timestep", {batch});
        requireInput(input.context, "context", {batch, -1, m_text.inFeatures()});
        const at::Tensor t = m_time(timeSinusoids(input.timestep, m_time.inFeatures()));
        const at::Tensor parts = m_timeProjection(at::silu(t));
        (m_scope / "time_projection").tap(parts);
        const at::Tensor text = m_text(input.context);
        at::Tensor image;
        if (m_image && input.y.defined()) {
            requireInput(input.y, "y", {batch, -1, m_image->inFeatures()});
            image = (*m_image)(input.y.to(compute));
        }
        at::Tensor x = m_x(input.x);
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_x.patch());
        const at::Tensor rotation = rotaryTable(gridPositions(grid, x.device()), axes(), 10000.0);
        for (const Block& block : m_blocks)
            x = block(x, parts.unflatten(-1, {6, m_settings.width}), text, image, rotation);
        const auto shiftScale = (m_headModulation.unsqueeze(0) + t.unsqueeze(1)).chunk(2, 1);
        x = m_head(modulate(m_headNorm(x), shiftScale[0], shiftScale[1]));
        (m_scope / "head").tap(x);
        return cutTo(joinPatches(x, grid, m_x.patch(), PatchOrder::ChannelsLast), input.x);
    }

private:
    /// Rows and columns have a third of a head's pairs each, rounded down; frames have the rest.
    std::vector<std::int64_t> axes() const
    {
        const std::int64_t head = m_settings.width / m_settings.heads, side = 2 * (head / 6);
        return {head - 2 * side, side, side};
    }

    Scope m_scope;
    WanSettings m_settings;
    PatchEmbedding m_x;
    TwoLinear m_text, m_time;
    Linear m_timeProjection;
    std::vector<Block> m_blocks;
    std::optional<ImageEmbedding> m_image;
    LayerNorm m_headNorm;
    Linear m_head;
    at::Tensor m_headModulation;
};

/// Networks with one of these modules take inputs of their own, without which they would be other networks.
void refuseOtherKinds(const Scope& scope)
{
    constexpr std::pair<std::string_view, std::string_view> kKinds[] = {{"vace_patch_embedding.", "VACE"},
        {"control_adapter.", "camera control"}, {"casual_audio_encoder.", "S2V"}, {"audio_proj.", "HuMo"},
        {"face_adapter.", "Animate"}, {"ref_conv.", "reference pictures"}};
    for (const TensorInfo& tensor : scope.context().weights.model().source->tensors()) {
        for (const auto& [module, kind] : kKinds) {
            if (tensor.name.starts_with(module)
                || tensor.name.find(fmt::format(".{}", module)) != std::string::npos)
                raise(ErrorCode::Unsupported, "WAN networks of the kind {} cannot be run yet", kind);
        }
    }
}

} // namespace

Network makeWan(const Scope& scope, std::string_view)
{
    refuseOtherKinds(scope);
    WanSettings wan;
    wan.width = scope.dim("blocks.0.self_attn.q.weight", 0);
    // All published sizes have heads of 128 channels.
    wan.heads = scope.settings().integer(
        {"num_heads", "num_attention_heads"}, std::max<std::int64_t>(1, wan.width / 128));
    if (quotient(wan.width, wan.heads, fmt::format("{} heads", wan.heads)) % 2 != 0)
        raise(
            ErrorCode::InvalidInput, "heads of {} channels cannot be turned in pairs", wan.width / wan.heads);
    wan.crossNorm = scope.settings().flag({"cross_attn_norm"}, true);
    wan.eps = scope.settings().number({"eps"}, 1e-6);
    Network network;
    network.denoiser = std::make_unique<Wan>(scope, wan);
    return network;
}

} // namespace mantissa
