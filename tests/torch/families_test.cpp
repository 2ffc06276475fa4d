// SPDX-License-Identifier: GPL-3.0-or-later
// The way from a request to pictures in families that are more than text, one network and one VAE: videos,
// reference pictures, masks, restoration. Networks and VAEs are the reduced ones of the golden fixtures,
// whose own numbers test_parity checks; here it is what they are given, and what becomes of it.
#include "engine/torch/prelude.h"

#include "engine/arch/native_keys.h"
#include "engine/calibration/calibration.h"
#include "engine/calibration/statistics_file.h"
#include "engine/image/png.h"
#include "engine/torch/calibration/calibrator.h"
#include "engine/torch/failure.h"
#include "engine/torch/pipeline/image_pipeline.h"
#include "engine/torch/pipeline/latents.h"
#include "engine/torch/sampling/samplers.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"
#include "tests/tools/golden_fixture.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSeed = 5;

/// A family with its reduced network and VAE.
struct Case {
    std::string network, vae; ///< files of tests/golden
    std::int64_t textWidth = 0, pooledWidth = 0;
    double time = 1; ///< what the network is given at sigma 1
    double guidance = 0; ///< the family's own
};

std::shared_ptr<const Model> expanded(const TempFolder& folder, const std::string& fixture)
{
    const fs::path file = folder / (fs::path(fixture).stem().string() + ".safetensors");
    valueOf(tools::expandGolden(std::string(MANTISSA_TEST_DATA) + "/" + fixture, file));
    auto model = valueOf(detectModel(valueOf(openCheckpoint(file))));
    const auto native = withNativeKeys(model->source, model->components);
    return native.source == model->source ? model : valueOf(detectModel(native.source));
}

/// The family's pipeline, and the same network and VAE by themselves.
struct Family {
    TempFolder folder;
    Case what;
    std::shared_ptr<const Model> network, vae;
    std::unique_ptr<ImageGenerator> generator;

    explicit Family(Case chosen, bool latentsOnly = false)
        : what(std::move(chosen))
        , network(expanded(folder, what.network))
    {
        std::vector<TinyTensor> text{tinyRandom("context", {1, 5, what.textWidth}, 1, 1.0f)};
        if (what.pooledWidth > 0)
            text.push_back(tinyRandom("y", {1, what.pooledWidth}, 2, 1.0f));
        writeTiny(folder / "text.safetensors", text);
        GeneratorOptions options;
        options.threads = 1;
        options.embeddings = folder / "text.safetensors";
        options.latentsOnly = latentsOnly;
        if (!what.vae.empty()) {
            vae = expanded(folder, what.vae);
            options.companions.push_back(vae);
        }
        generator = valueOf(makeImagePipeline(network, options));
    }

    at::Tensor text(const char* name) const
    {
        auto model = std::make_shared<Model>();
        model->source = valueOf(openCheckpoint(folder / "text.safetensors"));
        WeightStore store(model, "", {});
        return store.has(name) ? store.readFloat(store.find(name)) : at::Tensor();
    }
    Network autoencoder() const { return openNetwork(vae, 0); }
    /// One step of Euler from pure noise of this shape: noise − velocity.
    at::Tensor oneStep(const std::vector<std::int64_t>& shape, const at::Tensor& extra = {},
        const std::vector<at::Tensor>& references = {}) const
    {
        const at::Tensor noise = seededNoise(kSeed, shape);
        DenoiserInput input{extra.defined() ? at::cat({noise, extra}, 1) : noise, at::full({1}, what.time),
            text("context"), text("y"), what.guidance > 0 ? at::full({1}, what.guidance) : at::Tensor(),
            references};
        return noise - openNetwork(network, 0).denoiser->forward(input);
    }
};

GenerationRequest request(int width, int height, int frames = 0)
{
    GenerationRequest wanted;
    wanted.seed = kSeed;
    wanted.width = width;
    wanted.height = height;
    wanted.frames = frames;
    wanted.steps = 1;
    wanted.cfg = 1;
    wanted.sampler = "euler";
    return wanted;
}

Picture picture(int width, int height, unsigned seed)
{
    Picture made;
    made.width = width;
    made.height = height;
    for (int i = 0; i < width * height * 3; ++i)
        made.rgb.push_back(
            static_cast<std::uint8_t>((static_cast<unsigned>(i) * 2654435761u + seed * 97u) >> 13));
    return made;
}

