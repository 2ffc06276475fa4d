// SPDX-License-Identifier: GPL-3.0-or-later
// An interrupted export of one plan, finished with another: what comes out the same is not made again, and
// the file is that of the new plan to the byte. And what a clip of inputs becomes in a file.
#include "engine/export/part_file.h"
#include "engine/export/plan_export.h"
#include "engine/formats/activation_grid.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <mutex>
#include <set>

using namespace mantissa;
using namespace mantissa::test;
namespace fs = std::filesystem;

namespace {

constexpr int kLayers = 6;

/// Reads through to a file, remembers what was read, and asks for a stop when one tensor is read.
class WatchedSource final : public TensorSource {
public:
    explicit WatchedSource(std::shared_ptr<const TensorSource> inner)
        : m_inner(std::move(inner))
    {
        m_info = m_inner->info();
        setTensors({m_inner->tensors().begin(), m_inner->tensors().end()});
    }
    Status read(std::size_t tensor, std::uint64_t offset, std::span<std::byte> dst) const override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_read.insert(tensors()[tensor].name);
        }
        if (tensors()[tensor].name == stopAt)
            stop.request_stop();
        return m_inner->read(tensor, offset, dst);
    }
    bool wasRead(const std::string& name) const { return m_read.contains(name); }

    std::string stopAt;
    mutable std::stop_source stop;

private:
    std::shared_ptr<const TensorSource> m_inner;
    mutable std::mutex m_mutex;
    mutable std::set<std::string> m_read;
};

std::string layerName(int index)
{
    return "blocks." + std::to_string(index) + ".linear";
}

struct Case {
    TempFolder folder;
    fs::path source = folder / "in.safetensors", target = folder / "out.safetensors";
    std::shared_ptr<WatchedSource> watched;
    QuantPlan plan;

    Case()
    {
        std::vector<TinyTensor> tensors;
        for (int i = 0; i < kLayers; ++i) {
            tensors.push_back(tinyRandom(layerName(i) + ".weight", {128, 256}, unsigned(i) + 1));
            tensors.push_back(tinyRandom(layerName(i) + ".bias", {128}, unsigned(i) + 100));
        }
        writeTiny(source, tensors);
        plan.base.format = "float8_e4m3fn";
    }
    std::shared_ptr<const Model> open()
    {
        auto opened = openCheckpoint(source);
        REQUIRE(opened);
        watched = std::make_shared<WatchedSource>(std::move(*opened));
        auto model = detectModel(watched);
        REQUIRE(model);
        return *model;
    }
    /// Stops while this layer is being read.
    void interruptAt(int layer)
    {
        const auto model = open();
        watched->stopAt = layerName(layer) + ".weight";
        WriteOptions options;
        options.threads = 1;
        const auto report = exportPlan(plan, model, target, options, {watched->stop.get_token(), nullptr});
        REQUIRE_FALSE(report);
        REQUIRE(report.error().code == ErrorCode::Cancelled);
    }
    WriteReport finish(const QuantPlan& with)
    {
        const auto model = open();
        WriteOptions options;
        options.resume = true;
        auto report = exportPlan(with, model, target, options, {});
        INFO((report ? std::string() : std::string(report.error().message)));
        REQUIRE(report);
        return std::move(*report);
    }
    std::string fresh(const QuantPlan& with)
    {
        const fs::path path = folder / "fresh.safetensors";
        const auto model = open();
        WriteOptions options;
        options.overwrite = true;
        REQUIRE(exportPlan(with, model, path, options, {}));
        return readFile(path);
    }
};

} // namespace

TEST_CASE("Only what a changed plan touches is done again")
{
    Case data;
    data.interruptAt(4);
    QuantPlan changed = data.plan;
    changed.overrides[layerName(1)] = {"nvfp4", {}}; // finished already, and another size: all offsets move
    changed.overrides[layerName(5)] = {"int8_tensorwise", {}}; // not reached yet
    const std::string expected = data.fresh(changed);

    const WriteReport report = data.finish(changed);
    CHECK(report.resumedLayers == 3); // 0, 2 and 3
    CHECK(readFile(data.target) == expected);
    CHECK_FALSE(fs::exists(partPath(data.target)));
    CHECK_FALSE(fs::exists(journalPath(data.target)));
    CHECK(fs::directory_iterator(data.folder.path()) != fs::directory_iterator());
    for (const auto& entry : fs::directory_iterator(data.folder.path()))
        CHECK(entry.path().extension() != ".next");
}

