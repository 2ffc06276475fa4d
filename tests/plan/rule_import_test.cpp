// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/pattern.h"
#include "engine/plan/rule_import.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using Catch::Contains;

namespace {

/// The format of the last rule that fits, "" for keep, "none" where none fits.
std::string decided(const ImportedRules& imported, std::string_view layer)
{
    std::string format = "none";
    for (const Rule& rule : imported.rules)
        if (Pattern::compile(rule.pattern).value().search(layer).value())
            format = rule.choice.format;
    return format;
}

} // namespace

TEST_CASE("Rules of stable-diffusion.cpp: the first that fits counts")
{
    for (const char* text : {"^vae\\.=f16,model\\.=q8_0", "--tensor-type-rules \"^vae\\.=f16,model\\.=q8_0\"",
             "--tensor-type-rules='^vae\\.=f16, model\\.=Q8_0,'"}) {
        INFO(text);
        const auto imported = importRules(text);
        REQUIRE(imported);
        REQUIRE(imported->rules.size() == 2);
        CHECK(decided(*imported, "vae.model.decoder.conv_in").empty());
        CHECK(decided(*imported, "model.diffusion_model.input_blocks.0.0") == "int8_tensorwise");
        CHECK(decided(*imported, "text_encoder.layers.0") == "none");
        CHECK(imported->rules.back().reason == "was ^vae\\.=f16");
        CHECK(imported->notes.size() == 2); // floats stay, INT8 is not GGML's
    }
    const auto weights = importRules("attn\\.qkv\\.weight$=q4_K,bias.*x=q2_k");
    REQUIRE(weights);
    CHECK(decided(*weights, "blocks.0.attn.qkv") == "int4");
    CHECK(decided(*weights, "blocks.0.attn.qkv2") == "none");
    CHECK(weights->notes.size() == 3);
}

TEST_CASE("Rules that make no sense are refused by name")
{
    for (const auto& [text, said] : {std::pair{"", "no rules"}, std::pair{"model", "PATTERN=TYPE"},
             std::pair{"=q8_0", "PATTERN=TYPE"}, std::pair{"a=q8_0,b=q99", "q99"}, std::pair{"(=q8_0", "("},
             std::pair{"{\"rules\": []}", "PATTERN=TYPE"}}) {
        INFO(text);
        const auto imported = importRules(text);
        REQUIRE_FALSE(imported);
        CHECK(imported.error().code == ErrorCode::InvalidInput);
        CHECK_THAT(imported.error().message + imported.error().where, Contains(said));
    }
}

TEST_CASE("A config of comfy-quants: included globs less the excluded ones")
{
    const auto imported = importRules(R"(
# keeps attention
model:
  family: flux2
  components:
    transformer: quantize
    vae: keep_bf16   # as here
quant:
  algorithm: nvfp4
  target_dtype: nvfp4
  rounding: nearest_even
  modules:
    include:
      - "double_blocks.*"
      - 'single_blocks.?.linear1'
    exclude: ["*_attn.qkv", "*_attn.proj"]
  fallback:
    on_error: keep_bf16
)");
    INFO((imported ? "" : imported.error().message + imported.error().where));
    REQUIRE(imported);
    CHECK(imported->rules.size() == 4);
    CHECK(imported->notes.empty());
    CHECK(decided(*imported, "double_blocks.3.img_mlp.0") == "nvfp4");
    CHECK(decided(*imported, "model.diffusion_model.double_blocks.3.img_mlp.0") == "nvfp4");
    CHECK(decided(*imported, "double_blocks.3.img_attn.qkv").empty());
    CHECK(decided(*imported, "double_blocks.3.img_attn.qkv_norm") == "nvfp4");
    CHECK(decided(*imported, "single_blocks.4.linear1") == "nvfp4");
    CHECK(decided(*imported, "single_blocks.14.linear1") == "none");
    CHECK(decided(*imported, "undouble_blocks.3.x") == "none");
}

TEST_CASE("YAML that is not understood is refused with its line")
{
    const auto refused = [](const char* text) {
        const auto imported = importRules(text);
        REQUIRE_FALSE(imported);
        return imported.error().message + " " + imported.error().where;
    };
    CHECK(importRules("quant:\n  target_dtype: awq_w4a16\n")->rules.front().choice.format == "awq_w4a16");
    CHECK(
        importRules("quant:\n  target_dtype: INT8_W8A8\n")->rules.front().choice.format == "int8_tensorwise");
    CHECK_THAT(refused("quant:\n  modules: {}\n"), Contains("line 2"));
    CHECK_THAT(refused("quant:\n\ttarget_dtype: nvfp4\n"), Contains("tabs"));
    CHECK_THAT(refused("quant:\n  modules:\n    include:\n      - *glob\n"), Contains("line 4"));
    CHECK_THAT(refused("quant:\n  nothing here\n"), Contains("line 2"));
    CHECK_THAT(refused("quant:\n  seed: 1\n"), Contains("target_dtype"));
    CHECK_THAT(refused("quant:\n  target_dtype: int3\n"), Contains("int3"));
}
