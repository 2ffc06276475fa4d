// SPDX-License-Identifier: GPL-3.0-or-later
// --memory-limit, on the whole program: a network that is several times as large as the limit makes a step.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace mantissa::test;

namespace {

constexpr double kMegabyte = 1e6;
/// The U-Net of SD 1.5 in bfloat16, 860 million parameters of two bytes (spec/architectures 5).
constexpr double kNetwork = 1719 * kMegabyte;

} // namespace

TEST_CASE("a network larger than the limit makes a step in little memory")
{
    const TempFolder folder;
    const std::string model = (folder / "model.safetensors").string();
    // Zeros, which take no room on the disk; they are read and computed with as any weights.
    const ProcessResult made = runProcess(builtProgram("synth_checkpoint"),
        {std::string(MANTISSA_TEST_DATA) + "/manifests/sd15.json", model, "--dtype", "BF16", "--sparse"});
    INFO(made.err);
    REQUIRE(made.exitCode == 0);
    writeTiny(folder / "text.safetensors", {tinyRandom("context", {1, 77, 768}, 1, 1.0f)});
    const auto peak = [&](const std::string& limit) {
        const ProcessResult done = runMantissa({"generate", "-m", model, "-p", "x", "-o", "-", "--latents",
            (folder / "latents.safetensors").string(), "--embeddings", (folder / "text.safetensors").string(),
            "--steps", "2", "--cfg", "1", "--size", "64x64", "--compute-dtype", "bf16", "--memory-limit",
            limit, "--json", "--overwrite"});
        INFO(done.err);
        REQUIRE(done.exitCode == 0);
        return nlohmann::json::parse(done.out).at("peak_bytes").get<double>();
    };
    const double little = peak("100MB"), more = peak("900MB");
    CAPTURE(little / kMegabyte, more / kMegabyte);
    // The libraries take 250 MB, two weights of up to 59 MB and their copies for oneDNN the rest.
    CHECK(little < 0.35 * kNetwork);
    // The limit is what makes the difference, and it is kept.
    CHECK(more - little > 700 * kMegabyte);
    CHECK(more - little < 900 * kMegabyte);
}
