// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds, blocks, order and critical marks of layers; unknown and hostile files.
#include "engine/arch/expression.h"
#include "engine/arch/glob.h"
#include "engine/arch/layer_kind.h"
#include "engine/model/model.h"
#include "tests/support/manifest_source.h"
#include "tests/support/cpu_clock.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <limits>

using namespace mantissa;
using test::Entry;
using test::entry;

namespace {

std::shared_ptr<const Model> detect(std::vector<Entry> entries)
{
    auto model = detectModel(test::sourceOf(std::move(entries)));
    REQUIRE(model);
    return *model;
}

const Layer* find(const Model& model, std::string_view name)
{
    const auto it = std::find_if(
        model.layers.begin(), model.layers.end(), [&](const Layer& layer) { return layer.name == name; });
    return it == model.layers.end() ? nullptr : &*it;
}

/// A transformer that no rule knows.
std::vector<Entry> stranger(int blocks)
{
    std::vector<Entry> entries{entry("stem.proj_patch.weight", {512, 48}),
        entry("stem.proj_patch.bias", {512}), entry("t_embedder.mlp.0.weight", {512, 256}),
        entry("caption_embed.fc.weight", {512, 4096}), entry("pos_table", {1, 1024, 512}),
        entry("register", {8, 512}), entry("final_layer.linear.weight", {48, 512}), entry("out_gain", {}),
        entry("vocab.token_embedding.weight", {32000, 512})};
    for (int i = 0; i < blocks; ++i) {
        const std::string block = "trunk." + std::to_string(i) + ".";
        entries.push_back(entry(block + "mixer.qkv.weight", {1536, 512}));
        entries.push_back(entry(block + "mixer.qkv.bias", {1536}));
        entries.push_back(entry(block + "norm.weight", {512}));
        entries.push_back(entry(block + "norm.bias", {512}));
        entries.push_back(entry(block + "gamma", {512}));
        entries.push_back(entry(block + "local.weight", {512, 512, 3}));
        entries.push_back(entry(block + "depthwise.weight", {512, 1, 7, 7}));
        entries.push_back(entry(block + "time_emb.weight", {512, 512}));
    }
    return entries;
}

} // namespace

TEST_CASE("kinds of layers follow from names, ranks and siblings", "[arch]")
{
    const auto model = detect(stranger(3));
    const auto kind = [&](std::string_view name) {
        const Layer* layer = find(*model, name);
        REQUIRE(layer != nullptr);
        return layer->kind;
    };
    CHECK(kind("stem.proj_patch") == LayerKind::Linear);
    CHECK(kind("trunk.1.mixer.qkv") == LayerKind::Linear);
    CHECK(kind("trunk.1.norm") == LayerKind::Norm);
    CHECK(kind("trunk.1.gamma") == LayerKind::Norm);
    CHECK(kind("trunk.1.local") == LayerKind::Conv1d);
    CHECK(kind("trunk.1.depthwise") == LayerKind::Conv2d);
    CHECK(kind("pos_table") == LayerKind::Parameter);
    CHECK(kind("register") == LayerKind::Parameter);
    CHECK(kind("out_gain") == LayerKind::Buffer);
    CHECK(kind("vocab.token_embedding") == LayerKind::Embedding);

    const auto names = detect({entry("a.embed_tokens.weight", {100, 8}), entry("shared.weight", {100, 8}),
        entry("relative_attention_bias.weight", {32, 12}), entry("label_emb.0.0.weight", {8, 8}),
        entry("label_emb.0.0.bias", {8}), entry("text_embedding.0.weight", {8, 8}),
        entry("x_embedder.weight", {8, 8}), entry("y_embedder.y_embedding", {120, 8}),
        entry("patch_embedding.weight", {8, 16, 1, 2, 2}), entry("attn.in_proj_weight", {24, 8}),
        entry("attn.in_proj_bias", {24}), entry("bn.running_mean", {8}),
        entry("bn.num_batches_tracked", {}, DType::I64), entry("ids", {1, 77}, DType::I64),
        entry("experts.weight", {4, 8, 8}), entry("norm.query_norm.scale", {8}),
        entry("codebook.weight", {64, 4}), entry("head.bias", {8}), entry("embedding.weight", {8, 8}),
        entry("embedding.bias", {8})});
    const auto is = [&](std::string_view name) {
        const Layer* layer = find(*names, name);
        return layer == nullptr ? std::string("missing") : std::string(nameOf(layer->kind));
    };
    CHECK(is("a.embed_tokens") == "embedding");
    CHECK(is("shared") == "embedding");
    CHECK(is("relative_attention_bias") == "embedding");
    CHECK(is("label_emb.0.0") == "linear");
    CHECK(is("text_embedding.0") == "linear");
    CHECK(is("x_embedder") == "linear");
    CHECK(is("y_embedder.y_embedding") == "parameter");
    CHECK(is("patch_embedding") == "conv3d");
    CHECK(is("attn.in_proj_weight") == "linear");
    CHECK(find(*names, "attn.in_proj_weight")->bias >= 0);
    CHECK(is("bn.running_mean") == "buffer");
    CHECK(is("bn.num_batches_tracked") == "buffer");
    CHECK(is("ids") == "buffer");
    CHECK(is("experts") == "parameter");
    CHECK(is("norm.query_norm.scale") == "norm");
    CHECK(is("codebook") == "embedding");
    CHECK(is("head.bias") == "parameter");
    CHECK(is("embedding") == "linear"); // an embedding has no bias
}

