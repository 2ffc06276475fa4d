// SPDX-License-Identifier: GPL-3.0-or-later
// SeedVR2 3B and 7B (arXiv:2506.05301): video restoration in one step. Video and text go through the same
// blocks, with weights of their own or, in later blocks of 3B, shared ones. A block's modulation is the
// time's embedding plus vectors of the block.
//
// run(): vid [Σ frames·rows·columns, 33] (noisy latent, condition latent, mask), vid_shape int64 [B, 3], txt
// [Σ length, width], txt_shape int64 [B, 1], timestep [B] in 0…1000 → [Σ frames·rows·columns, 16].
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/seedvr2_attention.h"
#include "engine/torch/nn/dit.h"
#include "engine/torch/nn/functions.h"

namespace mantissa {

namespace {

using namespace nn;

/// Shift, scale and gate, each [C] (of a block) or [B, C] (of a time). Gate is undefined for the output's.
struct Modulation {
    at::Tensor shift, scale, gate;
};

Modulation loadModulation(const Scope& scope, const std::string& layer, std::int64_t width)
{
    const auto load = [&](const char* part) { return loadTable(scope, layer + "_" + part, 1, width); };
    return {load("shift"), load("scale"), scope.has(layer + "_gate") ? load("gate") : at::Tensor()};
}

/// The embedding has [channel, attention or feed-forward layer, shift or scale or gate].
Modulation timeModulation(const at::Tensor& embedding, std::int64_t width, std::int64_t layer)
{
    const auto part = embedding.unflatten(-1, {width, 2, 3}).select(-2, layer).unbind(-1);
    return {part[0], part[1], part[2]};
}

/// Before a layer. The scale is the sum itself: a block's own is near 1.
at::Tensor enter(const at::Tensor& x, const Modulation& block, const Modulation& time)
{
    return x * (block.scale + time.scale).unsqueeze(1) + (block.shift + time.shift).unsqueeze(1);
}

/// After it.
at::Tensor leave(const at::Tensor& x, const Modulation& block, const Modulation& time)
{
    return x * (block.gate + time.gate).unsqueeze(1);
}

/// Gated with SiLU (3B), or two layers with GELU (7B).
class FeedForward {
public:
    explicit FeedForward(const Scope& scope)
        : m_in(scope / "proj_in")
        , m_out(scope / "proj_out")
    {
        if (scope.has("proj_in_gate.weight"))
            m_gate.emplace(scope / "proj_in_gate");
        else
            scope.require({"proj_in.bias", "proj_out.bias"});
    }
    at::Tensor operator()(const at::Tensor& x) const
    {
        return m_out(m_gate ? at::silu((*m_gate)(x)) * m_in(x) : geluTanh(m_in(x)));
    }

private:
    Linear m_in, m_out;
    std::optional<Linear> m_gate;
};

/// What video or text has of a block besides attention.
struct Side {
    Side(const Scope& block, std::string_view name, std::int64_t width)
        : attention(loadModulation(seedVr2Side(block / "ada", name, "attn_shift"), "attn", width))
        , mlp(loadModulation(seedVr2Side(block / "ada", name, "attn_shift"), "mlp", width))
        , feedForward(seedVr2Side(block / "mlp", name, "proj_in.weight"))
    {
        if (!attention.gate.defined() || !mlp.gate.defined())
            raise(ErrorCode::InvalidInput, "{} has no gates for {}", block.path(), name);
    }
    Modulation attention, mlp;
    FeedForward feedForward;
};

class Block {
public:
    /// Nothing sees what becomes of the text after the last block, so 3B ends it there: it enters that
    /// block's attention without modulation, even where the weights are shared. 7B treats it as in any block.
    Block(const Scope& scope, const SeedVr2Settings& settings, std::int64_t index, bool textGoesOn)
        : m_scope(scope)
        , m_settings(settings)
        , m_attention(scope / "attn", settings, index, textGoesOn)
        , m_video(scope, "vid", settings.width)
    {
        if (textGoesOn)
            m_text.emplace(scope, "txt", settings.width);
    }

    void operator()(at::Tensor& video, at::Tensor& text, const at::Tensor& embedding, const Grid3& grid) const
    {
        const Modulation time0 = timeModulation(embedding, m_settings.width, 0);
        const at::Tensor textIn = rmsNormalize(text, m_settings.eps);
        const auto attended
            = m_attention(enter(rmsNormalize(video, m_settings.eps), m_video.attention, time0),
                m_text ? enter(textIn, m_text->attention, time0) : textIn, grid);
        video = finish(video, attended.first, m_video, embedding);
        if (!m_text)
            return m_scope.tap(video);
        text = finish(text, attended.second, *m_text, embedding);
        m_scope.tap({video, text});
    }

private:
    at::Tensor finish(
        at::Tensor x, const at::Tensor& attended, const Side& side, const at::Tensor& embedding) const
    {
        x = x + leave(attended, side.attention, timeModulation(embedding, m_settings.width, 0));
        const Modulation time1 = timeModulation(embedding, m_settings.width, 1);
        return x
            + leave(
                side.feedForward(enter(rmsNormalize(x, m_settings.eps), side.mlp, time1)), side.mlp, time1);
    }

