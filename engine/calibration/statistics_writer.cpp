// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/calibration/statistics_file.h"

#include "engine/calibration/statistics_layout.h"
#include "engine/export/part_file.h"
#include "engine/export/provenance.h"
#include "engine/io/safetensors_header.h"
#include "engine/base/json.h"

#include <algorithm>

namespace mantissa {

namespace {

using Json = nlohmann::ordered_json;

std::string metadataOf(const StatisticsHeader& header, std::span<const InputStatistics* const> inputs)
{
    Json prompts = Json::array();
    for (const CalibratedPrompt& prompt : header.prompts) {
        prompts.push_back({{"text", prompt.text}, {"seed", prompt.seed}, {"width", prompt.width},
            {"height", prompt.height}});
        if (prompt.frames != 1)
            prompts.back()["frames"] = prompt.frames;
    }
    Json list = Json::array();
    for (const InputStatistics* input : inputs)
        list.push_back({{"name", input->name}, {"layers", input->layers}, {"channels", input->channels},
            {"tokens", input->tokens}, {"non_finite", input->nonFinite},
            {"moment_tokens", input->momentTokens}, {"bin_exponent", input->histogram.exponent()}});
    const Json document{{"version", kStatisticsVersion}, {"program", std::string(programVersion())},
        {"model", {{"xxh3_128", header.modelHash}, {"architecture", header.architecture}}},
        {"data", header.randomData ? "random" : "prompts"}, {"components", header.components},
        {"sampler", header.sampler}, {"scheduler", header.scheduler}, {"steps", header.steps},
        {"cfg", header.cfg}, {"bucket_axis", header.bucketAxis}, {"prompts", prompts}, {"inputs", list}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The tensors of all inputs, and where each comes from.
struct Layout {
    std::vector<HeaderTensor> tensors;
    std::vector<std::function<Status(PartFile&, std::uint64_t)>> writers; ///< one a tensor

    template <typename T>
    void add(const InputStatistics& input, std::string_view what, DType dtype, Shape shape,
        std::function<std::vector<T>()> values)
    {
        tensors.push_back({statisticsTensor(input.name, what), dtype, std::move(shape)});
        writers.push_back([values = std::move(values)](PartFile& file, std::uint64_t offset) {
            const std::vector<T> content = values();
            return file.write(offset, std::as_bytes(std::span(content)));
        });
    }
};

void addInput(Layout& layout, const InputStatistics& input, std::size_t index, const MomentRows& rows)
{
    const auto channels = static_cast<std::int64_t>(input.channels);
    layout.add<double>(input, kSum, DType::F64, {channels}, [&] { return input.sum; });
    layout.add<double>(input, kSumAbs, DType::F64, {channels}, [&] { return input.sumAbs; });
    layout.add<float>(input, kMinimum, DType::F32, {channels}, [&] { return input.minimum; });
    layout.add<float>(input, kMaximum, DType::F32, {channels}, [&] { return input.maximum; });
    layout.add<float>(
        input, kBucketAbsMax, DType::F32, {kTimestepBuckets, channels}, [&] { return input.bucketAbsMax; });
    layout.add<std::uint64_t>(
        input, kHistogram, DType::U64, {static_cast<std::int64_t>(MagnitudeHistogram::kBins)}, [&] {
            const auto counts = input.histogram.counts();
            return std::vector<std::uint64_t>(counts.begin(), counts.end());
        });
    if (const auto held = static_cast<std::int64_t>(input.heldOut.count()); held > 0) {
        layout.add<std::uint64_t>(
            input, kHeldOutKeys, DType::U64, {held}, [&] { return input.heldOut.keys(); });
        layout.add<float>(
            input, kHeldOut, DType::F32, {held, channels}, [&] { return input.heldOut.rows(); });
    }
    if (!input.hasMoment)
        return;
    layout.tensors.push_back({statisticsTensor(input.name, kMoment), DType::F32, {channels, channels}});
    layout.writers.push_back([&rows, index, width = input.channels](PartFile& file, std::uint64_t offset) {
        const std::size_t tile = momentTileRows(width);
        std::vector<float> buffer(tile * width);
        for (std::size_t first = 0; first < width; first += tile) {
            const std::span<float> part(buffer.data(), std::min(tile, width - first) * width);
            if (Status read = rows(index, first, part); !read)
                return read;
            if (Status written = file.write(offset + first * width * sizeof(float), std::as_bytes(part));
                !written)
                return written;
        }
        return Status{};
    });
}

} // namespace

Status writeStatistics(const std::filesystem::path& path, bool overwrite, const StatisticsHeader& header,
    std::span<const InputStatistics* const> inputs, const MomentRows& rows)
{
    Layout layout;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        addInput(layout, *inputs[i], i, rows);
    const auto head = makeSafetensorsHeader(layout.tensors,
        {{"format", std::string(kStatisticsKey)}, {std::string(kStatisticsKey), metadataOf(header, inputs)}});
    if (!head)
        return tl::unexpected(head.error());
    PartFileOptions options;
    options.target = path;
    options.bytes = head->bytes.size() + head->dataBytes;
    options.fingerprint = kStatisticsKey;
    options.overwrite = overwrite;
    auto file = PartFile::create(options);
    if (!file)
        return tl::unexpected(file.error());
    const auto writeAll = [&]() -> Status {
        if (Status status = (*file)->write(0, std::as_bytes(std::span(head->bytes))); !status)
            return status;
        for (std::size_t i = 0; i < layout.writers.size(); ++i)
            if (Status status = layout.writers[i](**file, head->bytes.size() + head->offsets[i]); !status)
                return status;
        return (*file)->commit();
    };
    Status status = writeAll();
    if (!status)
        (*file)->discard();
    return status;
}

} // namespace mantissa
