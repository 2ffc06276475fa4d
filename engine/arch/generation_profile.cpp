// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/generation_profile.h"

#include "engine/base/resource.h"
#include "engine/base/json.h"

#include <fmt/format.h>

namespace mantissa {

std::optional<GenerationProfile> generationProfile(std::string_view architecture)
{
    using Json = nlohmann::json;
    const std::string_view text = embeddedResource(fmt::format("architectures/{}.json", architecture));
    const Json file = parseJson(text);
    if (!file.is_object() || !file.contains("generation"))
        return std::nullopt;
    const Json& json = file["generation"]; // ours: the test of resources checks every one
    GenerationProfile profile;
    const auto read = [&](const char* key, auto& value) { value = json.value(key, value); };
    read("text", profile.text);
    read("latent_channels", profile.latentChannels);
    read("downscale", profile.downscale);
    profile.sizeMultiple = profile.downscale;
    read("size_multiple", profile.sizeMultiple);
    read("latent_scale", profile.latentScale);
    read("latent_shift", profile.latentShift);
    read("schedule", profile.schedule);
    read("beta_start", profile.betaStart);
    read("beta_end", profile.betaEnd);
    read("flow_shift", profile.flowShift);
    read("timestep", profile.timestep);
    read("guidance", profile.guidance);
    read("size", profile.size);
    read("steps", profile.steps);
    read("cfg", profile.cfg);
    read("sampler", profile.sampler);
    read("scheduler", profile.scheduler);
    return profile;
}

} // namespace mantissa
