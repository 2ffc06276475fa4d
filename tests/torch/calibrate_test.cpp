// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration of the sample model: what observers keep, and whole runs through the command line.
#include "engine/torch/prelude.h"

#include "engine/calibration/statistics_file.h"
#include "engine/torch/calibration/activation_observer.h"
#include "engine/torch/failure.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

const std::string kSample = "resources/sample/tiny-sd.safetensors";
const std::string kPrompts = "resources/sample/prompts.txt";

std::vector<float> matrixOf(const SecondMoments& moments, std::size_t index, std::size_t channels)
{
    std::vector<float> values(channels * channels);
    moments.read(index, 0, values);
    return values;
}

/// Σ xxᵀ of the tokens that the rules of token_choice.h put into the matrix, in double.
at::Tensor plainMoment(const std::vector<at::Tensor>& calls, std::uint64_t prompt, std::uint64_t* tokens)
{
    at::Tensor sum = at::zeros({calls[0].size(1), calls[0].size(1)}, at::kDouble);
    for (std::size_t call = 0; call < calls.size(); ++call) {
        const TokenOrder order(mixKeys(prompt, call), static_cast<std::size_t>(calls[call].size(0)));
        for (const ChosenToken& token :
            order.first(tokensSampled(static_cast<std::size_t>(calls[call].size(1))))) {
            if (isHeldOut(token.key))
                continue;
            const at::Tensor x = calls[call][static_cast<std::int64_t>(token.token)].to(at::kDouble);
            sum += at::outer(x, x);
            ++*tokens;
        }
    }
    return sum;
}

ProcessResult calibrate(std::vector<std::string> arguments, const ProcessOptions& options = {})
{
    arguments.insert(arguments.begin(), {"calibrate", "--threads", "1"});
    return runMantissa(arguments, options);
}

/// The two files say the same: exactly, but for sums that were added in another order.
void checkSame(const fs::path& left, const fs::path& right)
{
    const auto a = valueOf(StatisticsFile::open(left)), b = valueOf(StatisticsFile::open(right));
    REQUIRE(a->layers() == b->layers());
    CHECK((a->header().prompts == b->header().prompts)); // libtorch's << would print them, and cannot
    for (std::size_t i = 0; i < a->inputCount(); ++i) {
        const InputStatistics x = valueOf(a->input(i)), y = valueOf(b->input(i));
        CAPTURE(x.name);
        CHECK(x.tokens == y.tokens);
        CHECK(x.momentTokens == y.momentTokens);
        CHECK(x.minimum == y.minimum);
        CHECK(x.maximum == y.maximum);
        CHECK(x.bucketAbsMax == y.bucketAbsMax);
        CHECK(x.histogram == y.histogram);
        CHECK(x.heldOut.keys() == y.heldOut.keys());
        CHECK(x.heldOut.rows() == y.heldOut.rows());
        double worst = 0;
        for (std::size_t c = 0; c < x.channels; ++c)
            worst = std::max({worst, std::fabs(x.sum[c] - y.sum[c]) / (x.sumAbs[c] + 1e-300),
                std::fabs(x.sumAbs[c] - y.sumAbs[c]) / (x.sumAbs[c] + 1e-300)});
        CHECK(worst < 1e-12);
        if (!x.hasMoment)
            continue;
        const auto p = valueOf(a->layer(x.name)), q = valueOf(b->layer(x.name));
        double apart = 0, size = 0;
        for (std::size_t k = 0; k < p.hessian.size(); ++k) {
            apart = std::max(apart, std::fabs(static_cast<double>(p.hessian[k]) - q.hessian[k]));
            size = std::max(size, std::fabs(static_cast<double>(p.hessian[k])));
        }
        CHECK(apart <= 1e-6 * size);
    }
}

} // namespace

