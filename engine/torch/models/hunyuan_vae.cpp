// SPDX-License-Identifier: GPL-3.0-or-later
// The video VAE of HunyuanVideo (arXiv:2412.03603), in diffusers' names, which are Tencent's, or in LDM's,
// which ComfyUI's files have. Convolutions see the frames before, never those after: 4k+1 frames in -1..1
// make k+1 latent frames, an eighth as high and wide. Pictures [B, 3, H, W] are videos of one frame.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

/// How much smaller a level makes what it gets, or how much larger.
struct Factors {
    std::int64_t time = 1, space = 1;
};

/// Its kernel spans the frame itself and those before; borders are repeated outward, the first frame too.
class CausalConv {
public:
    explicit CausalConv(const Scope& scope, Factors stride = {})
        : CausalConv(scope.has("conv.weight") ? scope / "conv" : scope, stride, 0)
    { }
    std::int64_t inChannels() const { return m_in; }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const std::int64_t rows = m_kernel[1] / 2, columns = m_kernel[2] / 2;
        if (rows == 0 && columns == 0 && m_kernel[0] == 1)
            return m_conv(x);
        return m_conv(at::replication_pad3d(x, {columns, columns, rows, rows, m_kernel[0] - 1, 0}));
    }

private:
    CausalConv(const Scope& scope, Factors stride, int)
        : m_in(scope.dim("weight", 1))
        , m_kernel{scope.dim("weight", 2), scope.dim("weight", 3), scope.dim("weight", 4)}
        , m_conv(scope, {stride.time, stride.space, stride.space}, {0, 0, 0})
    { }
    std::int64_t m_in;
    std::vector<std::int64_t> m_kernel;
    Conv m_conv;
};

class ResnetBlock {
public:
    ResnetBlock(const Scope& scope, std::int64_t groups)
        : m_norm1(scope / "norm1", groups, kEps)
        , m_norm2(scope / "norm2", groups, kEps)
        , m_conv1(scope / "conv1")
        , m_conv2(scope / "conv2")
    {
        for (const char* const name : {"conv_shortcut", "nin_shortcut"}) {
            if (scope.hasBelow(name))
                m_shortcut.emplace(scope / name);
        }
    }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor h = m_conv2(at::silu(m_norm2(m_conv1(at::silu(m_norm1(x))))));
        return (m_shortcut ? (*m_shortcut)(x) : x) + h;
    }

private:
    GroupNorm m_norm1, m_norm2;
    CausalConv m_conv1, m_conv2;
    std::optional<CausalConv> m_shortcut;
};

/// Single-head attention of every pixel to those of its own frame and of the frames before.
class CausalAttention {
public:
    CausalAttention(const Scope& scope, std::int64_t groups)
        : m_norm(firstOf(scope, {"group_norm", "norm"}), groups, kEps)
        , m_q(firstOf(scope, {"to_q", "q"}))
        , m_k(firstOf(scope, {"to_k", "k"}))
        , m_v(firstOf(scope, {"to_v", "v"}))
        , m_out(firstOf(scope, {"to_out.0", "proj_out"}))
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor tokens = m_norm(x).flatten(2).transpose(1, 2);
        const at::Tensor q = splitHeads(m_q(tokens), 1), k = splitHeads(m_k(tokens), 1),
                         v = splitHeads(m_v(tokens), 1);
        const std::int64_t frame = x.size(3) * x.size(4);
        // Frame by frame, so that no mask of all pairs of pixels is needed.
        std::vector<at::Tensor> mixed;
        for (std::int64_t end = frame; end <= q.size(2); end += frame)
            mixed.push_back(attention(q.slice(2, end - frame, end), k.slice(2, 0, end), v.slice(2, 0, end)));
        const at::Tensor y = m_out(at::cat(mixed, 1)).transpose(1, 2);
        return x + y.unflatten(2, {x.size(2), x.size(3), x.size(4)});
    }

private:
    GroupNorm m_norm;
    Linear m_q, m_k, m_v, m_out;
};

class Middle {
public:
    Middle(const Scope& scope, bool diffusers, std::int64_t groups)
        : m_block1(scope / (diffusers ? "resnets.0" : "block_1"), groups)
        , m_block2(scope / (diffusers ? "resnets.1" : "block_2"), groups)
        , m_attention(scope / (diffusers ? "attentions.0" : "attn_1"), groups)
    { }
    at::Tensor operator()(const at::Tensor& x) const { return m_block2(m_attention(m_block1(x))); }

private:
    ResnetBlock m_block1, m_block2;
    CausalAttention m_attention;
};

struct Level {
    std::vector<ResnetBlock> blocks;
    std::optional<CausalConv> resample;
    Factors factors;
};

