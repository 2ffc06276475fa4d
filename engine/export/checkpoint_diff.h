// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between two checkpoints, layer by layer, whatever each of them is stored in.
#pragma once

#include "engine/base/error.h"
#include "engine/base/job.h"
#include "engine/model/model.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

enum class LayerChange {
    Same, ///< stored alike, with equal values
    Stored, ///< stored in another way
    Values, ///< stored alike, with other values
    Reshaped,
    Added, ///< the first file lacks it
    Missing, ///< the second file lacks it
};
std::string_view nameOf(LayerChange change) noexcept; ///< "same", "stored otherwise", …

struct LayerDifference {
    std::string name; ///< of the file that has it; of the first where both do
    std::ptrdiff_t layer = -1; ///< index into the first model's layers; −1: it lacks it
    LayerChange change = LayerChange::Same;
    std::string storedFirst, storedSecond; ///< dtype or format; empty: not there
    std::uint64_t bytesFirst = 0, bytesSecond = 0; ///< weight with its companions
    /// ‖second − first‖ / ‖first‖ of the decoded weights; empty where they cannot be compared.
    std::optional<double> relativeError;
};

/// Decodes every layer that both have. In the first model's order, what it lacks at the end. Fails only where
/// a file cannot be read. Progress: bytes of decoded values.
Result<std::vector<LayerDifference>> compareCheckpoints(
    const Model& first, const Model& second, const JobContext& job);

} // namespace mantissa
