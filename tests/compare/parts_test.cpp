// SPDX-License-Identifier: GPL-3.0-or-later
// What a comparison is made of, without a model: trajectories, the cache, folders of pictures, reports.
#include "engine/compare/folder_pairs.h"
#include "engine/compare/picture_cache.h"
#include "engine/compare/report.h"
#include "tests/support/made_pictures.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

Trajectory trajectory(std::vector<std::vector<float>> outputs)
{
    Trajectory result;
    double sigma = 8;
    for (const auto& output : outputs)
        result.add(sigma /= 2, output);
    return result;
}

void write(const fs::path& path, const Picture& picture, const std::string& parameters = {})
{
    fs::create_directories(path.parent_path());
    PngTexts texts;
    if (!parameters.empty())
        texts.emplace_back("parameters", parameters);
    REQUIRE(writePng(path, picture, texts, true));
}

std::string parameters(const std::string& prompt, int seed)
{
    return fmt::format(
        "{}\nNegative prompt: no\nSteps: 4, Sampler: Euler, Seed: {}, Size: 20x20", prompt, seed);
}

PictureRecipe recipe()
{
    PictureRecipe made;
    made.sourceHash = "0123";
    made.request.prompt = "a cat";
    made.request.steps = 4;
    made.threads = 1;
    return made;
}

} // namespace

TEST_CASE("trajectories part where the denoiser's outputs do")
{
    const auto a = trajectory({{3, 4}, {3, 4}, {3, 4}}), b = trajectory({{3, 4}, {3, 4.25f}, {4, -3}});
    const auto steps = compareTrajectories(a, b);
    REQUIRE(steps.size() == 3);
    CHECK(steps[0].cosine == 1.0);
    CHECK(steps[0].relativeError == 0.0);
    CHECK(steps[1].relativeError == Approx(0.05));
    CHECK(steps[2].cosine == Approx(0).margin(1e-12));
    CHECK(steps[2].relativeError == Approx(std::sqrt(2.0)));
    CHECK(partingStep(steps) == 3u);
    CHECK_FALSE(partingStep(compareTrajectories(a, a)).has_value());
    CHECK(compareTrajectories(a, trajectory({{3, 4}})).empty());
}

TEST_CASE("a trajectory comes back from its bytes, and damaged bytes do not")
{
    const auto a = trajectory({{1, 2, 3}, {4, 5, 6}});
    const std::string bytes = packTrajectory(a);
    const auto back = unpackTrajectory(bytes);
    REQUIRE(back);
    CHECK(back->sigmas == a.sigmas);
    CHECK(back->outputs == a.outputs);
    for (std::size_t length = 0; length < bytes.size(); ++length)
        CHECK_FALSE(unpackTrajectory(bytes.substr(0, length)).has_value());
    std::string huge = bytes;
    huge.replace(8, 8, std::string(8, '\x7f'));
    CHECK_FALSE(unpackTrajectory(huge).has_value());
    CHECK(unpackTrajectory(packTrajectory({}))->steps() == 0);
}

TEST_CASE("the key of a picture changes with everything that the picture depends on")
{
    const std::string key = pictureKey(recipe());
    CHECK(key.size() == 32);
    CHECK(pictureKey(recipe()) == key);
    const std::vector<std::function<void(PictureRecipe&)>> changes{
        [](PictureRecipe& r) { r.sourceHash = "0124"; }, [](PictureRecipe& r) { r.plan = "{}"; },
        [](PictureRecipe& r) { r.request.prompt = "a dog"; }, [](PictureRecipe& r) { r.request.seed = 1; },
        [](PictureRecipe& r) { r.request.steps = 5; }, [](PictureRecipe& r) { r.request.cfg = 2; },
        [](PictureRecipe& r) { r.request.sampler = "heun"; }, [](PictureRecipe& r) { r.request.width = 8; },
        [](PictureRecipe& r) { r.companionHashes = {"0123"}; }, [](PictureRecipe& r) { r.device = "cuda"; },
        [](PictureRecipe& r) { r.computeType = "bf16"; }, [](PictureRecipe& r) { r.threads = 2; },
        [](PictureRecipe& r) { r.request.negative = "a dog"; },
        [](PictureRecipe& r) { r.request.scheduler = "karras"; }};
    for (const auto& change : changes) {
        PictureRecipe other = recipe();
        change(other);
        CHECK(pictureKey(other) != key);
    }
}

TEST_CASE("the cache gives back what was stored and takes damage for absence")
{
    const TempFolder folder;
    const auto cache = PictureCache::open(folder / "cache");
    REQUIRE(cache);
    const std::string key = pictureKey(recipe());
    CHECK_FALSE(cache->find(key).has_value());
    CachedPicture made;
    made.picture = madePicture(9, 7, 1);
    made.trajectory = trajectory({{1, 2}});
    made.stepSeconds = {0.25, 0.5};
    made.peakBytes = 1234;
    const auto file = cache->store(key, made, {{"parameters", "a cat"}});
    REQUIRE(file);
    const auto found = cache->find(key);
    REQUIRE(found);
    CHECK(found->picture == made.picture);
    CHECK(found->trajectory.outputs == made.trajectory.outputs);
    CHECK(found->stepSeconds == made.stepSeconds);
    CHECK(found->peakBytes == 1234);
    fs::resize_file(*file, fs::file_size(*file) / 2);
    CHECK_FALSE(cache->find(key).has_value());
    writeFile(folder / "file", "");
    CHECK(PictureCache::open(folder / "file").error().code == ErrorCode::System);
}

