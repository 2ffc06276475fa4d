// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/plan.h"
#include "tests/plan/fake_model.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>

using namespace mantissa;
using mantissa::test::FakeModel;

namespace {

Choice choiceOf(std::string format)
{
    Choice choice;
    choice.format = std::move(format);
    return choice;
}

QuantPlan planWith(std::string base)
{
    QuantPlan plan;
    plan.architecture = "flux1";
    plan.base = choiceOf(std::move(base));
    return plan;
}

ResolvedPlan resolved(const QuantPlan& plan, const Model& model)
{
    auto result = resolvePlan(plan, model);
    INFO((result ? std::string() : std::string(result.error().message)));
    REQUIRE(result.has_value());
    REQUIRE(result->decisions.size() == model.layers.size());
    return std::move(*result);
}

bool hasWarning(const ResolvedPlan& plan, const std::string& part)
{
    for (const std::string& warning : plan.warnings())
        if (warning.find(part) != std::string::npos)
            return true;
    return false;
}

} // namespace

TEST_CASE("the strongest claim wins and lists what it beat")
{
    // Every combination of claims on one layer, with an expectation from the order alone.
    for (int bits = 0; bits < 16; ++bits) {
        const bool critical = bits & 1, early = bits & 2, late = bits & 4, set = bits & 8;
        FakeModel fake;
        Layer& layer = fake.linear("blocks.0.proj");
        layer.critical = critical;
        layer.reason = "it is the test's darling";
        const Model model = fake.build();
        QuantPlan plan = planWith("float8_e4m3fn");
        plan.rules.push_back({early ? "proj" : "nothing", choiceOf("int8_tensorwise"), "user", "early"});
        plan.rules.push_back({late ? R"(blocks\.\d)" : "nothing", choiceOf("mxfp8"), "user", "late"});
        if (set)
            plan.overrides["blocks.0.proj"] = choiceOf("nvfp4");
        const Decision decision = resolved(plan, model).decisions[0];
        const Provenance expected = set ? Provenance::Override
            : (late || early)           ? Provenance::Rule
            : critical                  ? Provenance::Critical
                                        : Provenance::Base;
        const std::string format = set ? "nvfp4"
            : late                     ? "mxfp8"
            : early                    ? "int8_tensorwise"
            : critical                 ? ""
                                       : "float8_e4m3fn";
        CAPTURE(bits, decision.why.text());
        CHECK(decision.provenance == expected);
        CHECK(decision.choice.format == format);
        CHECK(decision.rule == (expected == Provenance::Rule ? (late ? 1 : 0) : -1));
        CHECK(decision.beaten.size() == static_cast<std::size_t>(set + late + early + critical));
        CHECK_FALSE(decision.why.empty());
        if (!decision.beaten.empty())
            CHECK(decision.beaten.back().text() == "base: float8_e4m3fn");
        if (expected == Provenance::Critical)
            CHECK_THAT(decision.why.text(), Catch::Contains("darling"));
        if (expected == Provenance::Rule)
            CHECK_THAT(decision.why.text(), Catch::Contains(late ? "late" : "early"));
    }
}

TEST_CASE("critical layers are kept by default, some only at 4 bits")
{
    FakeModel fake;
    fake.linear("img_in").critical = true;
    fake.linear("mod.lin").criticalAt4Bits = true;
    fake.linear("attn.qkv");
    const Model model = fake.build();

    auto eight = resolved(planWith("float8_e4m3fn"), model);
    CHECK(eight.decisions[0].provenance == Provenance::Critical);
    CHECK(eight.decisions[1].provenance == Provenance::Base);
    CHECK(eight.quantized == 2);
    CHECK(eight.kept == 1);

    auto four = resolved(planWith("nvfp4"), model);
    CHECK(four.decisions[1].provenance == Provenance::Critical);
    CHECK(four.decisions[1].choice.keeps());

    QuantPlan withFallback = planWith("nvfp4");
    withFallback.fallback = choiceOf("int8_tensorwise");
    auto mixed = resolved(withFallback, model);
    CHECK(mixed.decisions[0].choice.keeps()); // preserved at every width
    CHECK(mixed.decisions[1].choice.format == "int8_tensorwise");
    CHECK(mixed.decisions[1].provenance == Provenance::Critical);
    CHECK(mixed.decisions[2].choice.format == "nvfp4");

    QuantPlan all = planWith("nvfp4");
    all.preserveCritical = false;
    CHECK(resolved(all, model).quantized == 3);

    CHECK(resolved(QuantPlan{}, model).quantized == 0);
}

