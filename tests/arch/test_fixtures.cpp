// SPDX-License-Identifier: GPL-3.0-or-later
// The tiny networks of tests/golden/arch: genuine keys, other dimensions. What shapes tell must equal the
// settings that the networks were built with.
#include "engine/model/model.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace mantissa;
using Json = nlohmann::json;

namespace {

Json toJson(const HyperValue& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number;
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value))
        return *list;
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    return std::get<std::string>(value);
}

struct Fixture {
    const char* name;
    const char* id;
    const char* prefix;
    std::vector<std::string> derived; ///< settings that shapes tell, under the names of `config`
};

const std::vector<std::string> kUnet{"in_channels", "out_channels", "model_channels", "num_res_blocks",
    "channel_mult", "transformer_depth", "transformer_depth_middle", "transformer_depth_output",
    "context_dim", "use_linear_in_transformer"};
const std::vector<std::string> kClip{
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "max_position_embeddings"};

std::vector<std::string> plus(std::vector<std::string> list, std::vector<std::string> more)
{
    list.insert(list.end(), more.begin(), more.end());
    return list;
}

const Fixture kFixtures[] = {
    {"unet_sd1", "sd1", "model.diffusion_model.", kUnet},
    {"unet_sdxl", "sdxl", "model.diffusion_model.", plus(kUnet, {"adm_in_channels"})},
    {"vae_kl4", "vae.kl4", "first_stage_model.", {"z_channels", "ch", "num_res_blocks", "embed_dim"}},
    {"vae_kl16", "vae.kl16", "first_stage_model.", {"z_channels", "ch", "num_res_blocks", "embed_dim"}},
    {"clip_l", "clip_l", "cond_stage_model.transformer.", kClip},
    {"clip_g", "clip_g", "conditioner.embedders.1.model.", plus(kClip, {"projection_dim"})},
    {"t5_encoder", "t5_base", "",
        {"vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_heads",
            "relative_attention_num_buckets"}},
    {"mmdit_sd3", "sd3", "model.diffusion_model.",
        {"patch_size", "in_channels", "depth", "adm_in_channels", "num_patches", "num_blocks"}},
    {"mmdit_sd35", "sd3", "model.diffusion_model.",
        {"patch_size", "in_channels", "depth", "adm_in_channels", "num_patches", "num_blocks"}},
    {"flux1", "flux1", "",
        {"in_channels", "out_channels", "vec_in_dim", "context_in_dim", "hidden_size", "num_heads", "depth",
            "depth_single_blocks", "patch_size", "guidance_embed"}},
    {"flux2", "flux2", "",
        {"in_channels", "out_channels", "context_in_dim", "hidden_size", "num_heads", "depth",
            "depth_single_blocks", "patch_size", "guidance_embed"}},
    {"chroma", "chroma", "",
        {"in_channels", "out_channels", "context_in_dim", "hidden_size", "num_heads", "depth",
            "depth_single_blocks", "in_dim", "out_dim", "hidden_dim", "n_layers"}},
    {"qwen_image", "qwen_image", "",
        {"patch_size", "in_channels", "out_channels", "num_layers", "attention_head_dim",
            "num_attention_heads", "joint_attention_dim"}},
    {"wan", "wan", "", {"in_dim", "dim", "ffn_dim", "freq_dim", "text_dim", "out_dim", "num_layers"}},
    {"lumina2", "lumina2", "",
        {"patch_size", "in_channels", "dim", "n_layers", "n_heads", "n_kv_heads", "cap_feat_dim",
            "n_refiner_layers", "qk_norm"}},
    {"z_image", "z_image", "",
        {"patch_size", "in_channels", "dim", "n_layers", "n_heads", "n_kv_heads", "cap_feat_dim",
            "n_refiner_layers", "qk_norm", "z_image_modulation"}},
    {"hunyuan_video", "hunyuan_video", "model.model.",
        {"in_channels", "out_channels", "vec_in_dim", "context_in_dim", "hidden_size", "num_heads", "depth",
            "depth_single_blocks", "guidance_embed", "byt5"}},
    {"pixart_sigma", "pixart_sigma", "",
        {"patch_size", "in_channels", "hidden_size", "depth", "caption_channels", "model_max_length",
            "micro_condition"}},
    {"auraflow", "auraflow", "model.",
        {"in_channels", "out_channels", "patch_size", "dim", "n_layers", "n_double_layers", "global_conddim",
            "cond_seq_dim", "max_seq"}},
    {"seedvr2_3b", "seedvr2_3b", "",
        {"vid_in_channels", "vid_out_channels", "txt_in_dim", "vid_dim", "emb_dim", "num_layers", "head_dim",
            "heads", "mm_layers"}},
    {"seedvr2_7b", "seedvr2_7b", "",
        {"vid_in_channels", "vid_out_channels", "txt_in_dim", "vid_dim", "emb_dim", "num_layers", "head_dim",
            "heads"}},
    {"seedvr2_vae", "vae.seedvr2", "", {"layers_per_block"}},
};

} // namespace

