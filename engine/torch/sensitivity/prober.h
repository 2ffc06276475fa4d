// SPDX-License-Identifier: GPL-3.0-or-later
// Probes the denoiser layer by layer (engine/sensitivity/probe.h).
#pragma once

#include "engine/sensitivity/probe.h"

namespace mantissa {

/// Probes by these calls (engine/sensitivity/probe.h); the core calls it by the table of functions.
Status runProbe(SensitivityTable& table, const std::shared_ptr<const Model>& model,
    std::span<const ProbeCall> calls, const GeneratorOptions& options, const TableSaver& save,
    const JobContext& job);

} // namespace mantissa
