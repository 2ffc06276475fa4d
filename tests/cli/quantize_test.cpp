// SPDX-License-Identifier: GPL-3.0-or-later
// The main job, as a user runs it.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <limits>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace mantissa::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";

/// A model with enough work in it that it can be interrupted.
void writeLarge(const fs::path& path)
{
    std::vector<TinyTensor> tensors;
    for (unsigned i = 0; i < 24; ++i)
        tensors.push_back(tinyRandom("blocks." + std::to_string(i) + ".attn.proj.weight", {1024, 1024}, i));
    writeTiny(path, tensors);
}

json headerOf(const fs::path& path)
{
    const std::string content = readFile(path);
    std::uint64_t length = 0;
    std::memcpy(&length, content.data(), 8);
    return json::parse(content.substr(8, static_cast<std::size_t>(length)));
}

/// What a verb prints with --json.
json documentOf(std::vector<std::string> arguments)
{
    arguments.emplace_back("--json");
    return json::parse(runMantissa(arguments).out);
}

} // namespace

TEST_CASE("The sample converts to every format in both recipes, verifies, and the forecast is exact")
{
    const TempFolder folder;
    const json formats = documentOf({"formats"});
    REQUIRE(formats["formats"].size() == 17);
    for (const json& format : formats["formats"])
        for (const std::string recipe : {"absmax", "fast"}) {
            const std::string id = format["id"], out = (folder / (id + recipe)).string();
            CAPTURE(id, recipe);
            std::vector<std::string> options{"--format", id, "--recipe", recipe, "--json"};
            if (id.ends_with("_blockwise")) // the sample's layers are narrower than the usual tile
                options.insert(options.end(), {"--block-size", "32"});
            const auto with = [&](std::vector<std::string> arguments) {
                arguments.insert(arguments.end(), options.begin(), options.end());
                return arguments;
            };
            const ProcessResult analysis = runMantissa(with({"analyze", kSample}));
            REQUIRE(analysis.exitCode == 0);
            const ProcessResult result
                = runMantissa(with({"quantize", "-i", kSample, "-o", out, "--report-error"}));
            CAPTURE(result.err);
            REQUIRE(result.exitCode == 0);
            const json report = json::parse(result.out);
            CHECK(report["bytes_after"] == fs::file_size(out));
            CHECK(json::parse(analysis.out)["bytes_after"] == fs::file_size(out));
            REQUIRE(report["layers"].size() == json::parse(analysis.out)["quantized"]);
            CHECK(report["layers"].size() > 0);
            const ProcessResult verified = runMantissa({"verify", out, "--against", kSample, "--json"});
            CHECK(verified.exitCode == 0);
            std::map<std::string, double> measured;
            for (const json& layer : report["layers"])
                measured[layer["name"]] = layer["snr_db"];
            const json verification = json::parse(verified.out);
            for (const json& layer : verification["layers"]) {
                CHECK(layer["snr_db"].get<double>() == Approx(measured.at(layer["name"])).margin(1e-6));
                CHECK(layer["snr_db"].get<double>() > 9);
            }
            const json inspected = json::parse(runMantissa({"inspect", out, "--json"}).out);
            CHECK(inspected["architecture"]["id"] == "sd1");
            const bool bitsandbytes = id == "nf4" || id == "fp4";
            CHECK(inspected["quantization"]["scheme"] == (bitsandbytes ? "bnb_" + id : "comfy_quant"));
            // At 4 bits the preset keeps some layers at 8, but beside bitsandbytes' formats.
            std::size_t found = 0;
            for (const json& layers : inspected["quantization"]["layers"])
                found += layers.get<std::size_t>();
            CHECK(found == report["layers"].size());
            CHECK(inspected["quantization"]["layers"].size() <= (bitsandbytes ? 1u : 2u));
            // int4 is stored as what a loader reads.
            const std::string stored = id == "int4" ? "awq_w4a16" : id;
            CHECK(inspected["quantization"]["layers"][stored].get<std::size_t>() > 0);
            fs::remove(out);
        }
}

TEST_CASE("Equal inputs give equal bytes, whatever the threads, the folder and the time")
{
    const TempFolder folder;
    fs::create_directory(folder / "elsewhere");
    fs::copy_file(kSample, folder / "elsewhere/tiny-sd.safetensors");
    std::set<std::string> outputs;
    int number = 0;
    for (const std::string& input : {kSample, (folder / "elsewhere/tiny-sd.safetensors").string()})
        for (const char* threads : {"1", "2", "7"}) {
            const std::string out = (folder / std::to_string(number++)).string();
            REQUIRE(
                runMantissa({"quantize", "-i", input, "-o", out, "--format", "nvfp4", "--threads", threads})
                    .exitCode
                == 0);
            outputs.insert(readFile(out));
        }
    CHECK(outputs.size() == 1);
    CHECK(outputs.begin()->find("elsewhere") == std::string::npos);
}

