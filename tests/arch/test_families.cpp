// SPDX-License-Identifier: GPL-3.0-or-later
// Networks that no manifest describes: other depths, widths, prefixes and key spellings of the same families,
// made from manifests. Their totals are those of spec/architectures section 5 where that lists them.
#include "tests/arch/made_shapes.h"

#include <algorithm>

using namespace mantissa;
using namespace mantissa::test;

namespace {

Entries wan(int layers, std::int64_t dim, std::int64_t ffn, std::int64_t in, std::int64_t out)
{
    Entries entries = withBlocks(test::loadManifest("wan22_t2v_14b"), "blocks.", layers);
    entries = resized(entries, {{5120, dim}, {13824, ffn}, {30720, 6 * dim}});
    for (Entry& e : entries) {
        if (e.name == "patch_embedding.weight")
            e.shape[1] = in;
        if (e.name.starts_with("head.head."))
            e.shape[0] = out * 4;
    }
    return entries;
}

} // namespace

TEST_CASE("FLUX variants have the totals of the specification", "[arch]")
{
    Entries fill = test::loadManifest("flux1_dev");
    for (Entry& e : fill)
        if (e.name == "img_in.weight")
            e.shape[1] = 384;
    const auto model = detect(fill);
    check(model, "flux1", Confidence::Exact, {11902391360, 780, 314, 0, 10});
    CHECK(model->architecture.variant == "fill");

    const Entries klein = test::loadManifest("flux2_klein_4b");
    Entries dev = resized(klein,
        {{3072, 6144}, {9216, 18432}, {18432, 36864}, {27648, 55296}, {12288, 24576}, {6144, 12288},
            {7680, 15360}});
    dev = withBlocks(withBlocks(dev, "double_blocks.", 8), "single_blocks.", 48);
    dev = plus(plus(dev, linear("guidance_in.in_layer", 6144, 256, false)),
        linear("guidance_in.out_layer", 6144, 6144, false));
    check(detect(dev), "flux2", Confidence::Exact, {32223281152, 299, 171, 0, 11});
    Entries nine = resized(klein,
        {{3072, 4096}, {9216, 12288}, {18432, 24576}, {27648, 36864}, {12288, 16384}, {6144, 8192},
            {7680, 12288}});
    nine = withBlocks(withBlocks(nine, "double_blocks.", 8), "single_blocks.", 24);
    const auto klein9 = detect(nine);
    check(klein9, "flux2", Confidence::Exact, {9078581248, 201, 121, 0, 9});
    CHECK(klein9->architecture.variant == "klein_9b");

    // A pruned network (Flex, Flux Mini: 8 double blocks) is the family, not the published model.
    const auto pruned = detect(withBlocks(test::loadManifest("flux1_dev"), "double_blocks.", 8));
    CHECK(pruned->architecture.id == "flux1");
    CHECK(pruned->architecture.confidence == Confidence::Family);
    CHECK(number(*pruned, "depth") == 8);
}

TEST_CASE("WAN variants have the totals of the specification", "[arch]")
{
    const auto small = detect(wan(30, 1536, 8960, 16, 16));
    check(small, "wan", Confidence::Exact, {1418996800, 825, 306, 1, 7});
    CHECK(small->architecture.variant == "2.1_t2v_1.3b");

    Entries i2v = wan(40, 5120, 13824, 36, 16);
    for (int i = 0; i < 40; ++i) {
        const std::string block = "blocks." + std::to_string(i) + ".cross_attn.";
        i2v = plus(plus(i2v, linear(block + "k_img", 5120, 5120)), linear(block + "v_img", 5120, 5120));
        i2v.push_back(entry(block + "norm_k_img.weight", {5120}));
    }
    for (const char* norm : {"img_emb.proj.0.", "img_emb.proj.4."}) {
        const std::int64_t width = norm[13] == '0' ? 1280 : 5120;
        i2v.push_back(entry(std::string(norm) + "weight", {width}));
        i2v.push_back(entry(std::string(norm) + "bias", {width}));
    }
    i2v = plus(plus(i2v, linear("img_emb.proj.1", 1280, 1280)), linear("img_emb.proj.3", 5120, 1280));
    const auto model = detect(i2v);
    check(model, "wan", Confidence::Exact, {16394878784, 1303, 488, 1, 9});
    CHECK(model->architecture.variant == "2.1_i2v");

    const auto second = detect(wan(40, 5120, 13824, 36, 16));
    CHECK(
        second->architecture.variants == std::vector<std::string>{"2.2_i2v_high_noise", "2.2_i2v_low_noise"});
    CHECK(second->architecture.variant.empty());
    const auto named = detect(wan(40, 5120, 13824, 36, 16), {}, {}, "Wan2.2_I2V_Low_Noise_fp16.safetensors");
    CHECK(named->architecture.variant == "2.2_i2v_low_noise");
    const auto chosen
        = detect(wan(40, 5120, 13824, 36, 16), {}, {"", "2.2_i2v_high_noise", ""}, "low_noise.safetensors");
    CHECK(chosen->architecture.variant == "2.2_i2v_high_noise");
}

