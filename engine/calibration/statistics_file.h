// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics of activations on disk: a safetensors file, described in docs/statistics.md. Written whole or
// not at all; read with bounds, because files come from strangers; large matrices by row tiles, never at
// once.
#pragma once

#include "engine/calibration/statistics.h"

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/io/tensor_source.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// Key of the JSON in the file's `__metadata__`, and the version of its meaning.
inline constexpr std::string_view kStatisticsKey = "mantissa_statistics";
inline constexpr int kStatisticsVersion = 1;

/// One prompt whose activations are in the statistics.
struct CalibratedPrompt {
    std::string text;
    std::uint64_t seed = 0; ///< of the run; promptKey(text, seed) seeds the noise
    int width = 0, height = 0; ///< pixels
    int frames = 1; ///< of a video
    bool operator==(const CalibratedPrompt&) const = default;
};

/// What a run did; two files add up only where all of it but the prompts is equal.
struct StatisticsHeader {
    std::string modelHash; ///< XXH3-128 of the checkpoint, as exports name their source
    std::string architecture;
    bool randomData = false; ///< pure noise through the model: makes worse files than no statistics
    std::vector<std::string> components; ///< roles that were watched
    std::string sampler, scheduler;
    int steps = 0;
    double cfg = 1;
    std::string bucketAxis = "timestep"; ///< or "sigma" (flow models)
    std::vector<CalibratedPrompt> prompts;
};

/// Fills rows [firstRow, firstRow + dst.size() / channels) of the sum XᵀX of an input.
using MomentRows = std::function<Status(std::size_t input, std::size_t firstRow, std::span<float> dst)>;

/// Writes `path` atomically (by way of PATH.part). `rows` is asked for inputs with a matrix, tile by tile.
/// Usage where the file exists and `overwrite` is not set.
Status writeStatistics(const std::filesystem::path& path, bool overwrite, const StatisticsHeader& header,
    std::span<const InputStatistics* const> inputs, const MomentRows& rows);

/// How much of a layer's second moments StatisticsFile::layer() reads; a matrix may be gigabytes.
enum class MomentDetail {
    None, ///< and no held-out tokens either
    Diagonal, ///< E[x²] per channel, read without the rest of the matrix
    Matrix,
};

/// What a method needs to know of a layer's input. Empty where the file has none, or where it was not asked
/// for.
struct LayerStatistics {
    std::size_t channels = 0;
    std::uint64_t tokens = 0;
    std::vector<float> mean, minimum, maximum, absMax, meanAbs; ///< per channel
    std::vector<float> bucketAbsMax; ///< kTimestepBuckets × channels
    MagnitudeHistogram histogram;
    std::uint64_t hessianTokens = 0;
    std::vector<float> hessian; ///< channels × channels: H = XᵀX / T, undamped, without held-out tokens
    std::vector<float> secondMoment; ///< channels: the diagonal of H, of MomentDetail::Diagonal
    std::size_t heldOutTokens = 0;
    std::vector<float> heldOut; ///< heldOutTokens × channels; none of them is in H
};

/// Thread rule: all const members may be called from several threads at once.
class StatisticsFile {
public:
    /// Reads header and metadata. InvalidInput, in a sentence, for what is no statistics file or a damaged
    /// one; Unsupported for a version from the future.
    static Result<std::shared_ptr<const StatisticsFile>> open(const std::filesystem::path& path);

    const StatisticsHeader& header() const { return m_header; }
    /// XXH3-128 of what the file says of itself (model, prompts, settings, counts), as 32 hex digits.
    std::string fingerprint() const;
    std::size_t inputCount() const { return m_inputs.size(); }
    /// All layers that have statistics, with the index of their input; q, k and v share one.
    const std::map<std::string, std::size_t, std::less<>>& layers() const { return m_layers; }
    bool has(std::string_view layer) const { return m_layers.contains(layer); }
    /// InvalidInput, naming both hashes, where the statistics were made with another model.
    Status checkModel(std::string_view modelHash) const;

    /// One layer's statistics, read now.
    Result<LayerStatistics> layer(std::string_view name, MomentDetail detail = MomentDetail::Matrix) const;
    /// All layers with the same input as this one, itself included; empty where it is not in the statistics.
    std::span<const std::string> layersWithInputOf(std::string_view layer) const;
    /// The same for the input itself, as it was accumulated; the matrix comes by momentRows().
    Result<InputStatistics> input(std::size_t index) const;
    /// Rows of the sum XᵀX; dst holds whole rows.
    Status momentRows(std::size_t index, std::size_t firstRow, std::span<float> dst) const;

private:
    /// What the metadata says of one input.
    struct Entry {
        std::string name;
        std::vector<std::string> layers;
        std::size_t channels = 0;
        std::uint64_t tokens = 0, nonFinite = 0, momentTokens = 0;
        bool hasMoment = false;
        int exponent = 0;
    };
    StatisticsFile() = default;
    Status parse();
    Status checkTensors(const Entry& entry) const;
    template <typename T>
    Status readTensor(const Entry& entry, std::string_view what, std::vector<T>& values) const;
    Status readHessian(std::size_t index, MomentDetail detail, LayerStatistics& layer) const;
    tl::unexpected<Error> damaged(const Sentence& message) const;

    std::shared_ptr<const TensorSource> m_source;
    StatisticsHeader m_header;
    std::vector<Entry> m_inputs;
    std::map<std::string, std::size_t, std::less<>> m_layers;
};

/// Adds up the statistics of several runs over different prompts; `out` is written atomically. Usage, saying
/// what differs, where the runs do not fit together or a prompt is in two of them.
Status mergeStatistics(const std::vector<std::filesystem::path>& files, const std::filesystem::path& out,
    bool overwrite, const JobContext& job);

/// Usage, naming what differs, where two runs cannot be added up (model, settings; not the prompts).
Status checkSameRun(const StatisticsHeader& a, const StatisticsHeader& b);

} // namespace mantissa