    Scope m_scope;
    SeedVr2Settings m_settings;
    SeedVr2Attention m_attention;
    Side m_video;
    std::optional<Side> m_text;
};

class TimeEmbedding {
public:
    explicit TimeEmbedding(const Scope& scope)
        : m_scope(scope)
        , m_in(scope / "proj_in")
        , m_hidden(scope / "proj_hid")
        , m_out(scope / "proj_out")
    { }
    std::int64_t outFeatures() const { return m_out.outFeatures(); }
    at::Tensor operator()(const at::Tensor& timestep) const
    {
        const at::Tensor sinusoids = timestepEmbedding(timestep, m_in.inFeatures(), 10000.0, true);
        at::Tensor y = m_out(at::silu(m_hidden(at::silu(m_in(sinusoids)))));
        m_scope.tap(y);
        return y;
    }

private:
    Scope m_scope;
    Linear m_in, m_hidden, m_out;
};

class SeedVr2 {
public:
    SeedVr2(const Scope& scope, const SeedVr2Settings& settings)
        : m_settings(settings)
        , m_patch(scope.settings().integers({"patch_size"}, {1, 2, 2}))
        , m_videoIn(scope / "vid_in.proj")
        , m_textIn(scope / "txt_in")
        , m_time(scope / "emb_in")
        , m_videoOut(scope / "vid_out.proj")
    {
        if (m_patch.size() != 3 || *std::min_element(m_patch.begin(), m_patch.end()) < 1
            || *std::max_element(m_patch.begin(), m_patch.end()) > 64)
            raise(ErrorCode::InvalidInput, "the setting patch_size is no frames, rows and columns");
        m_channels
            = quotient(m_videoIn.inFeatures(), m_patch[0] * m_patch[1] * m_patch[2], "the pixels of a patch");
        if (m_time.outFeatures() != 6 * settings.width)
            raise(ErrorCode::InvalidInput, "emb_in has {} outputs for a network of {} channels",
                m_time.outFeatures(), settings.width);
        scope.require({"vid_in.proj.bias", "txt_in.bias", "emb_in.proj_in.bias", "emb_in.proj_hid.bias",
            "emb_in.proj_out.bias", "vid_out.proj.bias"});
        const std::int64_t depth = scope.depth("blocks");
        for (std::int64_t i = 0; i < depth; ++i) {
            const Scope block = scope / "blocks" / i;
            const bool text = i + 1 < depth || block.hasBelow("ada.txt");
            m_blocks.emplace_back(block, settings, i, text);
        }
        if (scope.has("vid_out_norm.weight") || scope.hasBelow("vid_out_ada")) {
            m_outNorm.emplace(scope / "vid_out_norm", settings.eps);
            m_outModulation = loadModulation(scope / "vid_out_ada", "out", settings.width);
        }
    }

    std::int64_t channels() const { return m_channels; }
    std::int64_t outChannels() const
    {
        return quotient(
            m_videoOut.outFeatures(), m_patch[0] * m_patch[1] * m_patch[2], "the pixels of a patch");
    }

    at::Tensor run(const std::map<std::string, at::Tensor>& inputs) const
    {
        const auto input = [&](const char* name) {
            const auto it = inputs.find(name);
            return it == inputs.end() ? at::Tensor() : it->second;
        };
        const at::Tensor video = input("vid"), text = input("txt"), timestep = input("timestep");
        requireInput(video, "vid", {-1, m_channels});
        requireInput(text, "txt", {-1, m_textIn.inFeatures()});
        requireInput(input("vid_shape"), "vid_shape", {-1, 3});
        const at::Tensor grids = input("vid_shape").to(at::kLong).cpu();
        requireInput(input("txt_shape"), "txt_shape", {grids.size(0), 1});
        const at::Tensor lengths = input("txt_shape").to(at::kLong).cpu();
        requireInput(timestep, "timestep", {grids.size(0)});
        std::int64_t videoAt = 0, textAt = 0;
        std::vector<at::Tensor> out;
        for (std::int64_t i = 0; i < grids.size(0); ++i) {
            const auto length
                = [&](std::int64_t axis) { return grids.select(0, i).select(0, axis).item<std::int64_t>(); };
            const Grid3 grid{length(0), length(1), length(2)};
            const std::int64_t textLength = lengths.select(0, i).item<std::int64_t>();
            const std::int64_t area = areaOf(grid, video.size(0) - videoAt);
            if (textLength < 1 || textLength > text.size(0) - textAt)
                raise(ErrorCode::Usage, "txt_shape has more tokens than txt");
            const at::Tensor latent
                = video.slice(0, videoAt, videoAt + area).reshape({1, grid[0], grid[1], grid[2], -1});
            out.push_back(forward(latent.permute({0, 4, 1, 2, 3}),
                text.slice(0, textAt, textAt + textLength).unsqueeze(0), timestep.slice(0, i, i + 1)));
            videoAt += area;
            textAt += textLength;
        }
        if (videoAt != video.size(0) || textAt != text.size(0))
            raise(ErrorCode::Usage, "vid and txt have more tokens than vid_shape and txt_shape say");
        return at::cat(out, 0);
    }

private:
    static std::int64_t areaOf(const Grid3& grid, std::int64_t available)
    {
        std::int64_t area = 1;
        for (const std::int64_t length : grid) {
            // Before the product, so that it cannot overflow.
            if (length < 1 || length > available / area)
                raise(ErrorCode::Usage, "vid_shape has more tokens than vid");
            area *= length;
        }
        return area;
    }

