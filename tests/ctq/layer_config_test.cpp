// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/format_fit.h"
#include "engine/ctq/layer_config.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ctq;

namespace {

std::string formatFor(const std::string& json, const std::string& layer, bool whole = false)
{
    const auto config = LayerConfig::parse(json);
    if (!config)
        FAIL(config.error().message);
    const auto entry = config->find(layer, whole);
    REQUIRE(entry);
    return *entry ? ((*entry)->skip ? "skip" : (*entry)->format) : "none";
}

Error problem(const std::string& json)
{
    const auto config = LayerConfig::parse(json);
    REQUIRE(!config);
    CHECK(config.error().code == ErrorCode::InvalidInput);
    return config.error();
}

} // namespace

TEST_CASE("the most specific pattern wins")
{
    const std::string json
        = R"({"_default": {"format": "float8_e4m3fn"}, "_note": 3, "attn": {"format": "nvfp4"},
        "attn.proj": {"format": "mxfp8"}, "blocks\\.\\d+\\.attn": {"format": "int8_tensorwise"}, "mlp": {"skip": true}})";
    CHECK(formatFor(json, "x.attn.q") == "nvfp4");
    CHECK(formatFor(json, "x.attn.proj") == "mxfp8");
    CHECK(formatFor(json, "blocks.3.attn.proj") == "int8_tensorwise"); // a number and 10 literal characters
    CHECK(formatFor(json, "mlp.0") == "skip");
    CHECK(formatFor(json, "other") == "float8_e4m3fn");
    CHECK(formatFor(json, "xattny", true) == "float8_e4m3fn");
    CHECK(formatFor(json, "attn", true) == "nvfp4");
    CHECK(formatFor("{}", "anything") == "none");
    CHECK(formatFor(R"({"_default": {}})", "anything") == "none");
    // Equally specific: the first in the file.
    CHECK(formatFor(R"({"ab": {"format": "nvfp4"}, "bc": {"format": "mxfp8"}})", "abc") == "nvfp4");
}

TEST_CASE("literal characters are counted as the Python tool counts them")
{
    CHECK(specificityOf("double_blocks").literals == 13);
    CHECK(specificityOf(R"(a\.b.*c)").literals == 3);
    CHECK(specificityOf("(ab|c)").literals == 5); // brackets count
    CHECK(specificityOf(R"(blocks\.\d)").literals == 6);
    CHECK_FALSE(specificityOf(R"(blocks\.\d)").numbered); // too short
    CHECK(specificityOf(R"(double_blocks\.\d)").numbered);
    CHECK_FALSE(specificityOf("double_blocks.12").numbered);
}

TEST_CASE("what a layer config may not say")
{
    CHECK(problem("[]").message.find("object") != std::string::npos);
    CHECK(problem("{").code == ErrorCode::InvalidInput);
    CHECK(problem(R"({"a": 3})").where == "/a");
    CHECK(problem(R"({"a": {}})").message.find("names no format") != std::string::npos);
    const Error empty = problem(R"({"_default": {"format": ""}, "_exclusions": []})");
    CHECK(empty.where == "/_default/format");
    CHECK(empty.hint.find("template") != std::string::npos);
    CHECK(problem(R"({"a": {"format": "fp9"}})").where == "/a/format");
    CHECK(problem(R"({"a": {"format": "nvfp4", "block_size": 0}})").where == "/a/block_size");
    CHECK(problem(R"({"a": {"format": "nvfp4", "block_size": "64"}})").where == "/a/block_size");
    CHECK(problem(R"({"a": {"format": "nvfp4", "scaling_mode": "axis"}})").where == "/a/scaling_mode");
    CHECK(problem(R"({"a(": {"skip": true}})").where == "/a(");
}

TEST_CASE("an entry's format decides the layout, and the label follows the data")
{
    FormatWish primary;
    primary.simple = true;
    const auto fitted = [&](const LayerSettingsEntry& entry, std::string& note) {
        const auto format = fitFormat(wishOf(entry, primary, note), {128, 256});
        REQUIRE(format);
        return std::string(format->format->info().id);
    };
    const auto entry = [](std::string format, std::string mode = {}) {
        LayerSettingsEntry result;
        result.format = std::move(format);
        result.scalingMode = std::move(mode);
        return result;
    };
    std::string note;
    CHECK(fitted(entry("float8_e4m3fn"), note) == "float8_e4m3fn");
    CHECK(note.empty());
    CHECK(fitted(entry("float8_e4m3fn_rowwise"), note) == "float8_e4m3fn_rowwise");
    CHECK_FALSE(note.empty());
    for (const char* format : {"nvfp4", "mxfp8", "hybrid_mxfp8"}) {
        note.clear();
        CHECK(fitted(entry(format), note) == format);
        CHECK(note.find("FP8 under this label") != std::string::npos);
    }
    note.clear();
    CHECK(fitted(entry("float8_e4m3fn_block3d"), note) == "float8_e4m3fn_blockwise");
    note.clear();
    CHECK(fitted(entry("float8_e4m3fn", "row"), note) == "float8_e4m3fn_rowwise");
    CHECK(note.find("after its data") != std::string::npos);
    note.clear();
    CHECK(fitted(entry("int8_tensorwise", "row"), note) == "int8_tensorwise");
    CHECK(note.empty());
    CHECK(fitted(entry("int8_blockwise"), note) == "int8_blockwise");
}

TEST_CASE("rotation groups follow the path")
{
    const auto group = [](FormatWish wish, std::int64_t columns) {
        wish.type = "int8";
        wish.scaling = "row";
        wish.rotate = true;
        const auto format = fitFormat(wish, {32, columns});
        REQUIRE(format);
        return format->params.convrotGroup.value_or(-1);
    };
    FormatWish primary;
    primary.rotatePrimary = true;
    primary.rotationGroup = 256;
    CHECK(group(primary, 512) == 256);
    CHECK(group(primary, 320) == 64);
    CHECK(group(primary, 72) == 0);
    FormatWish custom = primary;
    custom.rotatePrimary = false;
    CHECK(group(custom, 320) == 0);
    FormatWish sixteen = primary;
    sixteen.rotationGroup = 16;
    CHECK(group(sixteen, 80) == 16);
    CHECK(group(sixteen, 72) == 0);
    FormatWish dynamic = primary;
    dynamic.rotateDynamic = true;
    CHECK(group(dynamic, 1024) == 1024);
    CHECK(group(dynamic, 1280) == 256);
    CHECK(group(dynamic, 128) == 0);
    CHECK(group(dynamic, 72) == 0);
}

TEST_CASE("tiles that do not divide a layer")
{
    FormatWish wish;
    wish.scaling = "block";
    wish.blockSize = 64;
    const auto fp8 = fitFormat(wish, {100, 72});
    REQUIRE(fp8);
    CHECK(fp8->format->info().id == "float8_e4m3fn_rowwise");
    CHECK(fp8->note.find("scale a row") != std::string::npos);
    wish.type = "int8";
    const auto int8 = fitFormat(wish, {100, 72});
    REQUIRE(!int8);
    CHECK(int8.error().code == ErrorCode::Unsupported);
    CHECK(int8.error().hint.find("--heur") != std::string::npos);
}
