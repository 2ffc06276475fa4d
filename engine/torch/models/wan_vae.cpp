// SPDX-License-Identifier: GPL-3.0-or-later
// The video VAEs of WAN 2.1 (arXiv:2503.20314; Qwen-Image has it too) and of WAN 2.2's 5B model, in the names
// of their authors' files. Convolutions see the frames before, never those after: 4k+1 frames in -1..1 make
// k+1 latent frames, an eighth as high and wide (2.2: a sixteenth). Pictures [B, 3, H, W] are videos of one
// frame.
//
// The authors' programs pass a video through in chunks and keep the last frames of each; what they compute
// is said here without chunks: the first frame stands for itself and is neither doubled nor merged in time.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

#include <cmath>
#include <variant>

namespace mantissa {

namespace {

using namespace nn;

/// Means and deviations of the latent's channels, which networks see normalised by them: the constants of the
/// authors' programs (Wan-Video/Wan2.1 and Wan2.2, class Wan2_1_VAE and Wan2_2_VAE).
struct ChannelStatistics {
    std::vector<float> mean, deviation;
};
const ChannelStatistics kWan21{
    {-0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f, 1.5508f, 0.4134f, -0.0715f, 0.5517f,
        -0.3632f, -0.1922f, -0.9497f, 0.2503f, -0.2921f},
    {2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f, 3.2687f, 2.1526f, 2.8652f,
        1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.9160f}};
const ChannelStatistics kWan22{
    {-0.2289f, -0.0052f, -0.1323f, -0.2339f, -0.2799f, 0.0174f, 0.1838f, 0.1557f, -0.1382f, 0.0542f, 0.2813f,
        0.0891f, 0.1570f, -0.0098f, 0.0375f, -0.1825f, -0.2246f, -0.1207f, -0.0698f, 0.5109f, 0.2665f,
        -0.2108f, -0.2158f, 0.2502f, -0.2055f, -0.0322f, 0.1109f, 0.1567f, -0.0729f, 0.0899f, -0.2799f,
        -0.1230f, -0.0313f, -0.1649f, 0.0117f, 0.0723f, -0.2839f, -0.2083f, -0.0520f, 0.3748f, 0.0152f,
        0.1957f, 0.1433f, -0.2944f, 0.3573f, -0.0548f, -0.1681f, -0.0667f},
    {0.4765f, 1.0364f, 0.4514f, 1.1677f, 0.5313f, 0.4990f, 0.4818f, 0.5013f, 0.8158f, 1.0344f, 0.5894f,
        1.0901f, 0.6885f, 0.6165f, 0.8454f, 0.4978f, 0.5759f, 0.3523f, 0.7135f, 0.6804f, 0.5833f, 1.4146f,
        0.8986f, 0.5659f, 0.7069f, 0.5338f, 0.4889f, 0.4917f, 0.4069f, 0.4999f, 0.6866f, 0.4093f, 0.5709f,
        0.6065f, 0.6415f, 0.4944f, 0.5726f, 1.2042f, 0.5458f, 1.6887f, 0.3971f, 1.0600f, 0.3943f, 0.5537f,
        0.5444f, 0.4089f, 0.7468f, 0.7744f}};

/// Its kernel spans the frame itself and those before; before the first there is nothing.
class CausalConv {
public:
    explicit CausalConv(const Scope& scope)
        : m_in(scope.dim("weight", 1))
        , m_frames(scope.dim("weight", 2))
        , m_conv(scope, {1, 1, 1}, {0, scope.dim("weight", 3) / 2, scope.dim("weight", 4) / 2})
    { }
    std::int64_t inChannels() const { return m_in; }
    std::int64_t outChannels() const { return m_conv.outChannels(); }
    at::Tensor operator()(const at::Tensor& x) const
    {
        return m_conv(m_frames > 1 ? at::constant_pad_nd(x, {0, 0, 0, 0, m_frames - 1, 0}) : x);
    }

private:
    std::int64_t m_in, m_frames;
    Conv m_conv;
};

/// Root-mean-square norm over the channels, the second dimension.
class ChannelNorm {
public:
    explicit ChannelNorm(const Scope& scope)
        : m_scope(scope)
        , m_channels(scope.dim("gamma", 0))
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        if (x.size(1) != m_channels)
            raise(ErrorCode::InvalidInput, "{} norms {} channels, and gets {}", m_scope.path(), m_channels,
                x.size(1));
        constexpr double kSmallest = 1e-12; // of a vector's length, as torch's normalize() has it
        const at::Tensor wide = x.to(at::kFloat);
        const at::Tensor length = wide.square().sum(1, true).sqrt().clamp_min(kSmallest);
        return (wide / length * std::sqrt(double(m_channels))).to(x.scalar_type())
            * perChannel(m_scope.load("gamma"), x);
    }

private:
    Scope m_scope;
    std::int64_t m_channels;
};

class ResidualBlock {
public:
    explicit ResidualBlock(const Scope& scope)
        : m_norm1(scope / "residual.0")
        , m_norm2(scope / "residual.3")
        , m_conv1(scope / "residual.2")
        , m_conv2(scope / "residual.6")
    {
        if (scope.has("shortcut.weight"))
            m_shortcut.emplace(scope / "shortcut");
    }
    std::int64_t inChannels() const { return m_conv1.inChannels(); }
    std::int64_t outChannels() const { return m_conv2.outChannels(); }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor h = m_conv2(at::silu(m_norm2(m_conv1(at::silu(m_norm1(x))))));
        return (m_shortcut ? (*m_shortcut)(x) : x) + h;
    }

private:
    ChannelNorm m_norm1, m_norm2;
    CausalConv m_conv1, m_conv2;
    std::optional<CausalConv> m_shortcut;
};

