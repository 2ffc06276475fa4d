// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sensitivity/probe.h"

#include "engine/calibration/calibration.h"
#include "engine/calibration/token_choice.h"
#include "engine/torch/loader.h"

#include <algorithm>

namespace mantissa {

namespace {

Status runCalls(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const std::vector<ProbeCall>& calls, const GeneratorOptions& options, const TableSaver& save,
    const JobContext& job)
{
    const auto complete = [](const LayerSensitivity& layer) { return layer.probe.has_value(); };
    if (calls.empty() || std::all_of(table.layers.begin(), table.layers.end(), complete))
        return {};
    auto torch = loadTorch();
    if (!torch)
        return forward(std::move(torch));
    return (*torch)->probeLayers(table, model, calls, options, save, job);
}

/// In the middle of equal parts of the schedule.
double placeOf(int call, int calls)
{
    return (call + 0.5) / calls;
}

} // namespace

Status probeLayers(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const GeneratorOptions& options, const TableSaver& save, const JobContext& job)
{
    const ProbeSettings& settings = table.probe;
    std::vector<ProbeCall> calls;
    for (int i = 0; i < settings.calls; ++i) {
        ProbeCall call;
        if (!settings.prompts.empty())
            call.request.prompt = settings.prompts[static_cast<std::size_t>(i) % settings.prompts.size()];
        call.request.steps = kCalibrationSteps;
        call.request.seed = mixKeys(settings.seed, static_cast<std::uint64_t>(i));
        call.place = placeOf(i, settings.calls);
        calls.push_back(std::move(call));
    }
    return runCalls(table, model, calls, options, save, job);
}

Status probePicture(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const GenerationRequest& picture, const GeneratorOptions& options, const JobContext& job)
{
    table.probe = {kProbeCalls, picture.seed, {picture.prompt}};
    std::vector<ProbeCall> calls;
    for (int i = 0; i < kProbeCalls; ++i)
        calls.push_back({picture, placeOf(i, kProbeCalls)});
    return runCalls(table, model, calls, options, {}, job);
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
