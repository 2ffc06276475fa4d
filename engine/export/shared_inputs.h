// SPDX-License-Identifier: GPL-3.0-or-later
// What layers with the same input (q, k and v of an attention; gate and up of an MLP) have in common while a
// model is quantized: its statistics, read once, and its second moments, factored once.
#pragma once

#include "engine/calibration/statistics_file.h"
#include "engine/plan/recipe.h"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>

namespace mantissa {

class SharedHessian;

struct LayerInput {
    LayerStatistics known;
    std::shared_ptr<SharedHessian> factor; ///< null where no other layer has this input, or none is factored
};

/// Thread-safe.
class SharedInputs {
public:
    /// Three matrices of N² floats (H, and the factor's two) are kept of each input: of twelve inputs of 2048
    /// channels, of two of 4096. Layers with one input lie close together in a file, so few are needed at
    /// once.
    static constexpr std::uint64_t kMemory = std::uint64_t{512} << 20;

    /// `statistics` is never null. `level` says how much of the second moments is read. `memory`: bytes of
    /// what is kept for later layers; an input that needs more is read and factored for each layer.
    SharedInputs(
        std::shared_ptr<const StatisticsFile> statistics, RecipeLevel level, std::uint64_t memory = kMemory);
    ~SharedInputs();
    SharedInputs(const SharedInputs&) = delete;
    SharedInputs& operator=(const SharedInputs&) = delete;

    /// The input of a layer that is quantized now. What is kept is dropped when each layer with the input has
    /// asked for it, and before that where others need its place.
    Result<std::shared_ptr<const LayerInput>> of(std::string_view layer);

    const std::shared_ptr<const StatisticsFile>& statistics() const { return m_statistics; }

private:
    struct Kept {
        std::size_t index = 0; ///< of the input in the statistics
        std::size_t left = 0; ///< layers that have not asked yet
        std::uint64_t bytes = 0;
        std::shared_ptr<const LayerInput> input;
    };

    std::shared_ptr<const StatisticsFile> m_statistics;
    MomentDetail m_detail;
    std::uint64_t m_memory, m_bytes = 0;
    std::mutex m_mutex; ///< guards what follows and m_bytes
    std::list<Kept> m_kept; ///< the one used last is the first
};

} // namespace mantissa
