// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/ctq_filters.h"
#include "engine/base/pattern.h"

#include <catch2/catch.hpp>

#include <set>

using namespace mantissa;

TEST_CASE("all 25 filters of convert-to-quant 1.3.4 are there")
{
    CHECK(ctqFilters().size() == 25);
    CHECK(ctqAvoidList().size() == 31);
    std::set<std::string> ids;
    for (const CtqFilter& filter : ctqFilters()) {
        INFO(filter.id);
        CHECK(ids.insert(filter.id).second);
        CHECK((filter.group == "text" || filter.group == "diffusion" || filter.group == "video"
            || filter.group == "image"));
        CHECK((filter.id == "generic_text" || !filter.exclude.empty() || !filter.keep.empty()));
        CHECK(filter.preserveDtype.empty() == filter.preservePattern.empty());
        CHECK(Pattern::compile(filter.preservePattern).has_value());
    }
    CHECK(findCtqFilter("distill") == nullptr);
}

TEST_CASE("filters say what the Python tool's do")
{
    const CtqFilter* t5 = findCtqFilter("t5xxl");
    REQUIRE(t5);
    CHECK(t5->avoid);
    CHECK(t5->remove == std::vector<std::string>{"decoder", "lm_head"});
    CHECK(t5->textInputScale);
    CHECK(containsAny("encoder.block.0.layer.0.layer_norm.weight", t5->exclude));
    CHECK_FALSE(containsAny("encoder.block.0.layer.0.SelfAttention.q.weight", t5->exclude));

    const CtqFilter* flux2 = findCtqFilter("flux2");
    REQUIRE(flux2);
    CHECK(flux2->exclude.empty());
    CHECK(containsAny("img_in.weight", flux2->keep));
    CHECK_FALSE(containsAny("double_blocks.0.img_attn.qkv.weight", flux2->keep));

    const CtqFilter* alias = findCtqFilter("qwen35");
    const CtqFilter* vlm = findCtqFilter("qwen_vlm");
    REQUIRE(alias);
    REQUIRE(vlm);
    CHECK(alias->aliasOf == "qwen_vlm");
    CHECK(alias->exclude == vlm->exclude);
    CHECK(alias->lastLayer);
    CHECK(alias->lastLayerPrefixes.size() == 3);
    CHECK(alias->preserveDtype == "bfloat16");

    const CtqFilter* wan = findCtqFilter("wan");
    REQUIRE(wan);
    CHECK(containsAny("head.modulation", wan->exclude));
    CHECK(containsAny("head.head.weight", wan->keep));
}
