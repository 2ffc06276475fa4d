// SPDX-License-Identifier: GPL-3.0-or-later
// FLUX.1 (Black Forest Labs, 2024) in the names of its authors' files: dev and schnell, which has no
// guidance, Kontext, and those that take more channels: Depth and Canny, Fill, Flex 2.
//
// x [B, C, H, W], whose channels include the pictures and masks of the latter; timestep: sigma [B]; context
// [B, N, width] of T5; y: CLIP's pooled vector; guidance [B], may be undefined. Sigma and guidance are
// multiplied by 1000 inside. The result has the channels of the noise. References: Kontext's pictures, whose
// tokens follow those of the noise and are one apart on the first axis.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"

namespace mantissa {

namespace {

using namespace nn;

class Flux1 final : public DenoisingNetwork {
public:
    Flux1(const Scope& scope, const flux::Sizes& sizes)
        : m_image(linearTo(scope / "img_in", sizes.width))
        , m_text(linearTo(scope / "txt_in", sizes.width))
        , m_condition(scope, sizes.width)
        , m_blocks(scope, sizes, flux::Order::TextFirst)
        , m_modulation(scope, sizes.width, m_blocks)
        , m_final(scope / "final_layer", sizes.width)
        , m_patches(m_image.inFeatures(), m_final.outFeatures(), flux::patchSide(scope))
    { }

    LatentForm latentForm() const override { return m_patches.form(true); }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_patches.channels(), -1, -1});
        requireInput(input.context, "context", {input.x.size(0), -1, m_text.inFeatures()});
        const flux::PictureTokens pictures = flux::cutPictures(m_patches, input, 1);
        const at::Tensor image = m_image(pictures.tokens), text = m_text(input.context);
        const at::Tensor vector = m_condition(input, 1000.0);
        const at::Tensor points = at::cat(pictures.positions);
        const at::Tensor x = m_blocks(
            image, points, text, at::zeros({text.size(1), 3}, points.options()), m_modulation.of(vector));
        return m_patches.join(m_final(x.slice(1, 0, pictures.length), vector), input.x);
    }

private:
    Linear m_image, m_text;
    flux::Condition m_condition;
    flux::Blocks m_blocks;
    flux::OwnModulation m_modulation;
    FinalLayer m_final;
    flux::Patches m_patches;
};

} // namespace

Network makeFlux1(const Scope& scope, std::string_view)
{
    if (scope.has("double_blocks.0.img_mlp.gate_proj.weight"))
        raise(ErrorCode::Unsupported, "Ovis-Image, FLUX.1's relative, cannot be run yet");
    if (!scope.has("vector_in.in_layer.weight"))
        raise(
            ErrorCode::Unsupported, "FLUX.1's relatives without vector_in (LongCat-Image) cannot be run yet");
    Network network;
    network.denoiser = std::make_unique<Flux1>(
        scope, flux::readFluxSizes(scope, scope.dim("img_in.weight", 0), {16, 56, 56}, 10000.0));
    return network;
}

} // namespace mantissa
