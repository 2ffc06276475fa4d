// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/vram.h"

#include "engine/compat/hardware_table.h"

#include <algorithm>
#include <vector>

namespace mantissa {

namespace {

constexpr std::int64_t kLatentCell
    = 8; ///< pixels a latent element, each way (all families here but few videos)
constexpr std::int64_t kPatch = 2; ///< latent elements a token of transformers, each way
constexpr std::int64_t kTextTokens = 512; ///< the longest prompt that is common (T5)
constexpr std::uint64_t kHalf = 2; ///< bytes of a 16-bit number
/// Beside a layer's input and output live the residual stream and what attention keeps (q, k, v).
constexpr std::uint64_t kLive = 2;
/// What a process of CUDA with libtorch holds before the first tensor; measured values spread around it.
constexpr std::uint64_t kRuntimeBytes = 600'000'000;

bool computesIn(const std::string& format, const Gpu* gpu)
{
    const auto row = hardwareTable().formats.find(format);
    return gpu != nullptr && gpu->vendor == GpuVendor::Nvidia && row != hardwareTable().formats.end()
        && gpu->computeCapability >= row->second.minComputeCapability;
}

std::string megabytes(std::uint64_t bytes)
{
    return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
}

} // namespace

VramForecast forecastVram(
    const Model& model, const ResolvedPlan& resolved, const VramSettings& settings, const Gpu* gpu)
{
    const bool hasNetwork = std::any_of(model.components.begin(), model.components.end(),
        [](const Component& component) { return component.role == "diffusion_model"; });
    VramForecast forecast;
    std::uint64_t widest = 0;
    bool convolves = false;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer& layer = model.layers[i];
        if (hasNetwork
            && (layer.component >= model.components.size()
                || model.components[layer.component].role != "diffusion_model"))
            continue;
        const Decision& decision = resolved.decisions[i];
        forecast.weights += decision.bytesAfter;
        if (layer.kind == LayerKind::Conv2d && layer.shape.size() == 4 && layer.shape[2] == 3)
            convolves = true;
        if (layer.kind != LayerKind::Linear || layer.shape.size() != 2)
            continue;
        widest = std::max(widest, static_cast<std::uint64_t>(layer.shape[0] + layer.shape[1]));
        if (!decision.choice.keeps() && !computesIn(decision.choice.format, gpu))
            forecast.workspace = std::max(forecast.workspace,
                kHalf * static_cast<std::uint64_t>(elementCount(layer.shape).value_or(0)));
    }
    // U-Nets have their widest layers at a quarter of the latent's resolution or below: as wide as a patch.
    const std::int64_t cell = kLatentCell * kPatch;
    const auto tokens = static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings.batch)
        * (((settings.width + cell - 1) / cell) * ((settings.height + cell - 1) / cell)
            + (convolves ? 0 : kTextTokens)));
    forecast.activations = kLive * kHalf * tokens * widest;
    forecast.runtime = kRuntimeBytes;
    forecast.formula = sentence("{} weights + {} activations ({} × {} bytes × {} tokens × {} channels in "
                                "and out of the widest layer) + {} "
                                "for the largest layer in 16 bits + {} runtime",
        megabytes(forecast.weights), megabytes(forecast.activations), kLive, kHalf, tokens, widest,
        megabytes(forecast.workspace), megabytes(forecast.runtime));
    return forecast;
}

} // namespace mantissa
