// SPDX-License-Identifier: GPL-3.0-or-later
// Chroma (lodestones, 2025): FLUX.1's blocks without modulation of their own. One small network makes the
// modulation of all blocks, of time and guidance.
//
// x [B, C, H, W]; timestep: sigma [B]; context [B, N, width] of T5; guidance [B], 0 where it is undefined.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"
#include "engine/torch/models/flux_blocks.h"
#include "engine/torch/nn/functions.h"

namespace mantissa {

namespace {

using namespace nn;

/// Vectors that the guidance layer makes: 3 for each of 38 single blocks, 12 for each of 19 double ones, 2
/// for the final layer. Files with fewer blocks use the first ones, and the last two.
constexpr std::int64_t kVectors = 3 * 38 + 12 * 19 + 2;

/// `distilled_guidance_layer`: residual layers over one row for each vector.
class GuidanceLayer {
public:
    GuidanceLayer(const Scope& scope, std::int64_t width)
        : m_scope(scope)
        , m_in(scope / "in_proj")
        , m_out(linearTo(scope / "out_proj", width))
    {
        const std::int64_t hidden = m_in.outFeatures();
        const std::int64_t depth = countBlocks(scope, "layers", {"in_layer.weight", "out_layer.weight"});
        for (std::int64_t i = 0; i < depth; ++i)
            m_layers.push_back({rmsNormOver(scope / "norms" / i, hidden, 1e-6),
                flux::makeEmbedder(scope / "layers" / i, hidden)});
        m_inputs = {m_in.inFeatures() / 4, m_in.inFeatures() / 2};
        if (m_in.inFeatures() % 8 != 0 || m_in.inFeatures() == 0)
            raise(ErrorCode::InvalidInput, "{}.in_proj takes {} features, which are no three sinusoids",
                scope.path(), m_in.inFeatures());
    }
    /// time and guidance [B] → [B, kVectors, width].
    at::Tensor operator()(const at::Tensor& time, const at::Tensor& guidance) const
    {
        const auto sinusoid = [](const at::Tensor& value, std::int64_t width) {
            return timestepEmbedding(value.to(at::kFloat) * 1000, width);
        };
        const std::int64_t batch = time.size(0);
        const at::Tensor shared = at::cat({sinusoid(time, m_inputs[0]), sinusoid(guidance, m_inputs[0])}, -1);
        const at::Tensor index = sinusoid(at::arange(kVectors, time.options()), m_inputs[1]);
        at::Tensor x = m_in(at::cat(
            {shared.unsqueeze(1).expand({batch, kVectors, -1}), index.unsqueeze(0).expand({batch, -1, -1})},
            -1));
        for (const Layer& layer : m_layers)
            x = x + layer.matrices(layer.norm(x));
        x = m_out(x);
        m_scope.tap(x);
        return x;
    }

private:
    struct Layer {
        RmsNorm norm;
        TwoLinear matrices;
    };
    Scope m_scope;
    Linear m_in, m_out;
    std::vector<Layer> m_layers;
    std::vector<std::int64_t> m_inputs; ///< widths of the sinusoids: of time and of guidance, of the index
};

class Chroma final : public DenoisingNetwork {
public:
    Chroma(const Scope& scope, const flux::Sizes& sizes)
        : m_image(linearTo(scope / "img_in", sizes.width))
        , m_text(linearTo(scope / "txt_in", sizes.width))
        , m_guidance(scope / "distilled_guidance_layer", sizes.width)
        , m_blocks(scope, sizes, flux::Order::TextFirst)
        , m_final(scope / "final_layer", sizes.width, false)
        , m_patches(m_image.inFeatures(), m_final.outFeatures(), flux::patchSide(scope))
    {
        const auto vectors
            = static_cast<std::int64_t>(3 * m_blocks.singleCount() + 12 * m_blocks.doubleCount() + 2);
        if (vectors > kVectors)
            raise(ErrorCode::Unsupported, "{} double and {} single blocks are more than Chroma modulates",
                m_blocks.doubleCount(), m_blocks.singleCount());
    }

    LatentForm latentForm() const override { return m_patches.form(false); }

    at::Tensor forward(const DenoiserInput& input) override
    {
        requireInput(input.x, "x", {-1, m_patches.channels(), -1, -1});
        const std::int64_t batch = input.x.size(0);
        requireInput(input.timestep, "timestep", {batch});
        requireInput(input.context, "context", {batch, -1, m_text.inFeatures()});
        at::Tensor guidance = input.guidance.defined() ? input.guidance : at::zeros_like(input.timestep);
        requireInput(guidance, "guidance", {batch});
        const at::Tensor vectors = m_guidance(input.timestep.to(at::kFloat), guidance);
        const at::Tensor image = m_image(m_patches.cut(input.x)), text = m_text(input.context);
        const at::Tensor points = m_patches.positions(input.x);
        at::Tensor x = m_blocks(
            image, points, text, at::zeros({text.size(1), 3}, points.options()), modulator(vectors));
        x = m_final(x, vectors.select(1, kVectors - 2), vectors.select(1, kVectors - 1));
        return m_patches.join(x, input.x);
    }

private:
    /// Single blocks have the first vectors, then the picture's side of double blocks, then the text's.
    flux::Modulator modulator(const at::Tensor& vectors) const
    {
        const auto at = [vectors](std::size_t first) {
            const auto i = static_cast<std::int64_t>(first);
            return flux::Modulation{
                vectors.slice(1, i, i + 1), vectors.slice(1, i + 1, i + 2), vectors.slice(1, i + 2, i + 3)};
        };
        const std::size_t image = 3 * m_blocks.singleCount(), text = image + 6 * m_blocks.doubleCount();
        const auto side = [at](std::size_t first) { return flux::Modulations{at(first), at(first + 3)}; };
        return {[side, image](std::size_t i) { return side(image + 6 * i); },
            [side, text](std::size_t i) { return side(text + 6 * i); },
            [at](std::size_t i) { return at(3 * i); }};
    }

    Linear m_image, m_text;
    GuidanceLayer m_guidance;
    flux::Blocks m_blocks;
    FinalLayer m_final;
    flux::Patches m_patches;
};

} // namespace

Network makeChroma(const Scope& scope, std::string_view)
{
    Network network;
    network.denoiser = std::make_unique<Chroma>(
        scope, flux::readFluxSizes(scope, scope.dim("img_in.weight", 0), {16, 56, 56}, 10000.0));
    return network;
}

} // namespace mantissa