at::Tensor latentsOf(const GenerationResult& result)
{
    return at::from_blob(const_cast<float*>(result.latents.data()), result.latentShape, at::kFloat).clone();
}

bool close(const at::Tensor& a, const at::Tensor& b)
{
    return a.sizes() == b.sizes() && a.allclose(b, 1e-4, 1e-4);
}

const Case kWan{"arch/wan.safetensors", "peer/vae_wan21.safetensors", 64, 0, 1000};
const Case kHunyuan{"arch/hunyuan_video.safetensors", "peer/vae_hunyuan_video.safetensors", 72, 40, 1000, 6};
const Case kQwen{"peer/qwen_image_edit.safetensors", "peer/vae_wan21.safetensors", 24, 0, 1};
const Case kFlux2{"peer/flux2_reference.safetensors", "peer/vae_flux2.safetensors", 24, 0, 1, 4};
const Case kKontext{"peer/flux1_kontext.safetensors", "arch/vae_kl16.safetensors", 24, 20, 1, 3.5};
const Case kFill{"peer/flux1_fill.safetensors", "peer/vae_kl16.safetensors", 24, 20, 1, 30};
const Case kInpaint{"peer/unet_inpaint.safetensors", "arch/vae_kl4.safetensors", 24};
const Case kSeedVr2{"arch/seedvr2_3b.safetensors", "arch/seedvr2_vae.safetensors", 80, 0, 1000};

} // namespace

TEST_CASE("videos are sampled from noise with frames, and every frame becomes a picture")
{
    const c10::InferenceMode noGradients;
    for (const Case& chosen : {kWan, kHunyuan}) {
        CAPTURE(chosen.network);
        Family family(chosen);
        const GenerationResult result = valueOf(family.generator->generate(request(32, 48, 5), {}, {}));
        CHECK(result.latentShape == std::vector<std::int64_t>{1, 16, 2, 6, 4});
        CHECK(close(latentsOf(result), family.oneStep(result.latentShape)));
        REQUIRE(result.pictures.size() == 5);
        const Network vae = family.autoencoder();
        const at::Tensor scaled = chosen.network == kHunyuan.network
            ? latentsOf(result) / 0.476986 // spec/architectures 7
            : vae.autoencoder->denormalized(latentsOf(result));
        const auto frames = decodePictures(*vae.autoencoder, scaled);
        for (std::size_t i = 0; i < frames.size(); ++i)
            CHECK(result.pictures[i] == frames[i]);
        CHECK_FALSE(result.pictures[0] == result.pictures[4]);

        GenerationRequest wrong = request(32, 48, 4);
        CHECK(family.generator->resolve(wrong).error().code == ErrorCode::Usage);
        wrong = request(32, 48, 5);
        wrong.start = picture(32, 48, 1);
        CHECK(family.generator->resolve(wrong).error().code == ErrorCode::Usage);
    }
}

TEST_CASE("latents of a video are made without its VAE")
{
    const c10::InferenceMode noGradients;
    Case alone = kWan;
    alone.vae.clear();
    Family family(alone, true);
    const GenerationResult result = valueOf(family.generator->generate(request(32, 48, 9), {}, {}));
    CHECK(result.pictures.empty());
    CHECK(result.latentShape == std::vector<std::int64_t>{1, 16, 3, 6, 4});
    CHECK(close(latentsOf(result), family.oneStep(result.latentShape)));
    // Calibration decodes nothing either.
    GeneratorOptions options;
    options.embeddings = family.folder / "text.safetensors";
    CHECK(makeCalibration(family.network, options));
    const auto decoding = guarded([&] { Family with(alone, false); });
    REQUIRE_FALSE(decoding);
    CHECK(decoding.error().code == ErrorCode::Unsupported);
}