TEST_CASE("a preset may keep a critical layer, but only the user quantizes it")
{
    FakeModel fake;
    Layer& layer = fake.linear("final_layer.mod");
    layer.critical = true;
    layer.reason = "it is the end";
    const Model model = fake.build();
    QuantPlan plan = planWith("nvfp4");
    plan.rules.push_back({"mod", choiceOf("int8_tensorwise"), "preset flux1", "sweeps wide"});
    Decision decision = resolved(plan, model).decisions[0];
    CHECK(decision.provenance == Provenance::Critical);
    REQUIRE(decision.beaten.size() == 2);
    CHECK_THAT(decision.beaten[0].text(), Catch::Contains("preset flux1"));
    plan.rules.insert(plan.rules.begin(), {"final", choiceOf("mxfp8"), "--custom", ""});
    decision = resolved(plan, model).decisions[0];
    CHECK(decision.choice.format == "mxfp8");
    CHECK(decision.rule == 0);
    plan.rules = {{"mod", {}, "preset flux1", ""}};
    CHECK(resolved(plan, model).decisions[0].provenance == Provenance::Rule);
    plan.rules = {{"mod", choiceOf("int8_tensorwise"), "preset flux1", ""}};
    plan.preserveCritical = false;
    CHECK(resolved(plan, model).decisions[0].choice.format == "int8_tensorwise");
}

TEST_CASE("guards win over everything and say why")
{
    FakeModel fake;
    fake.linear("odd", 100, 72);
    fake.layer("conv", LayerKind::Conv2d, {320, 320, 3, 3});
    fake.layer("norm", LayerKind::Norm, {320});
    fake.layer("table", LayerKind::Embedding, {1000, 256});
    fake.layer("experts", LayerKind::Linear, {8, 64, 64});
    fake.layer("ids", LayerKind::Linear, {64, 64}, DType::I32);
    fake.layer("pos", LayerKind::Parameter, {1, 16, 64});
    const Model model = fake.build();
    QuantPlan plan = planWith("convrot_w4a4");
    for (const Layer& layer : model.layers)
        plan.overrides[layer.name] = choiceOf("convrot_w4a4");
    const auto out = resolved(plan, model);
    const std::vector<std::string> reasons{"64 must divide the 72 input features", "convolutions keep",
        "norms are never quantized", "no loader reads an embedding in convrot_w4a4", "3 dimensions",
        "I32, not floats", "bare parameters are never"};
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        CAPTURE(model.layers[i].name, out.decisions[i].why.text());
        CHECK(out.decisions[i].provenance == Provenance::Guard);
        CHECK(out.decisions[i].choice.keeps());
        CHECK_THAT(out.decisions[i].why.text(), Catch::Contains(reasons[i]));
        REQUIRE_FALSE(out.decisions[i].beaten.empty());
        CHECK_THAT(out.decisions[i].beaten.front().text(), Catch::Contains("override: convrot_w4a4"));
    }
    CHECK(out.guarded == reasons.size());
    CHECK(hasWarning(out, "quantizes no layer"));

    plan.overrides.clear();
    plan.fallback = choiceOf("float8_e4m3fn");
    const auto fell = resolved(plan, model);
    CHECK(fell.decisions[0].choice.format == "float8_e4m3fn"); // the shape is the format's problem only
    CHECK(fell.decisions[0].provenance == Provenance::Guard);
    CHECK_THAT(fell.decisions[0].why.text(), Catch::Contains("fallback format float8_e4m3fn"));
    CHECK(fell.decisions[1].choice.keeps());
    CHECK(fell.decisions[2].provenance == Provenance::Untouched);
    CHECK(fell.decisions[6].provenance == Provenance::Untouched);
}

