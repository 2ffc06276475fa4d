// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/probe.h"

#include "engine/calibration/calibration.h"
#include "engine/torch/loader.h"

#include <algorithm>

namespace mantissa {

Status probeLayers(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const GeneratorOptions& options, const TableSaver& save, const JobContext& job)
{
    const auto complete = [](const LayerSensitivity& layer) { return layer.probe.has_value(); };
    if (table.probe.calls < 1 || std::all_of(table.layers.begin(), table.layers.end(), complete))
        return {};
    auto torch = loadTorch();
    if (!torch)
        return forward(std::move(torch));
    return (*torch)->probeLayers(table, model, options, save, job);
}

ProbeSettings probeSettings(int calls, std::vector<std::string> prompts, std::uint64_t seed)
{
    ProbeSettings settings;
    settings.calls = calls;
    settings.seed = seed;
    settings.prompts = prompts.empty() ? defaultCalibrationPrompts() : std::move(prompts);
    if (settings.prompts.size() > static_cast<std::size_t>(std::max(0, calls)))
        settings.prompts.resize(static_cast<std::size_t>(std::max(0, calls)));
    return settings;
}

std::vector<std::string> probePrompts(const StatisticsFile* statistics)
{
    std::vector<std::string> texts;
    if (statistics != nullptr && !statistics->header().randomData)
        for (const CalibratedPrompt& prompt : statistics->header().prompts)
            texts.push_back(prompt.text);
    return texts;
}

bool probesByDefault(const Model& model)
{
    const auto network = std::find_if(model.components.begin(), model.components.end(),
        [](const Component& component) { return component.role == "diffusion_model"; });
    return network != model.components.end() && network->parameters <= kProbedParameters;
}

} // namespace mantissa