TEST_CASE("an unknown network is protected by general rules", "[arch]")
{
    const auto model = detect(stranger(4));
    CHECK(model->architecture.id == "unknown");
    CHECK(model->architecture.confidence == Confidence::Unknown);
    REQUIRE_FALSE(model->architecture.evidence.empty());
    CHECK(model->architecture.evidence.back().find("`trunk` (32 tensors)") != std::string::npos);
    for (const char* name :
        {"stem.proj_patch", "t_embedder.mlp.0", "caption_embed.fc", "pos_table", "final_layer.linear",
            "vocab.token_embedding", "trunk.0.norm", "trunk.0.depthwise", "trunk.0.time_emb"}) {
        INFO(name);
        REQUIRE(find(*model, name) != nullptr);
        CHECK(find(*model, name)->critical);
        CHECK_FALSE(find(*model, name)->reason.empty());
    }
    CHECK_FALSE(find(*model, "trunk.0.mixer.qkv")->critical);
    CHECK_FALSE(find(*model, "trunk.3.local")->critical);
    CHECK(find(*model, "trunk.3.local")->block == "trunk.3");
    CHECK(find(*model, "t_embedder.mlp.0")->block.empty());
}

TEST_CASE("layers come in the order in which people count", "[arch]")
{
    auto entries = stranger(12);
    std::reverse(entries.begin(), entries.end());
    const auto model = detect(entries);
    std::vector<std::string> blocks;
    for (const Layer& layer : model->layers)
        if (!layer.block.empty() && (blocks.empty() || blocks.back() != layer.block))
            blocks.push_back(layer.block);
    REQUIRE(blocks.size() == 12);
    CHECK(blocks[2] == "trunk.2");
    CHECK(blocks[10] == "trunk.10");
    CHECK(arch::naturalLess("a.2.b", "a.10.a"));
    CHECK(arch::naturalLess("a.02", "a.2") != arch::naturalLess("a.2", "a.02"));
    CHECK_FALSE(arch::naturalLess("a", "a"));
    CHECK(arch::naturalLess("a", "a.1"));
    CHECK(arch::naturalLess("a.99999999999999999999", "a.100000000000000000000"));
    CHECK(arch::blockOf("input_blocks.4.1.attn") == "input_blocks.4");
    CHECK(arch::blockOf("time_embed.0").empty());
    CHECK(arch::blockOf("3.conv.0").empty());
    CHECK(arch::blockOf("").empty());
}

