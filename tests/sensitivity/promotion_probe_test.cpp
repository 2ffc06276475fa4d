// SPDX-License-Identifier: GPL-3.0-or-later
// Layers to blame, measured on the sample model while the very picture is made.
#include "engine/compare/promotion.h"

#include <catch2/catch.hpp>
#include <map>

using namespace mantissa;

namespace {

std::vector<double> harms(const std::shared_ptr<const Model>& model, const GenerationRequest& picture)
{
    GeneratorOptions options;
    options.threads = 1;
    const auto promotion = proposePromotion(defaultPlan(*model, {"nvfp4", {}}), model, picture, options, {});
    REQUIRE(promotion);
    CHECK(promotion->measure == HarmMeasure::DenoiserError);
    CHECK(promotion->harmAfter < promotion->harmBefore);
    std::map<std::string, double> byName;
    for (const LayerContribution& layer : promotion->layers)
        byName[layer.layer] = layer.harm;
    std::vector<double> values;
    for (const auto& [name, harm] : byName)
        values.push_back(harm);
    return values;
}

} // namespace

TEST_CASE("Layers are blamed for the picture as it was asked for: prompt, seed, guidance, size and sampler")
{
    auto source = openCheckpoint("resources/sample/tiny-sd.safetensors");
    REQUIRE(source);
    auto model = detectModel(std::move(*source));
    REQUIRE(model);
    GenerationRequest picture;
    picture.prompt = "a red circle on a blue background";
    picture.seed = 7;
    picture.steps = 6;
    picture.cfg = 3;
    const std::vector<double> first = harms(*model, picture);
    CHECK(first.size() > 20);
    CHECK(harms(*model, picture) == first);

    const auto changed = [&](auto change) {
        GenerationRequest other = picture;
        change(other);
        return harms(*model, other) != first;
    };
    CHECK(changed([](GenerationRequest& other) { other.prompt = "a green square"; }));
    CHECK(changed([](GenerationRequest& other) { other.negative = "a green square"; }));
    CHECK(changed([](GenerationRequest& other) { other.seed = 8; }));
    CHECK(changed([](GenerationRequest& other) { other.cfg = 1; }));
    CHECK(changed([](GenerationRequest& other) { other.sampler = "euler"; }));
    CHECK(changed([](GenerationRequest& other) { other.steps = 12; }));
}
