// SPDX-License-Identifier: GPL-3.0-or-later
// Samplers against trajectories of ComfyUI and diffusers, with closed formulas in place of a network.
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/sampling/samplers.h"
#include "tests/support/golden_file.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mantissa;

namespace {

at::Tensor tensorOf(const test::GoldenTensor& golden)
{
    const std::vector<float> values = golden.floats();
    return at::tensor(values).reshape(golden.shape);
}

std::vector<double> sigmasOf(const test::GoldenTensor& golden)
{
    const std::vector<float> values = golden.floats();
    return {values.begin(), values.end()};
}

double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>() / std::max(1.0, b.abs().max().item<double>());
}

/// The stand-ins for a network that the golden files' metadata names.
Denoiser standIn(const std::string& name, bool flow)
{
    if (name == "half")
        return [](const at::Tensor& x, double) { return x * 0.5; };
    if (flow)
        return [](const at::Tensor& x, double s) { return x * ((1 - s) / ((1 - s) * (1 - s) + s * s)); };
    return [](const at::Tensor& x, double s) { return x / (1 + s * s); };
}

/// Runs a golden trajectory and compares x before every step and at the end.
void checkTrajectory(
    const test::GoldenFile& golden, const std::string& key, const std::string& sampler, bool flow)
{
    CAPTURE(key);
    const at::Tensor rows = tensorOf(golden.at(key + ".x"));
    const std::vector<double> sigmas = sigmasOf(golden.at(key + ".sigmas"));
    const std::string network = key.substr(key.rfind('.') + 1);
    std::size_t drawn = 0;
    SamplingTask task;
    task.flow = flow;
    std::size_t step = 0;
    task.denoise = [&](const at::Tensor& x, double sigma) {
        if (sigma == sigmas[step] && step < static_cast<std::size_t>(rows.size(0))) {
            CAPTURE(step);
            CHECK(largestDifference(x, rows[static_cast<std::int64_t>(step)]) < 1e-5);
        }
        return standIn(network, flow)(x, sigma);
    };
    task.onStep = [&](int done, const at::Tensor&) {
        step = static_cast<std::size_t>(done);
        return true;
    };
    if (golden.has(key + ".noise")) {
        const at::Tensor noise = tensorOf(golden.at(key + ".noise"));
        task.noise = [&drawn, noise](const at::Tensor&) { return noise[static_cast<std::int64_t>(drawn++)]; };
    }
    const at::Tensor result = sample(sampler, task, rows[0], sigmas);
    CHECK(largestDifference(result, rows[rows.size(0) - 1]) < 1e-5);
}

} // namespace

TEST_CASE("samplers follow ComfyUI's trajectories")
{
    const test::GoldenFile golden("sampling/samplers.safetensors");
    for (const char* network : {"half", "gauss"}) {
        for (const char* sampler : {"euler", "dpmpp_2m", "heun"}) {
            for (const char* schedule : {"karras", "normal"})
                checkTrajectory(golden, fmt::format("{}.{}.{}", sampler, schedule, network), sampler, false);
        }
        checkTrajectory(golden, fmt::format("euler_ancestral.karras.{}", network), "euler_ancestral", false);
        for (const char* sampler : {"euler", "dpmpp_2m"}) {
            for (const char* schedule : {"shift1", "shift3", "flux115"})
                checkTrajectory(
                    golden, fmt::format("flow_{}.{}.{}", sampler, schedule, network), sampler, true);
        }
    }
}

TEST_CASE("DDIM is Euler in these variables")
{
    const test::GoldenFile golden("sampling/samplers.safetensors");
    const NoiseSchedule schedule = NoiseSchedule::discrete("scaled_linear", 0.00085, 0.012);
    const auto alphaBar = [](double sigma) { return 1 / (1 + sigma * sigma); };
    for (const char* spacing : {"leading", "trailing"}) {
        const std::string key = fmt::format("ddim.{}.epsilon", spacing);
        const auto times = golden.at(key + ".timesteps").as<std::int64_t>();
        std::vector<double> sigmas;
        for (const std::int64_t time : times)
            sigmas.push_back(schedule.sigmas()[static_cast<std::size_t>(time)]);
        // Where the last step lands: the golden run's last time less the stride, or the first level of
        // training.
        sigmas.push_back(schedule.sigmas()[0]);
        const at::Tensor rows = tensorOf(golden.at(key + ".x"));
        SamplingTask task;
        task.denoise = [&](const at::Tensor& x, double sigma) { return x * alphaBar(sigma); }; // √ᾱ·(x·√ᾱ)
        const at::Tensor result = sample("ddim", task, rows[0] / std::sqrt(alphaBar(sigmas.front())), sigmas)
            * std::sqrt(alphaBar(sigmas.back()));
        CAPTURE(key);
        CHECK(largestDifference(result, rows[rows.size(0) - 1]) < 1e-5);
    }
}

TEST_CASE("samplers agree with diffusers on the same levels")
{
    const test::GoldenFile golden("sampling/peer_samplers.safetensors");
    for (const char* network : {"half", "gauss"}) {
        for (const char* sampler : {"uni_pc", "uni_pc_bh2", "dpmpp_2m_sde"})
            checkTrajectory(golden, fmt::format("{}.karras.{}", sampler, network), sampler, false);
        checkTrajectory(golden, fmt::format("lcm.own.{}", network), "lcm", false);
    }
}

TEST_CASE("sampling can be cancelled between steps")
{
    SamplingTask task;
    int calls = 0;
    task.denoise = [&](const at::Tensor& x, double) {
        ++calls;
        return x * 0.5;
    };
    task.onStep = [](int step, const at::Tensor&) { return step < 2; };
    const auto stopped = guarded([&] { sample("euler", task, at::ones({1}), {4, 3, 2, 1, 0}); });
    REQUIRE(!stopped);
    CHECK(stopped.error().code == ErrorCode::Cancelled);
    CHECK(calls == 2);
}

TEST_CASE("noise is torch's own draw of a seed")
{
    // torch.manual_seed(42); torch.randn(4)
    const at::Tensor noise = seededNoise(42, {4});
    const float expected[]
        = {0.33669036626815796f, 0.12880940735340118f, 0.23446236550807953f, 0.23033303022384644f};
    for (int i = 0; i < 4; ++i)
        CHECK(noise[i].item<float>() == expected[i]);
}
