// SPDX-License-Identifier: GPL-3.0-or-later
// AutoencoderKL in LDM names: the VAE of SD 1 to SDXL (4 channels), SD3 and FLUX (16 channels), FLUX.2 (32
// channels, whose 2×2 pixels are channels of the latent) and reduced ones. Pictures in -1..1; no latent scale
// or shift is applied here.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

#include <algorithm>

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

class ResnetBlock {
public:
    ResnetBlock(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
        , m_norm1(scope / "norm1", groups, kEps)
        , m_norm2(scope / "norm2", groups, kEps)
        , m_conv1(scope / "conv1")
        , m_conv2(scope / "conv2")
    {
        if (scope.has("nin_shortcut.weight"))
            m_shortcut.emplace(scope / "nin_shortcut");
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
    GroupNorm m_norm1, m_norm2;
    Conv m_conv1, m_conv2;
    std::optional<Conv> m_shortcut;
};

/// Single-head attention over all pixels; its matrices are 1×1 convolutions.
class AttnBlock {
public:
    AttnBlock(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
        , m_norm(scope / "norm", groups, kEps)
        , m_q(scope / "q")
        , m_k(scope / "k")
        , m_v(scope / "v")
        , m_out(scope / "proj_out")
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor tokens = m_norm(x).flatten(2).transpose(1, 2);
        const at::Tensor mixed = m_out(
            attention(splitHeads(m_q(tokens), 1), splitHeads(m_k(tokens), 1), splitHeads(m_v(tokens), 1)));
        at::Tensor y = x + mixed.transpose(1, 2).unflatten(2, {x.size(2), x.size(3)});
        m_scope.tap(y);
        return y;
    }

private:
    Scope m_scope;
    GroupNorm m_norm;
    Linear m_q, m_k, m_v, m_out;
};

class Middle {
public:
    Middle(const Scope& scope, std::int64_t groups)
        : m_block1(scope / "block_1", groups)
        , m_block2(scope / "block_2", groups)
        , m_attention(scope / "attn_1", groups)
    { }
    at::Tensor operator()(const at::Tensor& x) const { return m_block2(m_attention(m_block1(x))); }

private:
    ResnetBlock m_block1, m_block2;
    AttnBlock m_attention;
};

std::vector<ResnetBlock> makeResnets(const Scope& level, std::int64_t groups)
{
    std::vector<ResnetBlock> blocks;
    for (std::int64_t i = 0, n = level.count("block", "norm1.weight"); i < n; ++i)
        blocks.emplace_back(level / "block" / i, groups);
    return blocks;
}

struct Level {
    std::vector<ResnetBlock> blocks;
    std::vector<AttnBlock> attentions; ///< one a block, or none
    std::optional<Conv> resample;
    Scope place;
};

std::vector<Level> makeLevels(const Scope& scope, std::string_view list, std::string_view resample,
    ConvShape shape, std::int64_t groups)
{
    std::vector<Level> levels;
    for (std::int64_t i = 0, n = scope.count(list, "block.0.norm1.weight"); i < n; ++i) {
        const Scope place = scope / list / i;
        Level level{makeResnets(place, groups), {}, std::nullopt, place / resample};
        for (std::int64_t j = 0, m = place.count("attn", "q.weight"); j < m; ++j)
            level.attentions.emplace_back(place / "attn" / j, groups);
        if (place.has(std::string(resample) + ".conv.weight"))
            level.resample.emplace(place / resample / "conv", shape);
        levels.push_back(std::move(level));
    }
    return levels;
}

at::Tensor runLevel(const Level& level, at::Tensor x)
{
    for (std::size_t i = 0; i < level.blocks.size(); ++i) {
        x = level.blocks[i](x);
        if (i < level.attentions.size())
            x = level.attentions[i](x);
    }
    return x;
}

class Encoder {
public:
    Encoder(const Scope& scope, std::int64_t groups)
        : m_in(scope / "conv_in")
        , m_levels(makeLevels(scope, "down", "downsample", {2, 0}, groups))
        , m_middle(scope / "mid", groups)
        , m_norm(scope / "norm_out", groups, kEps)
        , m_out(scope / "conv_out")
    { }
    at::Tensor operator()(at::Tensor x) const
    {
        x = m_in(x);
        for (const Level& level : m_levels) {
            x = runLevel(level, x);
            if (level.resample) {
                // The original pads on the right and at the bottom only.
                x = (*level.resample)(at::constant_pad_nd(x, {0, 1, 0, 1}));
                level.place.tap(x);
            }
        }
        return m_out(at::silu(m_norm(m_middle(x))));
    }

private:
    Conv m_in;
    std::vector<Level> m_levels;
    Middle m_middle;
    GroupNorm m_norm;
    Conv m_out;
};

class Decoder {
public:
    Decoder(const Scope& scope, std::int64_t groups)
        : m_in(scope / "conv_in")
        , m_levels(makeLevels(scope, "up", "upsample", {}, groups))
        , m_middle(scope / "mid", groups)
        , m_norm(scope / "norm_out", groups, kEps)
        , m_out(scope / "conv_out")
    { }
    int upsamplers() const
    {
        return static_cast<int>(std::count_if(
            m_levels.begin(), m_levels.end(), [](const Level& level) { return level.resample.has_value(); }));
    }
    at::Tensor operator()(at::Tensor x) const
    {
        x = m_middle(m_in(x));
        for (auto level = m_levels.rbegin(); level != m_levels.rend(); ++level) {
            x = runLevel(*level, x);
            if (level->resample) {
                x = (*level->resample)(at::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}));
                level->place.tap(x);
            }
        }
        return m_out(at::silu(m_norm(x)));
    }

private:
    Conv m_in;
    std::vector<Level> m_levels;
    Middle m_middle;
    GroupNorm m_norm;
    Conv m_out;
};