TEST_CASE("networks look at the latents of reference pictures")
{
    const c10::InferenceMode noGradients;
    for (const Case& chosen : {kQwen, kFlux2, kKontext}) {
        CAPTURE(chosen.network);
        Family family(chosen);
        GenerationRequest wanted = request(64, 32);
        wanted.references = {picture(32, 64, 1), picture(32, 32, 2)};
        const GenerationResult result = valueOf(family.generator->generate(wanted, {}, {}));
        const Network vae = family.autoencoder();
        std::vector<at::Tensor> references;
        for (const Picture& reference : wanted.references) {
            at::Tensor mean = vae.autoencoder->moments(toTensor(reference)).chunk(2, 1)[0];
            if (mean.dim() == 5)
                mean = mean.squeeze(2);
            references.push_back(chosen.network == kKontext.network
                    ? (mean - 0.1159) * 0.3611 // spec/architectures 7
                    : vae.autoencoder->normalized(mean));
        }
        CHECK(close(latentsOf(result), family.oneStep(result.latentShape, {}, references)));
        CHECK_FALSE(close(latentsOf(result), family.oneStep(result.latentShape)));
        REQUIRE(result.pictures.size() == 1);
        CHECK(result.pictures[0].width == 64);

        wanted.references = {picture(33, 32, 1)};
        CHECK(family.generator->resolve(wanted).error().code == ErrorCode::Usage);
    }
}

TEST_CASE("inpainting networks see the mask and what is around it")
{
    const c10::InferenceMode noGradients;
    for (const Case& chosen : {kFill, kInpaint}) {
        CAPTURE(chosen.network);
        Family family(chosen);
        GenerationRequest wanted = request(32, 32);
        CHECK(family.generator->resolve(wanted).error().code == ErrorCode::Usage); // there is no picture
        wanted.start = picture(32, 32, 3);
        wanted.mask = picture(32, 32, 4);
        const GenerationResult made = valueOf(family.generator->generate(wanted, {}, {}));
        CHECK(latentsOf(made).isfinite().all().item<bool>());
        // What is masked is not seen: pictures that differ there alone give one result.
        GenerationRequest other = wanted;
        for (std::size_t i = 0; i < other.start.rgb.size(); i += 3) {
            const auto& mask = wanted.mask.rgb;
            if (mask[i] + mask[i + 1] + mask[i + 2] > 3 * 128)
                other.start.rgb[i] = static_cast<std::uint8_t>(255 - other.start.rgb[i]);
        }
        CHECK_FALSE(other.start == wanted.start);
        CHECK(valueOf(family.generator->generate(other, {}, {})).latents == made.latents);
        other.mask.rgb.assign(other.mask.rgb.size(), 0);
        CHECK_FALSE(valueOf(family.generator->generate(other, {}, {})).latents == made.latents);
    }
    // FLUX.1 Fill's whole step.
    Family fill(kFill);
    GenerationRequest wanted = request(32, 32);
    wanted.start = picture(32, 32, 3);
    wanted.mask = picture(32, 32, 4);
    wanted.mask.rgb.assign(wanted.mask.rgb.size(), 255);
    const GenerationResult all = valueOf(fill.generator->generate(wanted, {}, {}));
    const at::Tensor grey
        = (fill.autoencoder().autoencoder->moments(at::zeros({1, 3, 32, 32})).chunk(2, 1)[0] - 0.1159)
        * 0.3611;
    const std::int64_t side = all.latentShape.back(), pixels = 32 / side;
    CHECK(close(latentsOf(all),
        fill.oneStep(all.latentShape, at::cat({grey, at::ones({1, pixels * pixels, side, side})}, 1))));
}

TEST_CASE("SeedVR2 restores a picture in one step")
{
    const c10::InferenceMode noGradients;
    Family family(kSeedVr2);
    GenerationRequest wanted = request(32, 48);
    wanted.steps = 0;
    CHECK(family.generator->resolve(wanted).error().code == ErrorCode::Usage);
    wanted.start = picture(32, 48, 6);
    CHECK(valueOf(family.generator->resolve(wanted)).steps == 1);
    const GenerationResult result = valueOf(family.generator->generate(wanted, {}, {}));
    const at::Tensor latent
        = family.autoencoder().autoencoder->moments(toTensor(wanted.start)).chunk(2, 1)[0] * 0.9152;
    CHECK(close(latentsOf(result),
        family.oneStep(result.latentShape, at::cat({latent, at::ones_like(latent.slice(1, 0, 1))}, 1))));
    REQUIRE(result.pictures.size() == 1);
    CHECK(result.pictures[0].height == 48);
}

