// SPDX-License-Identifier: GPL-3.0-or-later
// HunyuanVideo (arXiv:2412.03603), text and image to video, in the names of Tencent's files or of ComfyUI's.
// FLUX's double and single blocks, with the picture before the text, and a refiner for the text.
//
// x [B, C, T, H, W], whose channels include the picture of image to video; timestep: 1000·sigma [B]; context
// [B, N, width] of the language model; y: CLIP's pooled vector; guidance [B], multiplied by 1000 inside, may
// be undefined. The result has the channels of the noise.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"
#include "engine/torch/nn/functions.h"
#include "engine/torch/nn/layers.h"

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

class RefinerBlock {
public:
    RefinerBlock(const Scope& scope, const flux::Sizes& sizes)
        : m_norm1(layerNormOver(scope / "norm1", sizes.width, kEps))
        , m_norm2(layerNormOver(scope / "norm2", sizes.width, kEps))
        , m_qkv(linearTo(firstOf(scope, {"self_attn.qkv", "self_attn_qkv"}), 3 * sizes.width))
        , m_proj(linearTo(firstOf(scope, {"self_attn.proj", "self_attn_proj"}), sizes.width))
        , m_mlp(scope / "mlp", firstOf(scope / "mlp", {"0", "fc1"}), firstOf(scope / "mlp", {"2", "fc2"}),
              at::silu)
        , m_modulation(linearTo(scope / "adaLN_modulation.1", 2 * sizes.width))
        , m_heads(sizes.heads)
    {
        scope.require({"norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"});
    }
    at::Tensor operator()(at::Tensor x, const at::Tensor& condition) const
    {
        const auto gate = m_modulation(at::silu(condition)).unsqueeze(1).chunk(2, -1);
        const flux::Heads h = flux::cutHeads(m_qkv(m_norm1(x)), m_heads);
        x = x + gate[0] * m_proj(attention(h.q, h.k, h.v));
        return x + gate[1] * m_mlp(m_norm2(x));
    }

private:
    LayerNorm m_norm1, m_norm2;
    Linear m_qkv, m_proj;
    TwoLinear m_mlp;
    Linear m_modulation;
    std::int64_t m_heads;
};

/// Lets the text's tokens see each other, before the picture does; knows the time and the mean of the text.
class TextRefiner {
public:
    TextRefiner(const Scope& scope, const flux::Sizes& sizes)
        : m_scope(scope)
        , m_in(linearTo(scope / "input_embedder", sizes.width))
        , m_time(flux::makeEmbedder(scope / "t_embedder", sizes.width))
        , m_pooled(flux::makeEmbedder(scope / "c_embedder", sizes.width))
    {
        const std::int64_t depth = scope.depth("individual_token_refiner.blocks");
        for (std::int64_t i = 0; i < depth; ++i)
            m_blocks.emplace_back(scope / "individual_token_refiner.blocks" / i, sizes);
    }
    std::int64_t inFeatures() const { return m_in.inFeatures(); }
    at::Tensor operator()(const at::Tensor& text, const at::Tensor& timestep) const
    {
        const at::Tensor condition
            = m_time(timestepEmbedding(timestep, m_time.inFeatures())) + m_pooled(text.mean(1));
        at::Tensor x = m_in(text);
        for (const RefinerBlock& block : m_blocks)
            x = block(x, condition);
        m_scope.tap(x);
        return x;
    }

private:
    Scope m_scope;
    Linear m_in;
    TwoLinear m_time, m_pooled;
    std::vector<RefinerBlock> m_blocks;
};

class HunyuanVideo final : public DenoisingNetwork {
public:
    HunyuanVideo(const Scope& scope, const flux::Sizes& sizes)
        : m_scope(scope)
        , m_x(scope / "img_in.proj")
        , m_text(scope / "txt_in", sizes)
        , m_condition(scope, sizes.width)
        , m_blocks(scope, sizes, flux::Order::ImageFirst)
        , m_modulation(scope, sizes.width, m_blocks)
        , m_final(scope / "final_layer", sizes.width)
    {
        if (m_x.patch().size() != 3)
            raise(ErrorCode::Unsupported, "Hunyuan networks for pictures cannot be run yet");
        requireBiases(scope,
            {"double_blocks", "single_blocks", "img_in", "txt_in", "time_in", "vector_in", "guidance_in",
                "final_layer"});
    }

    LatentForm latentForm() const override
    {
        const auto& patch = m_x.patch();
        const std::int64_t out
            = quotient(m_final.outFeatures(), patch[0] * patch[1] * patch[2], "the numbers of a patch");
        return {out, m_x.inChannels() - out, true};
    }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_x.inChannels(), -1, -1, -1});
        const std::int64_t batch = input.x.size(0);
        requireInput(input.timestep, "timestep", {batch});
        requireInput(input.context, "context", {batch, -1, m_text.inFeatures()});
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_x.patch());
        const at::Tensor image = m_x(input.x);
        (m_scope / "img_in").tap(image);
        const at::Tensor vector = m_condition(input, 1.0);
        const at::Tensor text = m_text(input.context.to(compute), input.timestep);

        const at::Tensor points = gridPositions(grid, image.device());
        at::Tensor x = m_blocks(
            image, points, text, at::zeros({text.size(1), 3}, points.options()), m_modulation.of(vector));
        x = m_final(x, vector);
        return cutTo(joinPatches(x, grid, m_x.patch(), PatchOrder::ChannelsFirst), input.x);
    }

private:
    Scope m_scope;
    PatchEmbedding m_x;
    TextRefiner m_text;
    flux::Condition m_condition;
    flux::Blocks m_blocks;
    flux::OwnModulation m_modulation;
    FinalLayer m_final;
};

} // namespace

Network makeHunyuanVideo(const Scope& scope, std::string_view)
{
    if (scope.has("vision_in.proj.0.weight"))
        raise(ErrorCode::Unsupported, "HunyuanVideo 1.5, with its picture encoder, cannot be run yet");
    Network network;
    network.denoiser = std::make_unique<HunyuanVideo>(
        scope, flux::readFluxSizes(scope, scope.dim("img_in.proj.weight", 0), {16, 56, 56}, 256.0));
    return network;
}

} // namespace mantissa
