// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/shortage.h"
#include "engine/export/assembly.h"
#include "engine/export/part_file.h"
#include "engine/export/source_hasher.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_checkpoint.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <xxhash.h>

using namespace mantissa;
using namespace mantissa::test;

namespace {

/// Stores the rows as they are, divided by their sum: needs two rounds, and fails the test if the protocol of
/// calls is broken.
class ProbeEncoder final : public LayerEncoder {
public:
    explicit ProbeEncoder(MatrixShape shape)
        : m_shape(shape)
        , m_seen(static_cast<std::size_t>(shape.rows))
    { }
    std::int64_t rowGranularity() const override { return 4; }
    int statsRounds() const override { return 2; }
    void accumulate(int round, std::int64_t firstRow, std::span<const float> rows) override
    {
        if (round != m_finished)
            m_broken = true;
        mark(firstRow, rows, round + 1);
        double sum = 0;
        for (const float value : rows)
            sum += std::abs(value);
        const std::scoped_lock lock(m_mutex);
        m_sums += sum;
    }
    void finishRound(int round) override
    {
        if (round != m_finished)
            m_broken = true;
        ++m_finished;
    }
    void encode(std::int64_t firstRow, std::span<const float> rows, EncodedPieces& out) override
    {
        if (m_finished != 2)
            m_broken = true;
        mark(firstRow, rows, 3);
        const auto dst
            = out.add(0, static_cast<std::uint64_t>(firstRow * m_shape.cols) * 4, rows.size_bytes());
        std::memcpy(dst.data(), rows.data(), rows.size_bytes());
    }
    void finish(EncodedPieces& out) override
    {
        for (const auto& seen : m_seen)
            m_broken = m_broken || seen != 3;
        const float value = m_broken ? -1.0f : static_cast<float>(m_finished);
        std::memcpy(out.add(1, 0, 4).data(), &value, 4);
    }

private:
    void mark(std::int64_t firstRow, std::span<const float> rows, int step)
    {
        const auto count = static_cast<std::int64_t>(rows.size()) / m_shape.cols;
        if (firstRow % 4 != 0 || (count % 4 != 0 && firstRow + count != m_shape.rows))
            m_broken = true;
        for (std::int64_t row = firstRow; row < firstRow + count; ++row)
            if (m_seen[static_cast<std::size_t>(row)].exchange(step) != step - 1)
                m_broken = true;
    }

    MatrixShape m_shape;
    std::vector<std::atomic<int>> m_seen;
    std::mutex m_mutex;
    double m_sums = 0;
    int m_finished = 0;
    std::atomic<bool> m_broken{false};
};

struct Case {
    TempFolder folder;
    std::filesystem::path source = folder / "in.safetensors", target = folder / "out.safetensors";
    std::string weights;

    Case()
    {
        const std::vector<TinyTensor> tensors{tinyRandom("big.weight", {1031, 700}, 1),
            tinyRandom("big.bias", {1031}, 2), tinyRandom("small.weight", {3, 5}, 3),
            tinyRandom("table", {40, 50}, 4)};
        weights = tensors[0].bytes;
        writeTiny(source, tensors, {{"title", "probe"}});
    }

    Assembly assembly()
    {
        Assembly out;
        out.source = openCheckpoint(source).value();
        for (const char* name : {"big", "small"}) {
            const auto index = static_cast<std::size_t>(out.source->find(std::string(name) + ".weight"));
            const Shape& shape = out.source->tensors()[index].shape;
            EncodedLayer layer;
            layer.name = name;
            layer.format = "probe";
            layer.source = index;
            layer.shape = {shape[0], shape[1]};
            layer.encoder = std::make_shared<ProbeEncoder>(layer.shape);
            layer.outputs = {out.tensors.size(), out.tensors.size() + 1};
            out.tensors.push_back({std::string(name) + ".weight", DType::F32, shape, FromLayer{}});
            out.tensors.push_back({std::string(name) + ".scale", DType::F32, {}, FromLayer{}});
            out.layers.push_back(layer);
        }
        out.tensors.push_back({"big.bias", DType::F32, {1031},
            CopyTensor{static_cast<std::size_t>(out.source->find("big.bias"))}});
        out.tensors.push_back(
            {"table", DType::F16, {40, 50}, CopyTensor{static_cast<std::size_t>(out.source->find("table"))}});
        out.tensors.push_back({"note", DType::U8, {2}, ConstantBytes{{std::byte{'o'}, std::byte{'k'}}}});
        out.tensors.push_back(
            {"made", DType::U8, {1}, ComputedBytes{[] { return std::vector<std::byte>{std::byte{7}}; }}});
        out.metadata = {{"hash", "0123456789abcdef0123456789abcdef"}};
        out.sourceHashMarker = "0123456789abcdef0123456789abcdef";
        return out;
    }
};

std::string tensorBytes(const TensorSource& source, const char* name)
{
    const auto index = static_cast<std::size_t>(source.find(name));
    std::string bytes(static_cast<std::size_t>(source.tensors()[index].bytes), '\0');
    REQUIRE(source.read(index, 0, std::as_writable_bytes(std::span(bytes))));
    return bytes;
}

} // namespace