/// Single-head attention over the pixels of each frame.
class FrameAttention {
public:
    explicit FrameAttention(const Scope& scope)
        : m_norm(scope / "norm")
        , m_qkv(scope / "to_qkv")
        , m_out(scope / "proj")
    { }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const auto part = m_qkv(m_norm(toFrames(x)).flatten(2).transpose(1, 2)).chunk(3, -1);
        const at::Tensor mixed
            = m_out(attention(splitHeads(part[0], 1), splitHeads(part[1], 1), splitHeads(part[2], 1)));
        return x + fromFrames(mixed.transpose(1, 2).unflatten(2, {x.size(3), x.size(4)}), x.size(0));
    }

private:
    ChannelNorm m_norm;
    Linear m_qkv, m_out;
};

/// Twice as high and wide, and where it has a convolution over time, twice as many frames but for the first.
class Upsample {
public:
    explicit Upsample(const Scope& scope)
        : m_conv(scope / "resample.1")
    {
        if (scope.has("time_conv.weight"))
            m_time.emplace(scope / "time_conv");
    }
    bool inTime() const { return m_time.has_value(); }
    at::Tensor operator()(at::Tensor x) const
    {
        if (m_time && x.size(2) > 1) {
            const at::Tensor later = (*m_time)(x.slice(2, 1)).unflatten(1, {2, x.size(1)});
            x = at::cat({x.slice(2, 0, 1), later.permute({0, 2, 3, 1, 4, 5}).flatten(2, 3)}, 2);
        }
        const at::Tensor frames = toFrames(x);
        return fromFrames(
            m_conv(at::upsample_nearest2d(frames, {frames.size(2) * 2, frames.size(3) * 2})), x.size(0));
    }

private:
    Conv m_conv;
    std::optional<CausalConv> m_time;
};

/// Half as high and wide, and where it has a convolution over time, half as many frames but for the first.
class Downsample {
public:
    explicit Downsample(const Scope& scope)
        : m_conv(scope / "resample.1", ConvShape{2, 0})
    {
        if (scope.has("time_conv.weight"))
            m_time.emplace(
                scope / "time_conv", std::vector<std::int64_t>{2, 1, 1}, std::vector<std::int64_t>{0, 0, 0});
    }
    bool inTime() const { return m_time.has_value(); }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const at::Tensor y = fromFrames(m_conv(at::constant_pad_nd(toFrames(x), {0, 1, 0, 1})), x.size(0));
        // Each two frames are merged with the one before them.
        return m_time && y.size(2) > 1 ? at::cat({y.slice(2, 0, 1), (*m_time)(y)}, 2) : y;
    }

private:
    Conv m_conv;
    std::optional<Conv> m_time;
};

using Module = std::variant<ResidualBlock, FrameAttention, Upsample, Downsample>;

/// The modules of a list, each told by its tensors.
std::vector<Module> makeModules(const Scope& scope, std::string_view list, bool up)
{
    std::vector<Module> modules;
    for (std::int64_t i = 0, n = scope.depth(list); i < n; ++i) {
        const Scope place = scope / list / i;
        if (place.has("to_qkv.weight"))
            modules.emplace_back(FrameAttention(place));
        else if (!place.has("resample.1.weight"))
            modules.emplace_back(ResidualBlock(place));
        else if (up)
            modules.emplace_back(Upsample(place));
        else
            modules.emplace_back(Downsample(place));
    }
    return modules;
}

at::Tensor runModules(const std::vector<Module>& modules, at::Tensor x)
{
    for (const Module& module : modules)
        x = std::visit([&](const auto& part) { return part(x); }, module);
    return x;
}