/// Encoder or decoder: the one has its middle after the levels, the other before.
class Half {
public:
    Half(const Scope& scope, bool up, std::int64_t groups)
        : m_diffusers(scope.hasBelow("mid_block"))
        , m_in(scope / "conv_in")
        , m_middle(scope / (m_diffusers ? "mid_block" : "mid"), m_diffusers, groups)
        , m_norm(firstOf(scope, {"conv_norm_out", "norm_out"}), groups, kEps)
        , m_out(scope / "conv_out")
        , m_up(up)
    {
        const std::string list = m_diffusers ? (up ? "up_blocks" : "down_blocks") : (up ? "up" : "down");
        const std::string resample = m_diffusers ? (up ? "upsamplers.0.conv" : "downsamplers.0.conv")
                                                 : (up ? "upsample.conv" : "downsample.conv");
        const std::int64_t depth = scope.depth(list);
        for (std::int64_t i = 0; i < depth; ++i) {
            // LDM counts the decoder's levels from the largest.
            const Scope place = scope / list / (up && !m_diffusers ? depth - 1 - i : i);
            Level level;
            const std::string blocks = m_diffusers ? "resnets" : "block";
            for (std::int64_t j = 0, n = place.depth(blocks); j < n; ++j)
                level.blocks.emplace_back(place / blocks / j, groups);
            if (place.hasBelow(resample)) {
                // All but the last level change the size; frames are merged by the last two that do.
                level.factors = {i + 1 >= depth - kTimeLevels ? 2 : 1, 2};
                level.resample.emplace(place / resample, up ? Factors{} : level.factors);
            }
            m_levels.push_back(std::move(level));
        }
    }
    std::int64_t inChannels() const { return m_in.inChannels(); }
    Factors factors() const
    {
        Factors all;
        for (const Level& level : m_levels)
            all = {all.time * level.factors.time, all.space * level.factors.space};
        return all;
    }
    at::Tensor operator()(at::Tensor x) const
    {
        x = m_in(x);
        if (m_up)
            x = m_middle(x);
        for (const Level& level : m_levels) {
            for (const ResnetBlock& block : level.blocks)
                x = block(x);
            if (level.resample)
                x = (*level.resample)(m_up ? enlarged(x, level.factors) : x);
        }
        if (!m_up)
            x = m_middle(x);
        return m_out(at::silu(m_norm(x)));
    }

private:
    static constexpr std::int64_t kTimeLevels = 2; ///< 4 frames become one

    /// Pixels and frames are repeated; the first frame stands for itself alone.
    static at::Tensor enlarged(const at::Tensor& x, const Factors& factors)
    {
        at::Tensor y = x.repeat_interleave(factors.space, 4).repeat_interleave(factors.space, 3);
        if (factors.time > 1)
            y = at::cat({y.slice(2, 0, 1), y.slice(2, 1).repeat_interleave(factors.time, 2)}, 2);
        return y;
    }

    bool m_diffusers;
    CausalConv m_in;
    std::vector<Level> m_levels;
    Middle m_middle;
    GroupNorm m_norm;
    CausalConv m_out;
    bool m_up;
};

class HunyuanVae final : public Autoencoder {
public:
    HunyuanVae(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
        , m_decoder(scope / "decoder", true, groups)
        , m_factors(m_decoder.factors())
    {
        if (scope.hasBelow("encoder"))
            m_encoder.emplace(scope / "encoder", false, groups);
        if (scope.has("quant_conv.weight"))
            m_quant.emplace(scope / "quant_conv");
        if (scope.has("post_quant_conv.weight"))
            m_postQuant.emplace(scope / "post_quant_conv");
    }

    at::Tensor moments(const at::Tensor& image) override
    {
        if (!m_encoder)
            raise(ErrorCode::Unsupported, "this VAE has no encoder");
        const at::Tensor h = (*m_encoder)(video(image, "image", m_encoder->inChannels()));
        return m_quant ? (*m_quant)(h) : h;
    }

    at::Tensor decode(const at::Tensor& latent) override
    {
        const at::Tensor z = video(latent, "latent", latentChannels());
        return m_decoder(m_postQuant ? (*m_postQuant)(z) : z);
    }

    std::int64_t latentChannels() const override { return m_decoder.inChannels(); }
    int downscale() const override { return static_cast<int>(m_factors.space); }
    int frameStep() const override { return static_cast<int>(m_factors.time); }

private:
    at::Tensor video(const at::Tensor& x, std::string_view name, std::int64_t channels) const
    {
        const at::Tensor frames = x.defined() && x.dim() == 4 ? x.unsqueeze(2) : x;
        requireInput(frames, name, {-1, channels, -1, -1, -1});
        return frames.to(m_scope.context().weights.options().compute);
    }

    Scope m_scope;
    Half m_decoder;
    Factors m_factors;
    std::optional<Half> m_encoder;
    std::optional<CausalConv> m_quant, m_postQuant;
};

} // namespace

Network makeHunyuanVae(const Scope& scope, std::string_view)
{
    constexpr std::int64_t kChannels = 16; // Video 1.5 has 32 and other blocks
    const Scope in = scope / "decoder.conv_in.conv";
    if (in.dim("weight", 1) != kChannels)
        raise(ErrorCode::Unsupported, "the VAE of HunyuanVideo 1.5 cannot be run yet");
    Network network;
    network.autoencoder = std::make_unique<HunyuanVae>(
        scope, scope.settings().integer({"vae_norm_groups", "norm_num_groups"}, 32));
    return network;
}

} // namespace mantissa
