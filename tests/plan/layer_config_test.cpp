// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/plan.h"
#include "tests/plan/fake_model.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace mantissa;
using mantissa::test::FakeModel;

namespace {

std::string readGolden(const std::string& name)
{
    std::ifstream in(std::string(MANTISSA_TEST_DATA) + "/ctq/" + name, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), {}};
}

QuantPlan parsed(std::string_view json)
{
    auto plan = parsePlan(json);
    INFO((plan ? std::string() : plan.error().message + " at " + plan.error().where));
    REQUIRE(plan.has_value());
    CHECK(*parsePlan(toJson(*plan)) == *plan);
    return std::move(*plan);
}

Error errorOf(std::string_view json)
{
    const auto plan = parsePlan(json);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().code == ErrorCode::InvalidInput);
    return plan.error();
}

/// The layers of the golden input of convert-to-quant.
Model goldenModel()
{
    FakeModel fake("unknown");
    fake.linear("double_blocks.0.img_attn.proj", 64, 64);
    fake.linear("double_blocks.0.img_attn.qkv", 128, 64);
    fake.linear("double_blocks.0.img_mlp.0", 256, 64);
    fake.linear("double_blocks.0.img_mod.lin", 128, 64);
    fake.linear("odd.proj", 100, 72);
    fake.linear("token_embedder", 50, 64);
    return fake.build();
}

} // namespace

TEST_CASE("the golden layer config decides as convert-to-quant does")
{
    const QuantPlan plan = parsed(readGolden("layer_config.json"));
    CHECK(plan.base.format == "float8_e4m3fn");
    CHECK(plan.rules.size() == 4);
    const Model model = goldenModel();
    const auto out = resolvePlan(plan, model);
    REQUIRE(out.has_value());
    const auto& d = out->decisions;
    CHECK(d[0].choice.format == "int8_tensorwise");
    CHECK(d[0].choice.params.scaling == "tensor");
    CHECK(d[0].choice.params.convrotGroup.value_or(0) == 0);
    CHECK(d[1].choice.format == "float8_e4m3fn");
    CHECK(d[1].provenance == Provenance::Base);
    CHECK(d[2].choice.format == "float8_e4m3fn_rowwise");
    CHECK(d[2].choice.params.fullPrecisionMatrixMult);
    CHECK(d[3].choice.format == "float8_e4m3fn_blockwise");
    CHECK(d[3].choice.params.blockSize == 64);
    CHECK(d[4].choice.format == "float8_e4m3fn");
    CHECK(d[5].choice.keeps());
    CHECK(d[5].provenance == Provenance::Rule);
    CHECK_THAT(d[5].why.text(), Catch::Contains("layer config"));
}

TEST_CASE("an unedited template is refused with what to do")
{
    const Error error = errorOf(readGolden("input_layer_config_template.json"));
    CHECK(error.where == "/_default/format");
    CHECK_THAT(error.message, Catch::Contains("no format is filled in"));
    CHECK_THAT(error.hint, Catch::Contains("a template must be edited first") && Catch::Contains("skip"));
}

TEST_CASE("an edited template works")
{
    std::string text = readGolden("input_layer_config_template.json");
    std::size_t count = 0;
    const std::string empty = "\"format\": \"\"", filled = "\"format\": \"nvfp4\"";
    for (std::size_t at = text.find(empty); at != std::string::npos; at = text.find(empty, at)) {
        text.replace(at, empty.size(), filled);
        ++count;
    }
    CHECK(count == 12);
    const QuantPlan plan = parsed(text);
    CHECK(plan.base.format == "nvfp4");
    CHECK(plan.rules.size() == 11);
    const auto out = resolvePlan(plan, goldenModel());
    REQUIRE(out.has_value());
    for (const Decision& decision : out->decisions)
        CHECK(decision.choice.format == "nvfp4"); // really, not float8 under that label
}

