// SPDX-License-Identifier: GPL-3.0-or-later
// Values of tensors small enough to read during detection: scalars of adapters, one norm's bias.
#pragma once

#include "engine/io/tensor_source.h"

#include <optional>
#include <vector>

namespace mantissa::arch {

/// All elements of a tensor of at most 4096 floats (F64, F32, F16, BF16). Empty if it is anything else or
/// unreadable.
std::optional<std::vector<double>> readSmallTensor(const TensorSource& source, std::size_t tensor);
/// Population standard deviation; 0 for no values.
double deviationOf(const std::vector<double>& values);

} // namespace mantissa::arch