class AutoencoderKl final : public Autoencoder {
public:
    AutoencoderKl(const Scope& scope, std::int64_t groups)
        : m_scope(scope)
    {
        if (scope.has("encoder.conv_in.weight"))
            m_encoder.emplace(scope / "encoder", groups);
        if (scope.has("decoder.conv_in.weight"))
            m_decoder.emplace(scope / "decoder", groups);
        // FLUX.2's authors keep them inside the halves.
        for (const char* const name : {"quant_conv", "encoder.quant_conv"}) {
            if (scope.has(std::string(name) + ".weight"))
                m_quant.emplace(scope / name);
        }
        for (const char* const name : {"post_quant_conv", "decoder.post_quant_conv"}) {
            if (scope.has(std::string(name) + ".weight"))
                m_postQuant.emplace(scope / name);
        }
    }

    at::Tensor moments(const at::Tensor& image) override
    {
        if (!m_encoder)
            raise(ErrorCode::Unsupported, "this VAE has no encoder");
        const at::Tensor h = (*m_encoder)(image.to(m_scope.context().weights.options().compute));
        return m_quant ? (*m_quant)(h) : h;
    }

    at::Tensor decode(const at::Tensor& latent) override
    {
        if (!m_decoder)
            raise(ErrorCode::Unsupported, "this VAE has no decoder");
        const at::Tensor z = latent.to(m_scope.context().weights.options().compute);
        return (*m_decoder)(m_postQuant ? (*m_postQuant)(z) : z);
    }

    std::int64_t latentChannels() const override
    {
        return m_decoder ? m_scope.dim("decoder.conv_in.weight", 1)
                         : m_scope.dim("encoder.conv_out.weight", 0) / 2;
    }
    int downscale() const override { return m_decoder ? 1 << m_decoder->upsamplers() : 8; }

private:
    Scope m_scope;
    std::optional<Encoder> m_encoder;
    std::optional<Decoder> m_decoder;
    std::optional<Conv> m_quant, m_postQuant;
};

/// FLUX.2's: 2×2 pixels of the inner latent are channels of the outer one, which networks see normalised by
/// the running statistics of a batch norm in the file.
class Flux2Vae final : public Autoencoder {
public:
    Flux2Vae(const Scope& scope, std::int64_t groups)
        : m_inner(scope, groups)
        , m_mean(scope.loadFloat("bn.running_mean"))
        , m_deviation((scope.loadFloat("bn.running_var") + kBatchNormEps).sqrt())
    {
        if (m_mean.numel() != latentChannels() || m_deviation.numel() != latentChannels())
            raise(ErrorCode::InvalidInput, "bn does not have one mean and variance for each of {} channels",
                latentChannels());
    }
    at::Tensor moments(const at::Tensor& image) override
    {
        const auto part = m_inner.moments(image).chunk(2, 1);
        if (part[0].size(2) % kSide != 0 || part[0].size(3) % kSide != 0)
            raise(ErrorCode::Usage, "sides of pictures must be multiples of {} pixels", downscale());
        return at::cat({at::pixel_unshuffle(part[0], kSide), at::pixel_unshuffle(part[1], kSide)}, 1);
    }
    at::Tensor decode(const at::Tensor& latent) override
    {
        return m_inner.decode(at::pixel_shuffle(latent, kSide));
    }
    std::int64_t latentChannels() const override { return m_inner.latentChannels() * kSide * kSide; }
    int downscale() const override { return m_inner.downscale() * kSide; }
    at::Tensor normalized(const at::Tensor& latent) const override
    {
        return (latent - perChannel(m_mean, latent)) / perChannel(m_deviation, latent);
    }
    at::Tensor denormalized(const at::Tensor& latent) const override
    {
        return latent * perChannel(m_deviation, latent) + perChannel(m_mean, latent);
    }

private:
    static constexpr int kSide = 2;
    static constexpr double kBatchNormEps = 1e-4; ///< spec/architectures 7; diffusers: batch_norm_eps
    AutoencoderKl m_inner;
    at::Tensor m_mean, m_deviation; ///< float32 [128]
};

} // namespace

Network makeAutoencoderKl(const Scope& scope, std::string_view id)
{
    const std::int64_t groups = scope.settings().integer({"vae_norm_groups", "norm_num_groups"}, 32);
    Network network;
    if (id == "vae.flux2")
        network.autoencoder = std::make_unique<Flux2Vae>(scope, groups);
    else
        network.autoencoder = std::make_unique<AutoencoderKl>(scope, groups);
    return network;
}

} // namespace mantissa
