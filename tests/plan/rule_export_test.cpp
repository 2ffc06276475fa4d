// SPDX-License-Identifier: GPL-3.0-or-later
// What is exported says what the plan does: to Mantissa's own readers, and to judges that read as the tools
// do.
#include "engine/arch/native_keys.h"
#include "engine/ctq/layer_config.h"
#include "engine/plan/rule_export.h"
#include "engine/plan/rule_import.h"
#include "engine/plan/rule_names.h"
#include "tests/plan/fake_model.h"
#include "tests/support/manifest_source.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fnmatch.h>
#include <random>
#include <regex>
#include <set>

using namespace mantissa;
using Catch::Contains;
using mantissa::test::FakeModel;

namespace {

struct Exported {
    ResolvedPlan resolved;
    std::string text, notes; ///< notes: one a line
};

Exported exported(
    std::string_view tool, const QuantPlan& plan, const Model& model, std::string_view format = {})
{
    auto resolved = resolvePlan(plan, model);
    REQUIRE(resolved.has_value());
    auto rules = exportRules(*findRuleDialect(tool), plan, model, *resolved, format);
    INFO((rules ? std::string() : std::string(rules.error().message)));
    REQUIRE(rules.has_value());
    CHECK(rules->text.ends_with('\n'));
    std::string notes;
    for (const Sentence& note : rules->notes)
        notes += note + "\n";
    return {std::move(*resolved), std::move(rules->text), std::move(notes)};
}

Error refused(std::string_view tool, const QuantPlan& plan, const Model& model, std::string_view format = {})
{
    const auto resolved = resolvePlan(plan, model);
    REQUIRE(resolved.has_value());
    const auto rules = exportRules(*findRuleDialect(tool), plan, model, *resolved, format);
    REQUIRE_FALSE(rules.has_value());
    return rules.error();
}

QuantPlan planOf(std::string format, std::vector<Rule> rules = {})
{
    QuantPlan plan;
    plan.base.format = std::move(format);
    plan.recipe = "absmax";
    plan.rules = std::move(rules);
    return plan;
}

Rule rule(std::string pattern, std::string format)
{
    return {std::move(pattern), Choice{std::move(format), {}}, "user", {}};
}

/// The plan that Mantissa reads out of the text.
QuantPlan readBack(std::string_view tool, const std::string& text, const QuantPlan& plan)
{
    QuantPlan back;
    if (tool == "ctq") {
        auto parsed = parsePlan(text);
        INFO((parsed ? std::string() : parsed.error().message + " at " + parsed.error().where));
        REQUIRE(parsed.has_value());
        back = std::move(*parsed);
    } else {
        auto imported = importRules(text);
        INFO((imported ? std::string() : imported.error().message + " at " + imported.error().where));
        REQUIRE(imported.has_value());
        back.rules = std::move(imported->rules);
    }
    back.components = plan.components;
    return back;
}

/// What the tool can say of a choice, as a format of ours; `comfy`: the one of the config.
std::string sayable(std::string_view tool, const Choice& choice, std::string_view comfy)
{
    if (choice.keeps())
        return {};
    if (tool == "stable-diffusion.cpp")
        return std::string(findGgmlType(nearestGgmlType(choice))->format);
    if (tool == "comfy-quants")
        return choice.format == comfy ? choice.format : std::string();
    const auto known = layerConfigFormats();
    return std::ranges::find(known, std::string_view(choice.format)) == known.end() ? std::string()
                                                                                    : choice.format;
}

std::string targetOf(const std::string& yaml)
{
    std::smatch match;
    REQUIRE(std::regex_search(yaml, match, std::regex("target_dtype: (\\S+)")));
    return std::string(findComfyQuantsName(match[1].str())->format);
}

std::vector<std::string> globsOf(const std::string& yaml, const std::string& list)
{
    std::vector<std::string> globs;
    std::size_t at = yaml.find("    " + list + ":");
    REQUIRE(at != std::string::npos);
    const std::string item = "\n      - \"";
    for (at = yaml.find('\n', at); yaml.compare(at, item.size(), item) == 0;) {
        const std::size_t begin = at + item.size();
        globs.push_back(yaml.substr(begin, yaml.find('"', begin) - begin));
        at = yaml.find('\n', begin);
    }
    return globs;
}

/// The layers that come out in another format than the tool can say, each in words.
std::vector<std::string> differences(
    std::string_view tool, const QuantPlan& plan, const Model& model, const Exported& out)
{
    const std::string comfy = tool == "comfy-quants" ? targetOf(out.text) : std::string();
    const auto back = resolvePlan(readBack(tool, out.text, plan), model);
    REQUIRE(back.has_value());
    std::vector<std::string> different;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const std::string wanted = sayable(tool, out.resolved.decisions[i].choice, comfy);
        if (const std::string& got = back->decisions[i].choice.format; got != wanted)
            different.push_back(model.layers[i].name + ": \"" + got + "\" instead of \"" + wanted + "\"");
    }
    return different;
}