TEST_CASE("H is XᵀX/T of the sampled tokens, and held-out tokens are not in it")
{
    const c10::InferenceMode noGradients;
    at::manual_seed(1);
    SecondMoments moments(~std::uint64_t{0}, {});
    ActivationRecorder recorder(moments);
    const std::uint64_t prompt = promptKey("a cat", 3);
    recorder.beginPrompt(prompt);
    std::vector<at::Tensor> calls;
    for (int call = 0; call < 6; ++call) {
        recorder.beginCall(call);
        calls.push_back(at::randn({2, 100, 24}));
        recorder.record("linear", {7, 24}, calls.back());
        calls.back() = calls.back().reshape({-1, 24});
    }
    const InputStatistics& statistics = *recorder.inputs().at(0);
    CHECK(statistics.tokens == 1200);
    std::uint64_t tokens = 0;
    const at::Tensor wanted = plainMoment(calls, prompt, &tokens);
    CHECK(statistics.momentTokens == tokens);
    CHECK(statistics.heldOut.count() == 6 * 64 - tokens);
    const std::vector<float> sum = matrixOf(moments, recorder.momentOf(0), 24);
    const double* reference = wanted.const_data_ptr<double>();
    for (std::size_t i = 0; i < sum.size(); ++i)
        CHECK(sum[i] == Approx(reference[i]).margin(1e-3 * 1e-2 * static_cast<double>(tokens)));
    // Channel statistics see every token.
    const at::Tensor all = at::cat(calls);
    const at::Tensor mean = all.mean(0).contiguous();
    for (std::size_t c = 0; c < 24; ++c)
        CHECK(statistics.mean()[c] == Approx(mean.const_data_ptr<float>()[c]).margin(1e-6));
    CHECK(statistics.largest() == all.abs().max().item<float>());
    for (int bucket = 0; bucket < 6; ++bucket)
        CHECK(statistics.bucketAbsMax[static_cast<std::size_t>(bucket) * 24]
            == calls[static_cast<std::size_t>(bucket)].select(1, 0).abs().max().item<float>());
}

TEST_CASE("layers with the same input share it, others do not")
{
    const c10::InferenceMode noGradients;
    SecondMoments moments(~std::uint64_t{0}, {});
    ActivationRecorder recorder(moments);
    recorder.beginPrompt(1);
    recorder.beginCall(0);
    at::Tensor x = at::randn({1, 50, 8});
    recorder.record("q", {8, 8}, x);
    recorder.record("k", {8, 8}, x);
    recorder.record("equal_but_another", {8, 8}, x.clone());
    recorder.record("v", {16, 8}, x);
    recorder.record("part", {8, 8}, x.slice(1, 0, 20));
    x.add_(1);
    recorder.record("written_to", {8, 8}, x);
    std::vector<std::vector<std::string>> shared;
    for (const InputStatistics* input : recorder.inputs())
        shared.push_back(input->layers);
    CHECK(shared
        == std::vector<std::vector<std::string>>{
            {"q", "k", "v"}, {"equal_but_another"}, {"part"}, {"written_to"}});
    CHECK(recorder.inputs()[0]->tokens == 50);
    recorder.beginCall(1);
    recorder.record("k", {8, 8}, x); // the first of them is looked at
    CHECK(recorder.inputs()[0]->tokens == 50);
    recorder.record("q", {8, 8}, x);
    CHECK(recorder.inputs()[0]->tokens == 100);
    CHECK(recorder.view("v").tokens == 100);
    CHECK(recorder.view("").layer != "");
}

TEST_CASE("convolutions are watched by channel, and those of 1×1 as matrices")
{
    const c10::InferenceMode noGradients;
    SecondMoments moments(~std::uint64_t{0}, {});
    ActivationRecorder recorder(moments);
    recorder.beginPrompt(1);
    recorder.beginCall(0);
    const at::Tensor x = at::randn({2, 6, 9, 7});
    recorder.record("conv", {4, 6, 3, 3}, x);
    recorder.record("point", {4, 6, 1, 1}, x);
    recorder.record("point_as_matrix", {4, 6, 1, 1}, at::randn({2, 30, 6}));
    const auto inputs = recorder.inputs();
    REQUIRE(inputs.size() == 3);
    CHECK_FALSE(inputs[0]->hasMoment);
    CHECK(inputs[1]->hasMoment);
    CHECK(inputs[0]->tokens == 2 * 9 * 7);
    CHECK(inputs[2]->tokens == 60);
    const at::Tensor low = x.amin({0, 2, 3}).contiguous();
    for (std::size_t c = 0; c < 6; ++c)
        CHECK(inputs[0]->minimum[c] == low.const_data_ptr<float>()[c]);
    CHECK_THROWS_AS(recorder.record("odd", {4, 6}, at::randn({2, 5})), Failure);
}