TEST_CASE("Every byte of an export is written once, in any number of threads")
{
    std::string first;
    for (const unsigned threads : {1u, 2u, 5u}) {
        Case data;
        Assembly assembly = data.assembly();
        const auto forecast = forecastBytes(assembly);
        WriteOptions options;
        options.threads = threads;
        Progress progress;
        const auto report = writeAssembly(assembly, data.target, options, {{}, &progress});
        REQUIRE(report);
        const std::string content = readFile(data.target);
        CHECK(content.size() == *forecast);
        CHECK(progress.snapshot().bytesDone == progress.snapshot().bytesTotal);
        const auto written = openCheckpoint(data.target);
        REQUIRE(written);
        CHECK(tensorBytes(**written, "big.weight") == data.weights);
        float stages = 0;
        std::memcpy(&stages, tensorBytes(**written, "big.scale").data(), 4);
        CHECK(stages == 2.0f);
        CHECK(tensorBytes(**written, "note") == "ok");
        CHECK(tensorBytes(**written, "made") == "\x07");
        CHECK(tensorBytes(**written, "table").size() == 4000);
        const std::string source = readFile(data.source);
        const auto hash = XXH3_128bits(source.data(), source.size());
        CHECK(report->sourceHash == fmt::format("{:016x}{:016x}", hash.high64, hash.low64));
        CHECK((*written)->info().metadata.at("hash") == report->sourceHash);
        if (first.empty())
            first = content;
        CHECK(content == first);
    }
}

TEST_CASE("A hash of the source that is known is not computed again")
{
    Case data;
    Assembly assembly = data.assembly();
    assembly.sourceHash = "000102030405060708090a0b0c0d0e0f";
    const auto report = writeAssembly(assembly, data.target, {}, {});
    REQUIRE(report);
    CHECK(report->sourceHash == assembly.sourceHash);
    CHECK(openCheckpoint(data.target).value()->info().metadata.at("hash") == assembly.sourceHash);
}

TEST_CASE("An empty matrix goes through all stages")
{
    const TempFolder folder;
    writeTiny(folder / "in", {{"w", "F32", {0, 8}, ""}});
    Assembly assembly;
    assembly.source = openCheckpoint(folder / "in").value();
    EncodedLayer layer;
    layer.shape = {0, 8};
    layer.encoder = std::make_shared<ProbeEncoder>(layer.shape);
    layer.outputs = {0, 1};
    assembly.tensors.push_back({"w", DType::F32, {0, 8}, FromLayer{}});
    assembly.tensors.push_back({"s", DType::F32, {}, FromLayer{}});
    assembly.layers.push_back(layer);
    REQUIRE(writeAssembly(assembly, folder / "out", {}, {}));
    const auto written = openCheckpoint(folder / "out");
    REQUIRE(written);
    float stages = 0;
    std::memcpy(&stages, tensorBytes(**written, "s").data(), 4);
    CHECK(stages == 2.0f);
}

TEST_CASE("NaN and infinity stop a conversion by the layer's name unless they are allowed")
{
    const TempFolder folder;
    const float bad
        = GENERATE(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity());
    TinyTensor weight = tinyF32("net.weight", {8, 8}, {1.0f});
    std::memcpy(weight.bytes.data() + 63 * 4, &bad, 4);
    writeTiny(folder / "in", {weight});
    const auto make = [&] {
        Assembly assembly;
        assembly.source = openCheckpoint(folder / "in").value();
        EncodedLayer layer;
        layer.name = "net";
        layer.shape = {8, 8};
        layer.encoder = std::make_shared<ProbeEncoder>(layer.shape);
        layer.outputs = {0, 1};
        assembly.tensors.push_back({"net.weight", DType::F32, {8, 8}, FromLayer{}});
        assembly.tensors.push_back({"net.scale", DType::F32, {}, FromLayer{}});
        assembly.layers.push_back(layer);
        return assembly;
    };
    Assembly refused = make();
    const auto report = writeAssembly(refused, folder / "out", {}, {});
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::InvalidInput);
    CHECK(report.error().message.find("net") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "out"));
    CHECK_FALSE(std::filesystem::exists(partPath(folder / "out")));

    Assembly allowed = make();
    WriteOptions options;
    options.allowNonFinite = true;
    const auto written = writeAssembly(allowed, folder / "out", options, {});
    REQUIRE(written);
    CHECK(written->layers[0].nonFinite == 1);
}

