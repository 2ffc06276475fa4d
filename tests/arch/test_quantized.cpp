// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are quantized already: what they are stored in, by what, and the shapes that the network means.
#include "engine/model/model.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>
#include <cstring>

using namespace mantissa;
using test::entry;
using test::textEntry;

namespace {

std::shared_ptr<const Model> detect(
    std::vector<test::Entry> entries, std::map<std::string, std::string> metadata = {})
{
    auto model = detectModel(test::sourceOf(std::move(entries), std::move(metadata)));
    REQUIRE(model);
    return *model;
}

const Layer& layerOf(const Model& model, std::string_view name)
{
    for (const Layer& layer : model.layers)
        if (layer.name == name)
            return layer;
    FAIL("no layer " << name);
    return model.layers.front();
}

std::string formatOf(const Model& model, std::string_view name)
{
    const Layer& layer = layerOf(model, name);
    return layer.stored ? layer.stored->id : std::string();
}

struct Golden {
    const char* file;
    const char* scheme;
    std::vector<std::pair<std::string, std::uint32_t>> formats;
};

} // namespace

TEST_CASE("files of convert-to-quant are recognised layer by layer", "[arch]")
{
    const Golden goldens[] = {
        {"input", "", {}},
        {"fp8_tensor", "comfy_quant", {{"float8_e4m3fn", 11}}},
        {"fp8_nometa", "comfy_quant", {{"float8_e4m3fn", 11}}},
        {"fp8_row", "comfy_quant", {{"float8_e4m3fn_rowwise", 11}}},
        {"fp8_block64", "comfy_quant", {{"float8_e4m3fn_blockwise", 11}}},
        {"int8_row_convrot64", "comfy_quant", {{"int8_tensorwise", 11}}},
        {"nvfp4", "comfy_quant", {{"nvfp4", 11}}},
        {"mxfp8", "comfy_quant", {{"mxfp8", 11}}},
        {"hybrid_mxfp8", "comfy_quant", {{"hybrid_mxfp8", 11}}},
        {"mixed_custom_nvfp4", "comfy_quant", {{"float8_e4m3fn", 10}, {"nvfp4", 1}}},
        {"migrate_fp8_scaled", "comfy_quant", {{"float8_e4m3fn", 11}}},
        {"legacy_fp8_scaled", "scaled_fp8", {{"float8_e4m3fn", 11}}},
    };
    std::map<std::string, std::string> metadata;
    const auto original
        = detect(test::loadSafetensors(MANTISSA_TEST_DATA "/ctq/input.safetensors", metadata), metadata);
    CHECK(original->architecture.id == "flux1");
    for (const Golden& golden : goldens) {
        INFO(golden.file);
        metadata.clear();
        auto entries = test::loadSafetensors(
            std::string(MANTISSA_TEST_DATA "/ctq/") + golden.file + ".safetensors", metadata);
        const std::size_t tensors = entries.size();
        const auto model = detect(std::move(entries), metadata);
        CHECK(model->architecture.id == "flux1");
        CHECK(model->quantization.scheme == golden.scheme);
        CHECK(model->quantization.layersByFormat == golden.formats);
        CHECK(model->warnings.empty());
        // Quantized or not, the network has the same layers of the same logical shape.
        std::size_t owned = 0;
        for (const Layer& layer : model->layers)
            owned += 1 + layer.companions.size() + (layer.bias >= 0 ? 1 : 0);
        CHECK(owned == tensors);
        CHECK(model->components.front().parameters == original->components.front().parameters);
        for (const Layer& layer : original->layers) {
            const Layer& same = layerOf(*model, layer.name);
            INFO(layer.name);
            CHECK(same.shape == layer.shape);
            CHECK(same.kind == layer.kind);
            CHECK(same.critical == layer.critical);
        }
    }
}