TEST_CASE("4-bit formats preserve more", "[arch]")
{
    const auto flux = detect(test::loadManifest("flux1_dev"));
    const Layer* modulation = find(*flux, "double_blocks.3.img_mod.lin");
    REQUIRE(modulation != nullptr);
    CHECK_FALSE(modulation->critical);
    CHECK(modulation->criticalAt4Bits);
    CHECK(countModules(*flux, 0, true).kept == 10 + 19 * 2 + 38);
    const auto wan = detect(test::loadManifest("wan22_t2v_14b"));
    CHECK(find(*wan, "blocks.2.ffn.0")->criticalAt4Bits);
    CHECK_FALSE(find(*wan, "blocks.3.ffn.0")->criticalAt4Bits);
    CHECK_FALSE(find(*wan, "blocks.36.ffn.0")->criticalAt4Bits);
    CHECK(find(*wan, "blocks.37.ffn.0")->criticalAt4Bits);
    const auto sd15 = detect(test::loadManifest("sd15"));
    for (const Layer& layer : sd15->layers)
        if (layer.component == 0 && layer.kind == LayerKind::Conv2d)
            CHECK((layer.critical || layer.criticalAt4Bits));
    const auto t5 = detect(test::loadManifest("t5xxl"));
    CHECK(find(*t5, "encoder.block.3.layer.1.DenseReluDense.wo")->criticalAt4Bits);
    const auto seed = detect(test::loadManifest("seedvr2_7b"));
    CHECK(countModules(*seed, 0, true).kept == 6 + 8);
}

TEST_CASE("hostile names and shapes do no harm", "[arch]")
{
    const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
    const auto model = detect({entry("", {1}), entry(".", {1}), entry(".weight", {2, 2}),
        entry("weight", {2, 2}), entry("..weight", {0, 0}), entry("img_in.weight", {huge, 0}),
        entry("double_blocks.0.img_attn.qkv.weight", {0, huge}), entry("x_embedder.proj.weight", {}),
        entry("joint_blocks.0.context_block.attn.qkv.weight", {}), entry("model.diffusion_model", {1}),
        entry("model.diffusion_model.", {1}), entry("lora_unet_.lora_down.weight", {0, 0}),
        entry("a.bias", {1}), entry("a.bias.bias", {1}),
        entry("blocks.99999999999999999999999.x.weight", {4, 4}),
        entry(std::string(100000, 'x') + ".0.y.weight", {4, 4}),
        entry(std::string(5000, '.') + "weight", {4, 4}), entry("\xff\xfe.weight", {4, 4}),
        entry("input_blocks.0.0.weight", {0, 0, 0, 0}), entry("eight.weight", {1, 1, 1, 1, 1, 1, 1, 1})});
    CHECK(model->layers.size() == 20);
    const auto unet = detect({entry("input_blocks.0.0.weight", {0, 4, 3, 3}),
        entry("input_blocks.1.0.out_layers.3.weight", {0, 4, 3, 3})});
    CHECK(unet->architecture.id == "sd1");
    CHECK(detect({})->architecture.id == "unknown");
    const auto prefixOnly
        = detectModel(test::sourceOf({entry("vae", {1}), entry("model.diffusion_model.a.weight", {2, 2})}),
            {"flux1", "", ""});
    REQUIRE(prefixOnly);
    CHECK((*prefixOnly)->layers.size() == 2);
}

TEST_CASE("two hundred thousand tensors do not take long", "[arch]")
{
    const auto timed = [](std::vector<Entry> entries) {
        const auto source = test::sourceOf(std::move(entries));
        const test::CpuClock clock;
        const auto model = detectModel(source);
        REQUIRE(model);
        CHECK((*model)->layers.size() > 90000);
        return clock.elapsed().count();
    };
    std::vector<Entry> blocks;
    for (int i = 0; i < 100000; ++i) {
        const std::string name = "blocks." + std::to_string(i / 10) + ".part" + std::to_string(i % 10);
        blocks.push_back(entry(name + ".weight", {64, 64}));
        blocks.push_back(entry(name + ".bias", {64}));
    }
    std::vector<Entry> adapters;
    for (int i = 0; i < 100000; ++i) {
        const std::string name
            = "lora_unet_" + std::string(static_cast<std::size_t>(i % 50), 'q') + "x" + std::to_string(i);
        adapters.push_back(entry(name + ".lora_down.weight", {i + 1, 64}));
        adapters.push_back(entry(name + ".lora_up.weight", {64, i + 1}));
    }
    // The bound leaves room for sanitizers; a release build takes a few tenths of a second.
    const double blockSeconds = timed(std::move(blocks));
    CHECK(blockSeconds < 10.0);
    const double adapterSeconds = timed(std::move(adapters));
    CHECK(adapterSeconds < 10.0);
}

