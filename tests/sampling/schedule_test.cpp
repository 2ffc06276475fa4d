// SPDX-License-Identifier: GPL-3.0-or-later
// Noise schedules and the levels that samplers visit, against ComfyUI's.
#include "engine/sampling/schedule.h"
#include "tests/support/golden_file.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace mantissa;

namespace {

const test::GoldenFile& golden()
{
    static const test::GoldenFile file("sampling/samplers.safetensors");
    return file;
}

/// Relative to the golden value, absolute below 1.
void checkClose(const std::vector<double>& ours, const std::string& name)
{
    const std::vector<float> expected = golden().at(name).floats();
    CAPTURE(name);
    REQUIRE(ours.size() == expected.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        CAPTURE(i, ours[i], expected[i]);
        CHECK(
            std::fabs(ours[i] - double(expected[i])) <= 1e-5 * std::max(1.0, std::fabs(double(expected[i]))));
    }
}

NoiseSchedule stableDiffusion(bool zeroTerminalSnr = false)
{
    return NoiseSchedule::discrete("scaled_linear", 0.00085, 0.012, 1000, zeroTerminalSnr);
}

} // namespace

TEST_CASE("the levels of training are ComfyUI's")
{
    checkClose(stableDiffusion().sigmas(), "sd.sigmas_1000");
    checkClose(NoiseSchedule::flow(1).sigmas(), "flow.shift1.sigmas");
    checkClose(NoiseSchedule::flow(3).sigmas(), "flow.shift3.sigmas");
    checkClose(NoiseSchedule::flow(5).sigmas(), "flow.shift5.sigmas");
    checkClose(NoiseSchedule::flow(8).sigmas(), "flow.shift8.sigmas");
    checkClose(NoiseSchedule::flow(1.73).sigmas(), "flow.aura173.sigmas");
}

TEST_CASE("zero terminal SNR ends in pure noise")
{
    const std::vector<double> ours = stableDiffusion(true).sigmas();
    const std::vector<float> expected = golden().at("sd.zsnr_sigmas_1000").floats();
    REQUIRE(ours.size() == expected.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        CAPTURE(i, ours[i], expected[i]);
        // The golden table was computed in float32, which leaves 1e-4 of ᾱ's last values.
        CHECK(std::fabs(ours[i] / double(expected[i]) - 1) < (i < 990 ? 1e-4 : 2e-3));
    }
}

TEST_CASE("ten thousand steps of FLUX's schedules")
{
    for (const auto& [mu, name] :
        {std::pair{1.15, "flow.flux115.sigmas"}, std::pair{2.02, "flow.flux2_202.sigmas"}}) {
        const std::vector<double> all = NoiseSchedule::flow(std::exp(mu), 1, 10000).sigmas();
        const std::vector<float> expected = golden().at(name).floats();
        CAPTURE(name);
        REQUIRE(expected.size() == 1000);
        // "Every tenth": of the indices 9, 19, 29, …
        for (std::size_t i = 0; i < expected.size(); ++i)
            CHECK(std::fabs(all[i * 10 + 9] - double(expected[i])) <= 1e-5);
    }
}

TEST_CASE("time and level are inverse")
{
    const NoiseSchedule schedule = stableDiffusion();
    const auto sigmas = golden().at("sd.probe_sigmas").floats();
    const auto times = golden().at("sd.probe_timesteps").as<std::int64_t>();
    for (std::size_t i = 0; i < sigmas.size(); ++i)
        CHECK(schedule.timestep(double(sigmas[i])) == double(times[i]));
    const auto probes = golden().at("sd.probe_times").floats();
    std::vector<double> levels;
    for (const float time : probes)
        levels.push_back(schedule.sigma(double(time)));
    checkClose(levels, "sd.probe_time_sigmas");
}

TEST_CASE("every scheduler visits ComfyUI's levels")
{
    const NoiseSchedule sd = stableDiffusion(), shift3 = NoiseSchedule::flow(3),
                        flux = NoiseSchedule::flow(std::exp(1.15), 1, 10000);
    for (const std::string& name : schedulerNames()) {
        for (const int steps : {4, 20}) {
            for (const auto& [schedule, family] :
                {std::pair{&sd, "sd"}, std::pair{&shift3, "flow.shift3"}, std::pair{&flux, "flow.flux115"}}) {
                const std::string key
                    = std::string(family) + ".schedule." + name + "." + std::to_string(steps);
                if (!golden().has(key))
                    continue;
                const auto sigmas = makeSigmas(*schedule, name, steps);
                REQUIRE(sigmas);
                checkClose(*sigmas, key);
            }
        }
    }
    CHECK(!makeSigmas(sd, "no_such", 20));
    CHECK(!makeSigmas(sd, "karras", 0));
}

TEST_CASE("FLUX's shift by size")
{
    const auto table = golden().at("flow.dynamic.mu").floats();
    for (std::size_t i = 0; i + 1 < table.size(); i += 2)
        CHECK(fluxMu(double(table[i])) == Approx(double(table[i + 1])).margin(1e-6));
    for (const int tokens : {256, 1024, 1536, 4096, 8100}) {
        const NoiseSchedule schedule = NoiseSchedule::flow(std::exp(fluxMu(tokens)), 1);
        std::vector<double> sigmas;
        for (int i = 0; i < 8; ++i)
            sigmas.push_back(schedule.sigma(1 - i / 8.0));
        sigmas.push_back(0);
        checkClose(sigmas, "flow.dynamic." + std::to_string(tokens));
    }
}

TEST_CASE("quantiles of the beta distribution")
{
    CHECK(betaQuantile(0, 0.6, 0.6) == 0);
    CHECK(betaQuantile(1, 0.6, 0.6) == 1);
    CHECK(betaQuantile(0.5, 0.6, 0.6) == Approx(0.5).epsilon(1e-12));
    CHECK(betaQuantile(0.3, 1, 1) == Approx(0.3).epsilon(1e-12)); // uniform
    CHECK(betaQuantile(0.25, 2, 1) == Approx(0.5).epsilon(1e-12)); // x²
    CHECK(betaQuantile(0.1, 0.6, 0.6) + betaQuantile(0.9, 0.6, 0.6) == Approx(1).epsilon(1e-12));
}
