// SPDX-License-Identifier: GPL-3.0-or-later
// Components of whole pipelines, and what is not a network: adapters, ControlNets, VAEs, text encoders.
#include "tests/arch/made_shapes.h"

#include <algorithm>

using namespace mantissa;
using namespace mantissa::test;

TEST_CASE("an all-in-one file is split into its components", "[arch]")
{
    Entries entries = prefixed(test::loadManifest("flux1_dev"), "model.diffusion_model.");
    entries = plus(entries, prefixed(test::loadManifest("vae_flux_ae"), "vae."));
    entries = plus(entries, prefixed(test::loadManifest("clip_l"), "text_encoders.clip_l.transformer."));
    entries = plus(entries, prefixed(test::loadManifest("t5xxl"), "text_encoders.t5xxl.transformer."));
    entries.push_back(entry("betas", {1000}, DType::F32));
    const auto model = detect(entries);
    REQUIRE(model->components.size() == 5);
    CHECK(model->components[0].id == "flux1");
    CHECK(model->components[1].id == "vae.kl16");
    CHECK(model->components[1].parameters == 83819683);
    CHECK(model->components[2].role == "text_encoder");
    CHECK(model->components[2].id == "clip_l");
    CHECK(model->components[3].role == "text_encoder_2");
    CHECK(model->components[3].id == "t5_xxl");
    CHECK(model->components[4].role == "other");
    CHECK(model->components[4].tensors == 1);
    for (const Layer& layer : model->layers)
        if (model->components[layer.component].role != "diffusion_model"
            && model->components[layer.component].role.substr(0, 4) != "text")
            CHECK(layer.critical);
}

TEST_CASE("full Stable Diffusion files hold a VAE and their text encoders", "[arch]")
{
    const auto roles = [](const char* name) {
        std::vector<std::pair<std::string, std::string>> found;
        const auto model = detect(test::loadManifest(name));
        for (const Component& component : model->components)
            found.emplace_back(component.role, component.id);
        return found;
    };
    using List = std::vector<std::pair<std::string, std::string>>;
    CHECK(roles("sd15")
        == List{{"diffusion_model", "sd1"}, {"vae", "vae.kl4"}, {"text_encoder", "clip_l"},
            {"other", "unknown"}});
    CHECK(roles("sd21")
        == List{{"diffusion_model", "sd2"}, {"vae", "vae.kl4"}, {"text_encoder", "clip_h"},
            {"other", "unknown"}});
    CHECK(roles("sdxl_base")
        == List{{"diffusion_model", "sdxl"}, {"vae", "vae.kl4"}, {"text_encoder", "clip_l"},
            {"text_encoder_2", "clip_g"}});
    CHECK(roles("sd3_medium") == List{{"diffusion_model", "sd3"}, {"vae", "vae.kl16"}});
}

TEST_CASE("a diffusers folder has its components by name", "[arch]")
{
    const Entries vae{entry("decoder.conv_in.weight", {512, 16, 3, 3}),
        entry("decoder.up_blocks.0.resnets.0.norm1.weight", {512})};
    Entries entries
        = prefixed({entry("x_embedder.weight", {3072, 64}), entry("context_embedder.weight", {3072, 4096}),
                       entry("transformer_blocks.0.attn.add_q_proj.weight", {3072, 3072}),
                       entry("single_transformer_blocks.0.proj_mlp.weight", {12288, 3072}),
                       entry("time_text_embed.timestep_embedder.linear_1.weight", {3072, 256}),
                       entry("proj_out.weight", {64, 3072})},
            "transformer.");
    entries = plus(entries, prefixed(vae, "vae."));
    entries = plus(entries, prefixed(test::loadManifest("clip_l"), "text_encoder."));
    entries = plus(entries, prefixed(test::loadManifest("t5xxl"), "text_encoder_2."));
    const auto model = detect(entries);
    REQUIRE(model->components.size() == 4);
    CHECK(model->architecture.id == "flux1");
    CHECK(model->architecture.prefix == "transformer.");
    CHECK(model->components[1].id == "vae.kl16");
    CHECK(model->components[2].id == "clip_l");
    CHECK(model->components[3].id == "t5_xxl");
    CHECK(model->components[3].role == "text_encoder_2");
}

