// SPDX-License-Identifier: GPL-3.0-or-later
// FLUX.2 (Black Forest Labs, 2025), dev and klein, in the names of its authors' files: FLUX.1's blocks with
// gated feed-forward layers, and one modulation for all blocks of a kind.
//
// x [B, 128, H, W], the latent whose 2×2 patches are its channels; timestep: sigma [B]; context [B, N,
// width]: layers of a language model side by side; guidance [B], may be undefined. Sigma and guidance are
// multiplied by 1000 inside. References: pictures whose tokens follow those of the noise and are ten apart on
// the first axis.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"

namespace mantissa {

namespace {

using namespace nn;

class Flux2 final : public DenoisingNetwork {
public:
    Flux2(const Scope& scope, const flux::Sizes& sizes)
        : m_image(linearTo(scope / "img_in", sizes.width))
        , m_text(linearTo(scope / "txt_in", sizes.width))
        , m_condition(scope, sizes.width)
        , m_imageModulation(scope / "double_stream_modulation_img", sizes.width, 2)
        , m_textModulation(scope / "double_stream_modulation_txt", sizes.width, 2)
        , m_singleModulation(scope / "single_stream_modulation", sizes.width, 1)
        , m_blocks(scope, sizes, flux::Order::TextFirst)
        , m_final(scope / "final_layer", sizes.width)
        , m_patches(m_image.inFeatures(), m_final.outFeatures(), scope.settings().integer({"patch_size"}, 1))
    { }

    LatentForm latentForm() const override { return m_patches.form(true); }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_patches.channels(), -1, -1});
        requireInput(input.context, "context", {input.x.size(0), -1, m_text.inFeatures()});
        const flux::PictureTokens pictures = flux::cutPictures(m_patches, input, 10);
        const at::Tensor image = m_image(pictures.tokens), text = m_text(input.context);
        const at::Tensor vector = m_condition(input, 1000.0);
        flux::Modulations imageParts = m_imageModulation(vector), textParts = m_textModulation(vector);
        flux::Modulation singlePart = m_singleModulation(vector)[0];
        const flux::Modulator modulator{[&](std::size_t) { return imageParts; },
            [&](std::size_t) { return textParts; }, [&](std::size_t) { return singlePart; }};
        // Pictures are placed on the first three axes, text on the fourth.
        const at::Tensor points = at::constant_pad_nd(at::cat(pictures.positions), {0, 1});
        const at::Tensor words = at::constant_pad_nd(gridPositions({text.size(1)}, points.device()), {3, 0});
        const at::Tensor x = m_blocks(image, points, text, words, modulator);
        return m_patches.join(m_final(x.slice(1, 0, pictures.length), vector), input.x);
    }

private:
    Linear m_image, m_text;
    flux::Condition m_condition;
    flux::ModulationLayer m_imageModulation, m_textModulation, m_singleModulation;
    flux::Blocks m_blocks;
    FinalLayer m_final;
    flux::Patches m_patches;
};

} // namespace

Network makeFlux2(const Scope& scope, std::string_view)
{
    Network network;
    network.denoiser = std::make_unique<Flux2>(
        scope, flux::readFluxSizes(scope, scope.dim("img_in.weight", 0), {32, 32, 32, 32}, 2000.0));
    return network;
}

} // namespace mantissa
