// SPDX-License-Identifier: GPL-3.0-or-later
// What a LoRA or another adapter was made for, and its rank (spec/architectures 3.1).
#pragma once

#include "engine/arch/extractors.h"
#include "engine/arch/rules.h"

namespace mantissa::arch {

/// Hyper-parameters `base` (an architecture id, where module names and widths tell), `rank` (the most
/// frequent), `ranks` (where there are several) and `alpha` (of the first module that has one and can be
/// read).
Extracted describeAdapter(const Registry& rules, const KeyView& file, const TensorSource& source);

} // namespace mantissa::arch