TEST_CASE("Kernel sets do not change the output")
{
    const TempFolder folder;
    std::set<std::string> outputs;
    const json doctor = documentOf({"doctor"});
    REQUIRE(doctor["kernel_sets"].size() > 0);
    for (const json& set : doctor["kernel_sets"]) {
        const std::string name = set;
        ProcessOptions options;
        options.environment = {"MANTISSA_KERNELS=" + name};
        for (const char* format : {"nvfp4", "int8_tensorwise"}) {
            const std::string out = (folder / (name + format)).string();
            REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", out, "--format", format}, options).exitCode
                == 0);
            outputs.insert(readFile(out));
        }
    }
    CHECK(outputs.size() == 2);
    ProcessOptions unknown;
    unknown.environment = {"MANTISSA_KERNELS=abacus"};
    CHECK(runMantissa({"formats"}, unknown).exitCode == 2);
}

TEST_CASE("Header table and layer tensors agree, and provenance names no path and no time")
{
    const TempFolder folder;
    const std::string out = (folder / "out").string();
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", out, "--format", "float8_e4m3fn"}).exitCode == 0);
    const json header = headerOf(out);
    const json metadata = header["__metadata__"];
    const json table = json::parse(metadata["_quantization_metadata"].get<std::string>());
    CHECK(table["format_version"] == "1.0");
    std::size_t tensors = 0;
    for (const auto& [name, tensor] : header.items())
        if (name.ends_with(".comfy_quant")) {
            ++tensors;
            CHECK(table["layers"].contains(name.substr(0, name.size() - 12)));
        }
    CHECK(tensors == table["layers"].size());
    const json record = json::parse(metadata["mantissa"].get<std::string>());
    CHECK(record["source"]["xxh3_128"].get<std::string>().size() == 32);
    CHECK(record["source"]["xxh3_128"].get<std::string>().find('<') == std::string::npos);
    CHECK(record["architecture"]["id"] == "sd1");
    CHECK(record["plan"]["recipe"] == "fast");
    CHECK(record.dump().find("resources") == std::string::npos);
    CHECK(record["source"]["name"] == "tiny-sd.safetensors");
}

TEST_CASE("An export stands on its own: its plan is continued without the original")
{
    const TempFolder folder;
    const std::string first = (folder / "first").string(), second = (folder / "second").string(),
                      third = (folder / "third").string();
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", first, "--format", "float8_e4m3fn", "--exclude",
                            "middle_block"})
                .exitCode
        == 0);
    const ProcessResult again = runMantissa({"quantize", "-i", first, "-o", second, "--json"});
    CAPTURE(again.err);
    REQUIRE(again.exitCode == 0);
    const ProcessResult more
        = runMantissa({"quantize", "-i", first, "-o", third, "--set", "middle_block=nvfp4", "--json"});
    CAPTURE(more.err);
    REQUIRE(more.exitCode == 0);
    CHECK(json::parse(more.out)["layers"].size() > 0);
    const json report = json::parse(more.out);
    for (const json& layer : report["layers"])
        CHECK(layer["name"].get<std::string>().find("middle_block") != std::string::npos);
    CHECK(runMantissa({"verify", third, "--against", kSample}).exitCode == 0);
}

TEST_CASE("Names of older scripts are understood")
{
    const TempFolder folder;
    const std::string a = (folder / "a").string(), b = (folder / "b").string();
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", a, "--format", "int8_tensorwise", "--scaling",
                            "tensor", "--exclude", "attn1"})
                .exitCode
        == 0);
    REQUIRE(runMantissa({"quantize", "--input", kSample, "--output", b, "--int8", "--scaling_mode", "tensor",
                            "--exclude_layers=attn1", "--comfy_quant"})
                .exitCode
        == 0);
    CHECK(readFile(a) == readFile(b));
}

TEST_CASE("A plan written, edited and followed gives the same file")
{
    const TempFolder folder;
    const std::string plan = (folder / "plan.json").string(), a = (folder / "a").string(),
                      b = (folder / "b").string();
    REQUIRE(runMantissa({"plan", kSample, "-o", plan, "--format", "mxfp8"}).exitCode == 0);
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", a, "--format", "mxfp8"}).exitCode == 0);
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", b, "--plan", plan}).exitCode == 0);
    json first = headerOf(a), second = headerOf(b);
    first.erase("__metadata__");
    second.erase("__metadata__");
    // Only the embedded plan differs (it lists every layer): the tensors and their places are the same.
    CHECK(first == second);
    CHECK(runMantissa({"verify", b, "--against", kSample}).exitCode == 0);
    CHECK(runMantissa({"plan", kSample, "-o", plan, "--format", "mxfp8"}).exitCode == 2);
}