TEST_CASE("the header table wins over the settings tensors", "[arch]")
{
    std::vector<test::Entry> entries{entry("a.weight", {64, 64}, DType::F8E4M3),
        entry("a.weight_scale", {}, DType::F32), textEntry("a.comfy_quant", R"({"format": "nvfp4"})"),
        entry("b.weight", {64, 64}, DType::F8E4M3), entry("b.weight_scale", {}, DType::F32),
        textEntry("b.comfy_quant", R"({"format": "float8_e4m3fn"})")};
    const auto model = detect(entries,
        {{"_quantization_metadata",
            R"({"format_version": "1.0", "layers": {"a": {"format": "float8_e4m3fn", "x": [1, true, null, "é"]}}})"}});
    CHECK(formatOf(*model, "a") == "float8_e4m3fn");
    CHECK(layerOf(*model, "a").stored->settings
        == R"({"format": "float8_e4m3fn", "x": [1, true, null, "\u00e9"]})");
    CHECK(formatOf(*model, "b") == "float8_e4m3fn");
    CHECK(layerOf(*model, "a").shape == Shape{64, 64});
}

TEST_CASE("settings that cannot be read are named, and the file can still be looked at", "[arch]")
{
    const auto broken = [](std::string_view settings) {
        return std::vector<test::Entry>{entry("net.a.weight", {64, 32}, DType::U8),
            entry("net.a.weight_scale", {128, 4}, DType::F8E4M3), textEntry("net.a.comfy_quant", settings)};
    };
    for (const char* settings : {"", "{", "[]", "{}", R"({"format": 4})", "\xff\xfe", "nul"}) {
        INFO(settings);
        const auto model = detect(broken(settings));
        CHECK(formatOf(*model, "net.a") == "unknown");
        REQUIRE_FALSE(model->warnings.empty());
        CHECK(model->warnings.front().find("net.a") != std::string::npos);
    }
    const auto deep = detect(broken(std::string(30000, '[')));
    CHECK(formatOf(*deep, "net.a") == "unknown");
    const auto table
        = detect(broken(R"({"format": "nvfp4"})"), {{"_quantization_metadata", "{\"layers\": []}"}});
    CHECK(formatOf(*table, "net.a") == "nvfp4");
    CHECK(table->warnings.size() == 1);
    auto large = broken("{}");
    large[2].data.assign(100000, std::byte{' '});
    large[2].shape = {100000};
    CHECK(detect(large)->warnings.front().find("100000 bytes") != std::string::npos);
    auto absurd = broken(R"({"format": "nvfp4", "orig_shape": [9223372036854775807, -1]})");
    CHECK(layerOf(*detect(absurd), "net.a").shape == Shape{64, 64});
}

TEST_CASE("an NVFP4 layer without orig_shape takes its rows from the bias", "[arch]")
{
    const auto model = detect({entry("x.weight", {112, 40}, DType::U8),
        entry("x.weight_scale", {128, 8}, DType::F8E4M3), entry("x.weight_scale_2", {}, DType::F32),
        entry("x.bias", {100}), textEntry("x.comfy_quant", R"({"format": "nvfp4"})")});
    CHECK(layerOf(*model, "x").shape == Shape{100, 80});
}

TEST_CASE("the legacy fp8 marker asks for full-precision products with two elements", "[arch]")
{
    for (const std::int64_t elements : {0, 1, 2}) {
        const auto model = detect({entry("model.diffusion_model.scaled_fp8", {elements}, DType::F8E4M3),
            entry("model.diffusion_model.a.weight", {8, 8}, DType::F8E4M3),
            entry("model.diffusion_model.a.scale_weight", {}, DType::F32),
            entry("model.diffusion_model.a.scale_input", {}, DType::F32)});
        CHECK(model->quantization.scheme == "scaled_fp8");
        const std::string& settings = layerOf(*model, "model.diffusion_model.a").stored->settings;
        CHECK((settings.find("full_precision_matrix_mult") != std::string::npos) == (elements == 2));
        CHECK(layerOf(*model, "model.diffusion_model.a").companions.size() == 2);
    }
}

TEST_CASE("plain fp8 has no scales", "[arch]")
{
    const auto model
        = detect({entry("a.weight", {8, 8}, DType::F8E4M3), entry("b.weight", {8, 8}, DType::F8E5M2)});
    CHECK(model->quantization.scheme == "plain_fp8");
    CHECK(formatOf(*model, "a") == "plain_fp8");
    CHECK(layerOf(*model, "b").dtype == DType::F8E5M2);
}