TEST_CASE("LTX 13B and HunyuanVideo have the totals of the specification", "[arch]")
{
    Entries ltx = resized(test::loadManifest("ltxv_2b"), {{2048, 4096}, {12288, 24576}, {8192, 16384}});
    ltx = withBlocks(ltx, "model.diffusion_model.transformer_blocks.", 48);
    check(detect(ltx), "ltxv", Confidence::Exact, {13042569344, 1215, 487, 0, 7});

    Entries hunyuan = test::loadFixture("hunyuan_video");
    hunyuan = resized(hunyuan,
        {{64, 3072}, {192, 9216}, {256, 12288}, {384, 18432}, {448, 21504}, {320, 15360}, {128, 6144},
            {72, 4096}, {40, 768}, {32, 128}});
    for (Entry& e : hunyuan) { // dimensions that are equal in the tiny network only
        if (e.name.find("_in.in_layer.weight") != std::string::npos
            || e.name.find("t_embedder.in_layer.weight") != std::string::npos)
            e.shape[1] = e.name.find("vector_in") == std::string::npos ? 256 : 768;
        if (e.name.find("c_embedder.in_layer.weight") != std::string::npos)
            e.shape[1] = 4096;
        if (e.name.find("final_layer.linear") != std::string::npos)
            e.shape[0] = 64;
    }
    hunyuan
        = withBlocks(withBlocks(hunyuan, "model.model.double_blocks.", 20), "model.model.single_blocks.", 40);
    const auto model = detect(hunyuan);
    check(model, "hunyuan_video", Confidence::Exact, {12821012544, 856, 343, 1, 24});
    CHECK(model->architecture.variant == "t2v");
    // Tencent spells the same network otherwise.
    const auto tencent = detect(renamed(hunyuan,
        {{"img_attn.qkv", "img_attn_qkv"}, {"img_attn.proj", "img_attn_proj"},
            {"img_attn.norm.query_norm.scale", "img_attn_q_norm.weight"},
            {"img_attn.norm.key_norm.scale", "img_attn_k_norm.weight"}, {"img_mod.lin", "img_mod.linear"},
            {"txt_mod.lin", "txt_mod.linear"}}));
    CHECK(tencent->architecture.id == "hunyuan_video");
    CHECK(tencent->components.front().linear == 343);
}

TEST_CASE("the settings in an LTX header override what shapes say", "[arch]")
{
    const Entries ltx = test::loadManifest("ltxv_2b");
    const auto model = detect(
        ltx, {{"config", R"({"transformer": {"num_attention_heads": 16, "num_layers": 28, "x": 1}})"}});
    CHECK(number(*model, "num_attention_heads") == 16);
    CHECK(number(*model, "num_layers") == 28);
    CHECK(number(*model, "x") == -1);
    CHECK(number(*detect(ltx, {{"config", "{"}}), "num_attention_heads") == 32);
    CHECK(number(*detect(ltx, {{"config", R"({"transformer": 3})"}}), "num_attention_heads") == 32);
}

TEST_CASE("networks are found under every prefix", "[arch]")
{
    for (const char* name : {"flux1_schnell", "qwen_image", "wan22_ti2v_5b", "z_image", "lumina2",
             "pixart_sigma", "seedvr2_3b", "chroma"}) {
        const Entries entries = test::loadManifest(name);
        const auto plain = detect(entries);
        for (const char* prefix : {"model.diffusion_model.", "model.", "net.", "diffusion_model.",
                 "transformer.", "model.model."}) {
            INFO(name << " under " << prefix);
            const auto model = detect(prefixed(entries, prefix));
            CHECK(model->architecture.id == plain->architecture.id);
            CHECK(model->architecture.prefix == prefix);
            CHECK(model->components.front().parameters == plain->components.front().parameters);
            CHECK(countModules(*model, 0).kept == countModules(*plain, 0).kept);
        }
    }
}

