// SPDX-License-Identifier: GPL-3.0-or-later
// Stable Diffusion 3 and 3.5 (arXiv:2403.03206) in the names of their authors' files: joint blocks, in which
// picture and text have weights of their own and attend to each other. 3.5 norms queries and keys; the first
// blocks of 3.5 medium have a second attention, of the picture alone.
//
// x [B, C, H, W]; timestep: 1000·sigma [B]; context [B, N, width]: CLIP's and T5's tokens one after the
// other; y: both CLIPs' pooled vectors.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"
#include "engine/torch/nn/functions.h"

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

struct Sd3Settings {
    std::int64_t width = 0, heads = 0;
};

class Attention {
public:
    /// The last block's text is attended to, but goes no further: it has no `proj`.
    Attention(const Scope& scope, const Sd3Settings& settings, bool attendedOnly)
        : m_qkv(linearTo(scope / "qkv", 3 * settings.width))
        , m_heads(settings.heads)
    {
        if (!attendedOnly)
            m_proj.emplace(linearTo(scope / "proj", settings.width));
        if (scope.has("ln_q.weight") || scope.has("ln_k.weight")) {
            m_qNorm.emplace(rmsNormOver(scope / "ln_q", settings.width / settings.heads, kEps));
            m_kNorm.emplace(rmsNormOver(scope / "ln_k", settings.width / settings.heads, kEps));
        }
    }
    flux::Heads heads(const at::Tensor& x) const
    {
        flux::Heads h = flux::cutHeads(m_qkv(x), m_heads);
        if (m_qNorm) {
            h.q = (*m_qNorm)(h.q);
            h.k = (*m_kNorm)(h.k);
        }
        return h;
    }
    at::Tensor project(const at::Tensor& attended) const { return (*m_proj)(attended); }

private:
    Linear m_qkv;
    std::optional<Linear> m_proj;
    std::optional<RmsNorm> m_qNorm, m_kNorm;
    std::int64_t m_heads;
};

/// Picture or text in a joint block.
class Side {
public:
    Side(const Scope& scope, const Sd3Settings& settings, bool attendedOnly)
        : m_norm1(scope / "norm1", kEps)
        , m_norm2(scope / "norm2", kEps)
        , m_attention(scope / "attn", settings, attendedOnly)
        , m_modulation(linearTo(scope / "adaLN_modulation.1",
              settings.width
                  * (attendedOnly                         ? 2
                          : scope.has("attn2.qkv.weight") ? 9
                                                          : 6)))
    {
        if (attendedOnly)
            return;
        m_mlp.emplace(
            twoLinearTo(scope / "mlp", scope / "mlp.fc1", scope / "mlp.fc2", geluTanh, settings.width));
        if (scope.has("attn2.qkv.weight"))
            m_attention2.emplace(scope / "attn2", settings, false);
    }
    /// Shift and scale; then gate, and all three of the feed-forward layer and of the second attention.
    std::vector<at::Tensor> modulation(const at::Tensor& vector) const
    {
        const std::int64_t parts = !m_mlp ? 2 : m_attention2 ? 9 : 6;
        return m_modulation(at::silu(vector)).unsqueeze(1).chunk(parts, -1);
    }
    flux::Heads heads(const at::Tensor& x, const std::vector<at::Tensor>& part) const
    {
        return m_attention.heads(modulate(m_norm1(x), part[0], part[1]));
    }
    /// Undefined for a side that is attended to only.
    at::Tensor finish(
        const at::Tensor& x, const at::Tensor& attended, const std::vector<at::Tensor>& part) const
    {
        if (!m_mlp)
            return {};
        at::Tensor y = x + part[2] * m_attention.project(attended);
        if (m_attention2) {
            const flux::Heads own = m_attention2->heads(modulate(m_norm1(x), part[6], part[7]));
            y = y + part[8] * m_attention2->project(attention(own.q, own.k, own.v));
        }
        return y + part[5] * (*m_mlp)(modulate(m_norm2(y), part[3], part[4]));
    }

private:
    LayerNorm m_norm1, m_norm2;
    Attention m_attention;
    std::optional<Attention> m_attention2;
    std::optional<TwoLinear> m_mlp;
    Linear m_modulation;
};