/// The same question to readers that share nothing with ours: ECMAScript's expressions of the standard
/// library, and the globs of the C library.
std::vector<std::string> differencesForTheTool(std::string_view tool, const Model& model, const Exported& out)
{
    std::vector<std::string> different;
    const auto check = [&](const Layer& layer, const std::string& got, const std::string& wanted) {
        if (got != wanted)
            different.push_back(layer.name + ": \"" + got + "\" instead of \"" + wanted + "\"");
    };
    if (tool == "ctq") {
        const auto config = ctq::LayerConfig::parse(out.text);
        REQUIRE(config.has_value());
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const Layer& layer = model.layers[i];
            const TensorInfo& weight = model.source->tensors()[layer.weight];
            if (weight.shape.size() != 2 || !weight.name.ends_with(".weight"))
                continue;
            const auto entry = config->find(layer.name, false);
            REQUIRE(entry.has_value());
            REQUIRE(*entry != nullptr);
            check(layer, (*entry)->skip ? std::string() : (*entry)->format,
                sayable(tool, out.resolved.decisions[i].choice, {}));
        }
    } else if (tool == "comfy-quants") {
        const std::string comfy = targetOf(out.text);
        const auto include = globsOf(out.text, "include"), exclude = globsOf(out.text, "exclude");
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const Layer& layer = model.layers[i];
            if (layer.kind != LayerKind::Linear)
                continue;
            std::string name = layer.name;
            if (constexpr std::string_view kPrefix = "model.diffusion_model."; name.starts_with(kPrefix))
                name.erase(0, kPrefix.size());
            const auto fits
                = [&](const std::string& glob) { return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0; };
            const bool chosen = std::ranges::any_of(include, fits) && std::ranges::none_of(exclude, fits);
            check(layer, chosen ? comfy : std::string(),
                sayable(tool, out.resolved.decisions[i].choice, comfy));
        }
    } else {
        std::vector<std::pair<std::regex, std::string>> rules;
        for (std::size_t begin = 0; begin < out.text.size();) {
            const std::size_t end = std::min(out.text.find(',', begin), out.text.find('\n', begin));
            const std::string item = out.text.substr(begin, end - begin);
            begin = end + 1;
            const std::size_t equals = item.find('=');
            rules.emplace_back(std::regex(item.substr(0, equals)), item.substr(equals + 1));
        }
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const Layer& layer = model.layers[i];
            const TensorInfo& weight = model.source->tensors()[layer.weight];
            if (!weight.name.ends_with(".weight"))
                continue;
            const auto first = std::ranges::find_if(
                rules, [&](const auto& each) { return std::regex_search(weight.name, each.first); });
            const Choice& choice = out.resolved.decisions[i].choice;
            std::string wanted(choice.keeps() ? nameOf(weight.dtype) : nearestGgmlType(choice));
            std::ranges::transform(
                wanted, wanted.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            check(layer, first == rules.end() ? std::string() : first->second, wanted);
        }
    }
    return different;
}

void checkExact(std::string_view tool, const QuantPlan& plan, const Model& model)
{
    const Exported out = exported(tool, plan, model);
    const auto different = differences(tool, plan, model, out);
    CAPTURE(tool, out.text.substr(0, 4000), different.empty() ? std::string() : different.front());
    CHECK(different.empty());
    const auto inTheTool = differencesForTheTool(tool, model, out);
    CAPTURE(inTheTool.empty() ? std::string() : inTheTool.front());
    CHECK(inTheTool.empty());
}

