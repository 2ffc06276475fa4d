// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/export/assembly.h"

#include "engine/base/shortage.h"
#include "engine/base/text_hash.h"
#include "engine/export/cast.h"
#include "engine/export/layer_error.h"
#include "engine/export/layer_work.h"
#include "engine/export/part_file.h"
#include "engine/export/source_hasher.h"
#include "engine/formats/stored_bytes.h"
#include "engine/io/safetensors_header.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace mantissa {
namespace {

/// Copies travel in pieces of this size; a multiple of every element size.
constexpr std::uint64_t kCopyBytes = std::uint64_t{4} << 20;

/// Everything that the workers of one export share.
struct Export {
    Assembly& assembly;
    const WriteOptions& options;
    const JobContext& job;
    std::vector<std::uint64_t> offsets; ///< of each output tensor in the file
    std::unique_ptr<PartFile> part;
    SourceHasher hasher;
    WriteReport report;
    std::atomic<std::uint64_t> bytesRead{0}, bytesWritten{0};
    std::mutex wholeMutex; ///< one layer at a time is quantized as a whole
    std::mutex failMutex;
    std::optional<Error> failed;

    Export(Assembly& a, const WriteOptions& o, const JobContext& j)
        : assembly(a)
        , options(o)
        , job(j)
        , hasher(a.source->info())
    { }

