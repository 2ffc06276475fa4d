// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics against their reference implementations: scikit-image, pytorch-msssim, flip-evaluator, scipy.
// tests/oracle/compare_with_python.py wrote references.json from the pictures of madePairs().
#include "engine/compare/metric.h"
#include "engine/image/png.h"
#include "tests/support/made_pictures.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace mantissa;
using namespace mantissa::test;

namespace {

constexpr double kTolerance = 1e-4; ///< of issue and references

std::map<std::string, Measurement> measured(const Picture& a, const Picture& b, bool maps = false)
{
    auto values = measurePictures(a, b, maps);
    REQUIRE(values);
    std::map<std::string, Measurement> result;
    for (std::size_t i = 0; i < values->size(); ++i)
        result[std::string(pictureMetrics()[i]->info().id)] = std::move((*values)[i]);
    return result;
}

double meanOfMap(const FloatPlane& map)
{
    double sum = 0;
    for (const float value : map.values)
        sum += static_cast<double>(value);
    return sum / static_cast<double>(map.values.size());
}

} // namespace

TEST_CASE("metrics agree with their reference implementations to 1e-4")
{
    std::ifstream file(std::string(MANTISSA_TEST_DATA) + "/compare/references.json");
    const auto references = nlohmann::json::parse(file)["pairs"];
    const auto pairs = madePairs();
    CHECK(references.size() == pairs.size());
    for (const MadePair& pair : pairs) {
        REQUIRE(references.contains(pair.name));
        const auto ours = measured(pair.reference, pair.test);
        for (const auto& [id, reference] : references[pair.name].items()) {
            CAPTURE(pair.name, id, reference);
            REQUIRE(ours.count(id) == 1);
            const auto& value = ours.at(id).value;
            CHECK(value.has_value() == !reference.is_null());
            if (value && !reference.is_null())
                CHECK(std::abs(*value - reference.get<double>()) <= kTolerance);
        }
    }
}

TEST_CASE("equal pictures have zero errors and zero maps")
{
    for (const int side : {1, 7, 64, 200}) {
        CAPTURE(side);
        const Picture picture = madePicture(side, side + 3, 5);
        auto values = measured(picture, picture, true);
        for (const char* id : {"mae", "max", "flip", "histogram"})
            CHECK(values[id].value == 0.0);
        CHECK(std::isinf(values["psnr_db"].value.value()));
        if (side >= 11)
            CHECK(values["ssim"].value == 1.0);
        if (side >= 176)
            CHECK(values["ms_ssim"].value == 1.0);
        for (const auto& [id, measurement] : values)
            CHECK(std::all_of(measurement.map.values.begin(), measurement.map.values.end(),
                [](float v) { return v == 0; }));
    }
}

TEST_CASE("a picture smaller than the window gives no number")
{
    const auto ssim = [](int width, int height) {
        const Picture picture = madePicture(width, height, 1);
        return measured(picture, distorted(picture, "noise", 1))["ssim"].value.has_value();
    };
    CHECK_FALSE(ssim(10, 40));
    CHECK_FALSE(ssim(40, 10));
    CHECK(ssim(11, 11));
    const auto msSsim = [](int width, int height) {
        const Picture picture = madePicture(width, height, 1);
        return measured(picture, distorted(picture, "noise", 1))["ms_ssim"].value.has_value();
    };
    CHECK_FALSE(msSsim(175, 300));
    CHECK_FALSE(msSsim(300, 175));
    CHECK(msSsim(176, 176));
}

TEST_CASE("a map is the value laid out over the picture")
{
    const Picture picture = madePicture(90, 61, 3);
    auto values = measured(picture, distorted(picture, "blur", 3), true);
    CHECK(meanOfMap(values["mae"].map) == Approx(*values["mae"].value).epsilon(1e-5));
    CHECK(meanOfMap(values["flip"].map) == Approx(*values["flip"].value).epsilon(1e-5));
    CHECK(*std::max_element(values["max"].map.values.begin(), values["max"].map.values.end())
        == Approx(*values["max"].value));
    CHECK(meanOfMap(values["ssim"].map) == Approx(1 - *values["ssim"].value).margin(0.05));
    for (const Metric* metric : pictureMetrics())
        CHECK(values[std::string(metric->info().id)].map.empty() != metric->info().hasMap);
    // Only what changed shows.
    Picture spot = picture;
    spot.rgb[(30 * 90 + 45) * 3] ^= 0x80;
    auto local = measured(picture, spot, true);
    CHECK(local["flip"].map.row(30)[45] > 0.05f);
    CHECK(local["flip"].map.row(5)[5] == 0);
    CHECK(local["mae"].map.row(30)[44] == 0);
}

TEST_CASE("pictures of different sizes are refused")
{
    const auto refused = measurePictures(madePicture(20, 20, 1), madePicture(20, 21, 1), false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::Usage);
    CHECK_FALSE(measurePictures({}, {}, false));
}

TEST_CASE("means leave out what is not defined and do not let equal pictures hide others")
{
    const double infinite = std::numeric_limits<double>::infinity();
    using Values = std::vector<std::optional<double>>;
    CHECK(meanOf(Values{20.0, 30.0}) == 25.0);
    CHECK(meanOf(Values{20.0, infinite, std::nullopt}) == 20.0);
    CHECK(meanOf(Values{infinite, infinite}) == infinite);
    CHECK_FALSE(meanOf(Values{std::nullopt}).has_value());
    CHECK_FALSE(meanOf(Values{}).has_value());
    CHECK(metricText(findMetric("psnr_db")->info(), infinite) == "∞ dB");
    CHECK(metricText(findMetric("ms_ssim")->info(), {}) == "not defined");
}

// Not a test: writes the pictures for tests/oracle/compare_with_python.py --write.
TEST_CASE("write the made pictures", "[.pictures]")
{
    const char* folder = std::getenv("MANTISSA_PICTURES");
    REQUIRE(folder != nullptr);
    for (const MadePair& pair : madePairs())
        for (const bool test : {false, true}) {
            const auto path = std::filesystem::path(folder) / (test ? "test" : "reference");
            std::filesystem::create_directories(path);
            REQUIRE(writePng(path / (pair.name + ".png"), test ? pair.test : pair.reference, {}, true));
        }
}
