// SPDX-License-Identifier: GPL-3.0-or-later
// Default plans on real models, from their manifests.
#include "engine/plan/plan.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace mantissa;
using namespace mantissa::test;

namespace {

std::shared_ptr<const Model> detected(const std::string& manifest)
{
    auto model = detectModel(sourceOf(loadManifest(manifest), {}, manifest + ".safetensors"));
    REQUIRE(model.has_value());
    return std::move(*model);
}

Choice choiceOf(std::string_view format)
{
    Choice choice;
    choice.format = format;
    return choice;
}

} // namespace

TEST_CASE("default plans keep what is critical and quantize the rest")
{
    // Linear layers that section 5 of the architecture spec counts as quantized. UNets and Cascade count
    // convolutions too there, so they are left to the checks below.
    const std::map<std::string, std::uint32_t> counts{{"flux1_dev", 304}, {"flux1_schnell", 304},
        {"flux2_klein_4b", 80}, {"chroma", 228}, {"qwen_image", 839}, {"wan22_t2v_14b", 400},
        {"wan22_ti2v_5b", 300}, {"lumina2", 150}, {"z_image", 170}, {"ltxv_2b", 280}, {"pixart_sigma", 196},
        {"auraflow", 320}, {"seedvr2_3b", 210}, {"seedvr2_7b", 288}, {"sd3_medium", 237},
        {"sd35_medium", 263}, {"sd35_large", 377}, {"clip_l", 72}, {"clip_g", 192}, {"t5xxl", 168}};
    for (const char* name :
        {"auraflow", "chroma", "clip_g", "clip_l", "controlnet_sd15", "flux1_dev", "flux1_schnell",
            "flux2_klein_4b", "ltxv_2b", "lumina2", "pixart_sigma", "qwen_image", "sd15", "sd21",
            "sd35_large", "sd35_medium", "sd3_medium", "sdxl_base", "sdxl_refiner_unet", "seedvr2_3b",
            "seedvr2_7b", "stable_cascade_c", "t5xxl", "wan22_t2v_14b", "wan22_ti2v_5b", "z_image"}) {
        const auto model = detected(name);
        CAPTURE(name, model->architecture.id);
        CHECK(presetFor(model->architecture.id)->id != "general");
        for (const char* format : {"float8_e4m3fn", "int8_tensorwise", "nvfp4"}) {
            CAPTURE(format);
            const QuantPlan plan = defaultPlan(*model, choiceOf(format));
            const auto out = resolvePlan(plan, *model);
            REQUIRE(out.has_value());
            CHECK(out->warnings().empty());
            CHECK(out->dataBytesBefore == model->source->totalBytes());
            CHECK(out->dataBytesAfter < out->dataBytesBefore);
            std::vector<std::string> wronglyQuantized;
            for (std::size_t i = 0; i < model->layers.size(); ++i) {
                const Layer& layer = model->layers[i];
                const Choice& choice = out->decisions[i].choice;
                if ((layer.critical && !choice.keeps()) || (layer.criticalAt4Bits && isFourBit(choice)))
                    wronglyQuantized.push_back(layer.name);
            }
            CAPTURE(wronglyQuantized.empty() ? "" : wronglyQuantized.front());
            CHECK(wronglyQuantized.empty());
            if (const auto count = counts.find(name); count != counts.end() && plan.base.format != "nvfp4")
                CHECK(out->quantized == count->second);
        }
    }
}

TEST_CASE("files that should not be quantized are not")
{
    for (const char* name : {"vae_sd", "vae_flux_ae", "seedvr2_vae", "lora_sdxl_kohya",
             "lora_flux1_diffusers", "lora_flux1_bfl_control"}) {
        const auto model = detected(name);
        CAPTURE(name, model->architecture.id);
        const auto out = resolvePlan(defaultPlan(*model, choiceOf("float8_e4m3fn")), *model);
        REQUIRE(out.has_value());
        CHECK(out->quantized == 0);
        CHECK(out->dataBytesAfter == out->dataBytesBefore);
        const auto warnings = out->warnings();
        CHECK(std::find(warnings.begin(), warnings.end(), "the plan quantizes no layer") != warnings.end());
    }
}

TEST_CASE("each aim is smaller than the one before")
{
    for (const char* name : {"flux1_dev", "sdxl_base", "qwen_image", "wan22_ti2v_5b", "z_image"}) {
        const auto model = detected(name);
        std::vector<std::uint64_t> sizes{model->source->totalBytes()};
        for (const char* aim : {"near-lossless", "balanced", "largest-saving"}) {
            QuantPlan plan = defaultPlan(*model, {});
            applyPreset(plan, *presetFor(model->architecture.id, aim));
            const auto out = resolvePlan(plan, *model);
            REQUIRE(out.has_value());
            sizes.push_back(out->dataBytesAfter);
        }
        CAPTURE(name, sizes);
        CHECK(std::is_sorted(sizes.rbegin(), sizes.rend()));
        CHECK(std::set<std::uint64_t>(sizes.begin(), sizes.end()).size() == 4);
    }
}

TEST_CASE("presets name architectures that exist, and every network of the specs has one of its own")
{
    std::set<std::string> known, covered;
    for (const ArchitectureEntry& entry : knownArchitectures())
        known.insert(entry.id);
    for (const Preset& preset : presets())
        for (const std::string& id : preset.architectures) {
            CAPTURE(preset.id, id);
            CHECK(known.contains(id));
            covered.insert(id);
        }
    for (const ArchitectureEntry& entry : knownArchitectures()) {
        CAPTURE(entry.id, entry.kind);
        // Networks that the specs only name, adapters, and control LoRAs go by the general rules.
        static const std::set<std::string> kNamedOnly{"cosmos", "hidream", "hunyuan_dit", "kandinsky5",
            "mochi", "omnigen2", "controlnet.lora", "unknown"};
        const bool general = kNamedOnly.contains(entry.id) || entry.kind == "adapter"
            || entry.kind == "embedding" || entry.kind == "upscaler" || entry.id.starts_with("looks.");
        CHECK(covered.contains(entry.id) == !general);
    }
}
