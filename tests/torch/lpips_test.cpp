// SPDX-License-Identifier: GPL-3.0-or-later
// LPIPS against the package of its authors, with made weights: trained ones are not ours to ship.
// tests/oracle/lpips_with_python.py wrote lpips.json from the pictures of madePairs() and the same weights.
#include "engine/compare/lpips.h"
#include "engine/compare/metric.h"
#include "engine/io/tensor_source.h"
#include "tests/support/made_pictures.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"
#include "engine/base/json.h"
#include "engine/torch/loader.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numeric>

using namespace mantissa;
using namespace mantissa::test;

namespace {

constexpr double kRelativeTolerance = 1e-4; ///< single precision sums in another order
constexpr double kAbsoluteTolerance = 1e-7;

struct Conv {
    int slice, index;
    std::int64_t outputs, inputs, kernel;
};
const std::vector<Conv> kAlex{
    {1, 0, 64, 3, 11}, {2, 3, 192, 64, 5}, {3, 6, 384, 192, 3}, {4, 8, 256, 384, 3}, {5, 10, 256, 256, 3}};
const std::vector<Conv> kVgg{{1, 0, 64, 3, 3}, {1, 2, 64, 64, 3}, {2, 5, 128, 64, 3}, {2, 7, 128, 128, 3},
    {3, 10, 256, 128, 3}, {3, 12, 256, 256, 3}, {3, 14, 256, 256, 3}, {4, 17, 512, 256, 3},
    {4, 19, 512, 512, 3}, {4, 21, 512, 512, 3}, {5, 24, 512, 512, 3}, {5, 26, 512, 512, 3},
    {5, 28, 512, 512, 3}};

/// A weight under the name that lpips.LPIPS has for it, as made() of the script.
TinyTensor made(const std::string& name, const std::vector<std::int64_t>& shape)
{
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    const double phase = std::accumulate(name.begin(), name.end(), 0.0);
    const bool linear = name.starts_with("lin");
    double scale = 0.5;
    if (!linear)
        scale = name.ends_with("bias")
            ? 0.1
            : 1.7 / std::sqrt(static_cast<double>(count) / static_cast<double>(shape[0]));
    std::vector<float> values;
    values.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 1; i <= count; ++i) {
        const double wave = std::sin(0.37 * static_cast<double>(i) + phase);
        values.push_back(static_cast<float>(scale * (linear ? std::abs(wave) : wave)));
    }
    TinyTensor tensor{name, "F32", shape, std::string(values.size() * sizeof(float), '\0')};
    std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
    return tensor;
}

struct State {
    std::vector<TinyTensor> network, linear;
};

State stateOf(const std::vector<Conv>& convolutions)
{
    State state;
    std::vector<std::int64_t> tapped; // channels of the last convolution of each slice
    for (const Conv& conv : convolutions) {
        const std::string name = fmt::format("net.slice{}.{}.", conv.slice, conv.index);
        state.network.push_back(made(name + "weight", {conv.outputs, conv.inputs, conv.kernel, conv.kernel}));
        state.network.push_back(made(name + "bias", {conv.outputs}));
        tapped.resize(static_cast<std::size_t>(conv.slice));
        tapped.back() = conv.outputs;
    }
    for (std::size_t i = 0; i < tapped.size(); ++i)
        state.linear.push_back(made(fmt::format("lin{}.model.1.weight", i), {1, tapped[i], 1, 1}));
    return state;
}

/// torchvision's names in place of lpips'.
void renameAsTorchvision(std::vector<TinyTensor>& network)
{
    for (TinyTensor& tensor : network)
        tensor.name = "features" + tensor.name.substr(tensor.name.find('.', std::strlen("net.")));
}

nlohmann::json references(const char* network)
{
    std::ifstream file(std::string(MANTISSA_TEST_DATA) + "/compare/lpips.json");
    return nlohmann::json::parse(file)["networks"][network];
}

void checkAgainst(const Metric& metric, const nlohmann::json& expected)
{
    const auto pairs = madePairs();
    CHECK(expected.size() == pairs.size());
    for (const MadePair& pair : pairs) {
        CAPTURE(pair.name);
        REQUIRE(expected.contains(pair.name));
        const auto value = metric.measure(pair.reference, pair.test, false).value;
        const auto& reference = expected[pair.name];
        CHECK(value.has_value() == !reference.is_null());
        if (value && !reference.is_null())
            CHECK(*value
                == Approx(reference.get<double>()).epsilon(kRelativeTolerance).margin(kAbsoluteTolerance));
    }
}

} // namespace

// Each case opens the network by the library's own function, because a program registers LPIPS only once.
TEST_CASE("LPIPS with AlexNet agrees with its authors' package, from two files with torchvision's names")
{
    const TempFolder folder;
    State state = stateOf(kAlex);
    renameAsTorchvision(state.network);
    writeTiny(folder / "network.safetensors", state.network);
    writeTiny(folder / "linear.safetensors", state.linear);
    const std::vector<std::filesystem::path> files{
        folder / "linear.safetensors", folder / "network.safetensors"};
    const std::size_t before = pictureMetrics().size();
    REQUIRE(useLpips(files));
    REQUIRE(pictureMetrics().size() == before + 1);
    const Metric* metric = findMetric("lpips");
    REQUIRE(metric != nullptr);
    CHECK(pictureMetrics().back() == metric);
    checkAgainst(*metric, references("alex"));

    const Picture picture = madePicture(70, 64, 3);
    CHECK(metric->measure(picture, picture, false).value == 0);
    const auto again = useLpips(files);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::Usage);
}

TEST_CASE("LPIPS with VGG-16 agrees with its authors' package, from one file")
{
    const TempFolder folder;
    State state = stateOf(kVgg);
    state.network.insert(state.network.end(), state.linear.begin(), state.linear.end());
    writeTiny(folder / "vgg.safetensors", state.network);
    const auto torch = loadTorch();
    REQUIRE(torch);
    const std::vector<std::shared_ptr<const TensorSource>> sources{
        openCheckpoint(folder / "vgg.safetensors").value()};
    const auto metric = (*torch)->openLpips(sources);
    REQUIRE(metric);
    checkAgainst(**metric, references("vgg"));
}

TEST_CASE("Weights that are not LPIPS's are refused by the name of the tensor")
{
    const TempFolder folder;
    const auto torch = loadTorch();
    REQUIRE(torch);
    State state = stateOf(kAlex);
    const auto refused = [&](std::vector<TinyTensor> tensors) {
        writeTiny(folder / "w.safetensors", tensors);
        const std::vector<std::shared_ptr<const TensorSource>> sources{
            openCheckpoint(folder / "w.safetensors").value()};
        const auto metric = (*torch)->openLpips(sources);
        REQUIRE_FALSE(metric);
        CHECK(metric.error().code == ErrorCode::InvalidInput);
        return metric.error().message;
    };
    CHECK(refused(state.network).find("lin0.model.1.weight") != std::string::npos);
    CHECK(refused(state.linear).find("net.slice1.0.weight") != std::string::npos);
    state.network.front().shape = {64, 3, 121};
    CHECK(refused(state.network).find("[64, 3, 121]") != std::string::npos);
}