TEST_CASE("the command line numbers frames, writes latents, and refuses pictures of no use")
{
    const Family family(kWan);
    const auto at = [&](const char* name) { return (family.folder / name).string(); };
    const std::vector<std::string> common{"generate", "-m", at("wan.safetensors"), "--with",
        at("vae_wan21.safetensors"), "--embeddings", at("text.safetensors"), "-p", "x", "--seed", "5",
        "--size", "32x48", "--steps", "1", "--cfg", "1", "--sampler", "euler", "--json"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), common.begin(), common.end());
        return runMantissa(more);
    };
    const ProcessResult clip
        = with({"-o", at("clip.png"), "--frames", "5", "--latents", at("latents.safetensors")});
    INFO(clip.err);
    REQUIRE(clip.exitCode == 0);
    const auto document = nlohmann::json::parse(clip.out);
    CHECK(document.at("frames") == 5);
    CHECK(document.at("files").size() == 5);
    const GenerationResult same = valueOf(family.generator->generate(request(32, 48, 5), {}, {}));
    for (int i = 1; i <= 5; ++i) {
        const auto frame = readPng(at(fmt::format("clip-{:04}.png", i).c_str()));
        REQUIRE(frame);
        CHECK(frame->picture == same.pictures.at(static_cast<std::size_t>(i) - 1));
    }
    const auto latents = valueOf(openCheckpoint(at("latents.safetensors")));
    REQUIRE(latents->find("latents") == 0);
    CHECK(latents->tensors()[0].shape == same.latentShape);

    CHECK(with({"-o", at("clip.png"), "--frames", "5"}).exitCode == 2); // the frames are there
    CHECK(with({"-o", "-", "--frames", "5"}).exitCode == 2); // there is nothing to write
    CHECK(with({"-o", at("other.png"), "--frames", "4"}).exitCode == 2);
    CHECK(with({"-o", at("other.png"), "--frames", "1", "--mask", at("clip-0001.png")}).exitCode == 2);
    CHECK(with({"-o", at("other.png"), "--frames", "1", "--reference", at("clip-0001.png")}).exitCode == 2);
    CHECK_FALSE(fs::exists(at("other.png")));
}

