// SPDX-License-Identifier: GPL-3.0-or-later
// Findings: each is there when its cause is, names the layers, and its fix makes it go away.
#include "engine/compat/loaders.h"
#include "engine/compat/vram.h"
#include "engine/plan/plan.h"
#include "tests/plan/fake_model.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace mantissa;
using mantissa::test::FakeModel;

namespace {

QuantPlan planWith(std::string base)
{
    QuantPlan plan;
    plan.architecture = "flux1";
    plan.base.format = std::move(base);
    return plan;
}

ResolvedPlan resolved(const QuantPlan& plan, const Model& model)
{
    auto result = resolvePlan(plan, model);
    INFO((result ? std::string() : std::string(result.error().message)));
    REQUIRE(result.has_value());
    return std::move(*result);
}

const Finding* found(const std::vector<Finding>& findings, std::string_view id)
{
    const auto at = std::find_if(
        findings.begin(), findings.end(), [&](const Finding& finding) { return finding.id == id; });
    return at == findings.end() ? nullptr : &*at;
}

/// The finding is there, is about `layers`, and each of its fixes mends it.
void checkMended(const QuantPlan& plan, const Model& model, std::string_view id, Severity severity,
    const std::vector<std::size_t>& layers, std::size_t fixes = 1)
{
    CAPTURE(id);
    const ResolvedPlan before = resolved(plan, model);
    const Finding* finding = found(before.findings, id);
    REQUIRE(finding != nullptr);
    CHECK(finding->severity == severity);
    CHECK(finding->layers == layers);
    CHECK_FALSE(finding->text.empty());
    REQUIRE(finding->fixes.size() == fixes);
    for (const PlanFix& fix : finding->fixes) {
        CAPTURE(fix.label);
        CHECK_FALSE(fix.label.empty());
        const QuantPlan mended = withFix(plan, model, *finding, fix);
        CHECK_FALSE(mended == plan);
        CHECK(found(resolved(mended, model).findings, id) == nullptr);
    }
}

} // namespace