TEST_CASE("U-Nets of other depth and width are custom members of their kind", "[arch]")
{
    const auto pruned = [](const char* manifest, const std::string& part) {
        Entries entries = test::loadManifest(manifest);
        std::erase_if(entries, [&](const Entry& e) { return e.name.find(part) != std::string::npos; });
        return entries;
    };
    const auto ssd = [&] {
        Entries entries = test::loadManifest("sdxl_base");
        std::erase_if(entries, [](const Entry& e) {
            for (int k = 4; k < 10; ++k)
                if (e.name.find(".1.transformer_blocks." + std::to_string(k) + ".") != std::string::npos)
                    return true;
            return e.name.find("model.diffusion_model.middle_block.1.") != std::string::npos;
        });
        return entries;
    };
    const auto model = detect(ssd());
    CHECK(model->architecture.id == "ssd_1b");
    CHECK(number(*model, "transformer_depth_middle") == -1);

    const auto shallow = detect(pruned("sdxl_base", ".1.transformer_blocks.9."));
    CHECK(shallow->architecture.id == "sdxl");
    CHECK(shallow->architecture.confidence == Confidence::Family);
    const auto narrow
        = detect(resized(test::loadManifest("sd15"), {{320, 128}, {640, 256}, {1280, 512}, {2560, 1024}}));
    CHECK(narrow->architecture.id == "sd1");
    CHECK(narrow->architecture.confidence == Confidence::Family);
    CHECK(number(*narrow, "context_dim") == 768);
    const auto second = detect(resized(test::loadManifest("sd21"), {{320, 128}, {640, 256}, {1280, 512}}));
    CHECK(second->architecture.id == "sd2");
    CHECK(second->architecture.confidence == Confidence::Family);
    Entries inpaint = test::loadManifest("sd15");
    for (Entry& e : inpaint)
        if (e.name == "model.diffusion_model.input_blocks.0.0.weight")
            e.shape[1] = 9;
    CHECK(detect(inpaint)->architecture.variant == "inpaint");
}

TEST_CASE("marker tensors, metadata and the user decide the prediction", "[arch]")
{
    const Entries xl = test::loadManifest("sdxl_base");
    CHECK(detect(xl)->architecture.prediction == "eps");
    CHECK(detect(plus(xl, {entry("v_pred", {0})}))->architecture.prediction == "v");
    CHECK(
        detect(plus(xl, {entry("edm_mean", {4}), entry("edm_std", {4})}))->architecture.prediction == "edm");
    CHECK(detect(plus(xl, {entry("edm_mean", {4}), entry("edm_std", {4})}))->architecture.variant
        == "playground_2.5");
    CHECK(detect(xl, {{"modelspec.prediction_type", "v"}})->architecture.prediction == "v");
    CHECK(detect(plus(xl, {entry("v_pred", {0})}), {{"modelspec.prediction_type", "epsilon"}})
              ->architecture.prediction
        == "eps");
    CHECK(
        detect(xl, {{"modelspec.prediction_type", "v"}}, {"", "", "eps"})->architecture.prediction == "eps");
    CHECK(detect(xl, {{"modelspec.title", "My Pony Mix"}})->architecture.variant == "pony");

    // SD2: the spread of one norm's bias (spec section 9), which needs data.
    for (const float spread : {0.05f, 0.2f}) {
        Entries sd2 = test::loadManifest("sd21");
        for (Entry& e : sd2)
            if (e.name == "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias") {
                e.dtype = DType::F32;
                std::vector<float> values(320);
                for (std::size_t i = 0; i < values.size(); ++i)
                    values[i] = i % 2 == 0 ? spread : -spread;
                e.data.resize(320 * 4);
                std::copy_n(reinterpret_cast<const std::byte*>(values.data()), e.data.size(), e.data.begin());
            }
        CHECK(detect(sd2)->architecture.prediction == (spread > 0.09f ? "v" : "eps"));
    }
}

TEST_CASE("what the user sets wins, and what does not exist is refused", "[arch]")
{
    const auto source = test::sourceOf(test::loadManifest("flux1_dev"));
    const auto fails = [&](const DetectionOverrides& overrides, const char* says) {
        const auto model = detectModel(source, overrides);
        REQUIRE_FALSE(model);
        CHECK(model.error().code == ErrorCode::Usage);
        CHECK((model.error().message + model.error().hint).find(says) != std::string::npos);
    };
    fails({"flux9", "", ""}, "flux9");
    fails({"looks.flux3", "", ""}, "looks.flux3");
    fails({"", "turbo", ""}, "kontext");
    fails({"", "", "x0"}, "flow");
    const auto forced = detectModel(source, {"chroma", "", ""});
    REQUIRE(forced);
    CHECK((*forced)->architecture.id == "chroma");
    CHECK((*forced)->architecture.confidence == Confidence::Family);
    const auto same = detectModel(source, {"flux1", "krea", "flow"});
    REQUIRE(same);
    CHECK((*same)->architecture.confidence == Confidence::Exact);
    CHECK((*same)->architecture.variant == "krea");
    const auto unknown = detectModel(test::sourceOf({entry("a.weight", {4, 4})}), {"", "dev", ""});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::Usage);
}