TEST_CASE("settings are read from the text of A1111 and ours")
{
    const auto read
        = readParameters("a cat,\nin two lines\nNegative prompt: x\nSteps: 20, Seed: 42, Size: 8x8");
    REQUIRE(read);
    CHECK(read->prompt == "a cat,\nin two lines");
    CHECK(read->seed == 42u);
    CHECK_FALSE(readParameters("anything else").has_value());
    CHECK_FALSE(readParameters("p\nSteps: 20, Seed: -1")->seed.has_value());
}

TEST_CASE("folders are matched by metadata, then by name; what does not fit is said")
{
    const TempFolder folder;
    const Picture x = madePicture(20, 20, 1), y = madePicture(20, 20, 2), z = madePicture(20, 20, 3);
    write(folder / "a" / "one.png", x, parameters("cat", 1));
    write(folder / "a" / "two.png", y, parameters("dog", 1));
    write(folder / "a" / "plain.png", z);
    write(folder / "a" / "alone.png", z);
    write(folder / "a" / "size.png", z);
    // Names say the opposite of the metadata, which wins.
    write(folder / "b" / "one.png", y, parameters("dog", 1));
    write(folder / "b" / "two.png", x, parameters("cat", 1));
    write(folder / "b" / "plain.png", distorted(z, "noise", 1));
    write(folder / "b" / "size.png", madePicture(21, 20, 3));
    writeFile(folder / "b" / "broken.png", "no picture");
    writeFile(folder / "b" / "notes.txt", "no picture either");
    const auto compared = compareFolders({{"a", folder / "a"}, {"b", folder / "b"}}, folder / "maps", {});
    REQUIRE(compared);
    REQUIRE(compared->variants.size() == 2);
    std::map<std::string, ComparedPair> pairs;
    for (const ComparedPair& pair : compared->variants[1].pairs)
        pairs[pair.name] = pair;
    REQUIRE(pairs.size() == 3);
    CHECK(pairs["one"].values[0] == 0.0);
    CHECK(pairs["two"].values[0] == 0.0);
    CHECK(pairs["one"].prompt == "cat");
    CHECK(*pairs["plain"].values[0] > 0);
    CHECK(fs::exists(folder / "maps" / "b" / "plain-flip.png"));
    CHECK(compared->warnings.size() == 3); // alone, size, broken
    // Nothing in common.
    write(folder / "c" / "other.png", x);
    const auto nothing = compareFolders({{"a", folder / "a"}, {"c", folder / "c"}}, {}, {});
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().code == ErrorCode::InvalidInput);
    CHECK(
        compareFolders({{"a", folder / "a"}, {"d", folder / "d"}}, {}, {}).error().code == ErrorCode::System);
}

TEST_CASE("a report has every format, and refuses to replace one")
{
    const TempFolder folder;
    const Picture x = madePicture(40, 30, 1);
    write(folder / "a" / "one.png", x, parameters("a \"quoted\", </script><b>prompt", 1));
    write(folder / "b" / "one.png", distorted(x, "noise", 1));
    write(folder / "c" / "one.png", x);
    auto compared = compareFolders(
        {{"a", folder / "a"}, {"b", folder / "b"}, {"c", folder / "c"}}, folder / "out/maps", {});
    REQUIRE(compared);
    Report report;
    report.problems = brokenLimits(*compared, {0.001, 50.0, 0.999});
    report.comparison = std::move(*compared);
    report.environment = environmentFacts();
    CHECK(report.problems.size() == 3);
    CHECK(ranked(report.comparison).front()->name == "c");
    const auto files = writeReport(report, folder / "out", false, true, false);
    REQUIRE(files);
    CHECK_FALSE(writeReport(report, folder / "out", false, true, false));
    const auto json = nlohmann::json::parse(readFile(files->json));
    CHECK(json["baseline"] == "a");
    CHECK(json["variants"][2]["pairs"][0]["psnr_db"].is_null());
    CHECK(json["variants"][2]["mean"]["ssim"] == 1.0);
    CHECK(json["variants"][1]["pairs"][0]["ms_ssim"].is_null());
    CHECK(json["variants"][1]["bytes"].is_null());
    const std::string csv = readFile(files->csv);
    CHECK(csv.starts_with("variant,pair,prompt,seed,mae,max,psnr_db,ssim,ms_ssim,flip,histogram,"));
    CHECK(csv.find("\"a \"\"quoted\"\", </script><b>prompt\"") != std::string::npos);
    CHECK(csv.find(",inf,") != std::string::npos);
    CHECK(readFile(files->pdf).starts_with("%PDF-"));
    const std::string html = readFile(files->html);
    CHECK(html.find("</script><b>") == std::string::npos); // a prompt cannot leave the data
    for (const char* request : {"src=\"http", "href=\"http", "url(http", "@import", "fetch("})
        CHECK(html.find(request) == std::string::npos);
}