TEST_CASE("adapters tell their base, rank and kind", "[arch]")
{
    struct Case {
        const char* manifest;
        const char* id;
        const char* base;
    };
    for (const Case& c :
        {Case{"lora_sdxl_kohya", "lora.kohya", "sdxl"}, Case{"lora_flux1_diffusers", "lora.peft", "flux1"},
            Case{"lora_flux1_bfl_control", "lora.bfl_control", "flux1"}}) {
        INFO(c.manifest);
        const auto model = detect(test::loadManifest(c.manifest));
        CHECK(model->architecture.id == c.id);
        CHECK(word(*model, "base") == c.base);
        CHECK(number(*model, "rank") == 16);
        CHECK(number(*detect(resized(test::loadManifest(c.manifest), {{16, 4}})), "rank") == 4);
        CHECK(std::all_of(
            model->layers.begin(), model->layers.end(), [](const Layer& layer) { return layer.critical; }));
    }
    const auto pair = [](const std::string& module, std::int64_t in, const char* down = ".lora_down.weight",
                          const char* up = ".lora_up.weight") {
        return Entries{entry(module + down, {8, in}), entry(module + up, {320, 8})};
    };
    const auto base = [](const Entries& entries) { return word(*detect(entries), "base"); };
    CHECK(base(pair("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", 768)) == "sd1");
    CHECK(base(pair("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", 1024)) == "sd2");
    CHECK(base(pair("unet.up_blocks.1.attentions.0.transformer_blocks.0.attn2.to_v", 2048, ".lora_A.weight",
              ".lora_B.weight"))
        == "sdxl");
    CHECK(base(pair("lora_unet_double_blocks_0_img_attn_qkv", 3072)) == "flux1");
    CHECK(base(pair("lora_unet__blocks_0_cross_attn_k", 5120)) == "wan");
    CHECK(base(pair("lora_unet_joint_blocks_0_x_block_attn_qkv", 1536)) == "sd3");
    CHECK(base(pair("diffusion_model.layers.0.attention.to_q", 3840, ".lora_A.weight", ".lora_B.weight"))
        == "z_image");
    CHECK(base(pair("transformer.transformer_blocks.0.img_mlp.net.0.proj", 3072, ".lora_A.default.weight",
              ".lora_B.default.weight"))
        == "qwen_image");
    CHECK(
        detect(pair("unet.mid_block.attn.to_q", 320, "_lora.down.weight", "_lora.up.weight"))->architecture.id
        == "lora.diffusers_old");
    CHECK(detect({entry("lycoris_x.hada_w1_a", {320, 8}), entry("lycoris_x.hada_w1_b", {8, 320})})
              ->architecture.id
        == "lora.other");
    CHECK(detect({entry("x.lokr_w1", {8, 8})})->architecture.id == "lora.other");
    CHECK(detect({entry("clip_l", {4, 768}), entry("clip_g", {4, 1280})})->architecture.id == "embedding");
    CHECK(detect({entry("emb_params", {4, 768})})->architecture.id == "embedding");
    CHECK(detect({entry("image_proj.proj.weight", {8, 8}), entry("ip_adapter.1.to_k_ip.weight", {8, 8})})
              ->architecture.id
        == "ip_adapter");
    CHECK(detect({entry("adapter.body.0.in_conv.weight", {8, 8, 1, 1})})->architecture.id == "t2i_adapter");
    CHECK(detect({entry("model.0.weight", {64, 3, 3, 3}),
                     entry("model.1.sub.0.RDB1.conv1.0.weight", {32, 64, 3, 3})})
              ->architecture.id
        == "upscaler");

    auto alpha = entry("lora_unet_double_blocks_0_img_attn_qkv.alpha", {}, DType::F32);
    const float value = 4;
    alpha.data.resize(4);
    std::copy_n(reinterpret_cast<const std::byte*>(&value), 4, alpha.data.begin());
    const auto scaled = detect(plus(pair("lora_unet_double_blocks_0_img_attn_qkv", 3072), {alpha}));
    bool seen = false;
    for (const auto& [name, found] : scaled->architecture.hyperparameters)
        seen = seen || (name == "alpha" && std::get<double>(found) == 4.0);
    CHECK(seen);
}

TEST_CASE("ControlNets", "[arch]")
{
    const auto id = [](Entries entries) { return detect(std::move(entries))->architecture.id; };
    CHECK(id({entry("controlnet_cond_embedding.conv_in.weight", {16, 3, 3, 3}),
              entry("conv_in.weight", {320, 4, 3, 3})})
        == "controlnet.diffusers");
    CHECK(
        id({entry("controlnet_blocks.0.weight", {8, 8}), entry("pos_embed_input.proj.weight", {8, 16, 2, 2})})
        == "controlnet.sd3");
    CHECK(id({entry("controlnet_blocks.0.weight", {8, 8}), entry("controlnet_x_embedder.weight", {8, 8})})
        == "controlnet.flux");
    CHECK(id({entry("controlnet_blocks.0.weight", {8, 8}),
              entry("transformer_blocks.0.img_mlp.net.0.proj.weight", {8, 8})})
        == "controlnet.qwen");
    CHECK(id({entry("control_layers.0.adaLN_modulation.0.weight", {8, 8})}) == "controlnet.zimage");
    CHECK(id({entry("lora_controlnet", {0})}) == "controlnet.lora");
    const auto ldm = detect(test::loadManifest("controlnet_sd15"));
    CHECK(ldm->architecture.variant == "sd1");
    CHECK(number(*ldm, "hint_channels") == 3);
}