TEST_CASE("networks without a text encoder are calibrated on embeddings and quantized with what they saw")
{
    struct Given {
        Case family;
        std::string format;
        std::vector<std::string> more; ///< options of calibrate
    };
    const Case lumina{"arch/lumina2.safetensors", "", 56}, aura{"arch/auraflow.safetensors", "", 48};
    for (const Given& given : std::vector<Given>{{kHunyuan, "nvfp4", {"--frames", "5"}},
             {kQwen, "int8_tensorwise", {"--cfg", "3"}}, {lumina, "nvfp4", {}}, {aura, "mxfp8", {}}}) {
        const Case& family = given.family;
        CAPTURE(family.network);
        const TempFolder folder;
        const auto at = [&](const char* name) { return (folder / name).string(); };
        tools::expandGolden(std::string(MANTISSA_TEST_DATA) + "/" + family.network, at("net.safetensors"));
        const auto writeTexts = [&](const char* name, std::int64_t texts, unsigned seed) {
            std::vector<TinyTensor> tensors{tinyRandom("context", {texts, 5, family.textWidth}, seed, 1.0f),
                tinyRandom("negative_context", {1, 5, family.textWidth}, seed + 1, 1.0f)};
            if (family.pooledWidth > 0)
                tensors.push_back(tinyRandom("y", {texts, family.pooledWidth}, seed + 2, 1.0f));
            writeTiny(at(name), tensors);
        };
        writeTexts("texts.safetensors", 3, 1);
        writeTexts("other.safetensors", 1, 11);
        const auto calibrate = [&](const char* texts, const char* out, std::vector<std::string> more) {
            more.insert(more.begin(),
                {"calibrate", "-i", at("net.safetensors"), "-o", at(out), "--embeddings", at(texts),
                    "--sizes", "64x64", "--steps", "2", "--threads", "1"});
            more.insert(more.end(), given.more.begin(), given.more.end());
            return runMantissa(more);
        };
        const ProcessResult done = calibrate("texts.safetensors", "s.safetensors", {"--count", "5"});
        INFO(done.err);
        REQUIRE(done.exitCode == 0);
        const auto statistics = valueOf(StatisticsFile::open(at("s.safetensors")));
        REQUIRE(statistics->header().prompts.size() == 5);
        CHECK(statistics->header().prompts[0].text == "text 1 of texts, noise 1");
        CHECK(statistics->header().prompts[4].text == "text 2 of texts, noise 2");
        CHECK(statistics->header().prompts[0].frames == (family.network == kHunyuan.network ? 5 : 1));

        // Each text was read: a run over one text says something else than the same noise with another one.
        writeFile(at("lines.txt"), "one\ntwo\nthree\n");
        REQUIRE(
            calibrate("texts.safetensors", "a.safetensors", {"--prompts", at("lines.txt")}).exitCode == 0);
        writeFile(at("line.txt"), "two\n");
        REQUIRE(calibrate("other.safetensors", "b.safetensors", {"--prompts", at("line.txt")}).exitCode == 0);
        const auto all = valueOf(StatisticsFile::open(at("a.safetensors"))),
                   one = valueOf(StatisticsFile::open(at("b.safetensors")));
        CHECK(all->header().prompts[1].text == "two");
        CHECK(all->layers().size() == one->layers().size());
        const ProcessResult odd
            = calibrate("texts.safetensors", "odd.safetensors", {"--prompts", at("line.txt")});
        CHECK(odd.exitCode == 2);
        CHECK_THAT(odd.err, Catch::Contains("one to one"));

        const std::vector<std::string> convert{"quantize", "-i", at("net.safetensors"), "--format",
            given.format, "--no-preserve-critical", "--json", "-o"};
        const auto quantize = [&](const char* out, std::vector<std::string> more) {
            more.insert(more.begin(), at(out));
            more.insert(more.begin(), convert.begin(), convert.end());
            return runMantissa(more);
        };
        const ProcessResult balanced
            = quantize("out.safetensors", {"--calibration", at("s.safetensors"), "--recipe", "balanced"});
        INFO(balanced.err);
        REQUIRE(balanced.exitCode == 0);
        double gain = 0;
        int calibrated = 0;
        const auto report = nlohmann::json::parse(balanced.out);
        for (const auto& layer : report["layers"])
            if (layer.contains("output_gain_db")) {
                ++calibrated;
                gain += layer["output_gain_db"].get<double>();
            }
        CAPTURE(calibrated, gain);
        CHECK(calibrated > 5);
        CHECK(gain > 0);
        CHECK(runMantissa({"verify", at("out.safetensors")}).exitCode == 0);
        // Statistics that exist need no texts, and files beside the model are for a calibration.
        CHECK(quantize("no.safetensors",
                  {"--calibration", at("s.safetensors"), "--embeddings", at("texts.safetensors")})
                  .exitCode
            == 2);
        CHECK(quantize("no.safetensors", {"--with", at("net.safetensors")}).exitCode == 2);
    }
}

TEST_CASE("quantize --embeddings calibrates first and keeps the statistics")
{
    const TempFolder folder;
    const auto at = [&](const char* name) { return (folder / name).string(); };
    writeTiny(at("texts.safetensors"), {tinyRandom("context", {2, 77, 64}, 1, 1.0f)});
    const ProcessResult done = runMantissa({"quantize", "-i", "resources/sample/tiny-sd.safetensors", "-o",
        at("out.safetensors"), "--format", "nvfp4", "--embeddings", at("texts.safetensors")});
    INFO(done.err);
    REQUIRE(done.exitCode == 0);
    CHECK_THAT(done.out, Catch::Contains("better than without data"));
    const auto statistics = valueOf(StatisticsFile::open(at("out.statistics.safetensors")));
    CHECK(statistics->header().prompts.size() == kCalibrationPrompts);
    CHECK(statistics->header().prompts[3].text == "text 2 of texts, noise 2");
    CHECK(runMantissa({"verify", at("out.safetensors")}).exitCode == 0);
}

TEST_CASE("a VAE of another family is refused")
{
    Case mixed = kQwen;
    mixed.vae = "arch/vae_kl4.safetensors";
    const auto refused = guarded([&] { Family family(mixed); });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Unsupported);
}