    Status write(std::size_t tensor, std::uint64_t offset, std::span<const std::byte> bytes)
    {
        bytesWritten.fetch_add(bytes.size(), std::memory_order_relaxed);
        return part->write(offsets[tensor] + offset, bytes);
    }
    /// Whether the source's hash is wanted, and not known yet.
    bool hashes() const { return !assembly.sourceHashMarker.empty() && assembly.sourceHash.empty(); }
    void progress(std::uint64_t bytes)
    {
        bytesRead.fetch_add(bytes, std::memory_order_relaxed);
        if (job.progress)
            job.progress->addBytes(bytes);
    }
};

/// Buffers that one worker keeps between tasks.
struct Scratch {
    std::vector<std::byte> raw, cast;
    std::vector<float> rows, decoded;
    EncodedPieces pieces;
};

std::uint64_t bytesOf(const OutputTensor& tensor)
{
    return byteCount(tensor.dtype, elementCount(tensor.shape).value_or(0)).value_or(0);
}

Status copyTensor(Export& work, std::size_t index, std::size_t source, Scratch& scratch)
{
    const TensorInfo& from = work.assembly.source->tensors()[source];
    const OutputTensor& to = work.assembly.tensors[index];
    for (std::uint64_t done = 0; done < from.bytes;) {
        if (work.job.cancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        const std::uint64_t size = std::min(kCopyBytes, from.bytes - done);
        scratch.raw.resize(static_cast<std::size_t>(size));
        if (Status status = work.assembly.source->read(source, done, scratch.raw); !status)
            return status;
        std::uint64_t target = done;
        std::span<const std::byte> bytes = scratch.raw;
        if (from.dtype != to.dtype) {
            target = done * static_cast<std::uint64_t>(bitsOf(to.dtype))
                / static_cast<std::uint64_t>(bitsOf(from.dtype));
            if (Status status = castElements(from.dtype, scratch.raw, to.dtype, scratch.cast, scratch.rows,
                    work.options.allowNonFinite);
                !status)
                return tl::unexpected(std::move(status.error()).at(from.name));
            bytes = scratch.cast;
        }
        if (Status status = work.write(index, target, bytes); !status)
            return status;
        work.progress(from.encoding != nullptr ? size * from.encodedBytes / from.bytes : size);
        done += size;
    }
    return {};
}

Status writeTensor(Export& work, std::size_t index, Scratch& scratch)
{
    const OutputTensor& tensor = work.assembly.tensors[index];
    if (const auto* copy = std::get_if<CopyTensor>(&tensor.content))
        return copyTensor(work, index, copy->source, scratch);
    if (const auto* constant = std::get_if<ConstantBytes>(&tensor.content))
        return work.write(index, 0, constant->bytes);
    const auto bytes = std::get<ComputedBytes>(tensor.content).compute();
    if (!bytes)
        return tl::unexpected(bytes.error());
    if (bytes->size() != bytesOf(tensor))
        return fail(ErrorCode::Internal, "{} has {} bytes instead of {}", tensor.name, bytes->size(),
            bytesOf(tensor));
    return work.write(index, 0, *bytes);
}

/// Float rows of a layer, checked for values that are not numbers; gives how many there are, where they are
/// allowed.
Result<std::uint64_t> readRows(Export& work, const EncodedLayer& layer, std::int64_t firstRow,
    std::int64_t rowCount, std::vector<std::byte>& raw, std::span<float> rows)
{
    if (layer.decode) {
        if (Status status = layer.decode(firstRow, rowCount, rows); !status)
            return forward(std::move(status));
    } else {
        const TensorInfo& tensor = work.assembly.source->tensors()[layer.source];
        const auto width = static_cast<std::uint64_t>(bitsOf(tensor.dtype)) / 8;
        raw.resize(rows.size() * width);
        const auto offset = static_cast<std::uint64_t>(firstRow * layer.shape.cols) * width;
        if (Status status = work.assembly.source->read(layer.source, offset, raw); !status)
            return forward(std::move(status));
        if (Status status = toFloats(tensor.dtype, raw, rows); !status)
            return tl::unexpected(std::move(status.error()).at(tensor.name));
    }
    const std::uint64_t bad = countNonFinite(rows);
    if (bad > 0 && !work.options.allowNonFinite)
        return tl::unexpected(Error{ErrorCode::InvalidInput,
            sentence(
                "{} holds NaN or infinity in {} of its weights from row {} on", layer.name, bad, firstRow),
            layer.name, "the checkpoint is damaged; --allow-nonfinite converts it all the same"});
    return bad;
}

Status writePieces(Export& work, const EncodedLayer& layer, const EncodedPieces& pieces)
{
    for (const EncodedPieces::Piece& piece : pieces.pieces())
        if (Status status = work.write(layer.outputs[piece.tensor], piece.offset, pieces.bytes(piece));
            !status)
            return status;
    return {};
}

/// Decodes the pieces of a block that was just encoded and adds up its error.
Status measureBlock(ActiveLayer& active, const WorkTask& task, Scratch& scratch)
{
    const EncodedLayer& layer = *active.layer;
    EncodedPieces scalars;
    {
        const std::scoped_lock lock(active.resultMutex);
        layer.encoder->finish(scalars);
    }
    scratch.decoded.resize(scratch.rows.size());
    if (Status status = decodeFreshRows(*layer.storage, layer.shape, layer.params, scratch.pieces, scalars,
            task.firstRow, task.rowCount, scratch.decoded);
        !status)
        return status;
    const ErrorSums sums = sumErrors(scratch.rows, scratch.decoded);
    const std::scoped_lock lock(active.resultMutex);
    active.signal += sums.signal;
    active.noise += sums.noise;
    return {};
}

Status runBlock(Export& work, const WorkTask& task, Scratch& scratch)
{
    ActiveLayer& active = *task.active;
    const EncodedLayer& layer = *active.layer;
    scratch.rows.resize(static_cast<std::size_t>(task.rowCount * layer.shape.cols));
    const auto bad = readRows(work, layer, task.firstRow, task.rowCount, scratch.raw, scratch.rows);
    if (!bad)
        return tl::unexpected(bad.error());
    if (*bad > 0 && active.stage == active.rounds) {
        const std::scoped_lock lock(active.resultMutex);
        active.nonFinite += *bad;
    }
    if (active.stage < active.rounds) {
        layer.encoder->accumulate(active.stage, task.firstRow, scratch.rows);
        return {};
    }
    scratch.pieces.clear();
    layer.encoder->encode(task.firstRow, scratch.rows, scratch.pieces);
    if (work.options.measureErrors && layer.storage)
        if (Status status = measureBlock(active, task, scratch); !status)
            return status;
    const TensorInfo& tensor = work.assembly.source->tensors()[layer.source];
    const auto rows = std::max<std::int64_t>(1, layer.shape.rows);
    work.progress(
        tensor.storedBytes() * static_cast<std::uint64_t>(task.rowCount) / static_cast<std::uint64_t>(rows));
    return writePieces(work, layer, scratch.pieces);
}

/// Sets the error that a decoder sees, from sums of squares.
void reportError(LayerReport& report, double signal, double noise)
{
    if (signal <= 0)
        return;
    report.relativeError = std::sqrt(noise / signal);
    if (noise > 0)
        report.snrDb = 10 * std::log10(signal / noise);
}

void warnOfNonFinite(Export& work, const EncodedLayer& layer, std::uint64_t count)
{
    if (work.job.progress && count > 0)
        work.job.progress->log(
            LogLevel::Warning, sentence("{} weights are NaN or infinity", count), layer.name);
}

Status endStage(Export& work, const WorkTask& task, const WorkItem& item, Scratch& scratch)
{
    ActiveLayer& active = *task.active;
    EncodedLayer& layer = *active.layer;
    if (active.stage < active.rounds) {
        layer.encoder->finishRound(active.stage);
        return {};
    }
    scratch.pieces.clear();
    layer.encoder->finish(scratch.pieces);
    if (Status status = writePieces(work, layer, scratch.pieces); !status)
        return status;
    LayerReport& report = work.report.layers[static_cast<std::size_t>(item.layer)];
    report.nonFinite = active.nonFinite;
    if (work.options.measureErrors)
        reportError(report, active.signal, active.noise);
    warnOfNonFinite(work, layer, active.nonFinite);
    layer.encoder.reset(); // its statistics are not needed any more
    return {};
}

/// A layer that is quantized as one matrix.
Status runWhole(Export& work, const WorkItem& item, Scratch& scratch)
{
    EncodedLayer& layer = work.assembly.layers[static_cast<std::size_t>(item.layer)];
    LayerReport& report = work.report.layers[static_cast<std::size_t>(item.layer)];
    const std::scoped_lock alone(work.wholeMutex);
    std::vector<float> rows(static_cast<std::size_t>(layer.shape.rows * layer.shape.cols));
    const std::int64_t step
        = std::max<std::int64_t>(1, static_cast<std::int64_t>(kCopyBytes / sizeof(float)) / layer.shape.cols);
    for (std::int64_t row = 0; row < layer.shape.rows; row += step) {
        const std::int64_t count = std::min(step, layer.shape.rows - row);
        const auto bad = readRows(work, layer, row, count, scratch.raw,
            std::span(rows).subspan(static_cast<std::size_t>(row * layer.shape.cols),
                static_cast<std::size_t>(count * layer.shape.cols)));
        if (!bad)
            return tl::unexpected(bad.error());
        report.nonFinite += *bad;
    }
    warnOfNonFinite(work, layer, report.nonFinite);
    if (work.job.progress)
        work.job.progress->setCurrent(layer.name);
    const auto done = layer.whole(rows, work.job);
    if (!done)
        return tl::unexpected(done.error());
    if (done->tensors.size() != layer.outputs.size())
        return fail(ErrorCode::Internal, "{} became {} tensors instead of {}", layer.name,
            done->tensors.size(), layer.outputs.size());
    for (std::size_t i = 0; i < layer.outputs.size(); ++i) {
        if (done->tensors[i].size() != bytesOf(work.assembly.tensors[layer.outputs[i]]))
            return fail(ErrorCode::Internal, "{} has {} bytes", work.assembly.tensors[layer.outputs[i]].name,
                done->tensors[i].size());
        if (Status status = work.write(layer.outputs[i], 0, done->tensors[i]); !status)
            return status;
    }
    report.keptPlain = done->keptPlain;
    if (done->outputError && *done->outputError > 0)
        report.outputSnrDb = -10 * std::log10(*done->outputError);
    if (done->plainOutputError && done->outputError && *done->outputError > 0)
        report.outputGainDb = 10 * std::log10(*done->plainOutputError / *done->outputError);
    if (work.options.measureErrors && layer.storage) {
        const auto decoded = decodeWhole(*layer.storage, layer.shape, layer.params, done->tensors);
        if (!decoded)
            return tl::unexpected(decoded.error());
        const ErrorSums sums = sumErrors(rows, *decoded);
        reportError(report, sums.signal, sums.noise);
    }
    work.progress(work.assembly.source->tensors()[layer.source].storedBytes());
    return {};
}

/// Nothing that is thrown leaves a worker: its thread would take the program with it.
Status runTask(Export& work, const WorkTask& task, const WorkItem& item, Scratch& scratch)
{
    const std::string& layer = item.layer >= 0
        ? work.assembly.layers[static_cast<std::size_t>(item.layer)].name
        : work.assembly.tensors[item.tensor].name;
    try {
        switch (task.kind) {
        case WorkTask::Kind::Tensor:
            return writeTensor(work, item.tensor, scratch);
        case WorkTask::Kind::Whole:
            return runWhole(work, item, scratch);
        case WorkTask::Kind::Block:
            return runBlock(work, task, scratch);
        case WorkTask::Kind::EndOfStage:
            return endStage(work, task, item, scratch);
        }
    } catch (...) {
        return tl::unexpected(errorOfException(layer));
    }
    return {};
}

void runWorker(Export& work, WorkQueue& queue)
{
    Scratch scratch;
    while (const auto task = queue.next()) {
        const WorkItem& item = queue.items()[task->item];
        Status status = work.job.cancelled() ? Status(fail(ErrorCode::Cancelled, "cancelled"))
                                             : runTask(work, *task, item, scratch);
        if (!status) {
            const std::scoped_lock lock(work.failMutex);
            if (!work.failed)
                work.failed = std::move(status.error());
            queue.stop();
            return;
        }
        const bool itemEnds
            = !task->active || (task->kind == WorkTask::Kind::EndOfStage && !task->active->layer->encoder);
        queue.done(*task);
        if (!itemEnds)
            continue;
        work.part->itemDone(task->item);
        if (work.job.progress) {
            work.job.progress->addItem();
            if (item.layer >= 0)
                work.job.progress->setCurrent(
                    work.assembly.layers[static_cast<std::size_t>(item.layer)].name);
        }
        if (item.file != UINT32_MAX && work.hashes())
            work.hasher.advance(item.file, item.end);
    }
}

/// What must be equal for an unfinished output to be continued.
std::string fingerprintOf(const Assembly& assembly, const std::string& header, const WriteOptions& options)
{
    std::string text
        = header + '\n' + options.fingerprint + '\n' + (options.allowNonFinite ? "nonfinite" : "");
    for (const SourceFile& file : assembly.source->info().files)
        text += fmt::format("\n{} {}", file.bytes, file.modifiedNs);
    return hashText(text);
}

/// What an item is, whatever the rest of the file looks like; empty where that is not known.
std::string itemKey(const Assembly& assembly, const WorkItem& item, const std::string& source)
{
    const auto tensors = assembly.source->tensors();
    std::string text = source;
    const auto output = [&](std::size_t index) {
        const OutputTensor& tensor = assembly.tensors[index];
        text += fmt::format("\n{} {} {}", tensor.name, nameOf(tensor.dtype), fmt::join(tensor.shape, ","));
    };
    if (item.layer >= 0) {
        const EncodedLayer& layer = assembly.layers[static_cast<std::size_t>(item.layer)];
        if (layer.identity.empty())
            return {};
        text += fmt::format("\nlayer {} {}", tensors[layer.source].name, layer.identity);
        for (const std::size_t index : layer.outputs)
            output(index);
        return hashText(text);
    }
    const auto* copy = std::get_if<CopyTensor>(&assembly.tensors[item.tensor].content);
    if (copy == nullptr)
        return {}; // small, and made in no time
    text += fmt::format("\ncopy {} {}", tensors[copy->source].name, nameOf(tensors[copy->source].dtype));
    output(item.tensor);
    return hashText(text);
}

std::vector<PartItem> partItems(
    const Export& work, const std::vector<WorkItem>& items, const WriteOptions& options)
{
    std::string source = fmt::format("{} {}", MANTISSA_VERSION, options.allowNonFinite ? "nonfinite" : "");
    for (const SourceFile& file : work.assembly.source->info().files)
        source += fmt::format("\n{} {} {}", file.path.string(), file.bytes, file.modifiedNs);
    std::vector<PartItem> out;
    out.reserve(items.size());
    for (const WorkItem& item : items) {
        PartItem& part = out.emplace_back();
        part.key = itemKey(work.assembly, item, source);
        const auto add = [&](std::size_t tensor) {
            part.ranges.push_back({work.offsets[tensor], bytesOf(work.assembly.tensors[tensor])});
        };
        if (item.layer < 0)
            add(item.tensor);
        else
            for (const std::size_t tensor :
                work.assembly.layers[static_cast<std::size_t>(item.layer)].outputs)
                add(tensor);
    }
    return out;
}

Status checkSourceIsNotTarget(const Assembly& assembly, const std::filesystem::path& path)
{
    for (const SourceFile& file : assembly.source->info().files) {
        std::error_code ec;
        if (std::filesystem::equivalent(file.path, path, ec) && !ec)
            return tl::unexpected(Error{ErrorCode::Usage, "the output is the input itself", path.string(),
                "name another output; the input is never changed"});
    }
    return {};
}

/// What cannot be decoded is found before anything is written.
Status checkReadable(const Assembly& assembly)
{
    const auto check = [&](std::size_t source) -> Status {
        const TensorInfo& tensor = assembly.source->tensors()[source];
        if (tensor.encoding == nullptr || tensor.encoding->readable)
            return {};
        return tl::unexpected(Error{ErrorCode::Unsupported,
            sentence("{} is stored as {}, which cannot be decoded", tensor.name, tensor.encoding->name),
            assembly.source->info().path.string(), "start from the file that it was made from"});
    };
    for (const OutputTensor& tensor : assembly.tensors)
        if (const auto* copy = std::get_if<CopyTensor>(&tensor.content))
            if (Status status = check(copy->source); !status)
                return status;
    for (const EncodedLayer& layer : assembly.layers)
        if (Status status = check(layer.source); !status)
            return status;
    return {};
}

Result<SafetensorsHeader> makeHeader(const Assembly& assembly)
{
    std::vector<HeaderTensor> tensors;
    for (const OutputTensor& tensor : assembly.tensors)
        tensors.push_back({tensor.name, tensor.dtype, tensor.shape});
    return makeSafetensorsHeader(tensors, assembly.metadata);
}

void fillReport(Export& work)
{
    for (const EncodedLayer& layer : work.assembly.layers) {
        LayerReport report;
        report.name = layer.name;
        report.format = layer.format;
        report.bytesBefore = layer.bytesBefore;
        for (const std::size_t output : layer.outputs)
            report.bytesAfter += bytesOf(work.assembly.tensors[output]);
        work.report.layers.push_back(std::move(report));
    }
}

/// What one worker holds at most: a block as stored bytes, as floats, as codes, and decoded again to measure
/// it.
std::uint64_t memoryOfBlock(const Assembly& assembly, const WriteOptions& options, const EncodedLayer& layer)
{
    const auto elements
        = static_cast<std::uint64_t>(rowsPerBlock(layer)) * static_cast<std::uint64_t>(layer.shape.cols);
    const std::uint64_t stored = layer.decode
        ? 8
        : static_cast<std::uint64_t>(bitsOf(assembly.source->tensors()[layer.source].dtype)) / 8;
    return elements * (stored + sizeof(float) + 2 + (options.measureErrors ? sizeof(float) : 0));
}

/// As many threads as the memory limit allows; at least one must fit.
Result<unsigned> threadsFor(const Export& work)
{
    const unsigned wanted = work.options.threads != 0 ? work.options.threads
                                                      : std::max(1u, std::thread::hardware_concurrency());
    std::uint64_t largest = kCopyBytes * 2;
    const EncodedLayer* widest = nullptr;
    for (const EncodedLayer& layer : work.assembly.layers)
        if (const std::uint64_t bytes = layer.whole ? 0 : memoryOfBlock(work.assembly, work.options, layer);
            bytes > largest) {
            largest = bytes;
            widest = &layer;
        }
    if (largest > work.options.memoryLimit && widest != nullptr)
        return tl::unexpected(Error{ErrorCode::System,
            sentence(
                "the rows of {} are so long that a block of them takes {} MB, more than the memory limit",
                widest->name, largest >> 20),
            widest->name, "raise --memory-limit, or exclude that layer"});
    return static_cast<unsigned>(
        std::clamp<std::uint64_t>(work.options.memoryLimit / largest, 1, std::uint64_t{wanted}));
}

Status runWorkers(Export& work, WorkQueue& queue)
{
    const auto threads = threadsFor(work);
    if (!threads)
        return tl::unexpected(threads.error());
    std::vector<std::jthread> pool;
    try {
        for (unsigned i = 1; i < *threads; ++i)
            pool.emplace_back([&] { runWorker(work, queue); });
    } catch (...) {
        queue.stop();
        pool.clear();
        return tl::unexpected(errorOfException());
    }
    runWorker(work, queue);
    pool.clear();
    if (work.failed)
        return tl::unexpected(std::move(*work.failed));
    return {};
}

Status writeHeader(Export& work, const SafetensorsHeader& header)
{
    std::string text = header.bytes;
    const std::string& marker = work.assembly.sourceHashMarker;
    if (!marker.empty()) {
        if (work.job.progress && work.hashes())
            work.job.progress->setCurrent("hash of the source");
        auto hash = work.hashes() ? work.hasher.finish([&] { return work.job.cancelled(); })
                                  : Result<std::string>(work.assembly.sourceHash);
        if (!hash)
            return forward(std::move(hash));
        for (auto at = text.find(marker); at != std::string::npos; at = text.find(marker, at + hash->size()))
            text.replace(at, marker.size(), *hash);
        work.report.sourceHash = std::move(*hash);
    }
    work.bytesWritten += text.size();
    return work.part->write(0, std::as_bytes(std::span(text)));
}

} // namespace

Result<std::uint64_t> forecastBytes(const Assembly& assembly)
{
    auto header = makeHeader(assembly);
    if (!header)
        return forward(std::move(header));
    return header->bytes.size() + header->dataBytes;
}

std::uint64_t forecastMemory(const Assembly& assembly, const WriteOptions& options)
{
    std::uint64_t largest = kCopyBytes * 2;
    for (const EncodedLayer& layer : assembly.layers)
        if (!layer.whole)
            largest = std::max(largest, memoryOfBlock(assembly, options, layer));
    const unsigned threads
        = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
    return std::max(largest, std::min(options.memoryLimit, largest * threads));
}

Result<WriteReport> writeAssembly(
    Assembly& assembly, const std::filesystem::path& path, const WriteOptions& options, const JobContext& job)
{
    const auto started = std::chrono::steady_clock::now();
    if (Status status = checkReadable(assembly); !status)
        return forward(std::move(status));
    if (Status status = checkSourceIsNotTarget(assembly, path); !status)
        return forward(std::move(status));
    auto header = makeHeader(assembly);
    if (!header)
        return forward(std::move(header));
    Export work(assembly, options, job);
    for (const std::uint64_t offset : header->offsets)
        work.offsets.push_back(header->bytes.size() + offset);
    fillReport(work);
    std::vector<WorkItem> items = listWork(assembly);
    if (job.progress && options.resume)
        job.progress->start("looking at what is finished", 0, 0);
    auto part = PartFile::create({path, header->bytes.size() + header->dataBytes,
        fingerprintOf(assembly, header->bytes, options), options.overwrite, options.resume,
        partItems(work, items, options), [&job] { return job.cancelled(); }});
    if (!part)
        return forward(std::move(part));
    work.part = std::move(*part);

    std::vector<bool> skip(items.size());
    for (const std::size_t item : work.part->finishedItems())
        if (item < items.size()) {
            skip[item] = true;
            work.report.resumedLayers += items[item].layer >= 0 ? 1 : 0;
        }
    std::uint64_t total = 0;
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (!skip[i]) {
            total += items[i].end - items[i].begin;
            ++count;
        }
    if (job.progress)
        job.progress->start("converting", total, count);

    WorkQueue queue(assembly, std::move(items), skip, 4);
    Status status = runWorkers(work, queue);
    if (status)
        status = writeHeader(work, *header);
    if (status && job.progress)
        job.progress->setCurrent("writing to the disk");
    if (status)
        status = work.part->commit();
    if (!status) {
        // What a later run can go on with stays.
        const bool keeps = status.error().code == ErrorCode::Cancelled
            || status.error().code == ErrorCode::Usage || shortageOf(status.error());
        if (!keeps)
            work.part->discard();
        return forward(std::move(status));
    }
    work.report.path = path;
    work.report.bytesRead = work.bytesRead;
    work.report.bytesWritten = work.bytesWritten;
    work.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return std::move(work.report);
}

} // namespace mantissa