TEST_CASE("of very many tokens a sample is looked at, and the extremes of all")
{
    const c10::InferenceMode noGradients;
    SecondMoments moments(~std::uint64_t{0}, {});
    ActivationRecorder recorder(moments);
    recorder.beginPrompt(1);
    recorder.beginCall(0);
    at::Tensor x = at::randn({20000, 4});
    const TokenOrder order(mixKeys(1, 0), 20000);
    std::int64_t unseen = 0;
    while (std::binary_search(order.seen().begin(), order.seen().end(), unseen))
        ++unseen;
    x[unseen][2] = -77;
    recorder.record("linear", {4, 4}, x);
    const InputStatistics& statistics = *recorder.inputs().at(0);
    CHECK(statistics.tokens == kMostTokensSeen);
    CHECK(statistics.minimum[2] == -77);
    CHECK(statistics.bucketAbsMax[2] == 77);
    CHECK(statistics.histogram.total() == 4 * kMostTokensSeen);
    std::uint64_t tokens = 0;
    const at::Tensor wanted = plainMoment({x}, 1, &tokens);
    const std::vector<float> sum = matrixOf(moments, 0, 4);
    for (std::size_t i = 0; i < 16; ++i)
        CHECK(sum[i] == Approx(wanted.const_data_ptr<double>()[i]).margin(1e-3));
}

TEST_CASE("second moments on the disk are those in memory")
{
    const c10::InferenceMode noGradients;
    const TempFolder folder;
    SecondMoments memory(~std::uint64_t{0}, {}), disk(1, folder.path());
    for (const std::size_t channels : {3UL, 70UL})
        CHECK(memory.add(channels) == disk.add(channels));
    for (int call = 0; call < 50; ++call) {
        const at::Tensor narrow = at::randn({64, 3}), wide = at::randn({64, 70});
        for (SecondMoments* moments : {&memory, &disk}) {
            moments->accumulate(0, narrow);
            moments->accumulate(1, wide);
        }
    }
    disk.flush();
    CHECK(memory.spilledBytes() == 0);
    CHECK(disk.spilledBytes() == (9 + 4900) * 4);
    const auto a = matrixOf(memory, 1, 70), b = matrixOf(disk, 1, 70);
    for (std::size_t i = 0; i < a.size(); ++i)
        CHECK(a[i] == Approx(b[i]).margin(1e-6 * 3200));
    CHECK(fs::is_empty(folder.path())); // the file has no name
}

