// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory of a GPU a picture takes: an estimate with its formula, never a promise.
#pragma once

#include "engine/compat/hardware.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

#include <cstdint>
#include <string>

namespace mantissa {

struct VramSettings {
    int width = 1024, height = 1024; ///< of the picture, pixels
    int batch = 1;
};

struct VramForecast {
    std::uint64_t weights = 0; ///< of the network that denoises; runtimes unload the others meanwhile
    std::uint64_t activations = 0;
    std::uint64_t workspace
        = 0; ///< the largest layer in 16 bits where the GPU does not compute in its format
    std::uint64_t runtime = 0; ///< context, kernels, allocator
    Sentence formula; ///< the sum in words and numbers

    std::uint64_t total() const { return weights + activations + workspace + runtime; }
    /// The band of the estimate: weights are exact, the rest is known to a factor.
    std::uint64_t low() const { return weights + (activations + workspace + runtime) / 2; }
    std::uint64_t high() const { return weights + 2 * (activations + workspace + runtime); }
};

/// `gpu` null: no GPU is known, so that every format is dequantized. `resolved` belongs to `model`.
VramForecast forecastVram(
    const Model& model, const ResolvedPlan& resolved, const VramSettings& settings, const Gpu* gpu);

} // namespace mantissa
