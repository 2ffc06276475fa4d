// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/generation.h"

#include "engine/io/tensor_source.h"
#include "engine/torch/loader.h"

#include <map>

namespace mantissa {

namespace {

/// A1111's spelling of a sampler; others keep ComfyUI's.
std::string displayName(const std::string& sampler)
{
    static const std::map<std::string, std::string> kNames{{"euler", "Euler"}, {"euler_ancestral", "Euler a"},
        {"heun", "Heun"}, {"dpmpp_2m", "DPM++ 2M"}, {"dpmpp_2m_sde", "DPM++ 2M SDE"}, {"ddim", "DDIM"},
        {"uni_pc", "UniPC"}, {"lcm", "LCM"}, {"karras", "Karras"}, {"exponential", "Exponential"},
        {"sgm_uniform", "SGM Uniform"}, {"normal", "Normal"}, {"simple", "Simple"}, {"beta", "Beta"}};
    const auto it = kNames.find(sampler);
    return it == kNames.end() ? sampler : it->second;
}

} // namespace

std::string parametersText(const GenerationRequest& request, const std::string& modelName, int index)
{
    std::string text = request.prompt;
    if (!request.negative.empty())
        text += "\nNegative prompt: " + request.negative;
    text += fmt::format(
        "\nSteps: {}, Sampler: {}, Schedule type: {}, CFG scale: {:g}, Seed: {}, Size: {}x{}, Model: {}",
        request.steps, displayName(request.sampler), displayName(request.scheduler), request.cfg,
        request.seed, request.width, request.height, modelName);
    if (!request.start.empty())
        text += fmt::format(", Denoising strength: {:g}", request.strength);
    if (request.batch > 1)
        text += fmt::format(", Batch size: {}, Batch pos: {}", request.batch, index);
    return text + ", Version: Mantissa";
}

Result<std::size_t> embeddedTexts(const std::filesystem::path& embeddings)
{
    const auto file = openCheckpoint(embeddings);
    if (!file)
        return tl::unexpected(file.error());
    const std::ptrdiff_t index = (*file)->find("context");
    const Shape shape = index < 0 ? Shape() : (*file)->tensors()[static_cast<std::size_t>(index)].shape;
    const bool usable = (shape.size() == 2 || (shape.size() == 3 && shape[0] > 0));
    if (!usable)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            "the file of embeddings has no tensor named context of [texts, tokens, width]",
            embeddings.string(), "negative_context, y and negative_y are used where they are there"});
    return shape.size() == 2 ? 1 : static_cast<std::size_t>(shape[0]);
}

Result<std::unique_ptr<ImageGenerator>> openGenerator(
    std::shared_ptr<const Model> model, const GeneratorOptions& options)
{
    auto torch = loadTorch();
    if (!torch)
        return forward(std::move(torch));
    return (*torch)->openGenerator(std::move(model), options);
}

} // namespace mantissa