TEST_CASE("statistics of two halves of the prompts add up to those of one run")
{
    const TempFolder folder;
    std::string text = readFile(kPrompts);
    const std::size_t first = text.find('\n') + 1, second = text.find('\n', first) + 1;
    writeFile(folder / "a.txt", text.substr(0, first));
    writeFile(folder / "b.txt", text.substr(first, second - first));
    const auto path = [&](const char* name) { return (folder / name).string(); };
    const auto run = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"-i", kSample, "--steps", "2", "--seed", "5"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const ProcessResult result = calibrate(arguments);
        CAPTURE(result.err);
        REQUIRE(result.exitCode == 0);
    };
    run({"--prompts", kPrompts, "--count", "2", "-o", path("whole.safetensors")});
    run({"--prompts", path("a.txt"), "-o", path("a.safetensors")});
    run({"--prompts", path("b.txt"), "-o", path("b.safetensors"), "--memory-limit", "100kB"});
    const ProcessResult merged = calibrate(
        {"--merge", path("a.safetensors"), path("b.safetensors"), "-o", path("sum.safetensors"), "--json"});
    CAPTURE(merged.err);
    REQUIRE(merged.exitCode == 0);
    CHECK(nlohmann::json::parse(merged.out).at("prompts") == 2);
    checkSame(folder / "whole.safetensors", folder / "sum.safetensors");
    const ProcessResult twice = calibrate(
        {"--merge", path("a.safetensors"), path("whole.safetensors"), "-o", path("twice.safetensors")});
    CHECK(twice.exitCode == 2);
    CHECK(twice.err.find("would count twice") != std::string::npos);

    // Every Linear and convolution of the network has statistics, under its full name.
    const auto file = valueOf(StatisticsFile::open(folder / "whole.safetensors"));
    const auto model = valueOf(detectModel(valueOf(openCheckpoint(kSample))));
    std::size_t watched = 0, linear = 0;
    for (const Layer& layer : model->layers)
        if (model->components[layer.component].role == "diffusion_model"
            && (layer.kind == LayerKind::Linear || layer.kind == LayerKind::Conv2d)) {
            CHECK(file->has(layer.name));
            ++watched;
            if (layer.kind == LayerKind::Linear) {
                const auto statistics = valueOf(file->layer(layer.name));
                CHECK(statistics.channels == static_cast<std::size_t>(layer.shape[1]));
                linear += statistics.hessian.empty() ? 0 : 1;
            }
        }
    CHECK(watched == file->layers().size());
    CHECK(linear == 83);
    CHECK(file->inputCount() < watched); // q, k and v share
}

TEST_CASE("a run that was killed goes on after its last prompt and gives the same statistics")
{
    const TempFolder folder;
    const std::string whole = (folder / "whole.safetensors").string(),
                      out = (folder / "o.safetensors").string();
    const std::vector<std::string> common{
        "-i", kSample, "--prompts", kPrompts, "--count", "8", "--steps", "4"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), common.begin(), common.end());
        return more;
    };
    REQUIRE(calibrate(with({"-o", whole})).exitCode == 0);
    for (const int signal : {SIGKILL, SIGTERM}) {
        ProcessOptions options;
        options.whileRunning = [&](pid_t child) {
            // Not before its second prompt: the state of the first is there.
            for (int i = 0; i < 2000 && !fs::exists(out + ".part"); ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            ::kill(child, signal);
        };
        const ProcessResult stopped = calibrate(with({"-o", out}), options);
        CHECK(stopped.exitCode == (signal == SIGKILL ? 128 + SIGKILL : 130));
        REQUIRE_FALSE(fs::exists(out));
        REQUIRE(fs::exists(out + ".part"));
        const std::size_t done = valueOf(StatisticsFile::open(out + ".part"))->header().prompts.size();
        CHECK(done > 0);
        CHECK(done < 8);
        const ProcessResult other = calibrate(
            {"-i", kSample, "--prompts", kPrompts, "--count", "8", "--steps", "5", "-o", out, "--resume"});
        CHECK(other.exitCode == 2);
        CHECK(other.err.find("the number of steps") != std::string::npos);
        const ProcessResult resumed = calibrate(with({"-o", out, "--resume", "--json"}));
        CAPTURE(resumed.err);
        REQUIRE(resumed.exitCode == 0);
        CHECK(nlohmann::json::parse(resumed.out).at("resumed_prompts") == done);
        CHECK(readFile(out) == readFile(whole)); // byte for byte
        CHECK_FALSE(fs::exists(out + ".part"));
        fs::remove(out);
    }
}

TEST_CASE("statistics of another model are refused")
{
    const TempFolder folder;
    std::string bytes = readFile(kSample);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    writeFile(folder / "other.safetensors", bytes);
    const std::string other = (folder / "other.safetensors").string();
    const std::string out = (folder / "o.safetensors").string();
    REQUIRE(
        calibrate({"-i", kSample, "--prompts", kPrompts, "--count", "1", "--steps", "1", "-o", out}).exitCode
        == 0);
    fs::copy_file(out, out + ".part");
    const ProcessResult resumed = calibrate({"-i", other, "--prompts", kPrompts, "--count", "2", "--steps",
        "1", "-o", out, "--overwrite", "--resume"});
    CHECK(resumed.exitCode == 2);
    CHECK(resumed.err.find("the model's hash") != std::string::npos);
}