    /// latent [1, C, frames, rows, columns] → tokens [N, channels].
    at::Tensor forward(const at::Tensor& latent, const at::Tensor& words, const at::Tensor& timestep) const
    {
        const std::vector<std::int64_t> patches = patchGrid(latent, m_patch);
        const Grid3 grid{patches[0], patches[1], patches[2]};
        at::Tensor video
            = m_videoIn(cutPatches(padToPatch(latent, m_patch), m_patch, PatchOrder::ChannelsLast));
        at::Tensor text = m_textIn(words);
        const at::Tensor embedding = m_time(timestep);
        for (const Block& block : m_blocks)
            block(video, text, embedding, grid);
        if (m_outNorm)
            video
                = enter((*m_outNorm)(video), m_outModulation, timeModulation(embedding, m_settings.width, 0));
        const at::Tensor y
            = cutTo(joinPatches(m_videoOut(video), patches, m_patch, PatchOrder::ChannelsLast), latent);
        return y.permute({0, 2, 3, 4, 1}).reshape({-1, y.size(1)});
    }

    SeedVr2Settings m_settings;
    std::vector<std::int64_t> m_patch;
    Linear m_videoIn, m_textIn;
    TimeEmbedding m_time;
    std::vector<Block> m_blocks;
    std::optional<RmsNorm> m_outNorm;
    Modulation m_outModulation;
    Linear m_videoOut;
    std::int64_t m_channels = 0;
};

/// Videos of one size in place of lists of tokens. x [B, 33, T, H, W]: noise, latent of the video to restore,
/// and ones where that is known; timestep: 1000·sigma; context: the one text [B, N, width].
class SeedVr2Denoiser final : public DenoisingNetwork {
public:
    explicit SeedVr2Denoiser(std::shared_ptr<const SeedVr2> model)
        : m_model(std::move(model))
    { }
    LatentForm latentForm() const override
    {
        const std::int64_t out = m_model->outChannels();
        return {out, m_model->channels() - out, true};
    }
    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_model->channels(), -1, -1, -1});
        const std::int64_t batch = input.x.size(0);
        requireInput(input.context, "context", {batch, -1, -1});
        const auto& x = input.x;
        const at::Tensor shape = at::tensor({x.size(2), x.size(3), x.size(4)}, at::kLong);
        const at::Tensor tokens = m_model->run({{"vid", x.permute({0, 2, 3, 4, 1}).flatten(0, 3)},
            {"txt", input.context.flatten(0, 1)}, {"vid_shape", shape.expand({batch, 3})},
            {"txt_shape", at::full({batch, 1}, input.context.size(1), at::kLong)},
            {"timestep", input.timestep}});
        return tokens.reshape({batch, x.size(2), x.size(3), x.size(4), -1}).permute({0, 4, 1, 2, 3});
    }

private:
    std::shared_ptr<const SeedVr2> m_model;
};

} // namespace

Network makeSeedVr2(const Scope& scope, std::string_view id)
{
    const Settings& settings = scope.settings();
    SeedVr2Settings seed;
    seed.width = scope.dim("vid_in.proj.weight", 0);
    const Scope norm = seedVr2Side(scope / "blocks.0.attn.norm_q", "vid", "weight");
    seed.headWidth = norm.dim("weight", 0);
    seed.heads = quotient(seed.width, seed.headWidth, fmt::format("heads of {} channels", seed.headWidth));
    seed.eps = settings.number({"norm_eps"}, 1e-5);
    seed.windows = settings.integers({"window"}, {4, 3, 3});
    if (seed.windows.empty() || seed.windows.size() % 3 != 0
        || *std::min_element(seed.windows.begin(), seed.windows.end()) < 1)
        raise(ErrorCode::InvalidInput, "the setting window has no frames, rows and columns for each block");
    seed.jointRotation
        = settings.text({"rope_type"}, id == "seedvr2_3b" ? "mmrope3d" : "rope3d") == "mmrope3d";
    Network network;
    const auto model = std::make_shared<const SeedVr2>(scope, seed);
    network.run = [model](const std::map<std::string, at::Tensor>& inputs) { return model->run(inputs); };
    network.denoiser = std::make_unique<SeedVr2Denoiser>(model);
    return network;
}

} // namespace mantissa
