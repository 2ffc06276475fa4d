// SPDX-License-Identifier: GPL-3.0-or-later
// The video VAE of SeedVR2: an AutoencoderKL in diffusers' names whose convolutions see the frames before,
// never those after. 4k+1 frames in -1..1 make k+1 latent frames, an eighth as high and wide; no latent scale
// is applied here. Pictures [B, 3, H, W] are videos of one frame.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

/// Its kernel spans the frame itself and those before; the first frame is repeated in front.
class CausalConv {
public:
    /// Padding of rows and columns is half the kernel with stride 1, and the caller's with stride 2.
    explicit CausalConv(const Scope& scope, std::int64_t timeStride = 1, std::int64_t stride = 1)
        : m_in(scope.dim("weight", 1))
        , m_frames(scope.dim("weight", 2))
        , m_conv(scope, {timeStride, stride, stride},
              {0, stride == 1 ? scope.dim("weight", 3) / 2 : 0, stride == 1 ? scope.dim("weight", 4) / 2 : 0})
    { }
    std::int64_t inChannels() const { return m_in; }
    std::int64_t outChannels() const { return m_conv.outChannels(); }
    at::Tensor operator()(const at::Tensor& x) const
    {
        if (m_frames <= 1)
            return m_conv(x);
        const at::Tensor first = x.slice(2, 0, 1).expand({-1, -1, m_frames - 1, -1, -1});
        return m_conv(at::cat({first, x}, 2));
    }

private:
    std::int64_t m_in, m_frames;
    Conv m_conv;
};

class FrameNorm {
public:
    FrameNorm(const Scope& scope, std::int64_t groups)
        : m_norm(scope, groups, kEps)
    { }
    at::Tensor operator()(const at::Tensor& x) const { return fromFrames(m_norm(toFrames(x)), x.size(0)); }

private:
    GroupNorm m_norm;
};

class ResnetBlock {
public:
    ResnetBlock(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
        , m_norm1(scope / "norm1", groups)
        , m_norm2(scope / "norm2", groups)
        , m_conv1(scope / "conv1")
        , m_conv2(scope / "conv2")
    {
        if (scope.has("conv_shortcut.weight"))
            m_shortcut.emplace(scope / "conv_shortcut");
    }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor h = m_conv2(at::silu(m_norm2(m_conv1(at::silu(m_norm1(x))))));
        at::Tensor y = (m_shortcut ? (*m_shortcut)(x) : x) + h;
        m_scope.tap(y);
        return y;
    }

private:
    Scope m_scope;
    FrameNorm m_norm1, m_norm2;
    CausalConv m_conv1, m_conv2;
    std::optional<CausalConv> m_shortcut;
};

/// Single-head attention over the pixels of each frame.
class FrameAttention {
public:
    FrameAttention(const Scope& scope, std::int64_t groups)
        : m_norm(scope / "group_norm", groups, kEps)
        , m_q(scope / "to_q")
        , m_k(scope / "to_k")
        , m_v(scope / "to_v")
        , m_out(scope / "to_out.0")
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor tokens = m_norm(toFrames(x)).flatten(2).transpose(1, 2);
        const at::Tensor mixed = m_out(
            attention(splitHeads(m_q(tokens), 1), splitHeads(m_k(tokens), 1), splitHeads(m_v(tokens), 1)));
        return x + fromFrames(mixed.transpose(1, 2).unflatten(2, {x.size(3), x.size(4)}), x.size(0));
    }

private:
    GroupNorm m_norm;
    Linear m_q, m_k, m_v, m_out;
};

class Middle {
public:
    Middle(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
        , m_block0(scope / "resnets.0", groups)
        , m_block1(scope / "resnets.1", groups)
        , m_attention(scope / "attentions.0", groups)
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        at::Tensor y = m_block1(m_attention(m_block0(x)));
        m_scope.tap(y);
        return y;
    }

private:
    Scope m_scope;
    ResnetBlock m_block0, m_block1;
    FrameAttention m_attention;
};

/// Halves rows and columns, and the frames where its kernel spans several.
class Downsample {
public:
    explicit Downsample(const Scope& scope)
        : m_conv(scope / "conv", scope.dim("conv.weight", 2) > 1 ? 2 : 1, 2)
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        // Zeros on the right and at the bottom only.
        return m_conv(at::constant_pad_nd(x, {0, 1, 0, 1}));
    }

private:
    CausalConv m_conv;
};