TEST_CASE("embeddings are quantized only when somebody asks, in formats that loaders read")
{
    FakeModel fake("t5_xxl");
    fake.component("text_encoder").layer("shared", LayerKind::Embedding, {1000, 256});
    const Model model = fake.build();
    QuantPlan plan = planWith("float8_e4m3fn");
    plan.architecture.clear();
    CHECK(resolved(plan, model).decisions[0].provenance == Provenance::Guard);
    plan.rules.push_back({"shared", choiceOf("int8_tensorwise"), "preset general", ""});
    CHECK(resolved(plan, model).decisions[0].provenance == Provenance::Guard);
    plan.rules.back().origin = "user";
    CHECK(resolved(plan, model).decisions[0].choice.format == "int8_tensorwise");
    plan.rules.back().choice = choiceOf("nvfp4");
    CHECK_THAT(resolved(plan, model).decisions[0].why.text(),
        Catch::Contains("no loader reads an embedding in nvfp4"));
}

TEST_CASE("only the selected components are quantized")
{
    FakeModel fake("sdxl");
    fake.component("text_encoder").linear("te.fc1");
    fake.component("diffusion_model").linear("unet.to_q", 8, 64);
    const Model model = fake.build();
    QuantPlan plan = planWith("float8_e4m3fn");
    plan.architecture = "sdxl";
    auto out = resolved(plan, model);
    CHECK(out.decisions[0].provenance == Provenance::Untouched);
    CHECK_THAT(out.decisions[0].why.text(), Catch::Contains("text_encoder is not among"));
    CHECK(out.decisions[1].provenance == Provenance::Base);
    plan.components = {"text_encoder", "vae"};
    out = resolved(plan, model);
    CHECK(out.decisions[0].provenance == Provenance::Base);
    CHECK(out.decisions[1].provenance == Provenance::Untouched);
    CHECK(hasWarning(out, "no component \"vae\""));
    plan.overrides["unet.to_q"] = choiceOf("float8_e4m3fn");
    CHECK(resolved(plan, model).decisions[1].provenance == Provenance::Guard);
}

TEST_CASE("quantized layers stay as they are unless the user asks")
{
    FakeModel fake;
    Layer& stored = fake.layer("a", LayerKind::Linear, {128, 256}, DType::F8E4M3);
    stored.stored = StoredFormat{"float8_e4m3fn", R"({"format": "float8_e4m3fn"})"};
    Layer& foreign = fake.layer("b", LayerKind::Linear, {128, 256}, DType::U8);
    foreign.stored = StoredFormat{"bnb_nf4", ""};
    fake.linear("c");
    const Model model = fake.build();
    QuantPlan plan = planWith("int8_tensorwise");
    auto out = resolved(plan, model);
    CHECK(out.decisions[0].provenance == Provenance::Untouched);
    CHECK(out.decisions[0].choice.keeps());
    CHECK_FALSE(hasWarning(out, "quantized already"));

    plan.rules.push_back({"^[ab]$", choiceOf("int8_tensorwise"), "--format", ""});
    out = resolved(plan, model);
    CHECK(out.decisions[0].choice.format == "int8_tensorwise");
    CHECK(hasWarning(out, "1 layer is quantized already"));
    CHECK(out.decisions[1].provenance == Provenance::Guard);
    CHECK_THAT(out.decisions[1].why.text(), Catch::Contains("bnb_nf4"));

    plan.overrides["a"] = choiceOf("float8_e4m3fn");
    out = resolved(plan, model);
    CHECK(out.decisions[0].choice.keeps()); // it is what is asked for
    CHECK_THAT(out.decisions[0].why.text(), Catch::Contains("stored as float8_e4m3fn already"));
    CHECK_FALSE(hasWarning(out, "quantized already"));
}

TEST_CASE("rules and names that hit nothing are warned of")
{
    FakeModel fake;
    fake.linear("attn.to_q");
    fake.layer("attn.norm", LayerKind::Norm, {64});
    fake.layer("conv", LayerKind::Conv2d, {64, 64, 3, 3});
    const Model model = fake.build();
    QuantPlan plan = planWith("float8_e4m3fn_rowwise");
    plan.architecture = "sdxl";
    plan.rules = {{"missing", {}, "--exclude", ""}, {R"(to_q\.weight)", {}, "--exclude", ""},
        {"norm", choiceOf("nvfp4"), "user", ""}, {"conv", choiceOf("nvfp4"), "user", ""},
        {"guidance_in", {}, "preset flux1", ""}, {"to_q", choiceOf("float8_e4m3fn_rowwise"), "user", ""}};
    plan.overrides["gone"] = {};
    const auto out = resolved(plan, model);
    CHECK(hasWarning(out, "rule 1 (--exclude \"missing\") matches no layer"));
    CHECK(hasWarning(out, "layer names do not end in .weight"));
    CHECK(hasWarning(out, "rule 3 (user \"norm\") matches only layers that cannot be quantized"));
    CHECK(hasWarning(out, "rule 4 (user \"conv\") matches only layers that cannot be quantized"));
    CHECK_FALSE(hasWarning(out, "rule 5"));
    CHECK_FALSE(hasWarning(out, "rule 6"));
    CHECK(hasWarning(out, "1 override names no layer of this model: gone"));
    CHECK(hasWarning(out, "made for sdxl, and this is flux1"));
    CHECK(hasWarning(out, "1 layer in float8_e4m3fn_rowwise: stock ComfyUI does not load it"));
}

