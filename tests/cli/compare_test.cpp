// SPDX-License-Identifier: GPL-3.0-or-later
// compare on the sample model, as a person would run it.
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace mantissa::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";

bool canGenerate()
{
    const bool can = fs::exists(fs::path(MANTISSA_BIN_DIR) / "../lib/libmantissa_torch.so");
    if (!can)
        WARN("left out: this build has no libtorch");
    return can;
}

ProcessResult compare(
    const TempFolder& folder, std::vector<std::string> variants, std::vector<std::string> more = {})
{
    std::vector<std::string> arguments{"compare"};
    arguments.insert(arguments.end(), variants.begin(), variants.end());
    for (const std::string& argument :
        {std::string("-o"), (folder / "out").string(), std::string("--cache"), (folder / "cache").string(),
            std::string("--count"), std::string("2"), std::string("--steps"), std::string("4"),
            std::string("--threads"), std::string("1"), std::string("--json"), std::string("--overwrite")})
        arguments.push_back(argument);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runMantissa(arguments);
}

} // namespace

TEST_CASE("compare measures plans against the original, in the order that theory says")
{
    if (!canGenerate())
        return;
    const TempFolder folder;
    const ProcessResult result
        = compare(folder, {kSample, kSample + ":int8_tensorwise", "small=:nvfp4", "same=" + kSample});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    const json document = json::parse(result.out);
    CHECK(document["baseline"] == "tiny-sd");
    const json& variants = document["variants"];
    REQUIRE(variants.size() == 4);
    CHECK(variants[1]["name"] == "tiny-sd:int8_tensorwise");
    CHECK(variants[2]["name"] == "small");
    for (const json& variant : variants) {
        CHECK(variant["bytes"] > 1000000);
        CHECK(variant["seconds_per_step"] > 0.0);
        CHECK(variant["peak_bytes"] > 1000000);
        REQUIRE(variant["pairs"].size() == 2);
        for (const json& pair : variant["pairs"]) {
            for (const char* key :
                {"name", "prompt", "seed", "mae", "max", "psnr_db", "ssim", "ms_ssim", "flip"})
                CHECK(pair.contains(key));
            CHECK(pair["ms_ssim"].is_null()); // 64 × 64
            if (variant != variants[0]) // the baseline has nothing to part from
                CHECK(pair["steps"].size() == 4);
        }
    }
    CHECK(variants[1]["bytes"] < variants[0]["bytes"]);
    CHECK(variants[2]["bytes"] < variants[1]["bytes"]);
    CHECK(variants[1]["mean"]["psnr_db"] > variants[2]["mean"]["psnr_db"]);
    CHECK(variants[1]["mean"]["flip"] < variants[2]["mean"]["flip"]);
    CHECK(variants[2]["worst_layers"].size() == 10);
    CHECK(variants[2]["plan"]["base"]["format"] == "nvfp4");
    // The same file once more: nothing differs, and the picture was not made twice.
    CHECK(variants[3]["mean"]["psnr_db"].is_null());
    CHECK(variants[3]["mean"]["ssim"] == 1.0);
    CHECK(variants[3]["mean"]["flip"] == 0.0);
    CHECK(variants[3]["pictures_made"] == 0);
    CHECK(document["ranking"] == json({"same", "tiny-sd:int8_tensorwise", "small"}));
    for (const char* file : {"report.html", "report.json", "report.csv", "report.pdf",
             "pictures/small/001-seed0.png", "maps/small/001-seed0-flip.png"})
        CHECK(fs::file_size(folder / "out" / file) > 100);
}

TEST_CASE("a second run makes nothing, an added variant only its own, and limits end with 6")
{
    if (!canGenerate())
        return;
    const TempFolder folder;
    const auto made = [](const ProcessResult& result) {
        std::vector<int> counts;
        const json document = json::parse(result.out);
        for (const json& variant : document["variants"])
            counts.push_back(variant["pictures_made"]);
        return counts;
    };
    const auto first = compare(folder, {kSample, kSample + ":nvfp4"}, {"--no-layers", "--no-pdf"});
    REQUIRE(first.exitCode == 0);
    CHECK(made(first) == std::vector<int>{2, 2});
    const auto second = compare(folder, {kSample, kSample + ":nvfp4", ":float8_e4m3fn"},
        {"--no-layers", "--no-pdf", "--max-flip", "0.0001"});
    CHECK(second.exitCode == 6);
    CHECK(made(second) == std::vector<int>{0, 0, 2});
    CHECK(json::parse(second.out)["problems"].size() == 2);
    CHECK(json::parse(second.out)["passed"] == false);
    const json before = json::parse(first.out)["variants"][1]["pairs"],
               after = json::parse(second.out)["variants"][1]["pairs"];
    CHECK(before[0]["psnr_db"] == after[0]["psnr_db"]);
    CHECK(before[0]["steps"] == after[0]["steps"]);
    CHECK(
        compare(folder, {kSample, ":nvfp4"}, {"--no-layers", "--no-pdf", "--min-psnr", "90"}).exitCode == 6);
    CHECK(compare(folder, {kSample, ":nvfp4"},
              {"--no-layers", "--no-pdf", "--min-ssim", "0.1", "--min-psnr", "5"})
              .exitCode
        == 0);
    // The pictures of a report are folders that can be compared again.
    const ProcessResult images = runMantissa({"compare", (folder / "out/pictures/tiny-sd").string(),
        (folder / "out/pictures/tiny-sd_nvfp4").string(), "--images", "-o", (folder / "again").string(),
        "--json"});
    CAPTURE(images.err);
    REQUIRE(images.exitCode == 0);
    const json again = json::parse(images.out)["variants"][1];
    CHECK(again["pairs"][0]["psnr_db"] == before[0]["psnr_db"]);
    CHECK(again["pairs"][0]["prompt"] == before[0]["prompt"]);
}