TEST_CASE("A plan that is changed twice keeps what both changes leave")
{
    Case data;
    data.interruptAt(4);
    data.plan.overrides[layerName(1)] = {"nvfp4", {}};
    { // Stops again, while the changed layer is made.
        const auto model = data.open();
        data.watched->stopAt = layerName(1) + ".weight";
        WriteOptions options;
        options.threads = 1;
        options.resume = true;
        REQUIRE_FALSE(
            exportPlan(data.plan, model, data.target, options, {data.watched->stop.get_token(), nullptr}));
    }
    QuantPlan changed = data.plan;
    changed.overrides[layerName(2)] = {};
    const std::string expected = data.fresh(changed);
    CHECK(data.finish(changed).resumedLayers == 2); // 0 and 3
    CHECK(readFile(data.target) == expected);
}

TEST_CASE("Nothing is kept of another source, another recipe, or without being asked")
{
    Case data;
    data.interruptAt(3);
    SECTION("recipe")
    {
        QuantPlan changed = data.plan;
        changed.recipe = "absmax";
        const std::string expected = data.fresh(changed);
        CHECK(data.finish(changed).resumedLayers == 0);
        CHECK(readFile(data.target) == expected);
    }
    SECTION("source")
    {
        std::vector<TinyTensor> tensors;
        for (int i = 0; i < kLayers; ++i)
            tensors.push_back(tinyRandom(layerName(i) + ".weight", {128, 256}, unsigned(i) + 50));
        writeTiny(data.source, tensors);
        const std::string expected = data.fresh(data.plan);
        CHECK(data.finish(data.plan).resumedLayers == 0);
        CHECK(readFile(data.target) == expected);
    }
    SECTION("damaged journal")
    {
        const std::string journal = readFile(journalPath(data.target));
        std::string torn = journal;
        for (std::size_t at = torn.find('+'); at != std::string::npos; at = torn.find('+', at + 1))
            torn[at + 1] = '9'; // other lengths: such items do not fit
        std::ofstream(journalPath(data.target), std::ios::binary) << torn;
        QuantPlan changed = data.plan;
        changed.overrides[layerName(5)] = {};
        const std::string expected = data.fresh(changed);
        CHECK(data.finish(changed).resumedLayers == 0);
        CHECK(readFile(data.target) == expected);
    }
}

TEST_CASE("A clip of inputs is stored as the layer's input_scale, and nothing else changes")
{
    Case data;
    QuantPlan clipped = data.plan;
    clipped.overrides[layerName(2)] = {"float8_e4m3fn", {}, 13.5};
    clipped.overrides[layerName(4)] = {"nvfp4", {}, 2.25};
    const auto model = data.open();
    const auto forecast = forecastFileBytes(clipped, model);
    REQUIRE(forecast);
    const std::string with = data.fresh(clipped);
    CHECK(with.size() == *forecast);

    const auto opened = openCheckpoint(data.folder / "fresh.safetensors");
    REQUIRE(opened);
    for (int i = 0; i < kLayers; ++i) {
        const auto index = (*opened)->find(layerName(i) + ".input_scale");
        CAPTURE(i);
        REQUIRE((index >= 0) == (i == 2 || i == 4));
        if (index < 0)
            continue;
        const TensorInfo& info = (*opened)->tensors()[static_cast<std::size_t>(index)];
        CHECK(info.dtype == DType::F32);
        CHECK(info.shape.empty());
        float scale = 0;
        REQUIRE((*opened)->read(
            static_cast<std::size_t>(index), 0, std::as_writable_bytes(std::span(&scale, 1))));
        CHECK(scale == (i == 2 ? 13.5F / 448 : 2.25F / 2688));
    }
    // The file is read back with its clip among what belongs to the layer.
    const auto again = detectModel(*opened);
    REQUIRE(again);
    for (const Layer& layer : (*again)->layers)
        CHECK(layer.stored.has_value());

    // What was finished without the clip is kept: only the scale is new.
    data.interruptAt(5);
    CHECK(data.finish(clipped).resumedLayers == 4); // all of 0 to 4 but the one in NVFP4
    CHECK(readFile(data.target) == with);
}

TEST_CASE("Inputs above a stored scale are cut, those below are rounded by it")
{
    std::vector<float> tokens(32, 0.5F);
    tokens[3] = 100;
    tokens[4] = -100;
    const float scale = 10.0F / 448;
    for (const auto grid : {ActivationGrid::Fp8Tensor, ActivationGrid::Nvfp4}) {
        std::vector<float> rounded = tokens;
        const float clip = grid == ActivationGrid::Nvfp4 ? 10.0F / 2688 : scale;
        roundActivations(grid, rounded, 32, clip);
        CHECK(rounded[3] == Approx(10).epsilon(0.01));
        CHECK(rounded[4] == Approx(-10).epsilon(0.01));
        CHECK(rounded[20] == Approx(0.5).epsilon(0.1));
        std::vector<float> dynamic = tokens;
        roundActivations(grid, dynamic, 32);
        CHECK(dynamic[3] == Approx(100).epsilon(0.01));
    }
}