TEST_CASE("random data says so, and the terminal shows a histogram")
{
    const TempFolder folder;
    const std::string out = (folder / "r.safetensors").string();
    const ProcessResult result = calibrate({"-i", kSample, "--random", "--count", "2", "--steps", "2", "-o",
        out, "--json", "--watch", "--watch-layer", "model.diffusion_model.out.2", "--sizes", "64x64,64x96"});
    CAPTURE(result.err);
    REQUIRE(result.exitCode == 0);
    const auto document = nlohmann::json::parse(result.out);
    CHECK(document.at("data") == "random");
    CHECK(document.at("layers") == 133);
    CHECK(result.err.find("warning: random data") != std::string::npos);
    CHECK(result.err.find("model.diffusion_model.out.2: ") != std::string::npos);
    CHECK(result.err.find("█") != std::string::npos);
    CHECK(valueOf(StatisticsFile::open(out))->header().randomData);
}

TEST_CASE("wrong uses of calibrate end with a sentence")
{
    const TempFolder folder;
    const std::string out = (folder / "o.safetensors").string();
    writeFile(folder / "empty.txt", "# nothing\n");
    CHECK(calibrate({"-o", out}).exitCode == 2);
    CHECK(calibrate({"-i", "README.md", "-o", out}).exitCode == 3);
    CHECK(calibrate({"-i", kSample, "-o", out, "--prompts", (folder / "empty.txt").string()}).exitCode == 3);
    CHECK(calibrate({"-i", kSample, "-o", out, "--prompts", "/no/such"}).exitCode == 5);
    CHECK(calibrate({"-i", kSample, "-o", out, "--sizes", "63"}).exitCode == 2);
    CHECK(calibrate({"-i", kSample, "-o", out, "--components", "text_encoder_9"}).exitCode == 2);
    CHECK(calibrate({"-i", kSample, "-o", out, "--seed", "9223372036854775808"}).exitCode == 2);
    CHECK(calibrate({"-i", kSample, "-o", out, "--random", "--prompts", kPrompts}).exitCode == 2);
    CHECK(calibrate({"--merge", kSample, kSample, "-o", out}).exitCode == 3);
    CHECK(calibrate({"-i", kSample, "-o", folder.path().string()}).exitCode == 2);
    CHECK_FALSE(fs::exists(out));
    CHECK_FALSE(fs::exists(out + ".part"));
}

TEST_CASE("cost of watching layers as wide as those of large models", "[.][bench]")
{
    const c10::InferenceMode noGradients;
    at::set_num_threads(1);
    using Clock = std::chrono::steady_clock;
    const auto seconds
        = [](Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    struct Case {
        std::int64_t tokens, in, out;
    };
    for (const auto& [tokens, in, out] : {Case{4096, 640, 640}, Case{2048, 1280, 1280},
             Case{2048, 1280, 10240}, Case{2048, 5120, 1280}, Case{1024, 3072, 12288}}) {
        const at::Tensor x = at::randn({tokens, in}), weight = at::randn({out, in});
        double product = 1e9, watching = 1e9;
        SecondMoments moments(~std::uint64_t{0}, {});
        ActivationRecorder recorder(moments);
        recorder.beginPrompt(1);
        for (int i = 0; i < 6; ++i) {
            auto begin = Clock::now();
            at::linear(x, weight);
            product = std::min(product, seconds(begin));
            recorder.beginCall(i);
            begin = Clock::now();
            recorder.record("layer", {out, in}, x);
            watching = std::min(watching, seconds(begin));
        }
        WARN(fmt::format("{} tokens, {} to {}: product {:.1f} ms, watching {:.1f} ms ({:.1f} %)", tokens, in,
            out, product * 1e3, watching * 1e3, 100 * watching / product));
    }
}
