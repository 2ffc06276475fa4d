// SPDX-License-Identifier: GPL-3.0-or-later
// Which component ids can run, and who makes their networks.
#include "engine/torch/failure.h"
#include "engine/torch/models/families.h"

#include <iterator>
#include <utility>

namespace mantissa {

namespace {

constexpr std::pair<std::string_view, NetworkFactory> kFactories[] = {
    {"sd1", makeUnet},
    {"sd2", makeUnet},
    {"sdxl", makeUnet},
    {"sdxl_refiner", makeUnet},
    {"ssd_1b", makeUnet},
    {"segmind_vega", makeUnet},
    {"koala_700m", makeUnet},
    {"koala_1b", makeUnet},
    {"vae.kl4", makeAutoencoderKl},
    {"vae.kl16", makeAutoencoderKl},
    {"vae.flux2", makeAutoencoderKl},
    {"vae.wan21", makeWanVae},
    {"vae.wan22", makeWanVae},
    {"vae.hunyuan_video", makeHunyuanVae},
    {"clip_l", makeClipText},
    {"clip_h", makeClipText},
    {"clip_g", makeClipText},
    {"t5_xxl", makeT5Encoder},
    {"t5_xl", makeT5Encoder},
    {"t5_base", makeT5Encoder},
    {"umt5_xxl", makeT5Encoder},
    {"byt5", makeT5Encoder},
    {"pixart_alpha", makePixArt},
    {"pixart_sigma", makePixArt},
    {"lumina2", makeLumina2},
    {"z_image", makeLumina2},
    {"wan", makeWan},
    {"hunyuan_video", makeHunyuanVideo},
    {"flux1", makeFlux1},
    {"sd3", makeSd3},
    {"chroma", makeChroma},
    {"flux2", makeFlux2},
    {"qwen_image", makeQwenImage},
    {"auraflow", makeAuraFlow},
    {"seedvr2_3b", makeSeedVr2},
    {"seedvr2_7b", makeSeedVr2},
    {"vae.seedvr2", makeSeedVr2Vae},
};

} // namespace

NetworkFactory findNetworkFactory(std::string_view id)
{
    for (const auto& [known, factory] : kFactories) {
        if (known == id)
            return factory;
    }
    return nullptr;
}

Network openNetwork(const std::shared_ptr<const Model>& model, std::size_t component, WeightOptions options)
{
    const Component& part = model->components.at(component);
    const NetworkFactory factory = findNetworkFactory(part.id);
    if (!factory)
        throw Failure(Error{ErrorCode::Unsupported,
            sentence("{} networks cannot be run yet", part.id == "unknown" ? part.role : part.id),
            part.prefix, "it can be inspected and converted all the same"});
    auto context = std::make_shared<NetworkContext>(model, part.prefix, part.role, std::move(options));
    Network network = factory(Scope(context), part.id);
    network.context = std::move(context);
    return network;
}

} // namespace mantissa
