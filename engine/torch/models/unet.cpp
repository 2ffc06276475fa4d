// SPDX-License-Identifier: GPL-3.0-or-later
// The U-Net of Stable Diffusion 1, 2, XL and its refiner, in LDM names. Built from the keys that are there,
// so that reduced and widened ones run as well (Koala, Segmind, the sample model).
//
// x [B, C, H, W]; timestep: index 0–999 [B]; context [B, N, width]; y [B, adm] where the file has label_emb.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

#include <memory>
#include <vector>

namespace mantissa {

namespace {

using namespace nn;

struct UnetSettings {
    std::int64_t groups; ///< of every GroupNorm
    std::int64_t heads; ///< the same at every level; 0: headWidth counts
    std::int64_t headWidth;

    std::int64_t headsOf(std::int64_t channels) const { return heads > 0 ? heads : channels / headWidth; }
};

/// Bottom-up: every module of a block takes what any of them may need.
struct BlockInput {
    at::Tensor embedding, context;
    std::vector<std::int64_t>
        nextSize; ///< rows and columns of the next skip connection; empty: double the size
};

class Module {
public:
    virtual ~Module() = default;
    virtual at::Tensor forward(const at::Tensor& x, const BlockInput& input) const = 0;
};

class ResBlock final : public Module {
public:
    ResBlock(const Scope& scope, const UnetSettings& settings)
        : m_norm1(scope / "in_layers.0", settings.groups, 1e-5)
        , m_norm2(scope / "out_layers.0", settings.groups, 1e-5)
        , m_conv1(scope / "in_layers.2")
        , m_conv2(scope / "out_layers.3")
        , m_embedding(scope / "emb_layers.1")
    {
        if (scope.has("skip_connection.weight"))
            m_skip.emplace(scope / "skip_connection");
    }

    at::Tensor forward(const at::Tensor& x, const BlockInput& input) const override
    {
        const at::Tensor shift = m_embedding(at::silu(input.embedding)).unsqueeze(-1).unsqueeze(-1);
        at::Tensor h = m_conv1(at::silu(m_norm1(x))) + shift;
        h = m_conv2(at::silu(m_norm2(h)));
        return (m_skip ? (*m_skip)(x) : x) + h;
    }

private:
    GroupNorm m_norm1, m_norm2;
    Conv m_conv1, m_conv2;
    Linear m_embedding;
    std::optional<Conv> m_skip;
};

class CrossAttention {
public:
    CrossAttention(const Scope& scope, std::int64_t heads)
        : m_q(scope / "to_q")
        , m_k(scope / "to_k")
        , m_v(scope / "to_v")
        , m_out(scope / "to_out.0")
        , m_heads(heads)
    { }

    at::Tensor operator()(const at::Tensor& x, const at::Tensor& context) const
    {
        return m_out(attention(splitHeads(m_q(x), m_heads), splitHeads(m_k(context), m_heads),
            splitHeads(m_v(context), m_heads)));
    }

private:
    Linear m_q, m_k, m_v, m_out;
    std::int64_t m_heads;
};

class TransformerBlock {
public:
    TransformerBlock(const Scope& scope, std::int64_t heads)
        : m_norm1(scope / "norm1")
        , m_norm2(scope / "norm2")
        , m_norm3(scope / "norm3")
        , m_self(scope / "attn1", heads)
        , m_cross(scope / "attn2", heads)
        , m_up(scope / "ff.net.0.proj")
        , m_down(scope / "ff.net.2")
    { }