TEST_CASE("the order of patterns follows the original's priorities")
{
    // Numbered patterns first, then the longer literal text, then the order of the file.
    const QuantPlan plan = parsed(R"({
        "blocks": {"format": "float8_e4m3fn"},
        "double_blocks\\.0\\.img_attn": {"format": "mxfp8"},
        "blocks\\.\\d+\\.img": {"format": "nvfp4"},
        "bl\\d": {"skip": true},
        "img_mod": {"format": "mxfp8"},
        "img_mlp": {"format": "nvfp4"}})");
    std::vector<std::string> patterns;
    for (const Rule& rule : plan.rules)
        patterns.push_back(rule.pattern);
    CHECK(patterns
        == std::vector<std::string>{R"(bl\d)", "blocks", "img_mlp", "img_mod",
            R"(double_blocks\.0\.img_attn)", R"(blocks\.\d+\.img)"});
    const auto out = resolvePlan(plan, goldenModel());
    REQUIRE(out.has_value());
    CHECK(out->decisions[0].choice.format == "nvfp4"); // the numbered one has eight literals and wins
    CHECK(out->decisions[4].choice.keeps());
    CHECK(plan.base.keeps());
    CHECK_FALSE(plan.preserveCritical);
}

TEST_CASE("formats and scaling modes mean what they say")
{
    const auto formatOf
        = [](const std::string& settings) { return parsed("{\"_default\": " + settings + "}").base; };
    CHECK(
        formatOf(R"({"format": "float8_e4m3fn", "scaling_mode": "row"})").format == "float8_e4m3fn_rowwise");
    CHECK(formatOf(R"({"format": "float8_e4m3fn_rowwise"})").format == "float8_e4m3fn_rowwise");
    CHECK(
        formatOf(R"({"format": "float8_e4m3fn", "scaling_mode": "block", "block_size": 32})").params.blockSize
        == 32);
    CHECK(formatOf(R"({"format": "float8_e4m3fn_block3d"})").format == "float8_e4m3fn_blockwise");
    CHECK(formatOf(R"({"format": "int8_tensorwise", "scaling_mode": "block"})").format == "int8_blockwise");
    CHECK(formatOf(R"({"format": "int8_tensorwise", "scaling_mode": "row"})").params.scaling == "row");
    CHECK(formatOf(R"({"format": "hybrid_mxfp8"})").format == "hybrid_mxfp8");
    CHECK(formatOf(R"({"format": "float8_e4m3fn", "block_size": 64, "note": [1]})").params.blockSize == 0);
    CHECK(formatOf(R"({"skip": true})").keeps());
}

TEST_CASE("exclusions keep their layers, notes are ignored")
{
    const QuantPlan plan = parsed(
        R"({"_note": "mine", "_default": {"format": "nvfp4"}, "_exclusions": ["odd\\.", "proj"], "img_attn\\.proj": {"format": "mxfp8"}})");
    const auto out = resolvePlan(plan, goldenModel());
    REQUIRE(out.has_value());
    CHECK(out->decisions[0].choice.format == "mxfp8");
    CHECK(out->decisions[1].choice.format == "nvfp4");
    CHECK(out->decisions[4].choice.keeps());
}

TEST_CASE("faults of a layer config are named with their place")
{
    const std::vector<std::array<std::string, 3>> faults{
        {R"({"a": {}})", "/a/format", "needs a format"},
        {R"({"a": {"format": "float4"}})", "/a/format", "float4"},
        {R"({"a": {"format": 1}})", "/a/format", "must be a string"},
        {R"({"a": {"format": "nvfp4", "skip": 1}})", "/a/skip", "true or false"},
        {R"({"a": {"format": "mxfp8", "scaling_mode": "axis"}})", "/a/scaling_mode", "axis"},
        {R"({"a": {"format": "nvfp4", "block_size": 0}})", "/a/block_size", "above zero"},
        {R"({"a": {"format": "int8_blockwise", "block_size": 7}})", "/a", "7"},
        {R"({"a(": {"format": "nvfp4"}})", "/a(", "not a regular expression"},
        {R"({"_default": [], "a": {"skip": true}})", "/_default", "must be an object"},
        {R"({"_exclusions": {}, "a": {"skip": true}})", "/_exclusions", "must be a list"},
        {R"({"_exclusions": ["("], "a": {"skip": true}})", "/_exclusions/0", "not a regular expression"},
    };
    for (const auto& [json, where, message] : faults) {
        const Error error = errorOf(json);
        CAPTURE(json, error.message);
        CHECK(error.where == where);
        CHECK_THAT(error.message, Catch::Contains(message));
    }
}
