// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that hold for every verb: exit codes, errors, JSON, help.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace mantissa::test;
using nlohmann::json;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";
const std::vector<std::string> kVerbs{"inspect", "analyze", "plan", "quantize", "verify", "edit", "convert",
    "calibrate", "compare", "sample", "doctor", "studio", "formats", "architectures", "presets"};

} // namespace

TEST_CASE("Every verb has help, on standard output, with exit code 0")
{
    for (const std::string& verb : kVerbs) {
        const ProcessResult result = runMantissa({verb, "--help"});
        CHECK(result.exitCode == 0);
        CHECK(result.err.empty());
        CHECK(result.out.find("Usage") != std::string::npos);
    }
    const ProcessResult all = runMantissa({"--help"});
    CHECK(all.exitCode == 0);
    for (const std::string& verb : kVerbs)
        CHECK(all.out.find("\n  " + verb) != std::string::npos);
}

TEST_CASE("The version is printed as text and as JSON")
{
    CHECK(runMantissa({"--version"}).out.starts_with("mantissa "));
    const ProcessResult result = runMantissa({"--version", "--json"});
    CHECK(result.exitCode == 0);
    CHECK(json::parse(result.out)["name"] == "mantissa");
}

TEST_CASE("Wrong usage ends with 2, an error line and a hint")
{
    const std::vector<std::vector<std::string>> wrong{{"nonsense"}, {"inspect"},
        {"inspect", kSample, "--no-such-option"},
        {"quantize", "-i", kSample, "-o", "x", "--format", "no_such_format"}, {"quantize", "-i", kSample},
        {"quantize", "-i", kSample, "-o", "x", "--format", "nvfp4", "--recipe", "magic"},
        {"quantize", "-i", kSample, "-o", "x", "--format", "nvfp4", "--exclude", "("},
        {"inspect", kSample, "--architecture", "no_such_architecture"}};
    for (const auto& arguments : wrong) {
        const ProcessResult result = runMantissa(arguments);
        CAPTURE(arguments, result.err);
        CHECK(result.exitCode == 2);
        CHECK(result.out.empty());
        CHECK(result.err.starts_with("mantissa: error: "));
        CHECK(result.err.find("\nhint: ") != std::string::npos);
    }
}

TEST_CASE("With --json an error is one document on standard output")
{
    const ProcessResult result = runMantissa({"inspect", "--json", "/no/such/file"});
    CHECK(result.exitCode == 5);
    const json document = json::parse(result.out);
    CHECK(document["error"]["code"] == 5);
    CHECK_FALSE(document["error"]["message"].get<std::string>().empty());
    CHECK(document["error"].contains("hint"));
    CHECK(document["error"]["where"] == "/no/such/file");
    const ProcessResult usage = runMantissa({"inspect", "--json"});
    CHECK(usage.exitCode == 2);
    CHECK(json::parse(usage.out)["error"]["code"] == 2);
}

TEST_CASE("Inputs that are not what they claim end with 3")
{
    const TempFolder folder;
    writeFile(folder / "garbage.safetensors", "this is not a checkpoint");
    writeFile(folder / "short.safetensors", std::string("\xff\xff\xff\xff\0\0\0\0{", 9));
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    std::filesystem::create_directory(folder / "empty");
    for (const char* name : {"garbage.safetensors", "short.safetensors", "fifo", "empty"}) {
        const ProcessResult result = runMantissa({"inspect", (folder / name).string()});
        CAPTURE(name, result.err);
        CHECK(result.exitCode == 3);
        CHECK(result.err.starts_with("mantissa: error: "));
    }
}

TEST_CASE("Inspecting starts and ends in less than a tenth of a second")
{
    runMantissa({"inspect", kSample}); // warms the page cache
    const auto started = std::chrono::steady_clock::now();
    constexpr int kRuns = 5;
    for (int i = 0; i < kRuns; ++i)
        REQUIRE(runMantissa({"inspect", kSample, "--json"}).exitCode == 0);
    const double each
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count() / kRuns;
    // The goal is 50 ms; the bound leaves room for sanitizers and busy machines. docs/benchmarks.md has the
    // figure.
    CHECK(each < 1.0);
}