TEST_CASE("bitsandbytes layers take their shape from the quant state", "[arch]")
{
    const auto layer = [](std::string_view state, const char* kind = "nf4") {
        return std::vector<test::Entry>{entry("l.weight", {1536, 1}, DType::U8),
            entry("l.weight.absmax", {48}, DType::U8), entry("l.weight.quant_map", {16}, DType::F32),
            entry("l.weight.nested_absmax", {1}, DType::F32),
            entry("l.weight.nested_quant_map", {256}, DType::F32), entry("l.bias", {48}),
            textEntry(std::string("l.weight.quant_state.bitsandbytes__") + kind, state)};
    };
    const auto model
        = detect(layer(R"({"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [48, 64]})"));
    CHECK(model->quantization.scheme == "bnb_nf4");
    CHECK(model->quantization.by == "bitsandbytes");
    CHECK(layerOf(*model, "l").shape == Shape{48, 64});
    CHECK(layerOf(*model, "l").kind == LayerKind::Linear);
    CHECK(layerOf(*model, "l").companions.size() == 5);
    CHECK(formatOf(*detect(layer(R"({"shape": [48, 64]})", "fp4")), "l") == "fp4");
    const auto wrong = detect(layer(R"({"shape": [48, 65]})"));
    CHECK(formatOf(*wrong, "l") == "unknown");
    CHECK(wrong->warnings.size() == 1);
}

