// SPDX-License-Identifier: GPL-3.0-or-later
// What a layer takes in a file, to the byte of tensor data.
#pragma once

#include "engine/plan/plan.h"

namespace mantissa {

/// All tensors of the layer as the source has them.
std::uint64_t storedBytes(const Layer& layer, const TensorSource& source);
/// All tensors of the layer as an export of this choice writes them (`choice.params` as resolve() returned
/// them).
std::uint64_t plannedBytes(
    const QuantPlan& plan, const Choice& choice, const Layer& layer, const TensorSource& source);

} // namespace mantissa
