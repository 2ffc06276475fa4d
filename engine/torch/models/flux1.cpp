// SPDX-License-Identifier: GPL-3.0-or-later
// FLUX.1 (Black Forest Labs, 2024) in the names of its authors' files: dev and schnell, which has no
// guidance, Kontext, and those that take more channels: Depth and Canny, Fill, Flex 2.
//
// x [B, C, H, W], whose channels include the pictures and masks of the latter; timestep: sigma [B]; context
// [B, N, width] of T5; y: CLIP's pooled vector; guidance [B], may be undefined. Sigma and guidance are
// multiplied by 1000 inside. The result has the channels of the noise. Kontext's reference pictures are no
// input yet: it runs as dev does.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"

namespace mantissa {

namespace {

using namespace nn;

class Flux1 final : public DenoisingNetwork {
public:
    Flux1(const Scope& scope, const flux::Sizes& sizes, std::int64_t patch)
        : m_patch{patch, patch}
        , m_image(linearTo(scope / "img_in", sizes.width))
        , m_text(linearTo(scope / "txt_in", sizes.width))
        , m_condition(scope, sizes.width)
        , m_blocks(scope, sizes, flux::Order::TextFirst)
        , m_modulation(scope, sizes.width, m_blocks)
        , m_final(scope / "final_layer", sizes.width)
        , m_channels(quotient(m_image.inFeatures(), patch * patch, "the numbers of a patch"))
    {
        quotient(m_final.outFeatures(), patch * patch, "the numbers of a patch");
    }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_channels, -1, -1});
        requireInput(input.context, "context", {input.x.size(0), -1, m_text.inFeatures()});
        const std::vector<std::int64_t> grid = patchGrid(input.x, m_patch);
        const at::Tensor image
            = m_image(cutPatches(padToPatch(input.x, m_patch), m_patch, PatchOrder::ChannelsFirst));
        const at::Tensor text = m_text(input.context);
        const at::Tensor vector = m_condition(input, 1000.0);

        // The first axis tells pictures apart; text is at 0 on all three.
        const at::Tensor points = at::constant_pad_nd(gridPositions(grid, image.device()), {1, 0});
        at::Tensor x = m_blocks(
            image, points, text, at::zeros({text.size(1), 3}, points.options()), m_modulation.of(vector));
        x = m_final(x, vector);
        return cutTo(joinPatches(x, grid, m_patch, PatchOrder::ChannelsFirst), input.x);
    }

private:
    std::vector<std::int64_t> m_patch;
    Linear m_image, m_text;
    flux::Condition m_condition;
    flux::Blocks m_blocks;
    flux::OwnModulation m_modulation;
    FinalLayer m_final;
    std::int64_t m_channels;
};

} // namespace

Network makeFlux1(const Scope& scope, std::string_view)
{
    if (scope.has("double_blocks.0.img_mlp.gate_proj.weight"))
        raise(ErrorCode::Unsupported, "Ovis-Image, FLUX.1's relative, cannot be run yet");
    if (!scope.has("vector_in.in_layer.weight"))
        raise(
            ErrorCode::Unsupported, "FLUX.1's relatives without vector_in (LongCat-Image) cannot be run yet");
    const std::int64_t patch = scope.settings().integer({"patch_size"}, 2);
    Network network;
    network.denoiser = std::make_unique<Flux1>(scope,
        flux::readSizes(scope, scope.dim("img_in.weight", 0), {16, 56, 56}, 10000.0),
        std::max<std::int64_t>(1, patch));
    return network;
}

} // namespace mantissa