TEST_CASE("sizes are those of the stored tensors, to the byte")
{
    FakeModel fake;
    Layer& layer = fake.linear("a", 100, 72);
    fake.bias(layer, 100);
    const Model model = fake.build();
    for (const StorageFormat* format : storageFormats()) {
        const auto params = format->resolve({100, 72}, {}, Recipe::Fast);
        if (!params)
            continue;
        QuantPlan plan = planWith(std::string(format->info().id));
        const auto out = resolved(plan, model);
        std::uint64_t expected = 200;
        if (!format->writesSettings())
            expected += format->settings({100, 72}, *params, "torch.bfloat16").tensorJson.size();
        for (const StoredTensor& tensor : format->layout({100, 72}, *params))
            expected += *byteCount(tensor.dtype, *elementCount(tensor.shape));
        CAPTURE(plan.base.format);
        CHECK(out.decisions[0].bytesBefore == 100 * 72 * 2 + 200);
        CHECK(out.decisions[0].bytesAfter == expected);
        CHECK(out.decisions[0].choice.params == *params);
        CHECK(out.dataBytesAfter == expected);
    }
    // By hand, once: float8 codes, one scale, the bias and {"format": "float8_e4m3fn", "orig_dtype":
    // "torch.bfloat16"}.
    const auto fp8 = resolved(planWith("float8_e4m3fn"), model);
    CHECK(fp8.decisions[0].bytesAfter == 7200 + 4 + 200 + 59);
}

TEST_CASE("an output dtype casts matrices and kernels that are not quantized, and nothing else")
{
    FakeModel fake;
    fake.layer("lin", LayerKind::Linear, {10, 20}, DType::F32).critical = true;
    fake.layer("conv", LayerKind::Conv2d, {4, 4, 3, 3}, DType::F32);
    fake.layer("norm", LayerKind::Norm, {32}, DType::F32);
    fake.layer("pos", LayerKind::Parameter, {1, 8, 8}, DType::F32);
    Layer& stored = fake.layer("old", LayerKind::Linear, {16, 16}, DType::F8E4M3);
    stored.stored = StoredFormat{"float8_e4m3fn", "{}"};
    stored.companions.push_back(fake.tensor("old.weight_scale", DType::F32, {}));
    fake.component("vae").layer("vae.conv", LayerKind::Conv2d, {2, 2, 1, 1}, DType::F64);
    const Model model = fake.build();
    QuantPlan plan = planWith("float8_e4m3fn");
    CHECK(resolved(plan, model).decisions[0].bytesAfter == 800);
    plan.outputDtype = "bfloat16";
    const auto out = resolved(plan, model);
    const std::vector<std::uint64_t> expected{400, 4 * 4 * 9 * 2, 128, 256, 260, 8};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(model.layers[i].name);
        CHECK(out.decisions[i].bytesAfter == expected[i]);
    }
    CHECK(writtenDtype(plan, model.layers[0], model.source->tensors()[0]) == DType::BF16);
    plan.outputDtype = "float16";
    CHECK(writtenDtype(plan, model.layers[0], model.source->tensors()[0]) == DType::F16);
    CHECK(origDtypeOf(plan, model.layers[0]) == "torch.float16");
    plan.outputDtype = "keep";
    CHECK(origDtypeOf(plan, model.layers[0]) == "torch.float32");
    CHECK(origDtypeOf(plan, model.layers[4]) == "torch.bfloat16");
}