TEST_CASE("expressions of architecture files", "[arch]")
{
    const std::vector<Entry> entries{entry("a.weight", {320, 4, 3, 3}), entry("b.0.x.weight", {8, 8}),
        entry("b.1.x.weight", {8, 8}), entry("b.3.x.weight", {8, 8}), entry("c-1.weight", {12, 7})};
    const auto source = test::sourceOf(entries);
    const arch::ModuleTable table = arch::groupTensors(*source);
    const arch::KeyIndex index(*source, table);
    const arch::KeyView view(index.keys(), "");
    const arch::Hyperparameters known{{"width", std::int64_t{12}}, {"list", std::vector<std::int64_t>{1, 2}}};
    const arch::Facts facts{view, view, known};
    const auto number = [&](const char* text) {
        const auto value = arch::evaluate(text, facts);
        REQUIRE(value);
        const auto* found = std::get_if<std::int64_t>(&*value);
        return found != nullptr ? *found : -999;
    };
    CHECK(number("1 + 2 * 3 - 4") == 3);
    CHECK(number("(1 + 2) * 3") == 9);
    CHECK(number("width / 4") == 3);
    CHECK(number("width / 5") == -999); // inexact: no value
    CHECK(number("width / 0") == -999);
    CHECK(number("9223372036854775807 + 1") == -999);
    CHECK(number("dim(a.weight, 0)") == 320);
    CHECK(number("dim(a.weight, -1)") == 3);
    CHECK(number("dim(a.weight, 4)") == -999);
    CHECK(number("dim(missing|c-1.weight, 1)") == 7);
    CHECK(number("rank(a.weight)") == 4);
    CHECK(number("count(b.#.)") == 2); // 3 does not follow
    CHECK(number("count(z.#.)") == -999);
    CHECK(number("has(a.weight) && !has(q)") == 1);
    CHECK(number("any(*.x.weight)") == 1);
    CHECK(number("any(z*|b.3*)") == 1);
    CHECK(number("list == [1, 2]") == 1);
    CHECK(number("list == [1, 3] || width != 12") == 0);
    CHECK(number("if(width == 12, 5)") == 5);
    CHECK(number("if(width == 13, 5)") == -999);
    CHECK(number("missing == 1") == 0);
    CHECK(number("!missing") == 1);
    CHECK(number("size()") == 5);
    for (const char* wrong : {"", "1 +", "(1", "foo(1)", "dim(a.weight)", "1 2", "[1, x]", "has(a", "&&"})
        CHECK_FALSE(arch::evaluate(wrong, facts));
    CHECK_FALSE(arch::evaluate(std::string(1000, '('), facts));
}

TEST_CASE("globs", "[arch]")
{
    CHECK(arch::matchesGlob("abc", "abc"));
    CHECK_FALSE(arch::matchesGlob("abc", "abcd"));
    CHECK(arch::matchesGlob("a*", "a"));
    CHECK(arch::matchesGlob("*c", "abc"));
    CHECK(arch::matchesGlob("*", ""));
    CHECK(arch::matchesGlob("a*b*c", "axxbyyc"));
    CHECK_FALSE(arch::matchesGlob("a*b*c", "axxcyyb"));
    CHECK_FALSE(arch::matchesGlob("ab*ba", "aba"));
    CHECK(arch::matchesGlob("**b**", "abc"));
}
