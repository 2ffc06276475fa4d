// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/checkpoint_diff.h"
#include "engine/export/plan_export.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <catch2/catch.hpp>
#include <cstring>

using namespace mantissa;
using namespace mantissa::test;

namespace {

std::shared_ptr<const Model> opened(const std::filesystem::path& path)
{
    auto source = openCheckpoint(path);
    REQUIRE(source);
    auto model = detectModel(std::move(*source));
    REQUIRE(model);
    return *model;
}

const LayerDifference& rowOf(const std::vector<LayerDifference>& rows, const std::string& name)
{
    for (const LayerDifference& row : rows)
        if (row.name == name)
            return row;
    FAIL("no row for " << name);
    return rows.front();
}

} // namespace

TEST_CASE("Two checkpoints are compared layer by layer, whatever they are stored in")
{
    const TempFolder folder;
    std::vector<TinyTensor> tensors{tinyRandom("blocks.0.a.weight", {64, 128}, 1),
        tinyRandom("blocks.0.b.weight", {64, 128}, 2), tinyRandom("blocks.0.c.weight", {64, 128}, 3),
        tinyRandom("blocks.0.gone.weight", {64, 128}, 4), tinyRandom("blocks.0.norm.weight", {128}, 5)};
    writeTiny(folder / "first.safetensors", tensors);
    const float one = 1;
    std::memcpy(tensors[1].bytes.data() + 4 * 77, &one, 4); // one value of b
    tensors[2] = tinyRandom("blocks.0.c.weight", {32, 128}, 3);
    tensors[3].name = "blocks.0.new.weight";
    writeTiny(folder / "second.safetensors", tensors);
    const auto first = opened(folder / "first.safetensors"), second = opened(folder / "second.safetensors");
    const auto rows = compareCheckpoints(*first, *second, {});
    REQUIRE(rows);
    CHECK(rows->size() == 6);
    CHECK(rowOf(*rows, "blocks.0.a").change == LayerChange::Same);
    CHECK(rowOf(*rows, "blocks.0.a").relativeError == 0);
    CHECK(rowOf(*rows, "blocks.0.norm").change == LayerChange::Same);
    CHECK(rowOf(*rows, "blocks.0.b").change == LayerChange::Values);
    CHECK(*rowOf(*rows, "blocks.0.b").relativeError > 0);
    CHECK(rowOf(*rows, "blocks.0.c").change == LayerChange::Reshaped);
    CHECK(rowOf(*rows, "blocks.0.gone").change == LayerChange::Missing);
    CHECK(rowOf(*rows, "blocks.0.new").change == LayerChange::Added);
    CHECK(rowOf(*rows, "blocks.0.new").layer == -1);

    QuantPlan plan;
    plan.base.format = "float8_e4m3fn";
    plan.overrides["blocks.0.b"] = {};
    REQUIRE(exportPlan(plan, first, folder / "eight.safetensors", {}, {}));
    const auto quantized = compareCheckpoints(*first, *opened(folder / "eight.safetensors"), {});
    REQUIRE(quantized);
    const LayerDifference& a = rowOf(*quantized, "blocks.0.a");
    CHECK(a.change == LayerChange::Stored);
    CHECK(a.storedSecond == "float8_e4m3fn");
    CHECK(a.bytesSecond < a.bytesFirst);
    CHECK(*a.relativeError > 0.005);
    CHECK(*a.relativeError < 0.05);
    CHECK(rowOf(*quantized, "blocks.0.b").change == LayerChange::Same);

    std::stop_source stop;
    stop.request_stop();
    const auto stopped = compareCheckpoints(*first, *second, {stop.get_token(), nullptr});
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::Cancelled);
}
