// SPDX-License-Identifier: GPL-3.0-or-later
// The writer's view of an export: every output tensor and where its bytes come from. A front end (a plan, the
// ctq drop-in, `edit`, `convert`) makes an Assembly; writeAssembly() streams it to disk.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/formats/storage_format.h"
#include "engine/io/tensor_source.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mantissa {

/// Bytes of a source tensor, converted to `dtype` of the output tensor where they differ (float types only).
struct CopyTensor {
    std::size_t source = 0;
};
struct ConstantBytes {
    std::vector<std::byte> bytes;
};
/// Small tensors that need work (a corrected bias). Called once, on a worker.
struct ComputedBytes {
    std::function<Result<std::vector<std::byte>>()> compute;
};
/// Filled by an EncodedLayer.
struct FromLayer { };

struct OutputTensor {
    std::string name;
    DType dtype = DType::U8;
    Shape shape;
    std::variant<CopyTensor, ConstantBytes, ComputedBytes, FromLayer> content;
};

/// What became of a layer that was quantized as one matrix.
struct WholeLayer {
    std::vector<std::vector<std::byte>> tensors; ///< of EncodedLayer::outputs, in order
    /// ‖ΔY‖² / ‖Y‖² at the layer's output on held-out inputs, of the format's own encoder and of the result.
    std::optional<double> plainOutputError, outputError;
    bool keptPlain = false; ///< the method was not better than the encoder, whose codes were kept
};
/// `rows`: the whole matrix, row-major. Called once, on a worker, never beside another one: methods take the
/// memory of a whole layer and all cores.
using WholeQuantizer = std::function<Result<WholeLayer>(std::span<const float> rows, const JobContext& job)>;

/// A weight that is encoded on the way. Already quantized sources are decoded first (`decode`).
struct EncodedLayer {
    std::string name; ///< for progress, errors and the report
    std::string format; ///< id, for the report
    /// Everything that the bytes depend on besides source tensor, format version and output layout: settings,
    /// recipe, statistics. Two exports of one source with equal identities make equal bytes; empty: unknown.
    std::string identity;
    std::size_t source = 0; ///< tensor index of the weight
    MatrixShape shape;
    const StorageFormat* storage = nullptr; ///< of the encoder; used to measure errors
    FormatParams params;
    std::shared_ptr<LayerEncoder> encoder; ///< null where `whole` is set
    WholeQuantizer whole;
    std::uint64_t bytesBefore = 0; ///< of all tensors that the layer had in the source, for the report
    std::vector<std::size_t> outputs; ///< index into Assembly::tensors for each stored tensor of the format's
                                      ///< layout; then the bias, where `whole` gives it
    /// Set where the source is quantized: gives float rows instead of the source tensor.
    std::function<Status(std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst)> decode;
};

struct Assembly {
    std::shared_ptr<const TensorSource> source;
    std::vector<OutputTensor> tensors; ///< any order; the writer sorts as the reference writer does
    std::vector<EncodedLayer> layers;
    std::map<std::string, std::string> metadata; ///< safetensors __metadata__
    /// If not empty: a metadata value in which this marker is replaced by the source's XXH3-128, computed
    /// while streaming. The marker has the 32 characters of the hash.
    std::string sourceHashMarker;
    std::string sourceHash; ///< where it is known already: then nothing is computed
};

struct WriteOptions {
    unsigned threads = 0; ///< 0: all cores
    std::uint64_t memoryLimit = 256u << 20; ///< for row blocks in flight, bytes
    bool overwrite = false;
    /// Continue OUT.part: of the same work all that is finished; of another plan for the same source the
    /// layers and tensors that come out the same.
    bool resume = false;
    bool allowNonFinite = false; ///< NaN and Inf in weights do not stop the conversion
    std::string fingerprint; ///< what the output depends on besides the source (plan, version); for resume
    bool measureErrors = false; ///< decode what was encoded and sum the error
};

struct LayerReport {
    std::string name, format;
    std::uint64_t bytesBefore = 0, bytesAfter = 0;
    std::optional<double> snrDb, relativeError; ///< 10·log10(Σw²/Σ(ŵ−w)²) and its square root form
    std::uint64_t nonFinite = 0;
    /// Of layers with `whole`: SNR at the output on held-out inputs, and what it gained over the encoder.
    std::optional<double> outputSnrDb, outputGainDb;
    bool keptPlain = false;
};

struct WriteReport {
    std::filesystem::path path;
    std::uint64_t bytesRead = 0, bytesWritten = 0;
    double seconds = 0;
    std::string sourceHash; ///< XXH3-128, 32 hex digits; of several files: of their hashes in order
    std::vector<LayerReport> layers;
    std::uint32_t resumedLayers = 0;
};

/// The exact size of the file that writeAssembly() would write.
Result<std::uint64_t> forecastBytes(const Assembly& assembly);

/// The most memory that writeAssembly() takes for rows in flight and their codes, bytes; what a process holds
/// anyway, and methods that take a layer as a whole, come on top.
std::uint64_t forecastMemory(const Assembly& assembly, const WriteOptions& options);

/// Streams to OUT.part, fsyncs, renames. On error or cancel nothing is under the final name that was not
/// there before; the part and its journal stay for `resume` (cancelled, crashed, out of memory or disk), or
/// are removed (other errors).
Result<WriteReport> writeAssembly(Assembly& assembly, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job);

} // namespace mantissa