/// How a list of modules changes sizes.
struct Scale {
    int space = 1, time = 1;
};

Scale scaleOf(const std::vector<Module>& modules)
{
    Scale scale;
    const auto count = [&](const auto& part) {
        scale.space *= 2;
        scale.time *= part.inTime() ? 2 : 1;
    };
    for (const Module& module : modules) {
        if (const auto* up = std::get_if<Upsample>(&module))
            count(*up);
        else if (const auto* down = std::get_if<Downsample>(&module))
            count(*down);
    }
    return scale;
}

/// The channels of a list's first input and last output, by its residual blocks.
std::pair<std::int64_t, std::int64_t> widthsOf(const std::vector<Module>& modules)
{
    std::pair<std::int64_t, std::int64_t> widths{0, 0};
    for (const Module& module : modules) {
        if (const auto* block = std::get_if<ResidualBlock>(&module)) {
            widths.first = widths.first == 0 ? block->inChannels() : widths.first;
            widths.second = block->outChannels();
        }
    }
    return widths;
}

/// What WAN 2.2 adds to a level that is larger than its input: the input, its pixels repeated.
at::Tensor repeatedPixels(const at::Tensor& x, std::int64_t channels, const Scale& scale)
{
    const std::int64_t pixels = std::int64_t{scale.time} * scale.space * scale.space;
    const std::int64_t repeats
        = quotient(channels * pixels, x.size(1), "the pixels that a level's input makes");
    at::Tensor y = x.repeat_interleave(repeats, 1)
                       .reshape({x.size(0), channels, scale.time, scale.space, scale.space, x.size(2),
                           x.size(3), x.size(4)});
    y = y.permute({0, 1, 5, 2, 6, 3, 7, 4}).flatten(6, 7).flatten(4, 5).flatten(2, 3);
    return y.slice(2, scale.time - 1); // the first frame is not repeated
}

/// And to a level that is smaller: the input, neighbours averaged.
at::Tensor averagedPixels(const at::Tensor& x, std::int64_t channels, const Scale& scale)
{
    const std::int64_t missing = (scale.time - x.size(2) % scale.time) % scale.time;
    at::Tensor y = at::constant_pad_nd(x, {0, 0, 0, 0, missing, 0});
    y = y.unflatten(4, {y.size(4) / scale.space, scale.space})
            .unflatten(3, {y.size(3) / scale.space, scale.space})
            .unflatten(2, {y.size(2) / scale.time, scale.time})
            .permute({0, 1, 3, 5, 7, 2, 4, 6})
            .flatten(1, 4);
    return y.unflatten(1, {channels, quotient(y.size(1), channels, "the channels of a level")}).mean(2);
}

/// Levels of WAN 2.2, which are lists in a list and have a way around them.
class Level {
public:
    Level(const Scope& scope, std::string_view list, bool up)
        : m_modules(makeModules(scope, list, up))
        , m_up(up)
    { }
    Scale scale() const { return scaleOf(m_modules); }
    at::Tensor operator()(const at::Tensor& x) const
    {
        const Scale sizes = scale();
        const at::Tensor y = runModules(m_modules, x);
        const std::int64_t channels = widthsOf(m_modules).second;
        if (!m_up)
            return y + averagedPixels(x, channels, sizes);
        return sizes.space == 1 ? y : y + repeatedPixels(x, channels, sizes);
    }

private:
    std::vector<Module> m_modules;
    bool m_up;
};

/// Encoder or decoder: the one has its middle after the levels, the other before.
class Half {
public:
    Half(const Scope& scope, std::string_view list, bool up)
        : m_in(scope / "conv1")
        , m_middle(makeModules(scope, "middle", up))
        , m_norm(scope / "head.0")
        , m_out(scope / "head.2")
        , m_up(up)
    {
        if (scope.hasBelow(fmt::format("{0}.0.{0}", list))) {
            for (std::int64_t i = 0, n = scope.depth(list); i < n; ++i)
                m_levels.emplace_back(scope / list / i, list, up);
        } else {
            m_modules = makeModules(scope, list, up);
        }
    }
    std::int64_t inChannels() const { return m_in.inChannels(); }
    std::int64_t outChannels() const { return m_out.outChannels(); }
    Scale scale() const
    {
        Scale all = scaleOf(m_modules);
        for (const Level& level : m_levels) {
            all.space *= level.scale().space;
            all.time *= level.scale().time;
        }
        return all;
    }
    at::Tensor operator()(const at::Tensor& x) const
    {
        at::Tensor y = m_in(x);
        if (m_up)
            y = runModules(m_middle, y);
        y = runModules(m_modules, y);
        for (const Level& level : m_levels)
            y = level(y);
        if (!m_up)
            y = runModules(m_middle, y);
        return m_out(at::silu(m_norm(y)));
    }

private:
    CausalConv m_in;
    std::vector<Module> m_middle, m_modules; ///< WAN 2.1 has one list of modules
    std::vector<Level> m_levels; ///< WAN 2.2 has levels
    ChannelNorm m_norm;
    CausalConv m_out;
    bool m_up;
};