TEST_CASE("each finding of a plan names its layers, and its fix mends it")
{
    SECTION("a rule that matches nothing")
    {
        FakeModel fake;
        fake.linear("a");
        const Model model = fake.build();
        QuantPlan plan = planWith("float8_e4m3fn");
        plan.rules = {
            {"a", {"nvfp4", {}}, "user", ""}, {"nothing", {}, "user", ""}, {"a", {"mxfp8", {}}, "user", ""}};
        checkMended(plan, model, "rule-matches-nothing", Severity::Warning, {});
        const ResolvedPlan before = resolved(plan, model);
        const Finding& finding = *found(before.findings, "rule-matches-nothing");
        const QuantPlan mended = withFix(plan, model, finding, finding.fixes.front());
        REQUIRE(mended.rules.size() == 2);
        CHECK(mended.rules[1].choice.format == "mxfp8");
    }
    SECTION("names that the model does not have")
    {
        FakeModel fake;
        fake.linear("a");
        const Model model = fake.build();
        QuantPlan plan = planWith("float8_e4m3fn");
        plan.overrides = {{"gone", {}}, {"a", {"nvfp4", {}}}};
        checkMended(plan, model, "unknown-names", Severity::Warning, {});
    }
    SECTION("a format that stock loaders refuse becomes the nearest that they read")
    {
        FakeModel fake;
        fake.linear("a");
        fake.linear("b");
        const Model model = fake.build();
        QuantPlan plan = planWith("float8_e4m3fn");
        plan.overrides["b"] = {"int8_blockwise", {}};
        checkMended(plan, model, "not-stock", Severity::Warning, {1});
        const ResolvedPlan before = resolved(plan, model);
        const Choice near = found(before.findings, "not-stock")->fixes.front().choice;
        CHECK(findFormat(near.format)->info().loader == LoaderSupport::Stock);
        CHECK(std::abs(findFormat(near.format)->info().bitsPerWeight - 8) < 0.5);
    }
    SECTION("a layer that the model is sensitive to")
    {
        FakeModel fake;
        fake.linear("first").critical = true;
        fake.linear("modulation").criticalAt4Bits = true;
        fake.linear("rest");
        const Model model = fake.build();
        QuantPlan plan = planWith("nvfp4");
        plan.overrides["first"] = {"float8_e4m3fn", {}};
        plan.overrides["modulation"] = {"nvfp4", {}};
        checkMended(plan, model, "critical-quantized", Severity::Warning, {0});
        checkMended(plan, model, "critical-in-4-bits", Severity::Warning, {1}, 2);
        plan.overrides["modulation"] = {"float8_e4m3fn", {}};
        CHECK(found(resolved(plan, model).findings, "critical-in-4-bits") == nullptr);

        QuantPlan all = planWith("float8_e4m3fn");
        all.preserveCritical = false;
        checkMended(all, model, "critical-quantized", Severity::Warning, {0}, 2);
        CHECK(resolved(all, model).findings.front().fixes.front().kind == PlanFix::Kind::PreserveCritical);
    }
    SECTION("a layer that does not shrink")
    {
        FakeModel fake;
        fake.linear("tiny", 1, 16); // codes, scales and settings take more than 32 bytes
        fake.linear("large");
        const Model model = fake.build();
        checkMended(planWith("float8_e4m3fn"), model, "no-gain", Severity::Warning, {0});
    }
    SECTION("a layer that is quantized already")
    {
        FakeModel fake;
        Layer& stored = fake.layer("stored", LayerKind::Linear, {256, 512}, DType::F8E4M3);
        stored.stored = StoredFormat{"float8_e4m3fn", R"({"format": "float8_e4m3fn"})"};
        fake.linear("plain");
        const Model model = fake.build();
        QuantPlan plan = planWith("float8_e4m3fn");
        plan.overrides["stored"] = {"nvfp4", {}};
        checkMended(plan, model, "requantized", Severity::Warning, {0});
    }
    SECTION("nothing to do")
    {
        FakeModel fake;
        fake.linear("a");
        const Model model = fake.build();
        checkMended(planWith(""), model, "nothing-quantized", Severity::Problem, {});
    }
    SECTION("weights of several dtypes are a note")
    {
        FakeModel fake;
        fake.linear("a", 1024, 1024);
        fake.layer("merged", LayerKind::Linear, {256, 256}, DType::F32);
        const Model model = fake.build();
        QuantPlan plan = planWith("float8_e4m3fn");
        plan.overrides["merged"] = {};
        const ResolvedPlan out = resolved(plan, model);
        const Finding* finding = found(out.findings, "mixed-dtypes");
        REQUIRE(finding != nullptr);
        CHECK(finding->severity == Severity::Note);
        CHECK(finding->layers == std::vector<std::size_t>{1});
        REQUIRE(finding->fixes.size() == 1);
        const QuantPlan mended = withFix(plan, model, *finding, finding->fixes.front());
        CHECK(resolved(mended, model).decisions[1].bytesAfter == 256 * 256 * 2);
        const std::vector<Sentence> warnings = out.warnings();
        CHECK(std::none_of(warnings.begin(), warnings.end(),
            [](const std::string& text) { return text.find("several dtypes") != std::string::npos; }));
    }
}

TEST_CASE("a usual plan has no findings")
{
    FakeModel fake;
    fake.linear("a");
    fake.linear("first").critical = true;
    fake.layer("norm", LayerKind::Norm, {512});
    const Model model = fake.build();
    CHECK(resolved(planWith("float8_e4m3fn"), model).findings.empty());
}