class JointBlock {
public:
    JointBlock(const Scope& scope, const Sd3Settings& settings, bool last)
        : m_scope(scope)
        , m_text(scope / "context_block", settings, last)
        , m_image(scope / "x_block", settings, false)
    { }
    void operator()(at::Tensor& text, at::Tensor& image, const at::Tensor& vector) const
    {
        const auto textPart = m_text.modulation(vector), imagePart = m_image.modulation(vector);
        const flux::Heads t = m_text.heads(text, textPart), i = m_image.heads(image, imagePart);
        const at::Tensor y
            = attention(at::cat({t.q, i.q}, 2), at::cat({t.k, i.k}, 2), at::cat({t.v, i.v}, 2));
        const std::int64_t length = text.size(1);
        text = m_text.finish(text, y.slice(1, 0, length), textPart);
        image = m_image.finish(image, y.slice(1, length), imagePart);
        if (text.defined())
            m_scope.tap({text, image});
    }

private:
    Scope m_scope;
    Side m_text, m_image;
};

class Sd3 final : public DenoisingNetwork {
public:
    Sd3(const Scope& scope, const Sd3Settings& settings)
        : m_scope(scope)
        , m_x(scope / "x_embedder.proj")
        , m_positions(scope, "pos_embed", settings.width, SquarePositions::Beyond::Refuse)
        , m_time(flux::makeEmbedder(scope / "t_embedder", settings.width))
        , m_text(linearTo(scope / "context_embedder", settings.width))
        , m_final(scope / "final_layer", settings.width)
    {
        if (m_x.patch().size() != 2 || m_x.patch()[0] != m_x.patch()[1])
            raise(
                ErrorCode::InvalidInput, "x_embedder.proj.weight does not cut pictures into square patches");
        quotient(m_final.outFeatures(), m_x.patch()[0] * m_x.patch()[1], "the numbers of a patch");
        if (flux::hasEmbedder(scope / "y_embedder"))
            m_pooled.emplace(flux::makeEmbedder(scope / "y_embedder", settings.width));
        const std::int64_t depth = countBlocks(
            scope, "joint_blocks", {"x_block.attn.qkv.weight", "context_block.attn.qkv.weight"});
        for (std::int64_t i = 0; i < depth; ++i)
            m_blocks.emplace_back(scope / "joint_blocks" / i, settings, i == depth - 1);
    }

    LatentForm latentForm() const override { return {m_x.inChannels()}; }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_x.inChannels(), -1, -1});
        const std::int64_t batch = input.x.size(0);
        requireInput(input.timestep, "timestep", {batch});
        requireInput(input.context, "context", {batch, -1, m_text.inFeatures()});
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_x.patch());
        const at::Tensor tokens = m_x(input.x);
        (m_scope / "x_embedder").tap(tokens);
        at::Tensor image = tokens + m_positions(grid);
        at::Tensor vector = m_time(timestepEmbedding(input.timestep, m_time.inFeatures()));
        if (m_pooled) {
            requireInput(input.y, "y", {batch, m_pooled->inFeatures()});
            vector = vector + (*m_pooled)(input.y);
        }
        at::Tensor text = m_text(input.context);
        for (const JointBlock& block : m_blocks)
            block(text, image, vector);
        image = m_final(image, vector);
        return cutTo(joinPatches(image, grid, m_x.patch(), PatchOrder::ChannelsLast), input.x);
    }

private:
    Scope m_scope;
    PatchEmbedding m_x;
    SquarePositions m_positions;
    TwoLinear m_time;
    std::optional<TwoLinear> m_pooled;
    Linear m_text;
    std::vector<JointBlock> m_blocks;
    FinalLayer m_final;
};

} // namespace

Network makeSd3(const Scope& scope, std::string_view)
{
    Sd3Settings sd3;
    sd3.width = scope.dim("x_embedder.proj.weight", 0);
    // All published sizes have heads of 64 channels.
    const Scope norm = scope / "joint_blocks.0.x_block.attn.ln_q";
    const std::int64_t headWidth = norm.has("weight") ? norm.dim("weight", 0) : 64;
    sd3.heads = quotient(sd3.width, headWidth, fmt::format("heads of {} channels", headWidth));
    Network network;
    network.denoiser = std::make_unique<Sd3>(scope, sd3);
    return network;
}

} // namespace mantissa