TEST_CASE("A plan that changes nothing is an error, with the reason most layers give")
{
    const TempFolder folder;
    const ProcessResult result = runMantissa(
        {"quantize", "-i", kSample, "-o", (folder / "out").string(), "--format", "int8_blockwise"});
    CHECK(result.exitCode == 4);
    CHECK(result.err.find("tile size 128") != std::string::npos);
    CHECK_FALSE(fs::exists(folder / "out"));
}

TEST_CASE("What exists is not touched")
{
    const TempFolder folder;
    const fs::path out = folder / "out";
    writeFile(out, "precious");
    CHECK(runMantissa({"quantize", "-i", kSample, "-o", out.string(), "--format", "nvfp4"}).exitCode == 2);
    CHECK(readFile(out) == "precious");
    fs::copy_file(kSample, folder / "in");
    CHECK(runMantissa({"quantize", "-i", (folder / "in").string(), "-o", (folder / "in").string(), "--format",
                          "nvfp4", "--overwrite"})
              .exitCode
        == 2);
    CHECK(readFile(folder / "in") == readFile(kSample));
    CHECK(runMantissa({"quantize", "-i", kSample, "-o", out.string(), "--format", "nvfp4", "--overwrite"})
              .exitCode
        == 0);
    CHECK(runMantissa({"verify", out.string()}).exitCode == 0);
}

TEST_CASE("A full disk ends with 5 and leaves nothing")
{
    const TempFolder folder;
    const fs::path out = folder / "out";
    ProcessOptions options;
    options.prepare = [] {
        const struct rlimit limit {
            1 << 20, 1 << 20
        };
        ::setrlimit(RLIMIT_FSIZE, &limit);
    };
    const ProcessResult result
        = runMantissa({"quantize", "-i", kSample, "-o", out.string(), "--format", "nvfp4"}, options);
    CAPTURE(result.err);
    CHECK(result.exitCode == 5);
    CHECK_FALSE(fs::exists(out));
    CHECK_FALSE(fs::exists(out.string() + ".part"));
    CHECK_FALSE(fs::exists(out.string() + ".part.journal"));
}

TEST_CASE("Killed at any moment: nothing under the final name, and --resume finishes to the same bytes")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string();
    writeLarge(in);
    const std::vector<std::string> job{
        "quantize", "-i", in, "--format", "nvfp4", "--threads", "1", "--quiet"};
    const auto with = [&](const fs::path& out, bool resume) {
        std::vector<std::string> arguments = job;
        arguments.insert(arguments.end(), {"-o", out.string()});
        if (resume)
            arguments.emplace_back("--resume");
        return arguments;
    };
    const fs::path whole = folder / "whole";
    REQUIRE(runMantissa(with(whole, false)).exitCode == 0);
    const std::string expected = readFile(whole);
    for (const int milliseconds : {5, 30, 120, 350, 700, 1200}) {
        const fs::path out = folder / ("out" + std::to_string(milliseconds));
        ProcessOptions options;
        options.whileRunning = [&](pid_t child) {
            std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
            ::kill(child, SIGKILL);
        };
        const ProcessResult killed = runMantissa(with(out, false), options);
        CAPTURE(milliseconds, killed.exitCode);
        if (fs::exists(out))
            CHECK(readFile(out) == expected);
        else
            REQUIRE(runMantissa(with(out, true)).exitCode == 0);
        CHECK(readFile(out) == expected);
        CHECK_FALSE(fs::exists(out.string() + ".part"));
        CHECK_FALSE(fs::exists(out.string() + ".part.journal"));
    }
}

TEST_CASE("Interrupted by a signal: exit code 130, and the work is kept")
{
    const TempFolder folder;
    const std::string in = (folder / "in").string();
    writeLarge(in);
    for (const int signal : {SIGINT, SIGTERM}) {
        const std::string out = (folder / ("out" + std::to_string(signal))).string();
        ProcessOptions options;
        options.whileRunning = [&](pid_t child) {
            while (!fs::exists(out + ".part") && !fs::exists(out))
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            ::kill(child, signal);
        };
        options.environment = {"MANTISSA_KERNELS=reference"}; // slow, so that there is something to interrupt
        const ProcessResult result
            = runMantissa({"quantize", "-i", in, "-o", out, "--format", "nvfp4", "--threads", "1"}, options);
        CAPTURE(result.err);
        CHECK(result.exitCode == 130);
        CHECK_FALSE(fs::exists(out));
        CHECK(fs::exists(out + ".part.journal"));
        CHECK(runMantissa({"quantize", "-i", in, "-o", out, "--format", "nvfp4", "--resume"}).exitCode == 0);
        CHECK(runMantissa({"verify", out, "--against", in}).exitCode == 0);
    }
}

