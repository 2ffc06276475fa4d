// SPDX-License-Identifier: GPL-3.0-or-later
// The table of spec/architectures section 5: every manifest, by what it is and how much it holds.
#include "engine/model/model.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>

using namespace mantissa;

namespace {

struct Total {
    const char* manifest;
    const char* id;
    std::uint64_t parameters;
    std::uint32_t tensors, linear, conv1d, conv2d, conv3d;
    int kept; ///< by the default filter; -1: the table has none
    const char* role = "diffusion_model";
    Confidence confidence = Confidence::Exact;
};

const Total kTotals[] = {
    {"sd15", "sd1", 859520964, 686, 184, 0, 98, 0, 40},
    {"sd21", "sd2", 865910724, 686, 216, 0, 66, 0, 40},
    {"sdxl_base", "sdxl", 2567463684, 1680, 743, 0, 51, 0, 34},
    {"sdxl_refiner_unet", "sdxl_refiner", 2259526660, 1220, 488, 0, 66, 0, 42},
    {"sd3_medium", "sd3", 2084951104, 491, 244, 0, 1, 0, 8},
    {"sd35_medium", "sd3", 2469663936, 665, 270, 0, 1, 0, 8},
    {"sd35_large", "sd3", 8146280768, 923, 384, 0, 1, 0, 8},
    {"flux1_dev", "flux1", 11901408320, 780, 314, 0, 0, 0, 10},
    {"flux1_schnell", "flux1", 11891178560, 776, 312, 0, 0, 0, 8},
    {"flux2_klein_4b", "flux2", 3875544576, 149, 89, 0, 0, 0, 9},
    {"chroma", "chroma", 8899983424, 643, 243, 0, 0, 0, 15},
    {"qwen_image", "qwen_image", 20430401088, 1933, 846, 0, 0, 0, 7},
    {"wan22_t2v_14b", "wan", 14288491584, 1095, 406, 0, 0, 1, 7},
    {"wan22_ti2v_5b", "wan", 4999787712, 825, 306, 0, 0, 1, 7},
    {"lumina2", "lumina2", 2609769152, 399, 184, 0, 0, 0, 34},
    {"z_image", "z_image", 6154908736, 453, 208, 0, 0, 0, 38},
    {"ltxv_2b", "ltxv", 1923385472, 715, 287, 0, 0, 0, 7},
    {"pixart_sigma", "pixart_sigma", 612084896, 436, 202, 0, 1, 0, 7},
    {"auraflow", "auraflow", 6858605568, 331, 326, 0, 0, 0, 6},
    {"stable_cascade_c", "stable_cascade_c", 3589103632, 1550, 643, 0, 68, 0, 325},
    {"seedvr2_3b", "seedvr2_3b", 3391476448, 635, 216, 0, 0, 0, 6},
    {"seedvr2_7b", "seedvr2_7b", 8239608232, 1128, 294, 0, 0, 0, 6},
    {"seedvr2_vae", "vae.seedvr2", 250648227, 250, 8, 0, 0, 65, 73, "vae"},
    {"vae_sd", "vae.kl4", 83653863, 248, 0, 0, 72, 0, 72, "vae"},
    {"vae_flux_ae", "vae.kl16", 83819683, 244, 0, 0, 70, 0, 70, "vae"},
    {"clip_l", "clip_l", 123060480, 196, 72, 0, 0, 0, 0, "text_encoder"},
    {"clip_g", "clip_g", 694659840, 517, 193, 0, 0, 0, 1, "text_encoder"},
    {"t5xxl", "t5_xxl", 4762310656, 219, 168, 0, 0, 0, 0, "text_encoder"},
    {"controlnet_sd15", "controlnet.ldm", 361279120, 340, 82, 0, 61, 0, -1, "controlnet"},
    {"lora_sdxl_kohya", "lora.kohya", 44516100, 2316, 1544, 0, 0, 0, -1, "lora"},
    {"lora_flux1_diffusers", "lora.peft", 62570496, 798, 798, 0, 0, 0, -1, "lora"},
    {"lora_flux1_bfl_control", "lora.bfl_control", 79855680, 1073, 614, 0, 0, 0, -1, "lora"},
};

} // namespace

TEST_CASE("every manifest is recognised with its totals", "[arch]")
{
    for (const Total& total : kTotals) {
        INFO(total.manifest);
        const auto entries = test::loadManifest(total.manifest);
        const auto source = test::sourceOf(entries);
        const auto model = detectModel(source);
        REQUIRE(model);
        const Model& m = **model;
        for (const std::string& sentence : m.architecture.evidence)
            UNSCOPED_INFO(sentence);
        CHECK(m.architecture.id == total.id);
        CHECK(m.architecture.confidence == total.confidence);
        REQUIRE_FALSE(m.components.empty());
        const Component& network = m.components.front();
        CHECK(network.role == total.role);
        CHECK(network.id == total.id);
        CHECK(network.parameters == total.parameters);
        CHECK(network.tensors == total.tensors);
        CHECK(network.linear == total.linear);
        CHECK(network.conv1d == total.conv1d);
        CHECK(network.conv2d == total.conv2d);
        CHECK(network.conv3d == total.conv3d);
        if (total.kept >= 0) {
            const ModuleCounts counts = countModules(m, 0);
            CHECK(counts.modules() == total.linear + total.conv1d + total.conv2d + total.conv3d);
            CHECK(counts.kept == static_cast<std::uint32_t>(total.kept));
            CHECK(counts.quantized() == counts.modules() - static_cast<std::uint32_t>(total.kept));
        }
        std::uint64_t bytes = 0;
        std::uint32_t tensors = 0;
        for (const Component& component : m.components) {
            bytes += component.bytes;
            tensors += component.tensors;
        }
        CHECK(bytes == source->totalBytes());
        CHECK(tensors == source->tensors().size());
        CHECK(m.warnings.empty());
    }
}