TEST_CASE("A plan that statistics make is compared as its export would be")
{
    if (!canGenerate())
        return;
    const TempFolder folder;
    const std::string statistics = (folder / "s.safetensors").string(),
                      exported = (folder / "light.safetensors").string();
    REQUIRE(
        runMantissa({"calibrate", "-i", kSample, "-o", statistics, "--count", "2", "--steps", "2"}).exitCode
        == 0);
    const std::vector<std::string> variants{kSample, "plain=:nvfp4", "light=:nvfp4/light"};
    const ProcessResult refused = compare(folder, variants);
    CHECK(refused.exitCode == 2);
    CHECK_THAT(refused.err, Catch::Contains("--calibration"));
    CHECK_FALSE(fs::exists(folder / "cache")); // nothing was made for it
    REQUIRE(runMantissa({"quantize", "-i", kSample, "-o", exported, "--format", "nvfp4", "--recipe", "light",
                            "--calibration", statistics})
                .exitCode
        == 0);
    std::vector<std::string> all = variants;
    all.push_back(exported);
    const ProcessResult result = compare(folder, all, {"--calibration", statistics});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    const json document = json::parse(result.out);
    const json &plain = document["variants"][1], &light = document["variants"][2],
               &file = document["variants"][3];
    CHECK(light["bytes"] == file["bytes"]);
    CHECK(light["bytes"] == fs::file_size(exported));
    REQUIRE(light["pairs"].size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(light["pairs"][i]["psnr_db"] == file["pairs"][i]["psnr_db"]); // bit for bit
        CHECK(light["pairs"][i]["flip"] == file["pairs"][i]["flip"]);
        CHECK(light["pairs"][i]["psnr_db"] != plain["pairs"][i]["psnr_db"]);
    }
    REQUIRE_FALSE(light["worst_layers"].empty());
    CHECK(light["worst_layers"][0]["name"] == file["worst_layers"][0]["name"]);
    CHECK(light["worst_layers"][0]["snr_db"].get<double>()
        == Approx(file["worst_layers"][0]["snr_db"].get<double>()).margin(1e-3));
    CHECK(light["plan"]["statistics"] == file["plan"]["statistics"]);
    // Pictures belong to the statistics that made them.
    const ProcessResult again = compare(folder, variants, {"--calibration", statistics});
    CHECK(json::parse(again.out)["variants"][2]["pictures_made"] == 0);
    const std::string others = (folder / "others.safetensors").string();
    REQUIRE(runMantissa({"calibrate", "-i", kSample, "-o", others, "--count", "1", "--steps", "2"}).exitCode
        == 0);
    const ProcessResult other = compare(folder, variants, {"--calibration", others});
    CHECK(json::parse(other.out)["variants"][1]["pictures_made"] == 0);
    CHECK(json::parse(other.out)["variants"][2]["pictures_made"] == 2);

    CHECK(compare(folder, {kSample, ":nvfp4"}, {"--calibration", statistics}).exitCode == 2); // for nobody
    CHECK(compare(folder, {kSample, ":nvfp4/no_such"}, {"--calibration", statistics}).exitCode == 2);
}

TEST_CASE("compare says what is wrong with what was typed")
{
    const TempFolder folder;
    CHECK(compare(folder, {kSample}).exitCode == 2);
    CHECK(compare(folder, {kSample, kSample + ":no_such_format"}).exitCode == 2);
    CHECK(compare(folder, {kSample, "/no/such/file"}).exitCode == 5);
    CHECK(compare(folder, {kSample, ":nvfp4"}, {"--prompts", "/no/such/file"}).exitCode == 5);
    CHECK(compare(folder, {kSample, ":nvfp4"}, {"--images"}).exitCode == 3);
    writeFile(folder / "empty.txt", "\n\n");
    CHECK(compare(folder, {kSample, ":nvfp4"}, {"--prompts", (folder / "empty.txt").string()}).exitCode == 3);
    CHECK(compare(folder, {kSample, ":nvfp4"}, {"--size", "65x64"}).exitCode == (canGenerate() ? 2 : 4));
    fs::create_directories(folder / "out");
    writeFile(folder / "out/report.html", "mine");
    const ProcessResult refused
        = runMantissa({"compare", kSample, ":nvfp4", "-o", (folder / "out").string()});
    CHECK(refused.exitCode == 2);
    CHECK(readFile(folder / "out/report.html") == "mine");
}