std::shared_ptr<const Model> detected(const std::string& manifest)
{
    auto model = detectModel(test::sourceOf(test::loadManifest(manifest), {}, manifest + ".safetensors"));
    REQUIRE(model.has_value());
    return std::move(*model);
}

/// Two blocks of a network that agree, one that does not, and what stands around them.
Model blocks()
{
    FakeModel fake("unknown");
    for (const std::string number : {"0", "1", "2"}) {
        const std::string block = "blocks." + number;
        fake.linear(block + ".attn.to_q", 256, 256);
        fake.linear(block + ".attn.to_out.0", 256, 256);
        fake.layer(block + ".norm", LayerKind::Norm, {256}, DType::F32);
        fake.linear(block + ".mlp.0", 1024, 256);
    }
    fake.linear("proj_out", 64, 256);
    return fake.build();
}

} // namespace

TEST_CASE("The texts of the three tools")
{
    const Model model = blocks();
    const QuantPlan plan = planOf("int8_tensorwise",
        {rule("^proj_out$", ""), rule("^blocks\\.0\\.attn", ""), rule("mlp", "float8_e4m3fn")});
    CHECK(exported("ctq", plan, model).text == R"({
  "_default": {"skip": true},
  "^blocks\\.(?!0\\b)\\d+\\.attn\\.": {"format": "int8_tensorwise", "scaling_mode": "row", "simple": true},
  "^blocks\\.\\d+\\.mlp\\.0$": {"format": "float8_e4m3fn", "scaling_mode": "tensor", "simple": true}
}
)");
    CHECK(exported("stable-diffusion.cpp", plan, model).text
        == R"((^|\.)blocks\.(?!0\b)\d+\.attn\..*\.weight$=q8_0,(^|\.)blocks\.\d+\.mlp\.0\.weight$=q8_0,)"
           R"((^|\.)blocks\.\d+\.norm\.weight$=f32,\.weight$=bf16)"
           "\n");
    CHECK(exported("comfy-quants", plan, model, "int8_tensorwise").text == R"(project:
  name: "unknown-int8_w8a8"
  created_by: mantissa
model:
  family: "unknown"
  model_id: "fake.safetensors"
  components:
    transformer: quantize
    vae: keep_bf16
    text_encoder: keep_bf16
quant:
  algorithm: int8_w8a8
  target_dtype: int8_w8a8
  scale:
    granularity: per_channel
    axis: out_features
    method: amax
  rounding: nearest_even
  modules:
    include:
      - "blocks.*.attn.*"
    exclude:
      - "blocks.0.*"
  fallback:
    on_error: keep_bf16
)");
    const std::string most = exported("comfy-quants", plan, model).text;
    CHECK_THAT(most, Contains("algorithm: fp8_static\n  target_dtype: fp8_e4m3\n"));
    CHECK_THAT(most, Contains("include:\n      - \"blocks.*.mlp.0\"\n    exclude: []\n"));
}

TEST_CASE("A star fits dots too: what it reaches besides is left out by name")
{
    FakeModel fake("unknown");
    for (const std::string number : {"0", "1"}) {
        fake.linear("blocks." + number + ".norm.linear", 256, 256);
        fake.linear("blocks." + number + ".attn.norm.linear", 256, 256);
        fake.linear("blocks." + number + ".attn.qkv", 256, 256);
    }
    fake.linear("odd[1].linear", 256, 256);
    const Model model = fake.build();
    const QuantPlan plan = planOf("", {rule("^blocks\\.\\d\\.norm|odd", "nvfp4")});
    checkExact("comfy-quants", plan, model);
    const std::string text = exported("comfy-quants", plan, model).text;
    CHECK_THAT(
        text, Contains("- \"blocks.*.norm.linear\"\n") && Contains("- \"blocks.1.attn.norm.linear\"\n"));
    CHECK_THAT(text, Contains("- \"odd?1?.linear\"\n"));
}

