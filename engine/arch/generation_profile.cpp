// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/arch/generation_profile.h"

#include "engine/base/resource.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mantissa {

namespace {

using Json = nlohmann::json;

/// Takes over what the object says; the rest of the profile stays. The objects are ours: the test of
/// resources checks every one.
void readInto(GenerationProfile& profile, const Json& json)
{
    const auto read = [&](const char* key, auto& value) { value = json.value(key, value); };
    read("text", profile.text);
    read("latent_channels", profile.latentChannels);
    if (json.contains("downscale")) {
        read("downscale", profile.downscale);
        profile.sizeMultiple = profile.downscale;
    }
    read("size_multiple", profile.sizeMultiple);
    read("frame_step", profile.frameStep);
    read("latent_scale", profile.latentScale);
    read("latent_shift", profile.latentShift);
    read("schedule", profile.schedule);
    read("beta_start", profile.betaStart);
    read("beta_end", profile.betaEnd);
    read("flow_shift", profile.flowShift);
    read("timestep", profile.timestep);
    read("guidance", profile.guidance);
    read("size", profile.size);
    read("frames", profile.frames);
    read("steps", profile.steps);
    read("cfg", profile.cfg);
    read("sampler", profile.sampler);
    read("scheduler", profile.scheduler);
}

} // namespace

std::optional<GenerationProfile> generationProfile(
    std::string_view architecture, std::string_view variant, std::string_view prediction)
{
    const std::string_view text = embeddedResource(fmt::format("architectures/{}.json", architecture));
    const Json file = Json::parse(text, nullptr, false);
    if (!file.is_object() || !file.contains("generation"))
        return std::nullopt;
    const Json& json = file["generation"];
    GenerationProfile profile;
    readInto(profile, json);
    for (const Json& special : json.value("cases", Json::array())) {
        if (special.value("variant", std::string(variant)) == variant
            && special.value("prediction", std::string(prediction)) == prediction)
            readInto(profile, special);
    }
    return profile;
}

} // namespace mantissa
