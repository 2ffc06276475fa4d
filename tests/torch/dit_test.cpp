// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces of diffusion transformers that fixtures of whole patches and few windows do not reach.
#include "engine/torch/prelude.h"

#include "engine/torch/failure.h"
#include "engine/torch/models/seedvr2_attention.h"
#include "engine/torch/nn/dit.h"

#include <catch2/catch.hpp>

using namespace mantissa;

TEST_CASE("patches go back to the picture or video that they were cut from")
{
    const auto order = GENERATE(nn::PatchOrder::ChannelsFirst, nn::PatchOrder::ChannelsLast);
    const std::vector<std::int64_t> patch{1, 2, 2};
    const at::Tensor x = at::arange(2 * 3 * 2 * 5 * 7, at::kFloat).reshape({2, 3, 2, 5, 7});
    const at::Tensor padded = nn::padToPatch(x, patch);
    CHECK(padded.sizes() == at::IntArrayRef({2, 3, 2, 6, 8}));
    // What is added is what the near side shows.
    CHECK(padded.select(3, 5).equal(padded.select(3, 0)));
    CHECK(padded.select(4, 7).equal(padded.select(4, 0)));
    const at::Tensor tokens = nn::cutPatches(padded, patch, order);
    CHECK(tokens.sizes() == at::IntArrayRef({2, 2 * 3 * 4, 12}));
    CHECK(nn::cutTo(nn::joinPatches(tokens, nn::patchGrid(x, patch), patch, order), x).equal(x));
}

TEST_CASE("windows cover every patch once, whatever their size")
{
    const bool shifted = GENERATE(false, true);
    for (std::int64_t length = 1; length < 40; ++length) {
        for (std::int64_t window = 1; window < 45; ++window) {
            std::int64_t next = 0;
            for (const auto& [start, end] : cutWindows(length, window, shifted)) {
                REQUIRE(start == next);
                REQUIRE(end > start);
                REQUIRE(end - start <= window);
                next = end;
            }
            REQUIRE(next == length);
        }
    }
    using Spans = std::vector<std::pair<std::int64_t, std::int64_t>>;
    CHECK(cutWindows(10, 5, false) == Spans{{0, 5}, {5, 10}});
    CHECK(cutWindows(10, 5, true) == Spans{{0, 2}, {2, 7}, {7, 10}});
    CHECK(cutWindows(5, 5, true) == Spans{{0, 5}});
    // 45×80 patches are 720p: a third of each side, and a quarter of at most 30 frames.
    CHECK(windowOf({33, 45, 80}, {4, 3, 3}) == Grid3{8, 15, 27});
    // A side that would round to nothing still has a window.
    CHECK(windowOf({1, 1, 100000}, {4, 3, 3})[1] == 1);
}

TEST_CASE("settings that do not fit the network are refused with a sentence")
{
    CHECK(guarded([] { nn::requireAxes({16, 56, 56}, 128); }));
    CHECK_FALSE(guarded([] { nn::requireAxes({16, 56, 55}, 127); }));
    CHECK_FALSE(guarded([] { nn::requireAxes({16, 56}, 128); }));
    CHECK_FALSE(guarded([] { nn::quotient(96, 0, "heads"); }));
    CHECK_FALSE(guarded([] { nn::quotient(96, 5, "heads"); }));
    const auto missing = guarded([] { nn::requireInput({}, "x", {-1, 4}); });
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message == "this network needs the input x of shape [any, 4]");
}
