// SPDX-License-Identifier: GPL-3.0-or-later
// ConvRot (section 3.7 of the format notes) with the summation order of torch's product, so that rotated
// weights, their scales and their codes are those of convert-to-quant, bit for bit.
#pragma once

#include "engine/formats/storage_format.h"

#include <memory>
#include <span>
#include <vector>

namespace mantissa::ctq {

/// src times the normalized regular Hadamard matrix, each run of `group` values; sizes are multiples of
/// group, a power of 4. Thread-safe.
void rotateGroups(std::span<const float> src, std::size_t group, std::span<float> dst);

/// Which formula makes the scale of a rotated row.
enum class RotatedRule {
    Primary, ///< max(amax / 127, 1e-30), division, codes from -128: `--int8 --scaling_mode row --convrot`
    Other, ///< 127 / max(amax, 1e-12), product, codes from -127: dynamic groups, custom, fallback, layer
           ///< config
};

/// Encoder of int8_tensorwise with ConvRot: tensors weight and weight_scale as the format's layout has them.
std::unique_ptr<LayerEncoder> makeRotatedEncoder(MatrixShape shape, std::size_t group, RotatedRule rule);

} // namespace mantissa::ctq
