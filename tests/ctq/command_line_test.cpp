// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ctq/ctq.h"
#include "engine/ctq/options.h"
#include "engine/plan/ctq_filters.h"

#include <catch2/catch.hpp>

using namespace mantissa;
using namespace mantissa::ctq;

namespace {

using Args = std::vector<std::string>;

ParsedOptions parsed(const Args& args)
{
    Args all = {"-i", "in.safetensors"};
    all.insert(all.end(), args.begin(), args.end());
    const auto options = parseOptions(all);
    if (!options)
        FAIL(options.error().message);
    return *options;
}

std::string problem(const Args& args)
{
    const auto options = parseOptions(args);
    REQUIRE(!options);
    CHECK(options.error().code == ErrorCode::Usage);
    CHECK_FALSE(options.error().hint.empty());
    return options.error().message;
}

Error refusal(const Args& args)
{
    const auto outcome = runCtq(args, {}, {});
    REQUIRE(!outcome);
    return outcome.error();
}

} // namespace

TEST_CASE("every spelling of every option is understood")
{
    std::size_t spellings = 0;
    for (const OptionSpec& spec : optionTable()) {
        std::string names(spec.names);
        for (std::size_t begin = 0; begin < names.size();) {
            const std::size_t end = std::min(names.find(' ', begin), names.size());
            const std::string name = names.substr(begin, end - begin);
            begin = end + 1;
            ++spellings;
            std::string value = "7";
            if (!spec.choices.empty())
                value = std::string(spec.choices.substr(0, spec.choices.find(' ')));
            Args args = {name};
            if (spec.kind != OptionKind::Switch)
                args.push_back(value);
            const ParsedOptions options = parsed(args);
            INFO(name);
            CHECK(options.flag(spec.key));
            if (spec.kind != OptionKind::Switch && spec.key != "input")
                CHECK(options.text(spec.key) == value);
        }
    }
    CHECK(spellings > 180);
    for (const CtqFilter& filter : ctqFilters())
        CHECK(parsed({"--" + filter.id}).filters == std::vector<std::string>{filter.id});
}

TEST_CASE("defaults are those of the Python tool")
{
    const ParsedOptions options = parsed({});
    CHECK(options.text("output_dtype") == "bfloat16");
    CHECK(options.text("scaling_mode") == "tensor");
    CHECK(options.integer("calib_samples") == 3072);
    CHECK(options.integer("manual_seed") == -1);
    CHECK(options.integer("convrot_group_size") == 256);
    CHECK(options.integer("scaled_fp8_marker") == 0);
    CHECK(options.number("actcal_percentile") == 99.9);
    CHECK_FALSE(options.integer("block_size").has_value());
    CHECK(options.text("output").empty());
}

TEST_CASE("values come after a space, after an equals sign, or attached to a short option")
{
    CHECK(parsed({"--block_size=64"}).integer("block_size") == 64);
    CHECK(parsed({"--block-size", "64"}).integer("block_size") == 64);
    CHECK(parsed({"--group_size", " +6_4 "}).integer("block_size") == 64);
    CHECK(parsed({"-oout.safetensors"}).text("output") == "out.safetensors");
    CHECK(parsed({"-o=out.safetensors"}).text("output") == "out.safetensors");
    CHECK(parsed({"--exclude-layers="}).text("exclude_layers").empty());
    CHECK(parsed({"--manual_seed", "-5"}).integer("manual_seed") == -5);
    CHECK(parsed({"--lr", "-.5"}).number("lr") == -0.5);
    CHECK(parsed({"--custom-layers", "-x y"}).text("custom_layers")
        == "-x y"); // argparse: a space makes it a value
    CHECK(parsed({"--dry-run"}).flag("dry_run"));
    CHECK(parsed({"--dry-run"}).text("dry_run").empty());
    CHECK(parsed({"--dry-run", "--simple"}).text("dry_run").empty());
    CHECK(parsed({"--dry-run", "create-template"}).text("dry_run") == "create-template");
    CHECK(parsed({"--block_size", "1", "--block-size", "2"}).integer("block_size") == 2);
}

TEST_CASE("unique prefixes are enough")
{
    CHECK(parsed({"--simp"}).flag("simple"));
    CHECK(parsed({"--low"}).flag("low_memory")); // two spellings, one option
    CHECK(parsed({"--exclude", "x"}).text("exclude_layers") == "x");
    CHECK(parsed({"--preserve=y"}).text("preserve_layers") == "y");
    CHECK(parsed({"--no-n"}).flag("no_normalize_scales"));
    CHECK(parsed({"--no"}).flag("no_normalize_scales")); // ours and the fork's do not make it ambiguous
    CHECK(parsed({"--flux"}).filters == std::vector<std::string>{"flux2"});
    CHECK_THAT(problem({"-i", "x", "--custom-l", "a", "--custom", "b"}),
        Catch::Contains("ambiguous option: --custom"));
    CHECK_THAT(problem({"-i", "x", "--lr_"}), Catch::Contains("ambiguous"));
    CHECK_THAT(problem({"-i", "x", "-es", "1"}), Catch::Contains("ambiguous"));
}