TEST_CASE("other tools' layers", "[arch]")
{
    const auto gptq
        = detect({entry("l.qweight", {512, 1024}, DType::I32), entry("l.qzeros", {32, 128}, DType::I32),
            entry("l.scales", {32, 1024}), entry("l.g_idx", {4096}, DType::I32)});
    CHECK(gptq->quantization.scheme == "gptq");
    CHECK(layerOf(*gptq, "l").shape == Shape{1024, 4096});
    const auto awq = detect({entry("l.qweight", {4096, 128}, DType::I32),
        entry("l.qzeros", {32, 128}, DType::I32), entry("l.scales", {32, 1024})});
    CHECK(awq->quantization.scheme == "awq");
    CHECK(layerOf(*awq, "l").shape == Shape{1024, 4096});
    const auto nunchaku = detect({entry("b.0.attn.to_qkv.qweight", {9216, 1536}, DType::I8),
        entry("b.0.attn.to_qkv.wscales", {48, 9216}, DType::BF16),
        entry("b.0.attn.to_qkv.proj_down", {3072, 32}, DType::BF16),
        entry("b.0.attn.to_qkv.proj_up", {9216, 32}, DType::BF16),
        entry("b.0.attn.to_qkv.smooth_factor", {3072}, DType::BF16),
        entry("b.0.attn.to_qkv.bias", {9216}, DType::BF16)});
    CHECK(nunchaku->quantization.scheme == "nunchaku");
    CHECK(layerOf(*nunchaku, "b.0.attn.to_qkv").shape == Shape{9216, 3072});
    CHECK(layerOf(*nunchaku, "b.0.attn.to_qkv").companions.size() == 4);
    const auto torchao
        = detect({entry("l.weight._data", {64, 32}, DType::I8), entry("l.weight._scale", {64, 1})});
    CHECK(formatOf(*torchao, "l") == "torchao");
    CHECK(layerOf(*torchao, "l").companions.size() == 1);
    const auto modelopt = detect({entry("l.weight", {64, 32}), entry("l.weight_quantizer._amax", {}),
        entry("l.input_quantizer._amax", {})});
    CHECK(modelopt->quantization.by == "NVIDIA ModelOpt");
    CHECK(layerOf(*modelopt, "l").companions.size() == 2);
    const auto exported = detect({entry("l.weight", {64, 32}, DType::U8),
        entry("l.weight_scale", {64, 4}, DType::F8E4M3), entry("l.weight_scale_2", {}, DType::F32)});
    CHECK(formatOf(*exported, "l") == "modelopt_nvfp4");
    CHECK(layerOf(*exported, "l").shape == Shape{64, 64});
    const auto int8 = detect({entry("l.weight", {64, 32}, DType::I8), entry("l.SCB", {64}, DType::F32)});
    CHECK(formatOf(*int8, "l") == "bnb_int8");
    const auto w4
        = detect({entry("l.weight", {64, 128}, DType::I8), entry("l.weight_scale", {64}, DType::F32),
            textEntry("l.comfy_quant", R"({"format": "convrot_w4a4", "convrot_groupsize": 256})")});
    CHECK(layerOf(*w4, "l").shape == Shape{64, 256});
    const auto w6 = detect({entry("l.weight", {64, 192}, DType::I8),
        entry("l.weight_s_rel", {64, 16}, DType::F8E4M3), entry("l.weight_s_channel", {64}, DType::F32),
        textEntry("l.comfy_quant", R"({"format": "asym_w4a8_int8", "convrot_groupsize": 256})")});
    CHECK(layerOf(*w6, "l").shape == Shape{64, 256});
    CHECK(layerOf(*w6, "l").companions.size() == 3);
    const auto svdNvfp4 = detect({entry("l.weight", {80, 40}, DType::U8),
        entry("l.weight_scale", {128, 8}, DType::F8E4M3), entry("l.weight_scale_2", {}, DType::F32),
        entry("l.weight_proj_down", {72, 32}, DType::BF16), entry("l.weight_proj_up", {70, 32}, DType::BF16),
        entry("l.weight_smooth_factor", {72}, DType::BF16),
        textEntry("l.comfy_quant", R"({"format": "svdquant_nvfp4", "rank": 32})")});
    CHECK(layerOf(*svdNvfp4, "l").shape == Shape{70, 72});
    // Comfy-Org's tiles: looked at, not decoded.
    const auto tiles = detect({entry("l.weight", {2, 3, 32, 128}, DType::I8),
        entry("l.weight_scale", {2, 3, 128}, DType::BF16), entry("l.proj_down", {192, 32}, DType::BF16),
        entry("l.proj_up", {2, 32, 128}, DType::BF16), entry("l.smooth_factor", {192}, DType::BF16),
        textEntry("l.comfy_quant", R"({"format": "svdquant_w4a4", "layout": "kitchen_tile_packed_w4a4"})")});
    CHECK(formatOf(*tiles, "l") == "svdquant_w4a4_tile_packed");
    CHECK(layerOf(*tiles, "l").shape == Shape{256, 192});
    CHECK(layerOf(*tiles, "l").companions.size() == 5);
    const auto nameless
        = detect({entry("l.weight", {64, 128}, DType::I8), entry("l.weight_scale", {64, 1}, DType::F32),
            textEntry("l.comfy_quant", R"({"convrot": true, "convrot_groupsize": 256, "per_row": true})")});
    CHECK(formatOf(*nameless, "l") == "int8_tensorwise");
}

TEST_CASE("a quantized network is recognised by its logical shapes", "[arch]")
{
    // FLUX.1 dev with every Linear in NVFP4: half as wide in the file.
    std::vector<test::Entry> packed;
    for (const test::Entry& e : test::loadManifest("flux1_dev")) {
        const bool linear = e.name.ends_with(".weight") && e.shape.size() == 2;
        if (!linear) {
            packed.push_back(e);
            continue;
        }
        const std::string layer = e.name.substr(0, e.name.size() - 7);
        packed.push_back(entry(e.name, {e.shape[0], e.shape[1] / 2}, DType::U8));
        packed.push_back(entry(layer + ".weight_scale", {e.shape[0], e.shape[1] / 16}, DType::F8E4M3));
        packed.push_back(entry(layer + ".weight_scale_2", {}, DType::F32));
        packed.push_back(textEntry(layer + ".comfy_quant", R"({"format": "nvfp4"})"));
    }
    const auto model = detect(std::move(packed));
    CHECK(model->architecture.id == "flux1");
    CHECK(model->architecture.confidence == Confidence::Exact);
    CHECK(model->components.front().parameters == 11901408320);
    CHECK(model->components.front().linear == 314);
    CHECK(model->quantization.layersByFormat.front().second == 314);
}
