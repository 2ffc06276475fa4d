// SPDX-License-Identifier: GPL-3.0-or-later
// What calibration keeps of the inputs of a layer: streaming, and mergeable without loss.
//
// Layers that get the same tensor (q, k and v of an attention) share one InputStatistics. The second-moment
// matrix is kept apart (engine/torch/calibration/second_moments.h, statistics_file.h), because it may not fit
// in memory.
#pragma once

#include "engine/calibration/magnitude_histogram.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mantissa {

/// The schedule is cut into this many equal parts: of the training timesteps, or of sigma for flow models.
inline constexpr int kTimestepBuckets = 10;
/// The bucket of a call that belongs to no timestep (text encoders).
inline constexpr int kNoBucket = -1;

/// Runs `work(0)` … `work(count - 1)`, in any order and on any thread.
using ParallelFor = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

/// The tokens with the smallest keys, of all that were offered: a sample that depends on nothing but keys.
class HeldOutTokens {
public:
    explicit HeldOutTokens(std::size_t channels);
    /// How many are kept: 512, or 256 of more than 2048 channels.
    static std::size_t capacity(std::size_t channels) noexcept { return channels > 2048 ? 256 : 512; }

    bool wants(std::uint64_t key) const;
    void add(std::uint64_t key, std::span<const float> token);
    void merge(const HeldOutTokens& other);

    std::size_t count() const { return m_slots.size(); }
    /// Ascending.
    std::vector<std::uint64_t> keys() const;
    /// count() × channels, in the order of the keys.
    std::vector<float> rows() const;

private:
    std::vector<std::pair<std::uint64_t, std::size_t>> sorted() const;
    std::size_t m_channels;
    std::vector<std::pair<std::uint64_t, std::size_t>> m_slots; ///< a heap: largest key first
    std::vector<float> m_rows; ///< of slot s at s × channels
};

/// Values that are not finite are counted and otherwise left out.
struct InputStatistics {
    explicit InputStatistics(std::size_t channelCount);

    std::string name; ///< of the first layer that gets this input
    std::vector<std::string> layers; ///< all of them, in the order of the computation
    std::size_t channels;
    std::uint64_t tokens = 0; ///< rows that were looked at
    std::uint64_t nonFinite = 0; ///< values
    std::vector<double> sum, sumAbs; ///< per channel
    std::vector<float> minimum, maximum; ///< per channel; +inf and -inf while there are no values
    std::vector<float> bucketAbsMax; ///< kTimestepBuckets × channels; 0 where nothing was seen
    MagnitudeHistogram histogram; ///< over all channels
    HeldOutTokens heldOut;
    /// Whether there is a second-moment matrix (not of a convolution larger than 1×1), and the tokens in it.
    bool hasMoment = false;
    std::uint64_t momentTokens = 0;

    /// `rows` × channels values, row after row.
    void add(const float* values, std::size_t rows, int bucket, const ParallelFor& parallel = {});
    /// Widens the extremes alone, by those of tokens that are not looked at otherwise; channels values each.
    void addExtremes(const float* low, const float* high, int bucket);
    /// Adds another run's; both must have the same channels and layers.
    void merge(const InputStatistics& other);

    std::vector<float> mean() const; ///< per channel
    std::vector<float> meanAbs() const;
    std::vector<float> absMax() const;
    float largest() const; ///< over all channels
};

} // namespace mantissa