TEST_CASE("diffusers spellings are the same families", "[arch]")
{
    struct Spelling {
        const char* id;
        std::vector<std::string> keys;
    };
    // One key of each rule for diffusers spellings (spec section 4, rules 27 to 37), all under one prefix.
    const Spelling spellings[] = {
        {"lumina2", {"time_caption_embed.caption_embedder.0.weight", "layers.0.attn.to_q.weight"}},
        {"z_image", {"all_x_embedder.2-1.weight", "layers.0.attention.to_q.weight"}},
        {"chroma",
            {"distilled_guidance_layer.in_proj.weight", "transformer_blocks.0.attn.add_q_proj.weight",
                "x_embedder.weight", "context_embedder.weight",
                "single_transformer_blocks.0.proj_mlp.weight"}},
        {"flux2",
            {"double_stream_modulation_img.linear.weight",
                "single_transformer_blocks.0.attn.to_qkv_mlp_proj.weight", "x_embedder.weight",
                "context_embedder.weight", "transformer_blocks.0.attn.add_q_proj.weight"}},
        {"flux1",
            {"x_embedder.weight", "context_embedder.weight", "transformer_blocks.0.attn.add_q_proj.weight",
                "single_transformer_blocks.0.proj_mlp.weight"}},
        {"auraflow", {"joint_transformer_blocks.0.attn.add_k_proj.weight", "context_embedder.weight"}},
        {"hunyuan_video",
            {"context_embedder.token_refiner.refiner_blocks.0.attn.to_q.weight", "x_embedder.proj.weight",
                "transformer_blocks.0.attn.add_q_proj.weight"}},
        {"wan", {"condition_embedder.text_embedder.linear_1.weight", "blocks.0.attn1.to_q.weight"}},
        {"ltxv", {"proj_in.weight", "time_embed.emb.timestep_embedder.linear_1.weight", "scale_shift_table"}},
        {"ltxav",
            {"proj_in.weight", "time_embed.emb.timestep_embedder.linear_1.weight", "scale_shift_table",
                "audio_proj_in.weight"}},
        {"pixart_sigma", {"adaln_single.emb.timestep_embedder.linear_1.bias", "pos_embed.proj.bias"}},
        {"omnigen2",
            {"time_caption_embed.timestep_embedder.linear_1.bias", "ref_image_patch_embedder.weight",
                "time_caption_embed.caption_embedder.0.weight", "layers.0.attn.to_q.weight"}},
    };
    for (const Spelling& spelling : spellings) {
        INFO(spelling.id);
        Entries entries;
        for (const std::string& key : spelling.keys)
            entries.push_back(entry(key, {64, 64}));
        CHECK(detect(entries)->architecture.id == spelling.id);
    }
    const auto conv = [](Entries entries) {
        for (Entry& e : entries)
            if (e.name == "pos_embed.proj.weight")
                e.shape = {64, 16, 2, 2};
        return entries;
    };
    CHECK(detect(conv({entry("pos_embed.proj.weight", {}),
                     entry("transformer_blocks.0.attn.add_q_proj.weight", {64, 64})}))
              ->architecture.id
        == "sd3");
}

TEST_CASE("a diffusers U-Net is the U-Net it was converted from", "[arch]")
{
    Entries sd1;
    const auto conv = [&](const std::string& name, std::int64_t out, std::int64_t in, std::int64_t size) {
        sd1.push_back(entry(name + ".weight", {out, in, size, size}));
        sd1.push_back(entry(name + ".bias", {out}));
    };
    conv("conv_in", 320, 4, 3);
    conv("conv_out", 4, 320, 3);
    sd1 = plus(plus(sd1, linear("time_embedding.linear_1", 1280, 320)),
        linear("time_embedding.linear_2", 1280, 1280));
    const std::int64_t widths[] = {320, 640, 1280, 1280};
    for (int level = 0; level < 4; ++level)
        for (int block = 0; block < 2; ++block) {
            const std::string down = "down_blocks." + std::to_string(level);
            conv(down + ".resnets." + std::to_string(block) + ".conv1", widths[level], 320, 3);
            if (level == 3)
                continue;
            const std::string attention = down + ".attentions." + std::to_string(block);
            conv(attention + ".proj_in", widths[level], widths[level], 1);
            sd1 = plus(
                sd1, linear(attention + ".transformer_blocks.0.attn2.to_k", widths[level], 768, false));
        }
    conv("mid_block.resnets.0.conv1", 1280, 1280, 3);
    sd1 = plus(sd1, linear("mid_block.attentions.0.transformer_blocks.0.attn2.to_k", 1280, 768, false));
    const auto model = detect(prefixed(sd1, "unet."));
    CHECK(model->architecture.id == "sd1");
    CHECK(model->architecture.confidence == Confidence::Exact);
    CHECK(model->architecture.prefix == "unet.");
    CHECK(number(*model, "context_dim") == 768);
    for (const Layer& layer : model->layers)
        if (layer.name == "unet.conv_out" || layer.name == "unet.time_embedding.linear_1")
            CHECK(layer.critical);
}
