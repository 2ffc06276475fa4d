// SPDX-License-Identifier: GPL-3.0-or-later
// Last stage of detection: modules become layers with kind, block and the reason why they should be
// preserved.
#pragma once

#include "engine/arch/components.h"

namespace mantissa::arch {

/// Layers in natural order, component by component, and the components with their counts.
void buildLayers(
    Model& model, const ModuleTable& table, const std::vector<Part>& parts, const Identifier& identifier);

} // namespace mantissa::arch