TEST_CASE("Exports say what plans do to real networks, and stay short")
{
    for (const char* name : {"auraflow", "chroma", "flux1_dev", "flux2_klein_4b", "ltxv_2b", "lumina2",
             "pixart_sigma", "qwen_image", "sd15", "sd35_large", "sd35_medium", "sdxl_base", "seedvr2_3b",
             "stable_cascade_c", "t5xxl", "wan22_ti2v_5b", "z_image"}) {
        const auto model = detected(name);
        for (const char* format : {"int8_tensorwise", "nvfp4"}) {
            const QuantPlan plan = defaultPlan(*model, Choice{format, {}});
            CAPTURE(name, format);
            for (const RuleDialect& dialect : ruleDialects()) {
                checkExact(dialect.id, plan, *model);
                const std::string text = exported(dialect.id, plan, *model).text;
                CAPTURE(text, text.size());
                CHECK(text.size() < 2500);
            }
        }
    }
}

TEST_CASE("Exports say what plans do that decide layer by layer")
{
    const std::vector<std::string> formats{"", "float8_e4m3fn", "int8_tensorwise", "nvfp4", "mxfp8", "int4"};
    std::mt19937 random(1);
    for (const char* name : {"flux1_dev", "qwen_image", "sd15"}) {
        const auto model = detected(name);
        QuantPlan plan = defaultPlan(*model, Choice{"float8_e4m3fn", {}});
        for (const Layer& layer : model->layers)
            if (layer.kind == LayerKind::Linear && random() % 4 == 0)
                plan.overrides[layer.name] = Choice{formats[random() % formats.size()], {}};
        CAPTURE(name);
        for (const RuleDialect& dialect : ruleDialects())
            checkExact(dialect.id, plan, *model);
    }
}

TEST_CASE("Every dialect is found, and only where there is one")
{
    for (const RuleDialect& dialect : ruleDialects()) {
        CHECK(findRuleDialect(dialect.id) == &dialect);
        CHECK(dialect.suffix.starts_with('.'));
    }
    CHECK(findRuleDialect("no such tool") == nullptr);
}

TEST_CASE("What a layer config cannot say is in the notes")
{
    const Model model = blocks();
    const auto notes = [&](const QuantPlan& plan) { return exported("ctq", plan, model).notes; };
    const QuantPlan plain = planOf("float8_e4m3fn");
    CHECK(notes(plain).empty());
    QuantPlan recipe = plain;
    recipe.recipe = "fast";
    CHECK_THAT(notes(recipe), Contains("the recipe \"fast\" is no part of the rules"));
    CHECK_THAT(notes(planOf("nvfp4")),
        Contains("where a layer config says nvfp4, convert-to-quant 1.3.4 stores FP8"));
    QuantPlan other = planOf("float8_e4m3fn", {rule("attn.to_q", "int4"), rule("proj_out", "awq_w4a16")});
    CHECK_THAT(notes(other), Contains("3 layers in int4 are skipped: convert-to-quant has no such format"));
    CHECK_THAT(notes(other), Contains("1 layer in awq_w4a16 is skipped"));
    QuantPlan rotated = planOf("int8_tensorwise");
    rotated.base.params.convrotGroup = 64;
    CHECK_THAT(notes(rotated),
        Contains("10 layers: of int8_tensorwise (row, rotated by 64), convert-to-quant can say "
                 "int8_tensorwise (row, not rotated) only"));
    QuantPlan clipped = plain;
    clipped.overrides["proj_out"] = Choice{"float8_e4m3fn", {}, 12.5};
    CHECK_THAT(notes(clipped), Contains("1 layer: of float8_e4m3fn (tensor, inputs cut at 12.5)"));
    QuantPlan floats = planOf("float8_e4m3fn", {rule("proj_out", "")});
    CHECK(notes(floats).empty()); // bfloat16, as it would be
    floats.outputDtype = "float16";
    CHECK_THAT(notes(floats), Contains("becomes bfloat16 in convert-to-quant, unless --output-dtype"));
}

