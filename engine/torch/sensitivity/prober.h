// SPDX-License-Identifier: GPL-3.0-or-later
// Probes the denoiser layer by layer (engine/sensitivity/probe.h).
#pragma once

#include "engine/sensitivity/probe.h"

namespace mantissa {

/// As probeLayers() of the core, which calls it by the table of functions.
Status runProbe(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    const GeneratorOptions& options, const TableSaver& save, const JobContext& job);

} // namespace mantissa
