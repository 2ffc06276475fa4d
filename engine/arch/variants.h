// SPDX-License-Identifier: GPL-3.0-or-later
// What shapes cannot tell (spec/architectures 9 and 13): variants and prediction kinds from marker tensors,
// metadata, the file name, and the user.
#pragma once

#include "engine/arch/identify.h"
#include "engine/model/model.h"

namespace mantissa::arch {

/// Sets variants, variant and prediction, with evidence. Usage if an override names none of those that exist.
Status chooseVariant(Architecture& architecture, const Found& found, const Identifier& identifier,
    const TensorSource& source, const DetectionOverrides& overrides);

} // namespace mantissa::arch