TEST_CASE("inspect --json has the documented form")
{
    const ProcessResult result = runMantissa({"inspect", kSample, "--json", "--layers"});
    REQUIRE(result.exitCode == 0);
    const json document = json::parse(result.out);
    CHECK(document["file"] == kSample);
    CHECK(document["container"] == "safetensors");
    CHECK(document["bytes"] == 13417614);
    CHECK(document["tensors"] == 519);
    CHECK(document["architecture"]["id"] == "sd1");
    CHECK(document["architecture"]["confidence"] == "family");
    CHECK(document["architecture"]["prefix"] == "model.diffusion_model.");
    CHECK(document["architecture"]["hyperparameters"]["context_dim"] == 64);
    CHECK_FALSE(document["architecture"]["evidence"].empty());
    CHECK(document["quantization"]["scheme"].is_null());
    CHECK(document["dtypes"]["F16"] == 518);
    bool hasNetwork = false;
    for (const json& part : document["components"])
        if (part["role"] == "diffusion_model") {
            hasNetwork = true;
            CHECK(part["parameters"] == 2725956);
            CHECK(part["linear"] == 83);
            CHECK(part["conv2d"] == 50);
        }
    CHECK(hasNetwork);
    for (const json& layer : document["layers"])
        for (const char* key : {"name", "kind", "dtype", "shape", "format", "critical", "reason"})
            REQUIRE(layer.contains(key));
    CHECK_FALSE(json::parse(runMantissa({"inspect", kSample, "--json"}).out).contains("layers"));
}

TEST_CASE("analyze assumes a format where none is named, and says so; quantize does not")
{
    const ProcessResult result = runMantissa({"analyze", kSample});
    CHECK(result.exitCode == 0);
    CHECK(result.err.find("no format was named: this is what float8_e4m3fn would do") != std::string::npos);
    const ProcessResult named = runMantissa({"analyze", kSample, "--format", "float8_e4m3fn"});
    CHECK(named.out == result.out);
    CHECK(runMantissa({"quantize", "-i", kSample, "-o", "x"}).exitCode == 2);
}

TEST_CASE("The registries are lists and JSON")
{
    for (const char* verb : {"formats", "architectures", "presets"}) {
        const ProcessResult text = runMantissa({verb});
        CHECK(text.exitCode == 0);
        const ProcessResult document = runMantissa({verb, "--json"});
        const json parsed = json::parse(document.out);
        REQUIRE(parsed[verb].size() > 3);
        for (const json& entry : parsed[verb])
            CHECK(text.out.find(entry["id"].get<std::string>()) != std::string::npos);
    }
    const ProcessResult doctor = runMantissa({"doctor", "--json", "--gpu", "RTX 4090"});
    REQUIRE(doctor.exitCode == 0);
    const json parsed = json::parse(doctor.out);
    CHECK(parsed["gpu"]["compute_capability"] == 89);
    for (const json& verdict : parsed["formats"])
        CHECK_FALSE(verdict["reason"].get<std::string>().empty());
}

TEST_CASE("doctor says what is free on the GPUs, as the driver's tool does")
{
    const TempFolder folder;
    const auto tool = folder / "nvidia-smi";
    writeFile(tool, "#!/bin/sh\necho 'NVIDIA GeForce RTX 4090, 24564, 20480'\n");
    REQUIRE(::chmod(tool.c_str(), 0755) == 0);
    ProcessOptions options;
    options.environment = {"PATH=" + folder.path().string() + ":/usr/bin:/bin"};
    const json parsed = json::parse(runMantissa({"doctor", "--json"}, options).out);
    REQUIRE(parsed["gpu_memory"].size() == 1);
    CHECK(parsed["gpu_memory"][0]["name"] == "GeForce RTX 4090");
    CHECK(parsed["gpu_memory"][0]["total_bytes"] == 24564ULL << 20);
    CHECK(parsed["gpu_memory"][0]["free_bytes"] == 20480ULL << 20);
    CHECK(parsed["gpu_memory_problem"].is_null());
    CHECK(runMantissa({"doctor"}, options).out.find("free now") != std::string::npos);
    writeFile(tool, "#!/bin/sh\nexit 9\n");
    const json failed = json::parse(runMantissa({"doctor", "--json"}, options).out);
    CHECK(failed["gpu_memory"].empty());
    CHECK(failed["gpu_memory_problem"] == "nvidia-smi failed");
}

TEST_CASE("The sample is written once, and again only when asked")
{
    const TempFolder folder;
    const std::vector<std::string> arguments{"sample", "-o", (folder / "out").string()};
    CHECK(runMantissa(arguments).exitCode == 0);
    CHECK(readFile(folder / "out/tiny-sd.safetensors") == readFile(kSample));
    CHECK(runMantissa(arguments).exitCode == 2);
    CHECK(runMantissa({"sample", "-o", (folder / "out").string(), "--overwrite"}).exitCode == 0);
}
