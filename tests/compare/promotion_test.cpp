// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers a bad picture asks to promote: the choice alone, without a model.
#include "engine/compare/promotion.h"

#include <catch2/catch.hpp>

using namespace mantissa;

namespace {

LayerContribution layer(const char* name, double harm, std::vector<PromotedChoice> better)
{
    return {name, Choice{"nvfp4", {}}, 100, harm, std::move(better)};
}

using Chosen = std::vector<std::pair<std::size_t, std::size_t>>;

} // namespace

TEST_CASE("The cheapest promotions take half of the harm away")
{
    const Choice fp8{"float8_e4m3fn", {}}, keep{};
    const std::vector<LayerContribution> layers{
        layer("large", 6, {{fp8, 1100, 1}, {keep, 2100, 0}}), // 5 for 1000 bytes
        layer("bargain", 4, {{fp8, 200, 1}, {keep, 300, 0}}), // 3 for 100, 4 for 200
        layer("small", 2, {{fp8, 200, 0.5}}), // 1.5 for 100
        layer("hopeless", 1, {}),
    };
    // 13 in all, so 6.5 are wanted: "large" and the cheap half of "bargain" do, and "small" is not needed
    // then.
    CHECK(cheapestPromotions(layers, 0.5) == Chosen{{0, 0}, {1, 0}});
    CHECK(cheapestPromotions(layers, 0.2) == Chosen{{1, 0}});
    CHECK(cheapestPromotions(layers, 0.3) == Chosen{{1, 0}, {2, 0}});
    CHECK(cheapestPromotions(layers, 0.42) == Chosen{{1, 1}, {2, 0}}); // a layer may go more than one step
    // Never more than there is.
    CHECK(cheapestPromotions(layers, 1) == Chosen{{0, 1}, {1, 1}, {2, 0}});
    CHECK(cheapestPromotions(layers, 0).empty());
    CHECK(cheapestPromotions({}, 0.5).empty());
}
