// SPDX-License-Identifier: GPL-3.0-or-later
// What quantizing a weight does to a layer's mean output, taken off its bias (section 5.2 of the format
// notes).
#pragma once

#include "engine/ctq/calibration.h"
#include "engine/ctq/layer_choice.h"

namespace mantissa::ctq {

/// The corrected bias in the dtype of the tensor `bias`. Encodes the layer once more on its own, block by
/// block; memory is that of the random inputs and of a few rows. `cancelled` is asked between blocks.
/// Thread-safe.
Result<std::vector<std::byte>> correctedBias(const TensorSource& source, const LayerChoice& choice,
    std::size_t bias, Calibration& calibration, const std::function<bool()>& cancelled);

} // namespace mantissa::ctq