TEST_CASE("what a chosen runtime refuses is replaced by what it loads")
{
    FakeModel fake;
    fake.linear("a");
    fake.linear("b");
    const Model model = fake.build();
    QuantPlan plan = planWith("float8_e4m3fn");
    plan.overrides["b"] = {"asym_w4a8_int8", {}};
    const ResolvedPlan before = resolved(plan, model);
    bool refused = false;
    for (const Loader& loader : knownLoaders()) {
        const bool lists = std::find(loader.formats.begin(), loader.formats.end(), "asym_w4a8_int8")
            != loader.formats.end();
        const auto findings = loaderFindings(plan, model, before, loader);
        CAPTURE(loader.id);
        if (lists || !loader.refusesOthers)
            continue;
        const auto about = std::find_if(findings.begin(), findings.end(),
            [](const Finding& finding) { return finding.layers == std::vector<std::size_t>{1}; });
        REQUIRE(about != findings.end());
        CHECK(about->severity == Severity::Problem);
        REQUIRE_FALSE(about->fixes.empty());
        const QuantPlan mended = withFix(plan, model, *about, about->fixes.front());
        const auto after = loaderFindings(mended, model, resolved(mended, model), loader);
        CHECK(std::none_of(after.begin(), after.end(),
            [](const Finding& finding) { return finding.layers == std::vector<std::size_t>{1}; }));
        refused = true;
    }
    CHECK(refused); // some runtime of the table is too old for it
}

TEST_CASE("the forecast of a GPU's memory adds up and follows its settings")
{
    FakeModel fake;
    fake.linear("a", 3072, 12288);
    fake.component("vae").linear("decoder", 4096, 4096);
    const Model model = fake.build();
    const QuantPlan plan = planWith("nvfp4");
    const ResolvedPlan out = resolved(plan, model);
    const VramForecast one = forecastVram(model, out, {}, nullptr);
    CHECK(one.weights == out.decisions[0].bytesAfter); // the VAE is unloaded meanwhile
    CHECK(one.workspace == 2ULL * 3072 * 12288); // no GPU: dequantized at every use
    CHECK(one.activations == 2ULL * 2 * (64 * 64 + 512) * (3072 + 12288));
    CHECK(one.total() == one.weights + one.activations + one.workspace + one.runtime);
    CHECK(one.low() < one.total());
    CHECK(one.total() < one.high());

    const auto blackwell = findGpu("RTX 5090");
    REQUIRE(blackwell.has_value());
    CHECK(forecastVram(model, out, {}, &*blackwell).workspace == 0); // it computes in NVFP4
    const VramForecast two = forecastVram(model, out, {2048, 2048, 2}, nullptr);
    CHECK(two.activations > 7 * one.activations);
    CHECK(two.weights == one.weights);
}

TEST_CASE("A message fills its places, and its count chooses the forms")
{
    const MessageSource source
        = countedSource("Engine", "%n layer(s) in %1 (is|are) (kept) by %2, (it is|they are) small");
    CHECK(Message(source, {"nvfp4", "rule"}, 1).text() == "1 layer in nvfp4 is (kept) by rule, it is small");
    CHECK(Message(source, {"nvfp4", "rule"}, 3).text()
        == "3 layers in nvfp4 are (kept) by rule, they are small");
    CHECK(Message(source, {"nvfp4", "rule"}, 0).text().starts_with("0 layers in"));
    // Arguments are messages; what a person wrote stays as it is, whatever is in it.
    const Message rule(messageSource("Engine", "rule %1 (\"%2\")"), {"1", "a(s)%1(b|c)%n"});
    CHECK(rule.text() == "rule 1 (\"a(s)%1(b|c)%n\")");
    CHECK(Message(messageSource("Engine", "%1 matches no layer"), {rule}).text()
        == "rule 1 (\"a(s)%1(b|c)%n\") matches no layer");
    CHECK(Message("50 % (s)").text() == "50 % (s)");
    CHECK(Message().empty());
    CHECK(fillMessage("%3 %", std::vector<std::string>{"a"}, -1) == "%3 %"); // a place that nothing fills
    CHECK(fillMessage("(s", {}, 2) == "(s");
}