class WanVae final : public Autoencoder {
public:
    WanVae(const Scope& scope, const ChannelStatistics& statistics)
        : m_scope(scope)
        , m_decoder(scope / "decoder", "upsamples", true)
        , m_postQuant(scope / "conv2")
        , m_scale(m_decoder.scale())
    {
        if (scope.has("encoder.conv1.weight")) {
            m_encoder.emplace(scope / "encoder", "downsamples", false);
            m_quant.emplace(scope / "conv1");
        }
        // 2.2 sees 2×2 pixels as channels.
        while (3 * m_patch * m_patch < m_decoder.outChannels())
            ++m_patch;
        if (3 * m_patch * m_patch != m_decoder.outChannels())
            raise(ErrorCode::InvalidInput, "this VAE makes {} channels, which are no colours of patches",
                m_decoder.outChannels());
        const auto channels = std::ssize(statistics.mean);
        if (latentChannels() != channels)
            raise(ErrorCode::Unsupported, "the latent's {} channels are not the {} of WAN's VAE",
                latentChannels(), channels);
        m_mean = at::tensor(statistics.mean);
        m_deviation = at::tensor(statistics.deviation);
    }

    at::Tensor moments(const at::Tensor& image) override
    {
        if (!m_encoder)
            raise(ErrorCode::Unsupported, "this VAE has no encoder");
        const at::Tensor x = video(image, "image", 3);
        if ((x.size(2) - 1) % m_scale.time != 0)
            raise(ErrorCode::Usage, "this VAE takes 1, {}, {}, … frames, not {}", 1 + m_scale.time,
                1 + 2 * m_scale.time, x.size(2));
        return (*m_quant)((*m_encoder)(patches(x)));
    }

    at::Tensor decode(const at::Tensor& latent) override
    {
        return pixels(m_decoder(m_postQuant(video(latent, "latent", latentChannels()))));
    }

    std::int64_t latentChannels() const override { return m_postQuant.inChannels(); }
    int downscale() const override { return m_scale.space * static_cast<int>(m_patch); }
    int frameStep() const override { return m_scale.time; }
    at::Tensor normalized(const at::Tensor& latent) const override
    {
        return (latent - perChannel(m_mean, latent)) / perChannel(m_deviation, latent);
    }
    at::Tensor denormalized(const at::Tensor& latent) const override
    {
        return latent * perChannel(m_deviation, latent) + perChannel(m_mean, latent);
    }

private:
    at::Tensor video(const at::Tensor& x, std::string_view name, std::int64_t channels) const
    {
        const at::Tensor frames = x.defined() && x.dim() == 4 ? x.unsqueeze(2) : x;
        requireInput(frames, name, {-1, channels, -1, -1, -1});
        return frames.to(m_scope.context().weights.options().compute);
    }
    /// [B, 3, T, H, W] → [B, 3·p², T, H/p, W/p]: within a channel, columns first.
    at::Tensor patches(const at::Tensor& x) const
    {
        if (m_patch == 1)
            return x;
        if (x.size(3) % m_patch != 0 || x.size(4) % m_patch != 0)
            raise(ErrorCode::Usage, "a picture of {}×{} pixels has no whole patches of {}", x.size(4),
                x.size(3), m_patch);
        return x.unflatten(4, {-1, m_patch})
            .unflatten(3, {-1, m_patch})
            .permute({0, 1, 6, 4, 2, 3, 5})
            .flatten(1, 3);
    }
    at::Tensor pixels(const at::Tensor& x) const
    {
        if (m_patch == 1)
            return x;
        return x.unflatten(1, {-1, m_patch, m_patch})
            .permute({0, 1, 4, 5, 3, 6, 2})
            .flatten(5, 6)
            .flatten(3, 4);
    }

    Scope m_scope;
    Half m_decoder;
    CausalConv m_postQuant;
    std::optional<Half> m_encoder;
    std::optional<CausalConv> m_quant;
    Scale m_scale;
    std::int64_t m_patch = 1;
    at::Tensor m_mean, m_deviation; ///< float32 [C]
};

} // namespace

Network makeWanVae(const Scope& scope, std::string_view id)
{
    Network network;
    network.autoencoder = std::make_unique<WanVae>(scope, id == "vae.wan22" ? kWan22 : kWan21);
    return network;
}

} // namespace mantissa