TEST_CASE("what argparse refuses is refused")
{
    CHECK(problem({}) == "the following arguments are required: -i/--input");
    CHECK(problem({"-i"}) == "argument -i: expected one argument");
    CHECK(problem({"-i", "x", "--unheard-of"}) == "unrecognized arguments: --unheard-of");
    CHECK(problem({"-i", "x", "stray"}) == "unrecognized arguments: stray");
    CHECK(problem({"-i", "x", "--", "stray"}) == "unrecognized arguments: stray");
    CHECK_THAT(problem({"-i", "x", "--fallback", "fp4"}), Catch::Contains("invalid choice: 'fp4'"));
    CHECK_THAT(problem({"-i", "x", "--scaled-fp8-marker", "1"}), Catch::Contains("invalid choice"));
    CHECK_THAT(problem({"-i", "x", "--block_size", "64.5"}), Catch::Contains("invalid int value: '64.5'"));
    CHECK_THAT(problem({"-i", "x", "--block_size", "_64"}), Catch::Contains("invalid int value"));
    CHECK_THAT(
        problem({"-i", "x", "--block_size", "99999999999999999999"}), Catch::Contains("invalid int value"));
    CHECK_THAT(problem({"-i", "x", "--lr", "fast"}), Catch::Contains("invalid float value"));
    CHECK_THAT(problem({"-i", "x", "--simple=yes"}), Catch::Contains("ignored explicit argument 'yes'"));
    CHECK_THAT(
        problem({"-i", "x", "--exclude-layers", "--simple"}), Catch::Contains("expected one argument"));
    CHECK_THAT(problem({"-i", "x", "--dry-run", "maybe"}), Catch::Contains("invalid choice"));
}

TEST_CASE("filters keep the order of the table and are named once")
{
    CHECK(parsed({"--wan", "--t5xxl", "--wan"}).filters == std::vector<std::string>{"t5xxl", "wan"});
}

TEST_CASE("help pages list every option and every filter")
{
    std::string all;
    for (const char* page : {"-h", "-he", "-hf", "-ha", "-hm", "-hl", "-hlr", "-hx"}) {
        const auto outcome = runCtq({page}, {}, {});
        REQUIRE(outcome);
        CHECK(outcome->written.empty());
        all += outcome->text;
    }
    for (const OptionSpec& spec : optionTable())
        CHECK_THAT(all, Catch::Contains(std::string(spec.names.substr(0, spec.names.find(' ')))));
    for (const CtqFilter& filter : ctqFilters())
        CHECK_THAT(all, Catch::Contains("--" + filter.id));
}

TEST_CASE("options of later versions are explained")
{
    const std::vector<Args> later
        = {{"--optimizer", "quip"}, {"--optimizer", "gptq"}, {"--merge-lora", "l.safetensors"},
            {"--merge-loras", "a", "b"}, {"--smoothquant"}, {"--fp16"}, {"--static-activations"},
            {"--calibration-data", "d"}, {"--calibration-lora", "d"}, {"--scaling_mode", "axis"}};
    for (const Args& options : later) {
        Args args = {"-i", "in.safetensors", "-o", "out.safetensors", "--simple"};
        args.insert(args.end(), options.begin(), options.end());
        const Error error = refusal(args);
        INFO(options[0]);
        CHECK(error.code == ErrorCode::Unsupported);
        CHECK_THAT(error.message, Catch::Contains("later version"));
        CHECK_FALSE(error.hint.empty());
    }
    // The others of the fork change nothing and are accepted: the missing input is found after them.
    for (const Args& options : std::vector<Args>{{"--streaming-mode", "auto"}, {"--bf16-compute", "on"},
             {"--quip-seed", "3"}, {"--no-quip-hadamard"}, {"--no-memory-limits"}, {"--report-quality"}}) {
        Args args = {"-i", "missing.safetensors", "-o", "out.safetensors", "--simple"};
        args.insert(args.end(), options.begin(), options.end());
        CHECK(refusal(args).code == ErrorCode::System);
    }
}

TEST_CASE("the input is never the output")
{
    const Error error = refusal({"-i", "a.safetensors", "-o", "./a.safetensors", "--simple"});
    CHECK(error.code == ErrorCode::Usage);
    CHECK_THAT(error.message, Catch::Contains("input itself"));
}
