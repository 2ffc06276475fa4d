// SPDX-License-Identifier: GPL-3.0-or-later
// Prompts on their way into a network, with the small T5 encoder of the golden fixtures.
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/pipeline/conditioning.h"
#include "engine/torch/settings.h"
#include "tests/support/temp_folder.h"
#include "tests/support/trained_tokenizer.h"
#include "tests/tools/golden_fixture.h"

#include <catch2/catch.hpp>
#include <fstream>

using namespace mantissa;
using namespace mantissa::test;

namespace {

struct T5Folder {
    TempFolder folder;
    std::shared_ptr<const Model> model;

    T5Folder()
    {
        valueOf(tools::expandGolden("tests/golden/arch/t5_encoder.safetensors", folder / "t5.safetensors"));
        std::ofstream(folder / "spiece.model", std::ios::binary) << trainedTokenizer();
        model = valueOf(detectModel(valueOf(openCheckpoint(folder / "t5.safetensors"))));
    }
};

std::unique_ptr<Conditioner> t5Conditioner(ComponentSet& components, const TextSources& sources)
{
    GenerationProfile profile;
    profile.text = "t5";
    return makeConditioner(profile, components, sources);
}

} // namespace

TEST_CASE("T5 reads a prompt without padding, and weights move words away from the empty prompt")
{
    if (trainedTokenizer().empty())
        return;
    const c10::InferenceMode noGradients;
    const T5Folder t5;
    ComponentSet components({t5.model}, {});
    const auto conditioner = t5Conditioner(components, {{}, t5.folder.path()});
    const at::Tensor plain = conditioner->encode("a red cube stands on a table", false, {}).context;
    REQUIRE(plain.dim() == 3);
    CHECK(plain.size(0) == 1);
    CHECK(plain.size(2) == 64);
    CHECK(plain.isfinite().all().item<bool>());
    CHECK(plain.equal(conditioner->encode("a red cube stands on a table", false, {}).context));

    const at::Tensor heavier = conditioner->encode("(a red cube stands on a table:1.5)", false, {}).context;
    REQUIRE(heavier.sizes() == plain.sizes());
    // Every word's state is e + 1.5 (h - e); the end token, the last, weighs 1.
    const at::Tensor words = plain.slice(1, 0, plain.size(1) - 1);
    const at::Tensor empty = 3 * words - 2 * heavier.slice(1, 0, plain.size(1) - 1);
    CHECK(heavier.select(1, plain.size(1) - 1).allclose(plain.select(1, plain.size(1) - 1), 1e-4, 1e-5));
    // e is what the encoder says to pads alone.
    const Network& network = components.open(components.find({"t5_base", "t5_xl", "t5_xxl"}), "T5");
    const at::Tensor pads = network.textEncoder->encode(at::zeros({1, plain.size(1)}, at::kLong)).last;
    CHECK(empty.allclose(pads.slice(1, 0, plain.size(1) - 1), 1e-3, 1e-4));
}

TEST_CASE("A T5 encoder without its tokenizer says what to do")
{
    const T5Folder t5;
    std::filesystem::remove(t5.folder / "spiece.model");
    ComponentSet components({t5.model}, {});
    const auto failed = guarded([&] { t5Conditioner(components, {}); });
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ErrorCode::Unsupported);
    CHECK_THAT(failed.error().hint, Catch::Contains("--tokenizer"));
}

TEST_CASE("settings of a diffusers folder come from the config of the component's own folder")
{
    const TempFolder folder;
    std::filesystem::create_directories(folder / "unet");
    std::filesystem::create_directories(folder / "vae");
    valueOf(tools::expandGolden("tests/golden/arch/unet_sd1.safetensors", folder / "unet/model.safetensors"));
    valueOf(tools::expandGolden("tests/golden/arch/vae_kl4.safetensors", folder / "vae/model.safetensors"));
    std::ofstream(folder / "model_index.json")
        << R"({"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
               "vae": ["diffusers", "AutoencoderKL"]})";
    std::ofstream(folder / "unet/config.json") << R"({"norm_num_groups": 8, "attention_head_dim": [5, 10]})";
    std::ofstream(folder / "vae/config.json") << R"({"norm_num_groups": 2, "attention_head_dim": 4})";
    const auto model = valueOf(detectModel(valueOf(openCheckpoint(folder.path()))));
    const Settings unet(*model, "diffusion_model"), vae(*model, "vae");
    CHECK(unet.integer({"norm_num_groups"}, 32) == 8);
    CHECK_FALSE(unet.isNumber({"attention_head_dim"}));
    CHECK(vae.integer({"norm_num_groups"}, 32) == 2);
    CHECK(vae.isNumber({"attention_head_dim"}));
}
