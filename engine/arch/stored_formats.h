// SPDX-License-Identifier: GPL-3.0-or-later
// How the layers of an already quantized file are stored (spec/architectures 3.3, spec/quant-formats 2 and
// 3).
#pragma once

#include "engine/arch/modules.h"

namespace mantissa::arch {

/// Fills in `stored` and the logical shape of every quantized module, and what the whole file was quantized
/// with. Settings that cannot be read give a warning that names the tensor and the format "unknown", never an
/// error: the file can still be looked at.
void readStoredFormats(const TensorSource& source, ModuleTable& table);

} // namespace mantissa::arch
