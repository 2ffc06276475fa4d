// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compat/loaders.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace mantissa;

namespace {

const Loader& loader(const std::string& id)
{
    const auto& all = knownLoaders();
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const Loader& each) { return each.id == id; });
    REQUIRE(found != all.end());
    return *found;
}

LoadVerdict verdict(const std::string& format, const std::string& loaderId, const char* gpu)
{
    const FormatUse use{format, true, {}, 10};
    const Gpu named = findGpu(gpu).value();
    return willItLoad({use}, loader(loaderId), &named).verdict;
}

} // namespace

TEST_CASE("The table of loaders names formats and GPUs that exist")
{
    REQUIRE(knownLoaders().size() >= 8);
    CHECK(exampleGpus().size() == 5);
    for (const Loader& each : knownLoaders()) {
        INFO(each.id);
        CHECK_FALSE(each.name.empty());
        CHECK_FALSE(each.formats.empty());
        for (const std::string& format : each.formats)
            if (format != "hybrid_mxfp8" && format != "int4" && format != "fp4") // stored by others only
                CHECK(findFormat(format) != nullptr);
    }
}

TEST_CASE("Formats arrive with versions")
{
    CHECK(verdict("mxfp8", "comfyui-2026-01", "5090") == LoadVerdict::Refused);
    CHECK(verdict("mxfp8", "comfyui-0.29", "5090") == LoadVerdict::Native);
    CHECK(verdict("asym_w4a8_int8", "comfyui-0.29", "5090") == LoadVerdict::Refused);
    CHECK(verdict("asym_w4a8_int8", "comfyui-0.33", "5090") == LoadVerdict::Native);
    CHECK(verdict("awq_w4a16", "comfyui-0.33", "5090") == LoadVerdict::Refused);
    CHECK(verdict("awq_w4a16", "comfyui-after-0.33", "5090") == LoadVerdict::Native);
}

TEST_CASE("What a GPU cannot multiply in is emulated, not refused")
{
    CHECK(verdict("nvfp4", "comfyui-0.29", "5090") == LoadVerdict::Native);
    CHECK(verdict("nvfp4", "comfyui-0.29", "4090") == LoadVerdict::Emulated);
    CHECK(verdict("float8_e4m3fn", "comfyui-0.29", "4090") == LoadVerdict::Native);
    CHECK(verdict("float8_e4m3fn", "comfyui-0.29", "3090") == LoadVerdict::Emulated);
    CHECK(verdict("int8_tensorwise", "comfyui-0.29", "2080 ti") == LoadVerdict::Native);
    CHECK(verdict("float8_e4m3fn", "comfyui-0.29", "7900 xtx") == LoadVerdict::Emulated);
    const FormatUse use{"nvfp4", true, {}, 1};
    CHECK(willItLoad({use}, loader("comfyui-0.29"), nullptr).verdict == LoadVerdict::Emulated);
}

TEST_CASE("Rowwise float8 needs the node pack, and other programs are not guessed at")
{
    CHECK(verdict("float8_e4m3fn_rowwise", "comfyui-0.29", "4090") == LoadVerdict::Refused);
    CHECK(verdict("float8_e4m3fn_rowwise", "comfyui-ctq-nodes", "4090") == LoadVerdict::Native);
    CHECK(verdict("nvfp4", "sglang", "5090") == LoadVerdict::Loads);
    CHECK(verdict("mxfp8", "sglang", "5090") == LoadVerdict::Unknown);
}

TEST_CASE("A file is as bad as its worst format, and each one gives its reason")
{
    const Gpu ada = findGpu("4090").value();
    const std::vector<FormatUse> mix{{"float8_e4m3fn", true, {}, 30}, {"float8_e4m3fn_rowwise", true, {}, 2}};
    const LoadAnswer answer = willItLoad(mix, loader("comfyui-0.29"), &ada);
    CHECK(answer.verdict == LoadVerdict::Refused);
    REQUIRE(answer.reasons.size() == 2);
    CHECK(answer.reasons[0].text().find("30 layers") != std::string::npos);
    CHECK(willItLoad({}, loader("comfyui-0.29"), &ada).verdict == LoadVerdict::Native);
    const FormatUse variant{"float8_e4m3fn", false, "no loader reads this variant", 1};
    CHECK(willItLoad({variant}, loader("comfyui-0.29"), &ada).verdict == LoadVerdict::Refused);
}

TEST_CASE("The formats of a plan are counted, kept layers are not")
{
    ResolvedPlan resolved;
    for (const char* format : {"nvfp4", "", "float8_e4m3fn", "nvfp4"}) {
        Decision decision;
        decision.choice.format = format;
        resolved.decisions.push_back(decision);
    }
    const std::vector<FormatUse> uses = formatsUsed(resolved);
    REQUIRE(uses.size() == 2);
    CHECK(uses[0].format == "nvfp4");
    CHECK(uses[0].layers == 2);
    CHECK(uses[0].variantLoads);
}
