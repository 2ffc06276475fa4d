// SPDX-License-Identifier: GPL-3.0-or-later
// plan --rules-for: a plan in the words of other tools.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace mantissa::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";

ProcessResult rulesFor(const std::string& tool, std::vector<std::string> more = {})
{
    std::vector<std::string> arguments{"plan", kSample, "--rules-for", tool};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runMantissa(arguments);
}

/// The format of every layer, in the plan that these arguments make.
std::map<std::string, std::string> formatsOf(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"plan", kSample});
    const ProcessResult made = runMantissa(arguments);
    INFO(made.err);
    REQUIRE(made.exitCode == 0);
    std::map<std::string, std::string> formats;
    const json plan = json::parse(made.out);
    for (const auto& [name, choice] : plan.at("overrides").items())
        formats[name] = choice.at("format");
    return formats;
}

} // namespace

TEST_CASE("Rules for other tools come back as the plan that they were made from")
{
    const TempFolder folder;
    const auto file = [&](const char* name) { return (folder / name).string(); };
    const auto wanted = formatsOf({"--format", "int8_tensorwise"});
    REQUIRE(rulesFor("ctq", {"--format", "int8_tensorwise", "-o", file("ctq.json")}).exitCode == 0);
    CHECK(formatsOf({"--plan", file("ctq.json")}) == wanted);
    writeFile(folder / "nothing.json", R"({"schema": "mantissa-plan/1"})");
    for (const char* tool : {"comfy-quants", "stable-diffusion.cpp"}) {
        CAPTURE(tool);
        REQUIRE(rulesFor(tool, {"--format", "int8_tensorwise", "-o", file(tool)}).exitCode == 0);
        const auto back = formatsOf({"--plan", file("nothing.json"), "--import-rules", file(tool)});
        CHECK(back == wanted);
    }
}

TEST_CASE("The text goes to standard output, remarks to standard error, and all of it into JSON")
{
    const std::vector<std::string> more{"--format", "nvfp4", "--recipe", "fast"};
    const ProcessResult text = rulesFor("ctq", more);
    CHECK(text.exitCode == 0);
    CHECK(json::parse(text.out).contains("_default"));
    CHECK_THAT(text.err, Contains("the recipe \"fast\" is no part of the rules"));
    CHECK_THAT(text.err, Contains("where a layer config says nvfp4, convert-to-quant 1.3.4 stores FP8"));
    const ProcessResult document = rulesFor("ctq", {"--format", "nvfp4", "--recipe", "fast", "--json"});
    const json parsed = json::parse(document.out);
    CHECK(parsed["tool"] == "ctq");
    CHECK(parsed["text"] == text.out);
    std::string notes;
    for (const json& note : parsed["notes"])
        notes += note.get<std::string>() + "\n";
    CHECK(notes == text.err);
    CHECK(parsed["quantized"] > 0);
    CHECK_FALSE(parsed.contains("file"));

    const TempFolder folder;
    const std::string file = (folder / "rules.yaml").string();
    const ProcessResult written = rulesFor("comfy-quants", {"--format", "nvfp4", "-o", file});
    CHECK(written.exitCode == 0);
    CHECK_THAT(written.out, Contains(file + ": ") && Contains("layers quantized"));
    CHECK_THAT(readFile(file), Contains("target_dtype: nvfp4\n"));
    CHECK(rulesFor("comfy-quants", {"--format", "nvfp4", "-o", file}).exitCode == 2); // it is there
    const ProcessResult again
        = rulesFor("comfy-quants", {"--format", "nvfp4", "-o", file, "--overwrite", "--json"});
    CHECK(json::parse(again.out)["file"] == file);
}

TEST_CASE("A config of one format is about the one that is asked for")
{
    const std::vector<std::string> mixed{"--format", "float8_e4m3fn", "--set", "attn2=nvfp4"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.end(), mixed.begin(), mixed.end());
        return rulesFor("comfy-quants", more);
    };
    CHECK_THAT(with({}).out, Contains("target_dtype: fp8_e4m3\n"));
    CHECK_THAT(with({"--rules-format", "nvfp4"}).out, Contains("target_dtype: nvfp4\n"));
    const ProcessResult absent = with({"--rules-format", "mxfp8"});
    CHECK(absent.exitCode == 2);
    CHECK_THAT(absent.err, Contains("cannot be about mxfp8"));
}

TEST_CASE("Combinations that make no sense are refused")
{
    const auto refused = [](const std::vector<std::string>& arguments, int code, const char* said) {
        const ProcessResult result = runMantissa(arguments);
        CAPTURE(arguments, result.err);
        CHECK(result.exitCode == code);
        CHECK_THAT(result.err, Contains(said));
    };
    const std::string nvfp4 = "--format=nvfp4";
    refused(
        {"plan", kSample, nvfp4, "--rules-for", "ctq", "--rules-only"}, 2, "--rules-only is about a plan");
    refused({"plan", kSample, nvfp4, "--rules-for", "ctq", "--rules-format", "nvfp4"}, 2,
        "--rules-format goes with --rules-for comfy-quants");
    refused({"plan", kSample, nvfp4, "--rules-format", "nvfp4"}, 2, "--rules-format goes with");
    refused({"plan", kSample, nvfp4, "--rules-for", "nobody"}, 2, "nobody");
    refused({"plan", kSample, "--rules-for", "ctq", "--budget", "60%"}, 2, "writes a file");
    refused({"plan", kSample, "--format=float8_e4m3fn_rowwise", "--rules-for", "comfy-quants"}, 4,
        "comfy-quants has");
}

TEST_CASE("A plan that fits a budget is written as rules too")
{
    const TempFolder folder;
    const std::string file = (folder / "rules.json").string();
    const ProcessResult made = runMantissa({"plan", kSample, "--budget", "96%", "--formats",
        "float8_e4m3fn,int8_tensorwise", "--rules-for", "ctq", "-o", file});
    CAPTURE(made.err);
    REQUIRE(made.exitCode == 0);
    const json config = json::parse(readFile(file));
    CHECK(config.contains("_default"));
    CHECK(config.size() > 1);
}
