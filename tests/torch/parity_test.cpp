// SPDX-License-Identifier: GPL-3.0-or-later
// Every network that has a golden fixture gives its outputs and taps.
#include "tests/torch/parity.h"

#include <catch2/catch.hpp>

using namespace mantissa;

TEST_CASE("networks give the outputs of their reference implementations")
{
    const std::string name = GENERATE("unet_sd1", "unet_sdxl", "vae_kl4", "vae_kl16", "clip_l", "clip_g",
        "t5_encoder", "pixart_sigma", "lumina2", "z_image", "wan", "hunyuan_video", "flux1", "mmdit_sd3",
        "mmdit_sd35", "chroma", "flux2", "qwen_image", "auraflow", "seedvr2_3b", "seedvr2_7b", "seedvr2_vae");
    CAPTURE(name);
    const auto report = test::runFixture(std::string(MANTISSA_TEST_DATA) + "/arch/" + name + ".safetensors");
    if (!report)
        FAIL(report.error().message);
    CAPTURE(test::toJsonLine(*report));
    CHECK(report->pass());
}

TEST_CASE("networks run in bfloat16")
{
    const std::string name = GENERATE("t5_encoder", "pixart_sigma", "lumina2", "z_image", "wan",
        "hunyuan_video", "seedvr2_3b", "seedvr2_7b", "seedvr2_vae");
    CAPTURE(name);
    const auto report
        = test::runFixture(std::string(MANTISSA_TEST_DATA) + "/arch/" + name + ".safetensors", true);
    if (!report)
        FAIL(report.error().message);
    CAPTURE(test::toJsonLine(*report));
    // The largest difference is a few hundredths of the output; T5, whose scores are not scaled, has a
    // quarter.
    for (const auto& [output, difference] : report->outputs)
        CHECK(difference < 0.35);
}