TEST_CASE("text encoders of language models", "[arch]")
{
    const auto id = [](std::int64_t width, std::vector<std::pair<std::string, std::int64_t>> more) {
        Entries entries{entry("model.embed_tokens.weight", {1000, width}),
            entry("model.layers.0.post_attention_layernorm.weight", {width}),
            entry("model.layers.0.self_attn.q_proj.weight", {width, width}),
            entry("model.layers.0.self_attn.k_proj.weight", {width, width}),
            entry("model.layers.0.mlp.gate_proj.weight", {width, width}),
            entry("model.layers.1.mlp.gate_proj.weight", {width, width}),
            entry("model.norm.weight", {width})};
        for (const auto& [name, size] : more)
            entries.push_back(entry("model.layers." + name, {size}));
        const auto model = detect(entries);
        CHECK(model->components.front().embedding == 1);
        return model->architecture.id;
    };
    CHECK(id(2304, {{"0.post_feedforward_layernorm.weight", 2304}}) == "gemma2_2b");
    CHECK(id(2560, {{"0.post_feedforward_layernorm.weight", 2560}, {"0.self_attn.q_norm.weight", 256}})
        == "gemma3_4b");
    CHECK(id(3840,
              {{"0.post_feedforward_layernorm.weight", 3840}, {"0.self_attn.q_norm.weight", 256},
                  {"47.self_attn.q_norm.weight", 256}})
        == "gemma3_12b");
    CHECK(id(3584, {{"0.self_attn.k_proj.bias", 512}}) == "qwen25_7b");
    CHECK(id(2048, {{"0.self_attn.k_proj.bias", 256}}) == "qwen25_3b");
    CHECK(id(1024, {{"0.self_attn.q_norm.weight", 128}}) == "qwen3_06b");
    CHECK(id(2560, {{"0.self_attn.q_norm.weight", 128}}) == "qwen3_4b");
    CHECK(id(4096, {{"0.self_attn.q_norm.weight", 128}}) == "qwen3_8b");
    CHECK(id(5120, {}) == "mistral3_24b");
    CHECK(id(4096, {}) == "llama3_8b");
}

TEST_CASE("stand-alone VAEs", "[arch]")
{
    const auto id = [](Entries entries) { return detect(std::move(entries))->architecture.id; };
    CHECK(id({entry("decoder.middle.0.residual.0.gamma", {384, 1, 1, 1}),
              entry("decoder.conv1.weight", {384, 16, 3, 3, 3})})
        == "vae.wan21");
    CHECK(id({entry("decoder.middle.0.residual.0.gamma", {1024, 1, 1, 1}),
              entry("decoder.upsamples.0.upsamples.0.residual.2.weight", {8, 8, 3, 3, 3})})
        == "vae.wan22");
    CHECK(id({entry("decoder.conv_in.conv.weight", {512, 16, 3, 3, 3})}) == "vae.hunyuan_video");
    CHECK(
        id({entry("decoder.up_blocks.0.res_blocks.0.conv1.conv.weight", {512, 512, 3, 3, 3})}) == "vae.ltx");
    CHECK(id({entry("vquantizer.codebook.weight", {8192, 4})}) == "vae.cascade_a");
    CHECK(id({entry("decoder.conv_in.weight", {512, 32, 3, 3}), entry("bn.running_mean", {128})})
        == "vae.flux2");
    CHECK(id({entry("taesd_decoder.1.weight", {64, 4, 3, 3})}) == "vae.taesd");
    const Entries diffusers{entry("decoder.conv_in.weight", {512, 4, 3, 3}),
        entry("decoder.up_blocks.0.resnets.0.norm1.weight", {512}),
        entry("post_quant_conv.weight", {4, 4, 1, 1})};
    CHECK(id(diffusers) == "vae.kl4");
}

TEST_CASE("later families are unknown, with an honest guess", "[arch]")
{
    const auto model = detect({entry("early_stream_modulations.image.lin.weight", {64, 64}),
        entry("blocks.0.attn.qkv.weight", {192, 64})});
    CHECK(model->architecture.id == "unknown");
    CHECK(model->architecture.confidence == Confidence::Unknown);
    CHECK(model->architecture.name.find("looks like FLUX.3") != std::string::npos);
    const auto sana = detect({entry("blocks.0.cross_attn.q_linear.weight", {64, 64})});
    CHECK(sana->architecture.name.find("Sana") != std::string::npos);
}
