// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/resource.h"
#include "engine/base/json_tree.h"
#include "engine/base/pattern.h"
#include "engine/plan/plan.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace mantissa;

namespace {

/// Names of the weights of a manifest with two and more dimensions, without ".weight".
std::vector<std::string> weightsOf(const std::string& manifest)
{
    std::ifstream in(fmt::format("{}/manifests/{}.json", MANTISSA_TEST_DATA, manifest), std::ios::binary);
    REQUIRE(in);
    const auto tree = parseJsonTree(std::string{std::istreambuf_iterator<char>(in), {}});
    REQUIRE(tree.has_value());
    std::vector<std::string> names;
    constexpr std::string_view kWeight = ".weight";
    for (const JsonNode& tensor : tree->items) {
        const std::string& name = tensor.find("name")->string;
        if (tensor.find("shape")->items.size() >= 2 && name.ends_with(kWeight))
            names.push_back(name.substr(0, name.size() - kWeight.size()));
    }
    return names;
}

// Which manifests a family of presets is judged by. Families without one: hunyuan_video, cosmos2, llm, vae,
// general.
const std::map<std::string, std::vector<std::string>> kManifests{
    {"unet", {"sd15", "sd21", "sdxl_base", "sdxl_refiner_unet"}},
    {"sd3", {"sd3_medium", "sd35_medium", "sd35_large"}},
    {"flux1", {"flux1_dev", "flux1_schnell"}},
    {"flux2", {"flux2_klein_4b"}},
    {"chroma", {"chroma"}},
    {"qwen_image", {"qwen_image"}},
    {"wan", {"wan22_t2v_14b", "wan22_ti2v_5b"}},
    {"lumina", {"lumina2", "z_image"}},
    {"ltxv", {"ltxv_2b"}},
    {"pixart", {"pixart_sigma"}},
    {"auraflow", {"auraflow"}},
    {"stable_cascade", {"stable_cascade_c"}},
    {"seedvr2", {"seedvr2_3b", "seedvr2_7b"}},
    {"clip", {"clip_l", "clip_g"}},
    {"t5", {"t5xxl"}},
    {"controlnet", {"controlnet_sd15"}},
};

/// What a pattern finds nowhere in the manifests of its family, because it is for a relative without one.
const std::set<std::string> kForRelatives{
    R"(nerf_|img_in_patch|__x0__)", // Chroma Radiance
    R"(nerf_)",
};

} // namespace

TEST_CASE("every preset file is a family with all aims")
{
    std::set<std::string> ids;
    std::size_t families = 0;
    for (const Preset& preset : presets()) {
        CAPTURE(preset.id);
        CHECK(ids.insert(preset.id).second);
        CHECK_FALSE(preset.name.empty());
        CHECK_FALSE(preset.summary.empty());
        CHECK(findPreset(preset.id) == &preset);
        CHECK(preset.base.keeps() == preset.aim.empty());
        CHECK(checkChoice(preset.base).has_value());
        CHECK(checkChoice(preset.fallbackAt4Bits).has_value());
        for (const auto* rules : {&preset.rules, &preset.rulesAt4Bits})
            for (const Rule& rule : *rules) {
                CAPTURE(rule.pattern);
                CHECK(Pattern::compile(rule.pattern).has_value());
                CHECK(checkChoice(rule.choice).has_value());
                CHECK_FALSE(rule.reason.empty());
                CHECK(rule.origin == "preset " + preset.id);
            }
        if (preset.aim.empty()) {
            ++families;
            for (const char* aim : {"near-lossless", "balanced", "largest-saving"}) {
                const Preset* aimed = findPreset(preset.id + "-" + aim);
                REQUIRE(aimed);
                CHECK(aimed->aim == aim);
                CHECK(aimed->architectures == preset.architectures);
            }
        }
    }
    // All files but the filters of convert-to-quant.
    CHECK(families == embeddedResources("presets/").size() - 1);
    CHECK(presets().size() == 4 * families);
}

TEST_CASE("every pattern of a preset finds something in a model of its family")
{
    for (const auto& [family, manifests] : kManifests) {
        std::vector<std::string> names;
        for (const std::string& manifest : manifests) {
            const auto more = weightsOf(manifest);
            names.insert(names.end(), more.begin(), more.end());
        }
        for (const Preset& preset : presets()) {
            if (preset.id != family && preset.id.rfind(family + "-", 0) != 0)
                continue;
            for (const auto* rules : {&preset.rules, &preset.rulesAt4Bits})
                for (const Rule& rule : *rules) {
                    CAPTURE(preset.id, rule.pattern);
                    const auto pattern = Pattern::compile(rule.pattern);
                    REQUIRE(pattern.has_value());
                    std::size_t hits = 0;
                    for (const std::string& name : names)
                        hits += *pattern->search(name) ? 1 : 0;
                    CHECK((hits > 0) == !kForRelatives.contains(rule.pattern));
                    CHECK(hits < names.size()); // and never everything
                }
        }
    }
}

TEST_CASE("an architecture gets its family's preset, an unknown one the general preset")
{
    CHECK(presetFor("sdxl")->id == "unet");
    CHECK(presetFor("sdxl", "largest-saving")->id == "unet-largest-saving");
    CHECK(presetFor("z_image", "balanced")->id == "lumina-balanced");
    CHECK(presetFor("never seen")->id == "general");
    CHECK(presetFor("", "near-lossless")->id == "general-near-lossless");
    CHECK(presetFor("flux1", "fastest") == nullptr);
    CHECK(findPreset("nothing") == nullptr);
    std::map<std::string, std::string> owner;
    for (const Preset& preset : presets())
        if (preset.aim.empty())
            for (const std::string& id : preset.architectures) {
                CAPTURE(id, preset.id);
                CHECK(owner.emplace(id, preset.id).second); // one family an architecture
            }
}

TEST_CASE("changing the preset leaves the user's own rules, and on top")
{
    QuantPlan plan;
    plan.base.format = "nvfp4";
    plan.rules.push_back({"mine", {}, "user", ""});
    applyPreset(plan, *findPreset("flux1"));
    REQUIRE(plan.rules.size() == 2);
    CHECK(plan.rules.back().pattern == "mine");
    CHECK(plan.preset == "flux1");
    CHECK(plan.fallback.format == "int8_tensorwise");
    applyPreset(plan, *findPreset("flux1-near-lossless"));
    CHECK(plan.base.format == "int8_tensorwise");
    CHECK(plan.fallback.keeps());
    REQUIRE(plan.rules.size() == 2);
    CHECK(plan.rules.front().origin == "preset flux1-near-lossless");
    CHECK(plan.rules.back().pattern == "mine");
}
