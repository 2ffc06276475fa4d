// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen-Image (arXiv:2508.02324) in diffusers' names, which are those of its files: FLUX's double blocks
// throughout, with the middle of the picture at position 0 and the text after its corner.
//
// x [B, 16, 1, H, W] or [B, 16, H, W]; timestep: sigma [B], multiplied by 1000 inside; context [B, N, width]
// of a language model. References: Edit's pictures, whose tokens follow those of the noise; each has its own
// middle at position 0, and they are one apart on the first axis.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"
#include "engine/torch/nn/functions.h"

namespace mantissa {

namespace {

using namespace nn;

constexpr double kEps = 1e-6;

flux::Side imageSide(const Scope& block, const flux::Sizes& sizes)
{
    const Scope attention = block / "attn", mlp = block / "img_mlp";
    return {block,
        {{attention / "to_q", attention / "to_k", attention / "to_v"}, attention / "to_out.0",
            attention / "norm_q", attention / "norm_k", mlp, mlp / "net.0.proj", mlp / "net.2"},
        sizes};
}

flux::Side textSide(const Scope& block, const flux::Sizes& sizes)
{
    const Scope attention = block / "attn", mlp = block / "txt_mlp";
    return {block,
        {{attention / "add_q_proj", attention / "add_k_proj", attention / "add_v_proj"},
            attention / "to_add_out", attention / "norm_added_q", attention / "norm_added_k", mlp,
            mlp / "net.0.proj", mlp / "net.2"},
        sizes};
}

class Block {
public:
    Block(const Scope& scope, const flux::Sizes& sizes)
        : m_scope(scope)
        , m_imageModulation(scope / "img_mod", sizes.width, 2)
        , m_textModulation(scope / "txt_mod", sizes.width, 2)
        , m_block(imageSide(scope, sizes), textSide(scope, sizes), flux::Order::TextFirst)
    { }
    void operator()(
        at::Tensor& text, at::Tensor& image, const at::Tensor& vector, const at::Tensor& rotation) const
    {
        m_block(image, text, m_imageModulation(vector), m_textModulation(vector), rotation);
        m_scope.tap({text, image});
    }

private:
    Scope m_scope;
    flux::ModulationLayer m_imageModulation, m_textModulation;
    flux::DoubleBlock m_block;
};

class QwenImage final : public DenoisingNetwork {
public:
    QwenImage(const Scope& scope, const flux::Sizes& sizes)
        : m_scope(scope)
        , m_sizes(sizes)
        , m_image(linearTo(scope / "img_in", sizes.width))
        , m_text(linearTo(scope / "txt_in", sizes.width))
        , m_textNorm(rmsNormOver(scope / "txt_norm", m_text.inFeatures(), kEps))
        , m_time(flux::makeEmbedder(scope / "time_text_embed.timestep_embedder", sizes.width))
        , m_norm(scope / "norm_out.norm", kEps)
        , m_normModulation(linearTo(scope / "norm_out.linear", 2 * sizes.width))
        , m_out(scope / "proj_out")
        , m_patches(m_image.inFeatures(), m_out.outFeatures(), scope.settings().integer({"patch_size"}, 2))
    {
        const std::int64_t depth = countBlocks(
            scope, "transformer_blocks", {"img_mod.1.weight", "txt_mod.1.weight", "attn.to_q.weight"});
        for (std::int64_t i = 0; i < depth; ++i)
            m_blocks.emplace_back(scope / "transformer_blocks" / i, sizes);
    }

    LatentForm latentForm() const override { return m_patches.form(true); }

    at::Tensor forward(const DenoiserInput& input) override
    {
        const bool video = input.x.defined() && input.x.dim() == 5;
        if (video)
            requireInput(input.x, "x", {-1, m_patches.channels(), 1, -1, -1});
        DenoiserInput flat = input;
        flat.x = video ? input.x.squeeze(2) : input.x;
        const at::Tensor& x = flat.x;
        requireInput(x, "x", {-1, m_patches.channels(), -1, -1});
        requireInput(input.timestep, "timestep", {x.size(0)});
        requireInput(input.context, "context", {x.size(0), -1, m_text.inFeatures()});
        const at::ScalarType compute = m_scope.context().weights.options().compute;
        const flux::PictureTokens pictures = flux::cutPictures(m_patches, flat, 1);
        at::Tensor image = m_image(pictures.tokens), text = m_text(m_textNorm(input.context.to(compute)));
        const at::Tensor vector
            = m_time(timestepEmbedding(input.timestep, m_time.inFeatures(), 10000.0, false, 1000.0));
        (m_scope / "time_text_embed").tap(vector);
        const at::Tensor rotation
            = rotaryTable(positions(pictures.positions, text.size(1)), m_sizes.axes, m_sizes.theta);
        for (const Block& block : m_blocks)
            block(text, image, vector, rotation);
        const auto part = m_normModulation(at::silu(vector)).chunk(2, -1);
        image = modulate(m_norm(image.slice(1, 0, pictures.length)), part[1], part[0]);
        (m_scope / "norm_out").tap(image);
        const at::Tensor y = m_patches.join(m_out(image), x);
        return video ? y.unsqueeze(2) : y;
    }

private:
    /// Text first: its tokens go on along the diagonal from where the longest side of the pictures ends.
    static at::Tensor positions(const std::vector<at::Tensor>& pictures, std::int64_t textLength)
    {
        const auto options = pictures.front().options();
        at::Tensor first = at::zeros({1}, options);
        std::vector<at::Tensor> all{at::Tensor()};
        for (const at::Tensor& points : pictures) {
            const at::Tensor middle = at::floor_divide(std::get<0>(points.max(0)) + 1, 2).slice(0, 1);
            first = at::maximum(first, middle.max());
            all.push_back(points - at::cat({at::zeros({1}, options), middle}));
        }
        all[0] = (at::arange(textLength, options) + first).unsqueeze(1).expand({-1, 3});
        return at::cat(all);
    }

    Scope m_scope;
    flux::Sizes m_sizes;
    Linear m_image, m_text;
    RmsNorm m_textNorm;
    TwoLinear m_time;
    std::vector<Block> m_blocks;
    LayerNorm m_norm;
    Linear m_normModulation, m_out;
    flux::Patches m_patches;
};

} // namespace

Network makeQwenImage(const Scope& scope, std::string_view)
{
    if (scope.has("time_text_embed.addition_t_embedding.weight"))
        raise(ErrorCode::Unsupported, "Qwen-Image-Layered cannot be run yet");
    Network network;
    network.denoiser = std::make_unique<QwenImage>(scope,
        flux::readSizes(scope / "transformer_blocks.0.attn.norm_q", scope.dim("img_in.weight", 0),
            {16, 56, 56}, 10000.0));
    return network;
}

} // namespace mantissa