TEST_CASE("what makes no sense is a usage error, not a plan that does nothing")
{
    FakeModel fake;
    fake.linear("a");
    const Model model = fake.build();
    const auto errorOf = [&](const QuantPlan& plan) {
        const auto out = resolvePlan(plan, model);
        REQUIRE_FALSE(out.has_value());
        CHECK(out.error().code == ErrorCode::Usage);
        return out.error();
    };
    CHECK_THAT(errorOf(planWith("fp9")).hint, Catch::Contains("float8_e4m3fn"));
    QuantPlan plan = planWith("float8_e4m3fn");
    plan.rules.push_back({"a(", {}, "user", ""});
    CHECK_THAT(errorOf(plan).message,
        Catch::Contains("\"a(\" is not a regular expression") && Catch::Contains("position"));
    plan = planWith("float8_e4m3fn");
    plan.recipe = "magic";
    CHECK_THAT(errorOf(plan).message, Catch::Contains("magic"));
    plan = planWith("float8_e4m3fn");
    plan.outputDtype = "int3";
    CHECK_THAT(errorOf(plan).message, Catch::Contains("int3"));
    const auto withParams = [](std::string format, auto change) {
        QuantPlan changed = planWith(std::move(format));
        change(changed.base.params);
        return changed;
    };
    errorOf(withParams("float8_e4m3fn", [](FormatParams& p) { p.scaling = "row"; }));
    errorOf(withParams("float8_e4m3fn", [](FormatParams& p) { p.blockSize = 64; }));
    errorOf(withParams("float8_e4m3fn", [](FormatParams& p) { p.convrotGroup = 64; }));
    errorOf(withParams("float8_e4m3fn", [](FormatParams& p) { p.linearDtype = "int8"; }));
    errorOf(withParams("int8_tensorwise", [](FormatParams& p) { p.convrotGroup = 100; }));
    errorOf(withParams("int8_tensorwise", [](FormatParams& p) { p.convrotGroup = -4; }));
    errorOf(withParams("nvfp4", [](FormatParams& p) { p.blockSize = 17; }));
    errorOf(withParams("", [](FormatParams& p) { p.blockSize = 17; }));
}

TEST_CASE("a plan that lists every layer decides the same")
{
    FakeModel fake;
    fake.linear("img_in").critical = true;
    fake.linear("blocks.0.qkv", 256, 512);
    fake.linear("blocks.0.odd", 100, 72);
    fake.layer("blocks.0.conv", LayerKind::Conv2d, {8, 8, 3, 3});
    fake.layer("blocks.0.norm", LayerKind::Norm, {64});
    const Model model = fake.build();
    for (const StorageFormat* format : storageFormats()) {
        const QuantPlan plan = planWith(std::string(format->info().id));
        const auto before = resolved(plan, model);
        const QuantPlan listed = listEveryLayer(plan, model, before);
        CAPTURE(plan.base.format);
        CHECK(listed.overrides.size() == 4);
        const auto after = resolved(listed, model);
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            CHECK(after.decisions[i].choice == before.decisions[i].choice);
            CHECK(after.decisions[i].bytesAfter == before.decisions[i].bytesAfter);
        }
        const auto parsed = parsePlan(toJson(listed));
        REQUIRE(parsed.has_value());
        CHECK(*parsed == listed);
    }
}

TEST_CASE("ten thousand layers and thirty rules resolve in no time")
{
    FakeModel fake;
    for (int i = 0; i < 10'000; ++i)
        fake.linear(fmt::format(
            "model.diffusion_model.transformer_blocks.{}.attn{}.to_{}.0.proj", i / 8, i % 2, i % 5));
    const Model model = fake.build();
    QuantPlan plan = planWith("nvfp4");
    for (int i = 0; i < 30; ++i)
        plan.rules.push_back({fmt::format(R"(\btransformer_blocks\.({}|{})\..*to_[0-3]\.0)", i, 100 + i),
            choiceOf("int8_tensorwise"), "user", ""});
    double best = 1e9; // seconds of processor time, so that a busy machine does not fail the test
    for (int round = 0; round < 5; ++round) {
        const std::clock_t start = std::clock();
        const auto out = resolvePlan(plan, model);
        best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
        REQUIRE(out.has_value());
        CHECK(out->quantized == 10'000);
    }
    INFO(best * 1000 << " ms");
    CHECK(best < 0.25); // measured 0.05; the sanitizers need the rest
}