/// Makes each pixel 2×2 ones, or 2×2×2, from channels of its own.
class Upsample {
public:
    explicit Upsample(const Scope& scope)
        : m_expand(scope / "upscale_conv")
        , m_conv(scope / "conv")
        , m_time(quotient(m_expand.outChannels(), 4 * m_conv.inChannels(), "pixels of 2×2"))
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const std::int64_t batch = x.size(0), frames = x.size(2), rows = x.size(3), columns = x.size(4);
        // Channels are sorted by row, column, frame, channel.
        at::Tensor y = m_expand(x).reshape({batch, 2, 2, m_time, -1, frames, rows, columns});
        y = y.permute({0, 4, 5, 3, 6, 1, 7, 2}).reshape({batch, -1, frames * m_time, rows * 2, columns * 2});
        // The first frame stands for itself alone.
        if (m_time > 1)
            y = at::cat({y.slice(2, 0, 1), y.slice(2, m_time)}, 2);
        return m_conv(y);
    }

private:
    CausalConv m_expand, m_conv;
    std::int64_t m_time;
};

/// Residual blocks, and a change of size at the end of all levels but one.
template <typename Resample> class Level {
public:
    /// `resample` is empty in the last level.
    Level(const Scope& scope, std::string_view resample, std::int64_t groups)
        : m_scope(scope)
    {
        for (std::int64_t i = 0, n = scope.depth("resnets"); i < n; ++i)
            m_blocks.emplace_back(scope / "resnets" / i, groups);
        if (!resample.empty())
            m_resample.emplace(scope / resample / "0");
    }
    at::Tensor operator()(at::Tensor x) const
    {
        for (const ResnetBlock& block : m_blocks)
            x = block(x);
        if (m_resample)
            x = (*m_resample)(x);
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    std::vector<ResnetBlock> m_blocks;
    std::optional<Resample> m_resample;
};

template <typename Resample>
std::vector<Level<Resample>> makeLevels(
    const Scope& scope, std::string_view list, std::string_view resample, std::int64_t groups)
{
    std::vector<Level<Resample>> levels;
    for (std::int64_t i = 0, n = scope.depth(list); i < n; ++i)
        levels.emplace_back(scope / list / i, i + 1 < n ? resample : std::string_view(), groups);
    return levels;
}

/// Both ways: the encoder has its middle at the end, the decoder at the start.
template <typename Resample> class Half {
public:
    Half(const Scope& scope, std::string_view list, std::string_view resample, std::int64_t groups)
        : m_in(scope / "conv_in")
        , m_levels(makeLevels<Resample>(scope, list, resample, groups))
        , m_middle(scope / "mid_block", groups)
        , m_norm(scope / "conv_norm_out", groups)
        , m_out(scope / "conv_out")
    { }
    std::int64_t inChannels() const { return m_in.inChannels(); }
    at::Tensor operator()(at::Tensor x, bool middleFirst) const
    {
        x = m_in(x);
        if (middleFirst)
            x = m_middle(x);
        for (const auto& level : m_levels)
            x = level(x);
        if (!middleFirst)
            x = m_middle(x);
        return m_out(at::silu(m_norm(x)));
    }

private:
    CausalConv m_in;
    std::vector<Level<Resample>> m_levels;
    Middle m_middle;
    FrameNorm m_norm;
    CausalConv m_out;
};

class SeedVr2Vae final : public Autoencoder {
public:
    SeedVr2Vae(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
    {
        requireBiases(scope, {"encoder", "decoder"});
        if (scope.hasBelow("encoder"))
            m_encoder.emplace(scope / "encoder", "down_blocks", "downsamplers", groups);
        if (scope.hasBelow("decoder"))
            m_decoder.emplace(scope / "decoder", "up_blocks", "upsamplers", groups);
    }

    at::Tensor moments(const at::Tensor& image) override
    {
        if (!m_encoder)
            raise(ErrorCode::Unsupported, "this VAE has no encoder");
        return (*m_encoder)(video(image, "image", m_encoder->inChannels()), false);
    }

    at::Tensor decode(const at::Tensor& latent) override
    {
        if (!m_decoder)
            raise(ErrorCode::Unsupported, "this VAE has no decoder");
        return (*m_decoder)(video(latent, "latent", m_decoder->inChannels()), true);
    }

    std::int64_t latentChannels() const override
    {
        return m_decoder ? m_decoder->inChannels() : m_scope.dim("encoder.conv_out.weight", 0) / 2;
    }
    int frameStep() const override { return 4; }

private:
    at::Tensor video(const at::Tensor& x, std::string_view name, std::int64_t channels) const
    {
        const at::Tensor frames = x.defined() && x.dim() == 4 ? x.unsqueeze(2) : x;
        requireInput(frames, name, {-1, channels, -1, -1, -1});
        return frames.to(m_scope.context().weights.options().compute);
    }

    Scope m_scope;
    std::optional<Half<Downsample>> m_encoder;
    std::optional<Half<Upsample>> m_decoder;
};

} // namespace

Network makeSeedVr2Vae(const Scope& scope, std::string_view)
{
    Network network;
    network.autoencoder = std::make_unique<SeedVr2Vae>(
        scope, scope.settings().integer({"vae_norm_groups", "norm_num_groups"}, 32));
    return network;
}

} // namespace mantissa