TEST_CASE("every golden fixture is recognised as a reduced model of its family", "[arch]")
{
    for (const Fixture& fixture : kFixtures) {
        INFO(fixture.name);
        std::map<std::string, std::string> metadata;
        auto entries = test::loadFixture(fixture.name, &metadata);
        const Json config = Json::parse(metadata.at("config"));
        const Json modules = Json::parse(metadata.at("modules"));
        const auto model = detectModel(test::sourceOf(std::move(entries)));
        REQUIRE(model);
        const Architecture& found = (*model)->architecture;
        CHECK(found.id == fixture.id);
        CHECK(found.prefix == fixture.prefix);
        CHECK(found.confidence == Confidence::Family);
        CHECK_FALSE(found.evidence.empty());
        std::map<std::string, Json> derived;
        for (const auto& [name, value] : found.hyperparameters)
            derived[name] = toJson(value);
        for (const std::string& name : fixture.derived) {
            INFO(name);
            REQUIRE(config.contains(name));
            REQUIRE(derived.contains(name));
            if (config[name].is_boolean())
                CHECK(derived[name] == (config[name].get<bool>() ? 1 : 0));
            else
                CHECK(derived[name] == config[name]);
        }
        // Whatever else has the name of a setting must not contradict it.
        for (const auto& [name, value] : derived)
            if (config.contains(name) && config[name].is_number_integer()) {
                INFO(name);
                CHECK(value == config[name]);
            }
        const Component& network = (*model)->components.front();
        CHECK(network.parameters == std::stoull(metadata.at("parameters")));
        if (std::string(fixture.name) != "clip_g") { // its modules are counted before q, k and v were fused
            CHECK(network.linear == modules.value("Linear", 0u));
            CHECK(network.conv2d == modules.value("Conv2d", 0u));
            CHECK(network.conv3d == modules.value("Conv3d", 0u));
        } else {
            CHECK(network.linear == 4 * 3);
        }
    }
}

TEST_CASE("the trained sample is a reduced Stable Diffusion 1", "[arch]")
{
    std::map<std::string, std::string> metadata;
    auto entries = test::loadSafetensors(MANTISSA_RESOURCES "/sample/tiny-sd.safetensors", metadata);
    const auto model = detectModel(test::sourceOf(std::move(entries), metadata));
    REQUIRE(model);
    const Model& m = **model;
    CHECK(m.architecture.id == "sd1");
    CHECK(m.architecture.confidence == Confidence::Family);
    CHECK(m.architecture.prediction == "eps");
    REQUIRE(m.components.size() == 3);
    CHECK(m.components[0].role == "diffusion_model");
    CHECK(m.components[0].parameters == 2725956);
    CHECK(m.components[0].linear == 83);
    CHECK(m.components[0].conv2d == 50);
    CHECK(m.components[1].role == "vae");
    CHECK(m.components[1].id == "vae.kl4");
    CHECK(m.components[1].parameters == 681911);
    CHECK(m.components[2].role == "text_encoder");
    CHECK(m.components[2].id == "clip_l");
    CHECK(m.components[2].parameters == 3267136);
}
