// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics of inputs: sums and extremes, what is held out, which tokens are sampled.
#include "engine/calibration/calibration.h"
#include "engine/calibration/live_view.h"
#include "engine/calibration/statistics.h"
#include "engine/calibration/token_choice.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <thread>

using namespace mantissa;

namespace {

std::vector<float> normals(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.3F, 2);
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return values;
}

} // namespace

TEST_CASE("sums, means and extremes are those of the values, on any number of threads")
{
    constexpr std::size_t kRows = 300, kChannels = 200;
    const std::vector<float> x = normals(kRows * kChannels, 1);
    InputStatistics alone(kChannels), together(kChannels);
    alone.add(x.data(), kRows, 3);
    together.add(x.data(), kRows, 3, [](std::size_t count, const std::function<void(std::size_t)>& work) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i)
            threads.emplace_back([&work, i] { work(i); });
    });
    CHECK(alone.sum == together.sum);
    CHECK(alone.sumAbs == together.sumAbs);
    CHECK(alone.histogram == together.histogram);
    CHECK(alone.bucketAbsMax == together.bucketAbsMax);
    CHECK(alone.tokens == kRows);
    for (std::size_t c = 0; c < kChannels; ++c) {
        double sum = 0, sumAbs = 0;
        float low = x[c], high = x[c];
        for (std::size_t r = 0; r < kRows; ++r) {
            const float value = x[r * kChannels + c];
            sum += static_cast<double>(value);
            sumAbs += std::fabs(static_cast<double>(value));
            low = std::min(low, value);
            high = std::max(high, value);
        }
        CHECK(alone.sum[c] == Approx(sum).epsilon(1e-12));
        CHECK(alone.sumAbs[c] == Approx(sumAbs).epsilon(1e-12));
        CHECK(alone.minimum[c] == low);
        CHECK(alone.maximum[c] == high);
        CHECK(alone.absMax()[c] == std::max(std::fabs(low), std::fabs(high)));
        CHECK(alone.bucketAbsMax[3 * kChannels + c] == alone.absMax()[c]);
        CHECK(alone.bucketAbsMax[2 * kChannels + c] == 0);
        CHECK(alone.mean()[c] == Approx(sum / kRows).epsilon(1e-6));
        CHECK(alone.meanAbs()[c] == Approx(sumAbs / kRows).epsilon(1e-6));
    }
    CHECK(alone.histogram.total() == kRows * kChannels);
}

TEST_CASE("statistics of parts add up to those of the whole")
{
    constexpr std::size_t kRows = 200, kChannels = 70;
    const std::vector<float> x = normals(kRows * kChannels, 2);
    InputStatistics whole(kChannels), a(kChannels), b(kChannels);
    const auto feed = [&](InputStatistics& statistics, std::size_t first, std::size_t end) {
        for (std::size_t r = first; r < end; ++r) {
            const float* row = x.data() + r * kChannels;
            statistics.add(row, 1, static_cast<int>(r % kTimestepBuckets));
            statistics.heldOut.add(mixKeys(7, r), {row, kChannels});
        }
    };
    feed(whole, 0, kRows);
    feed(a, 0, 90);
    feed(b, 90, kRows);
    b.merge(a); // in the other order
    CHECK(b.tokens == whole.tokens);
    CHECK(b.minimum == whole.minimum);
    CHECK(b.maximum == whole.maximum);
    CHECK(b.bucketAbsMax == whole.bucketAbsMax);
    CHECK(b.histogram == whole.histogram);
    CHECK(b.heldOut.keys() == whole.heldOut.keys());
    CHECK(b.heldOut.rows() == whole.heldOut.rows());
    for (std::size_t c = 0; c < kChannels; ++c) {
        CHECK(std::fabs(b.sum[c] - whole.sum[c]) <= 1e-12 * whole.sumAbs[c]);
        CHECK(b.sumAbs[c] == Approx(whole.sumAbs[c]).epsilon(1e-12));
    }
}

TEST_CASE("what is not finite is counted and left out")
{
    std::vector<float> x{1, 2, 3, std::nanf(""), -5, std::numeric_limits<float>::infinity()};
    InputStatistics statistics(2);
    statistics.add(x.data(), 3, 0);
    CHECK(statistics.nonFinite == 2);
    CHECK(statistics.sum == std::vector<double>{-1, 2});
    CHECK(statistics.minimum == std::vector<float>{-5, 2});
    CHECK(statistics.maximum == std::vector<float>{3, 2});
    CHECK(statistics.histogram.total() == 4);
    const std::vector<float> low{-9, -std::numeric_limits<float>::infinity()}, high{1, 7};
    statistics.addExtremes(low.data(), high.data(), 1);
    CHECK(statistics.minimum == std::vector<float>{-9, 2});
    CHECK(statistics.bucketAbsMax[2] == 9);
}

