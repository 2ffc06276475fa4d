// SPDX-License-Identifier: GPL-3.0-or-later
// The programs that make checkpoints: what they write opens, is what the manifest says, and looks trained.
#include "engine/model/model.h"
#include "kernels/number_formats.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

using namespace mantissa;

namespace {

void run(const std::string& program, const std::vector<std::string>& arguments)
{
    const auto result = test::runProcess(test::builtProgram(program), arguments);
    INFO(result.err);
    REQUIRE(result.exitCode == 0);
}

std::shared_ptr<const TensorSource> open(const std::filesystem::path& path)
{
    auto source = openCheckpoint(path);
    REQUIRE(source);
    return *source;
}

std::vector<std::byte> read(const TensorSource& source, std::size_t tensor)
{
    std::vector<std::byte> bytes(source.tensors()[tensor].bytes);
    REQUIRE(source.read(tensor, 0, bytes));
    return bytes;
}

std::vector<double> halves(const TensorSource& source, const std::string& name)
{
    const std::ptrdiff_t index = source.find(name);
    REQUIRE(index >= 0);
    const auto bytes = read(source, static_cast<std::size_t>(index));
    std::vector<std::uint16_t> codes(bytes.size() / 2);
    std::memcpy(codes.data(), bytes.data(), bytes.size());
    std::vector<double> values;
    for (const std::uint16_t code : codes)
        values.push_back(static_cast<double>(kernels::decodeF16(code)));
    return values;
}

double deviation(const std::vector<double>& values)
{
    double squares = 0;
    for (const double value : values)
        squares += value * value;
    return std::sqrt(squares / static_cast<double>(values.size()));
}

} // namespace

TEST_CASE("a sparse checkpoint has the size of a full one and takes no space", "[tools]")
{
    const test::TempFolder folder;
    run("synth_checkpoint",
        {MANTISSA_TEST_DATA "/manifests/sdxl_base.json", folder / "xl.safetensors", "--sparse"});
    const auto source = open(folder / "xl.safetensors");
    CHECK(source->totalBytes() == 6937676352);
    CHECK(source->tensors().size() == 2515);
    const auto model = detectModel(source);
    REQUIRE(model);
    CHECK((*model)->architecture.id == "sdxl");
    CHECK((*model)->architecture.confidence == Confidence::Exact);
    CHECK((*model)->components.front().parameters == 2567463684);
}

TEST_CASE("synthesised weights look trained and follow from the seed", "[tools]")
{
    const test::TempFolder folder;
    const std::string manifest = folder / "manifest.json";
    test::writeFile(manifest, R"([{"name": "blocks.0.fc.weight", "dtype": "F32", "shape": [1024, 1024]},
        {"name": "blocks.0.fc.bias", "dtype": "F16", "shape": [1024]},
        {"name": "blocks.0.norm.weight", "dtype": "BF16", "shape": [1024]},
        {"name": "tiny.weight", "dtype": "F16", "shape": [3, 5]},
        {"name": "none.weight", "dtype": "F16", "shape": [0, 5]},
        {"name": "position_ids", "dtype": "I64", "shape": [1, 77]}])");
    run("synth_checkpoint", {manifest, folder / "a", "--dtype", "F16", "--prefix", "net.", "--threads", "2"});
    run("synth_checkpoint", {manifest, folder / "b", "--dtype", "F16", "--prefix", "net.", "--threads", "1"});
    run("synth_checkpoint", {manifest, folder / "c", "--dtype", "F16", "--prefix", "net.", "--seed", "7"});
    CHECK(test::readFile(folder / "a") == test::readFile(folder / "b"));
    CHECK(test::readFile(folder / "a") != test::readFile(folder / "c"));

    const auto source = open(folder / "a");
    REQUIRE(source->tensors().size() == 6);
    const std::vector<double> weight = halves(*source, "net.blocks.0.fc.weight");
    REQUIRE(weight.size() == 1024 * 1024);
    CHECK(deviation(weight) > 1.0 / 32); // 1/sqrt(1024), and outliers on top
    CHECK(deviation(weight) < 2.0 / 32);
    std::size_t outliers = 0;
    for (std::size_t column = 0; column < 1024; ++column) {
        std::vector<double> values;
        for (std::size_t row = 0; row < 1024; ++row)
            values.push_back(weight[row * 1024 + column]);
        const double wide = deviation(values) * 32;
        CHECK(wide > 0.85);
        outliers += wide > 3 ? 1 : 0;
    }
    CHECK(outliers >= 1);
    CHECK(outliers <= 4);
    double mean = 0;
    for (const double value : halves(*source, "net.blocks.0.norm.weight"))
        mean += value / 1024;
    CHECK(mean == Approx(1.0).margin(0.02));
    const auto ids = read(*source, static_cast<std::size_t>(source->find("net.position_ids")));
    std::int64_t last = 0;
    std::memcpy(&last, ids.data() + 76 * 8, 8);
    CHECK(last == 76);
}

TEST_CASE("an expanded fixture is the network that its rule describes", "[tools]")
{
    const test::TempFolder folder;
    run("expand_golden", {MANTISSA_TEST_DATA "/arch/auraflow.safetensors", folder / "whole"});
    const auto source = open(folder / "whole");
    CHECK(source->tensors().size() == 43);
    CHECK(source->info().metadata.at("arch") == "auraflow");
    const auto model = detectModel(source);
    REQUIRE(model);
    CHECK((*model)->architecture.id == "auraflow");
    CHECK((*model)->components.front().parameters == 399040);
    // First elements of one weight, from the reference implementation of the rule in Python.
    const std::vector<double> values = halves(*source, "model.final_linear.weight");
    REQUIRE(values.size() > 3);
    CHECK(values[0] == 0.04534912109375);
    CHECK(values[1] == 0.1640625);
    CHECK(values[2] == -0.208251953125);
}

TEST_CASE("wrong use is refused", "[tools]")
{
    const test::TempFolder folder;
    const auto code = [](const std::string& program, const std::vector<std::string>& arguments) {
        return test::runProcess(test::builtProgram(program), arguments).exitCode;
    };
    CHECK(code("synth_checkpoint", {}) == 2);
    CHECK(code("synth_checkpoint", {"--wat", "x", "y"}) == 2);
    CHECK(code("synth_checkpoint", {folder / "missing.json", folder / "x"}) == 5);
    CHECK(code("expand_golden", {"one"}) == 2);
    CHECK(code("expand_golden", {"resources/sample/tiny-sd.safetensors", folder / "x"}) == 3);
}