    at::Tensor operator()(at::Tensor x, const at::Tensor& context) const
    {
        const at::Tensor h = m_norm1(x);
        x = x + m_self(h, h);
        x = x + m_cross(m_norm2(x), context);
        const auto halves = m_up(m_norm3(x)).chunk(2, -1);
        return x + m_down(halves[0] * at::gelu(halves[1]));
    }

private:
    LayerNorm m_norm1, m_norm2, m_norm3;
    CrossAttention m_self, m_cross;
    Linear m_up, m_down;
};

/// proj_in and proj_out are 1×1 convolutions in SD 1 and Linear in later ones; the same numbers either way.
class SpatialTransformer final : public Module {
public:
    SpatialTransformer(const Scope& scope, const UnetSettings& settings)
        : m_norm(scope / "norm", settings.groups, 1e-6)
        , m_in(scope / "proj_in")
        , m_out(scope / "proj_out")
    {
        const std::int64_t heads = settings.headsOf(m_in.outFeatures());
        const std::int64_t depth = scope.count("transformer_blocks", "norm1.weight");
        for (std::int64_t i = 0; i < depth; ++i)
            m_blocks.emplace_back(scope / "transformer_blocks" / i, heads);
    }

    at::Tensor forward(const at::Tensor& x, const BlockInput& input) const override
    {
        const std::int64_t rows = x.size(2), columns = x.size(3);
        at::Tensor tokens = m_in(m_norm(x).flatten(2).transpose(1, 2));
        for (const TransformerBlock& block : m_blocks)
            tokens = block(tokens, input.context);
        tokens = m_out(tokens);
        return x + tokens.transpose(1, 2).unflatten(2, {rows, columns});
    }

private:
    GroupNorm m_norm;
    Linear m_in, m_out;
    std::vector<TransformerBlock> m_blocks;
};

class Resample final : public Module {
public:
    enum class Direction { Down, Up };
    Resample(const Scope& scope, Direction direction)
        : m_conv(scope, {direction == Direction::Down ? 2 : 1, 1})
        , m_direction(direction)
    { }
    at::Tensor forward(const at::Tensor& x, const BlockInput& input) const override
    {
        if (m_direction == Direction::Down)
            return m_conv(x);
        const std::vector<std::int64_t> size = input.nextSize.empty()
            ? std::vector<std::int64_t>{x.size(2) * 2, x.size(3) * 2}
            : input.nextSize;
        return m_conv(at::upsample_nearest2d(x, size));
    }

private:
    Conv m_conv;
    Direction m_direction;
};

class FirstConv final : public Module {
public:
    explicit FirstConv(const Scope& scope)
        : m_conv(scope)
    { }
    at::Tensor forward(const at::Tensor& x, const BlockInput&) const override { return m_conv(x); }

private:
    Conv m_conv;
};

std::unique_ptr<Module> makeModule(const Scope& scope, const UnetSettings& settings)
{
    if (scope.has("in_layers.2.weight"))
        return std::make_unique<ResBlock>(scope, settings);
    if (scope.has("proj_in.weight"))
        return std::make_unique<SpatialTransformer>(scope, settings);
    if (scope.has("op.weight"))
        return std::make_unique<Resample>(scope / "op", Resample::Direction::Down);
    if (scope.has("conv.weight"))
        return std::make_unique<Resample>(scope / "conv", Resample::Direction::Up);
    if (scope.has("weight"))
        return std::make_unique<FirstConv>(scope);
    return nullptr;
}

class Block {
public:
    Block(const Scope& scope, const UnetSettings& settings)
    {
        for (std::int64_t i = 0;; ++i) {
            const Scope place = scope / i;
            auto module = makeModule(place, settings);
            if (!module)
                break;
            m_modules.emplace_back(place, std::move(module));
        }
    }
    bool empty() const { return m_modules.empty(); }
    at::Tensor operator()(at::Tensor x, const BlockInput& input) const
    {
        for (const auto& [place, module] : m_modules) {
            x = module->forward(x, input);
            place.tap(x);
        }
        return x;
    }

private:
    std::vector<std::pair<Scope, std::unique_ptr<Module>>> m_modules;
};

std::vector<Block> makeBlocks(const Scope& scope, const UnetSettings& settings)
{
    std::vector<Block> blocks;
    for (std::int64_t i = 0;; ++i) {
        Block block(scope / i, settings);
        if (block.empty())
            return blocks;
        blocks.push_back(std::move(block));
    }
}

class Unet final : public DenoisingNetwork {
public:
    Unet(const Scope& scope, const UnetSettings& settings)
        : m_scope(scope)
        , m_time0(scope / "time_embed.0")
        , m_time2(scope / "time_embed.2")
        , m_inputs(makeBlocks(scope / "input_blocks", settings))
        , m_middle(scope / "middle_block", settings)
        , m_outputs(makeBlocks(scope / "output_blocks", settings))
        , m_outNorm(scope / "out.0", settings.groups, 1e-5)
        , m_outConv(scope / "out.2")
    {
        if (m_inputs.size() != m_outputs.size())
            raise(ErrorCode::InvalidInput, "the U-Net has {} blocks on the way down and {} on the way up",
                m_inputs.size(), m_outputs.size());
        if (scope.has("label_emb.0.0.weight")) {
            m_label0.emplace(scope / "label_emb.0.0");
            m_label2.emplace(scope / "label_emb.0.2");
        }
    }