TEST_CASE("NaN in a weight is named")
{
    const TempFolder folder;
    TinyTensor weight = tinyRandom("blocks.0.attn.proj.weight", {64, 64}, 1);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::memcpy(weight.bytes.data() + 4 * 1000, &nan, 4);
    writeTiny(folder / "in", {weight, tinyRandom("blocks.1.attn.proj.weight", {64, 64}, 2)});
    const std::vector<std::string> arguments{
        "quantize", "-i", (folder / "in").string(), "-o", (folder / "out").string(), "--format", "mxfp8"};
    const ProcessResult refused = runMantissa(arguments);
    CHECK(refused.exitCode == 3);
    CHECK(refused.err.find("blocks.0.attn.proj") != std::string::npos);
    std::vector<std::string> allowed = arguments;
    allowed.emplace_back("--allow-nonfinite");
    CHECK(runMantissa(allowed).exitCode == 0);
}

TEST_CASE("verify finds a flipped bit and a broken table")
{
    const TempFolder folder;
    const fs::path out = folder / "out", bad = folder / "bad";
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", out.string(), "--format", "float8_e4m3fn"}).exitCode
        == 0);
    std::string content = readFile(out);
    const std::size_t at = content.find("float8_e4m3fn", content.find("_quantization_metadata"));
    REQUIRE(at != std::string::npos);
    content.replace(at, 13, "float8_e5m2xx");
    writeFile(bad, content);
    CHECK(runMantissa({"verify", bad.string()}).exitCode == 6);
    CHECK(runMantissa({"verify", kSample}).exitCode == 6);
    CHECK(runMantissa({"verify", out.string(), "--against", kSample, "--min-snr", "60"}).exitCode == 6);
}

TEST_CASE("Rules of another tool decide where they win, and what they cannot say is said")
{
    const TempFolder folder;
    const fs::path rules = folder / "rules.txt";
    writeFile(rules, "attn2=f16,diffusion_model.*attn1=q8_0\n");
    for (const std::string& given : {std::string("attn2=f16,diffusion_model.*attn1=q8_0"), rules.string()}) {
        const ProcessResult made
            = runMantissa({"plan", kSample, "--format", "nvfp4", "--import-rules", given});
        INFO(made.err);
        REQUIRE(made.exitCode == 0);
        CHECK(made.err.find("GGML") != std::string::npos);
        const auto plan = nlohmann::json::parse(made.out);
        std::size_t int8 = 0;
        for (const auto& [name, choice] : plan.at("overrides").items()) {
            const std::string format = choice.value("format", std::string());
            CHECK((name.find("attn2") == std::string::npos || format != "nvfp4"));
            int8 += name.find("attn1") != std::string::npos && format == "int8_tensorwise" ? 1 : 0;
        }
        CHECK(int8 > 0);
    }
    const ProcessResult wrong
        = runMantissa({"plan", kSample, "--format", "nvfp4", "--import-rules", "attn=q99"});
    CHECK(wrong.exitCode == 3);
    CHECK(wrong.err.find("q99") != std::string::npos);
}

TEST_CASE("convert takes the tensors out of a dangerous file when it is told to")
{
    const TempFolder folder;
    const std::string evil = std::string(MANTISSA_TEST_DATA) + "/io/evil_zip.pt";
    const std::string out = (folder / "out.safetensors").string();
    const ProcessResult refused = runMantissa({"convert", evil, "-o", out});
    CHECK(refused.exitCode == 3);
    CHECK(refused.err.find("--without-calls") != std::string::npos);
    CHECK_FALSE(fs::exists(out));
    const ProcessResult taken = runMantissa({"convert", evil, "-o", out, "--without-calls"});
    INFO(taken.err);
    CHECK(taken.exitCode == 0);
    CHECK(taken.out.find("posix.system") != std::string::npos);
    CHECK(runMantissa({"inspect", out}).exitCode == 0);
}

TEST_CASE("convert moves pickles, shards and older conventions to one safetensors file")
{
    const TempFolder folder;
    const std::string legacy = "tests/golden/ctq/legacy_fp8_scaled.safetensors",
                      out = (folder / "out").string();
    const ProcessResult result = runMantissa({"convert", legacy, "-o", out, "--json"});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    CHECK(runMantissa({"verify", out}).exitCode == 0);
    const json inspected = json::parse(runMantissa({"inspect", out, "--json"}).out);
    CHECK(inspected["quantization"]["scheme"] == "comfy_quant");
    const std::string plain = (folder / "plain").string();
    REQUIRE(runMantissa({"convert", out, "-o", plain, "--dequantize", "float32"}).exitCode == 0);
    CHECK(json::parse(runMantissa({"inspect", plain, "--json"}).out)["quantization"]["scheme"].is_null());
}