TEST_CASE("The input is never the output")
{
    Case data;
    const std::string before = readFile(data.source);
    Assembly assembly = data.assembly();
    WriteOptions options;
    options.overwrite = true;
    std::filesystem::create_hard_link(data.source, data.folder / "link");
    for (const auto& path : {data.source, data.folder / "link"}) {
        const auto report = writeAssembly(assembly, path, options, {});
        REQUIRE_FALSE(report);
        CHECK(report.error().code == ErrorCode::Usage);
    }
    CHECK(readFile(data.source) == before);
}

TEST_CASE("A cancelled export leaves a part that resuming finishes to the same bytes")
{
    Case data;
    Assembly whole = data.assembly();
    const auto reference = data.folder / "reference";
    REQUIRE(writeAssembly(whole, reference, {}, {}));

    std::stop_source stop;
    stop.request_stop();
    Assembly cancelled = data.assembly();
    const auto report = writeAssembly(cancelled, data.target, {}, {stop.get_token(), nullptr});
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::Cancelled);
    CHECK_FALSE(std::filesystem::exists(data.target));
    CHECK(std::filesystem::exists(partPath(data.target)));

    Assembly rest = data.assembly();
    WriteOptions options;
    options.resume = true;
    REQUIRE(writeAssembly(rest, data.target, options, {}));
    CHECK(readFile(data.target) == readFile(reference));
}

TEST_CASE("Memory that runs out ends the work with a sentence, and what is finished is kept")
{
    Case data;
    Assembly whole = data.assembly();
    const auto reference = data.folder / "reference";
    REQUIRE(writeAssembly(whole, reference, {}, {}));

    for (const unsigned threads : {1u, 4u}) {
        CAPTURE(threads);
        Assembly starved = data.assembly();
        starved.layers[1].decode = [](std::int64_t, std::int64_t, std::span<float>) -> Status {
            throw std::bad_alloc(); // on a worker thread, where nobody else would catch it
        };
        WriteOptions options;
        options.threads = threads;
        const auto report = writeAssembly(starved, data.target, options, {});
        REQUIRE_FALSE(report);
        CHECK(report.error().code == ErrorCode::System);
        CHECK(report.error().where == "small");
        CHECK(shortageOf(report.error()) == Shortage::Memory);
        CHECK(std::filesystem::exists(partPath(data.target)));

        Assembly rest = data.assembly();
        options.resume = true;
        REQUIRE(writeAssembly(rest, data.target, options, {}));
        CHECK(readFile(data.target) == readFile(reference));
        std::filesystem::remove(data.target);
    }

    Assembly odd = data.assembly();
    odd.layers[1].decode
        = [](std::int64_t, std::int64_t, std::span<float>) -> Status { throw std::runtime_error("odd"); };
    const auto report = writeAssembly(odd, data.target, {}, {});
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::Internal);
    CHECK_FALSE(shortageOf(report.error()).has_value());
    CHECK_FALSE(std::filesystem::exists(partPath(data.target)));
}

TEST_CASE("Rows that do not fit the memory limit are refused by name")
{
    const TempFolder folder;
    writeTiny(folder / "in", {tinyF32("wide.weight", {4, 400000}, {0.5f})});
    Assembly assembly;
    assembly.source = openCheckpoint(folder / "in").value();
    EncodedLayer layer;
    layer.name = "wide";
    layer.shape = {4, 400000};
    layer.encoder = std::make_shared<ProbeEncoder>(layer.shape);
    layer.outputs = {0, 1};
    assembly.tensors.push_back({"wide.weight", DType::F32, {4, 400000}, FromLayer{}});
    assembly.tensors.push_back({"wide.scale", DType::F32, {}, FromLayer{}});
    assembly.layers.push_back(layer);
    WriteOptions options;
    options.memoryLimit = std::uint64_t{9} << 20;
    const auto refused = writeAssembly(assembly, folder / "out", options, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::System);
    CHECK(refused.error().where == "wide");
    options.memoryLimit = std::uint64_t{20} << 20; // enough for one of the two threads
    CHECK(writeAssembly(assembly, folder / "out", options, {}).has_value());
}