    LatentForm latentForm() const override
    {
        const std::int64_t in = m_scope.dim("input_blocks.0.0.weight", 1), out = m_outConv.outChannels();
        return {out, in - out};
    }

    at::Tensor forward(const DenoiserInput& input) override
    {
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        at::Tensor embedding
            = m_time2(at::silu(m_time0(timestepEmbedding(input.timestep, m_time0.inFeatures()))));
        (m_scope / "time_embed").tap(embedding);
        if (m_label0) {
            if (!input.y.defined())
                raise(ErrorCode::Usage, "this U-Net needs a pooled text vector of {} numbers",
                    m_label0->inFeatures());
            const at::Tensor label = (*m_label2)(at::silu((*m_label0)(input.y)));
            (m_scope / "label_emb").tap(label);
            embedding = embedding + label;
        }
        BlockInput shared{embedding, input.context.to(compute), {}};
        at::Tensor x = input.x.to(compute);
        std::vector<at::Tensor> skips;
        for (const Block& block : m_inputs) {
            x = block(x, shared);
            skips.push_back(x);
        }
        x = m_middle(x, shared);
        for (const Block& block : m_outputs) {
            x = at::cat({x, skips.back()}, 1);
            skips.pop_back();
            shared.nextSize.clear();
            if (!skips.empty())
                shared.nextSize = {skips.back().size(2), skips.back().size(3)};
            x = block(x, shared);
        }
        return m_outConv(at::silu(m_outNorm(x)));
    }

private:
    Scope m_scope;
    Linear m_time0, m_time2;
    std::optional<Linear> m_label0, m_label2;
    std::vector<Block> m_inputs;
    Block m_middle;
    std::vector<Block> m_outputs;
    GroupNorm m_outNorm;
    Conv m_outConv;
};

} // namespace

Network makeUnet(const Scope& scope, std::string_view id)
{
    const Settings& settings = scope.settings();
    UnetSettings unet{};
    unet.groups = settings.integer({"norm_groups", "norm_num_groups"}, 32);
    unet.heads = settings.integer({"num_heads"}, 0);
    // The configs of diffusers call the number of heads attention_head_dim; where they list one for each
    // level, the heads are 64 wide as in all models that do.
    if (settings.text({"_class_name"}, "") == "UNet2DConditionModel"
        && settings.isNumber({"attention_head_dim"}))
        unet.heads = settings.integer({"attention_head_dim"}, 0);
    unet.headWidth = settings.integer({"num_head_channels"}, 64);
    // SD 1 has eight heads at every level, its successors heads of 64 channels.
    if (id == "sd1" && unet.heads == 0 && !settings.has({"num_head_channels"}))
        unet.heads = 8;
    Network network;
    network.denoiser = std::make_unique<Unet>(scope, unet);
    return network;
}

} // namespace mantissa