TEST_CASE("held-out tokens are those with the smallest keys, each with its own values")
{
    constexpr std::size_t kChannels = 3;
    HeldOutTokens tokens(kChannels);
    std::vector<std::uint64_t> keys;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const std::uint64_t key = mixKeys(3, i);
        keys.push_back(key);
        const auto value = static_cast<float>(key >> 40);
        tokens.add(key, std::vector<float>{value, value + 1, value + 2});
    }
    std::sort(keys.begin(), keys.end());
    keys.resize(HeldOutTokens::capacity(kChannels));
    CHECK(tokens.keys() == keys);
    const std::vector<float> rows = tokens.rows();
    for (std::size_t i = 0; i < keys.size(); ++i)
        CHECK(rows[i * kChannels + 1] == static_cast<float>(keys[i] >> 40) + 1);
}

TEST_CASE("tokens are chosen by hash: the same every time, a fifth held out")
{
    const TokenOrder order(promptKey("a red circle", 1), 1000);
    CHECK(order.seen().empty());
    const auto first = order.first(64);
    REQUIRE(first.size() == 64);
    CHECK(std::is_sorted(
        first.begin(), first.end(), [](const auto& a, const auto& b) { return a.key < b.key; }));
    const TokenOrder again(promptKey("a red circle", 1), 1000);
    for (std::size_t i = 0; i < first.size(); ++i)
        CHECK(again.first(64)[i].token == first[i].token);
    CHECK(promptKey("a red circle", 1) != promptKey("a red circle", 2));
    std::size_t heldOut = 0;
    for (std::uint64_t call = 0; call < 100; ++call)
        for (const ChosenToken& token : TokenOrder(call, 500).first(100))
            heldOut += isHeldOut(token.key) ? 1 : 0;
    CHECK(heldOut > 1800);
    CHECK(heldOut < 2200);
    const TokenOrder many(9, 3 * kMostTokensSeen);
    REQUIRE(many.seen().size() == kMostTokensSeen);
    CHECK(std::set<std::int64_t>(many.seen().begin(), many.seen().end()).size() == kMostTokensSeen);
    for (const ChosenToken& token : many.first(256))
        CHECK(std::binary_search(many.seen().begin(), many.seen().end(), std::int64_t{token.token}));
    CHECK(tokensSampled(320) == 64);
    CHECK(tokensSampled(5120) == 160);
    CHECK(tokensSampled(20000) == 256);
}

TEST_CASE("prompt files have one prompt a line, and the shipped set has 128")
{
    CHECK(parsePrompts("\xEF\xBB\xBF# remark\r\n a cat \r\n\n\tdog")
        == std::vector<std::string>{"a cat", "dog"});
    CHECK(parsePrompts("").empty());
    const auto prompts = defaultCalibrationPrompts();
    CHECK(prompts.size() == 128);
    CHECK(std::set<std::string>(prompts.begin(), prompts.end()).size() == 128);
}

TEST_CASE("random data has draws in the place of prompts, and only what runs before decoding is watched")
{
    CHECK(noisePrompts(3) == std::vector<std::string>{"noise 1", "noise 2", "noise 3"});
    Model model;
    for (const char* role : {"diffusion_model", "vae", "text_encoder", "text_encoder", "controlnet"}) {
        Component component;
        component.role = role;
        model.components.push_back(component);
    }
    CHECK(calibratedRoles(model) == std::vector<std::string>{"diffusion_model", "text_encoder"});
}

TEST_CASE("sizes of pictures as people write them")
{
    CHECK(*parsePixelSize("512x768") == PixelSize{512, 768});
    CHECK(*parsePixelSize("640X480") == PixelSize{640, 480});
    CHECK(*parsePixelSize("512") == PixelSize{512, 512});
    for (const char* wrong : {"", "x", "512x", "512x0", "-1x5", "512x768x3", "512 x 768", "99999x1"}) {
        INFO(wrong);
        CHECK_FALSE(parsePixelSize(wrong));
    }
}

TEST_CASE("the live feed keeps the newest view, ten a second at most")
{
    LiveFeed feed;
    CHECK(feed.due());
    CHECK_FALSE(feed.take());
    LiveView view;
    view.layer = std::string("a"); // GCC 12 warns of a plain literal
    view.histogram.add(normals(1000, 5));
    feed.publish(view);
    CHECK_FALSE(feed.due());
    view.layer = std::string("b"); // GCC 12 warns of a plain literal
    feed.publish(view);
    const auto taken = feed.take();
    REQUIRE(taken);
    CHECK(taken->layer == "b");
    CHECK_FALSE(feed.take());
    feed.choose("b", {"c", "d"});
    CHECK(feed.others() == std::vector<std::string>{"c", "d"});
    LiveView other = view;
    other.layer = std::string("c");
    feed.publish(view, {other});
    const auto others = feed.takeOthers();
    REQUIRE(others.size() == 1);
    CHECK(others.front().layer == "c");
    CHECK(feed.takeOthers().empty());
    CHECK(feed.take());
    feed.choose("b", std::vector<std::string>(100, "c"));
    CHECK(feed.others().size() == kMostLiveLayers);
    const LiveSummary summary = summarise(*taken);
    CHECK(summary.percentileClip <= summary.maxClip);
    REQUIRE(summary.forecasts.size() == 3);
    CHECK(summary.forecasts[0].mseSnrDb >= summary.forecasts[0].maxSnrDb);
    CHECK(summary.forecasts[0].maxSnrDb > summary.forecasts[2].maxSnrDb); // int8 above fp4
}