TEST_CASE("Layer configs say scales, blocks, full precision and embeddings")
{
    FakeModel fake("unknown");
    fake.linear("a.tensor", 256, 256);
    fake.linear("a.row", 256, 256);
    fake.linear("a.block", 256, 256);
    fake.linear("a.tiles", 256, 256);
    fake.linear("odd", 100, 72); // refuses nvfp4 and blocks
    fake.layer("word_embedding", LayerKind::Embedding, {512, 256});
    fake.layer("kept_embedding", LayerKind::Embedding, {512, 256});
    fake.layer("conv", LayerKind::Conv2d, {64, 64, 3, 3});
    const Model model = fake.build();
    QuantPlan plan = planOf("float8_e4m3fn");
    plan.overrides["a.tensor"] = Choice{"int8_tensorwise", {}};
    plan.overrides["a.tensor"].params.scaling = "tensor";
    plan.overrides["a.row"] = Choice{"float8_e4m3fn_rowwise", {}};
    plan.overrides["a.row"].params.fullPrecisionMatrixMult = true;
    plan.overrides["a.block"] = Choice{"int8_blockwise", {}};
    plan.overrides["a.block"].params.blockSize = 64;
    plan.overrides["a.tiles"] = Choice{"float8_e4m3fn_blockwise", {}};
    plan.overrides["odd"] = Choice{"nvfp4", {}};
    plan.overrides["word_embedding"] = Choice{"float8_e4m3fn", {}};
    const Exported out = exported("ctq", plan, model);
    CAPTURE(out.text, out.notes);
    CHECK(differences("ctq", plan, model, out).empty());
    CHECK(differencesForTheTool("ctq", model, out).empty());
    const auto back = resolvePlan(readBack("ctq", out.text, plan), model);
    REQUIRE(back.has_value());
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        CAPTURE(model.layers[i].name);
        CHECK(back->decisions[i].choice == out.resolved.decisions[i].choice);
    }
}

TEST_CASE("What a config of comfy-quants cannot say is in the notes")
{
    const Model model = blocks();
    const auto notes = [&](const QuantPlan& plan, std::string_view format = {}) {
        return exported("comfy-quants", plan, model, format).notes;
    };
    const QuantPlan plain = planOf("float8_e4m3fn");
    CHECK_THAT(notes(plain), Contains("none of those that comfy-quants knows (qwen_image, anima)"));
    CHECK(exported("comfy-quants", plain, *detected("qwen_image")).notes.empty());
    const QuantPlan mixed = planOf("float8_e4m3fn", {rule("attn", "nvfp4"), rule("proj_out", "int4")});
    CHECK_THAT(
        notes(mixed), Contains("6 layers in nvfp4 are left out: a config has one format, float8_e4m3fn"));
    CHECK_THAT(notes(mixed), Contains("1 layer in int4 is left out"));
    CHECK_THAT(notes(mixed, "nvfp4"), Contains("3 layers in float8_e4m3fn are left out"));
    const auto formats = [&](std::string_view tool) {
        const auto resolved = resolvePlan(mixed, model);
        REQUIRE(resolved.has_value());
        return formatsToChoose(*findRuleDialect(tool), mixed, model, *resolved);
    };
    CHECK(formats("comfy-quants") == std::vector<std::string>{"float8_e4m3fn", "nvfp4"});
    CHECK(formats("ctq").empty());
    QuantPlan byTensor = planOf("int8_tensorwise");
    byTensor.base.params.scaling = "tensor";
    CHECK_THAT(notes(byTensor), Contains("10 layers: of int8_tensorwise (tensor"));

    FakeModel fake("qwen_image");
    fake.component("diffusion_model").linear("transformer_blocks.0.attn.to_q", 256, 256);
    fake.component("text_encoder").linear("text.layers.0.proj", 256, 256);
    QuantPlan both = plain;
    both.components = {"diffusion_model", "text_encoder"};
    CHECK_THAT(exported("comfy-quants", both, fake.build()).notes,
        Contains("1 layer outside of the network is left out"));
}

