// SPDX-License-Identifier: GPL-3.0-or-later
// The usual settings of families, and what a variant has otherwise.
#include "engine/arch/generation_profile.h"

#include "engine/base/resource.h"
#include "engine/sampling/schedule.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace mantissa;
using nlohmann::json;

namespace {

const std::set<std::string> kFields{"text", "latent_channels", "downscale", "size_multiple", "frame_step",
    "latent_scale", "latent_shift", "schedule", "beta_start", "beta_end", "flow_shift", "timestep",
    "guidance", "size", "frames", "steps", "cfg", "sampler", "scheduler"};

template <typename Names> bool knows(const Names& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

TEST_CASE("what the resources say of generation is known, and says what can be sampled")
{
    int families = 0;
    for (const std::string_view file : embeddedResources("architectures/")) {
        const json object = json::parse(embeddedResource(file), nullptr, false);
        if (!object.is_object() || !object.contains("generation"))
            continue;
        CAPTURE(file);
        ++families;
        json generation = object["generation"];
        std::set<std::string> variants;
        for (const json& variant : object.value("variants", json::array()))
            variants.insert(variant.at("id"));
        for (json special : generation.value("cases", json::array())) {
            CAPTURE(special.dump());
            CHECK((special.contains("variant") || special.contains("prediction")));
            if (special.contains("variant"))
                CHECK(variants.contains(special["variant"]));
            special.erase("variant");
            special.erase("prediction");
            CHECK_FALSE(special.empty());
            for (const auto& [field, value] : special.items())
                CHECK(kFields.contains(field));
        }
        generation.erase("cases");
        for (const auto& [field, value] : generation.items()) {
            CAPTURE(field);
            CHECK(kFields.contains(field));
        }
        const auto profile = generationProfile(object["id"].get<std::string>());
        REQUIRE(profile);
        CHECK(knows(samplerNames(), profile->sampler));
        CHECK(knows(schedulerNames(), profile->scheduler));
        CHECK(profile->size % profile->sizeMultiple == 0);
        CHECK((profile->frames - 1) % profile->frameStep == 0);
    }
    CHECK(families >= 20);
}

TEST_CASE("usual settings follow the variant")
{
    CHECK(generationProfile("sd2", "", "eps")->size == 512);
    CHECK(generationProfile("sd2", "", "v")->size == 768);
    CHECK(generationProfile("flux1", "dev", "flow")->steps == 20);
    const auto schnell = generationProfile("flux1", "schnell", "flow");
    CHECK(schnell->steps == 4);
    CHECK(schnell->flowShift == 1);
    CHECK(schnell->guidance == 0);
    CHECK(generationProfile("wan")->latentChannels == 16);
    const auto small = generationProfile("wan", "2.2_ti2v_5b", "flow");
    CHECK(small->latentChannels == 48);
    CHECK(small->downscale == 16);
    CHECK(small->sizeMultiple == 32);
    CHECK_FALSE(generationProfile("mochi"));
}