TEST_CASE("What cannot be exported is refused with a sentence")
{
    const Model model = blocks();
    const Error none = refused("comfy-quants", planOf(""), model);
    CHECK(none.code == ErrorCode::Unsupported);
    CHECK_THAT(none.message, Contains("no layer of the network in a format that comfy-quants has"));
    CHECK_THAT(none.hint, Contains("nvfp4"));
    CHECK(refused("comfy-quants", planOf("int4"), model).code == ErrorCode::Unsupported);
    const Error absent = refused("comfy-quants", planOf("float8_e4m3fn"), model, "nvfp4");
    CHECK(absent.code == ErrorCode::Usage);
    CHECK_THAT(absent.message, Contains("cannot be about nvfp4"));
    const Error chosen = refused("ctq", planOf("float8_e4m3fn"), model, "float8_e4m3fn");
    CHECK(chosen.code == ErrorCode::Usage);
    CHECK_THAT(chosen.message, Contains("none can be chosen"));
}

TEST_CASE("What rules of stable-diffusion.cpp cannot say is in the notes")
{
    const Model model = blocks();
    const auto notes
        = [&](const QuantPlan& plan) { return exported("stable-diffusion.cpp", plan, model).notes; };
    CHECK(notes(planOf("nvfp4")).empty());
    CHECK_THAT(notes(planOf("int8_tensorwise")),
        Contains("10 layers in int8_tensorwise become q8_0, the nearest type of GGML"));
    CHECK_THAT(notes(planOf("nf4")), Contains("become iq4_nl"));
    QuantPlan wide = planOf("asym_w4a8_int8");
    wide.base.params.bits = 6;
    CHECK_THAT(notes(wide), Contains("become q6_k"));

    FakeModel fake("unknown");
    fake.linear("x_embedder.proj", 256, 256);
    fake.linear("odd", 100, 72);
    fake.linear("wide", 256, 256);
    fake.layer("half", LayerKind::Linear, {256, 256}, DType::F8E4M3);
    fake.layer("double", LayerKind::Norm, {256}, DType::F64);
    Layer& stored = fake.linear("done", 256, 256);
    stored.stored = StoredFormat{"nvfp4", {}, false};
    Layer& fused = fake.linear("attn", 256, 256);
    fused.weight = fake.tensor("attn.in_proj_weight", DType::BF16, {256, 256});
    const Model odd = fake.build();
    const QuantPlan plan = planOf("float8_e4m3fn", {rule("half", "")});
    const Exported out = exported("stable-diffusion.cpp", plan, odd);
    CAPTURE(out.text);
    CHECK_THAT(out.notes,
        Contains("1 layer stays as it is: stable-diffusion.cpp never converts tensors of such names"));
    CHECK_THAT(out.notes, Contains("1 layer stays as it is: blocks of 32 values do not divide the rows"));
    CHECK_THAT(out.notes, Contains("1 tensor of F8_E4M3 becomes f16: GGML has no nearer type"));
    CHECK_THAT(out.notes, Contains("1 tensor of F64 becomes f32"));
    CHECK_THAT(out.notes, Contains("1 layer is quantized already, and the rules leave it alone"));
    CHECK_THAT(
        out.notes, Contains("1 layer stays as it is: stable-diffusion.cpp finds matrices by their names"));
    CHECK_FALSE(out.text.find("done") != std::string::npos);
    CHECK(out.text.find(",\\.weight$=") == std::string::npos); // it would reach the layer without a rule
    CHECK_THAT(exported("ctq", plan, odd).notes, Contains("1 layer stays as it is: convert-to-quant finds"));
}

TEST_CASE("Names that a file does not have are told")
{
    Component network;
    network.role = "diffusion_model";
    network.id = "auraflow";
    const auto source = test::sourceOf({test::entry("joint_transformer_blocks.0.attn.to_q.weight", {64, 64}),
        test::entry("single_transformer_blocks.0.attn.to_q.weight", {64, 64})});
    const NativeKeys native = withNativeKeys(source, std::vector<Component>{network});
    REQUIRE(hasTranslatedNames(*native.source));
    CHECK_FALSE(hasTranslatedNames(*source));
    const auto model = detectModel(native.source);
    REQUIRE(model.has_value());
    for (const RuleDialect& dialect : ruleDialects())
        CHECK_THAT(exported(dialect.id, planOf("float8_e4m3fn", {rule(".", "float8_e4m3fn")}), **model).notes,
            Contains("finds them only in a file that was converted to ComfyUI's names"));
}
