// SPDX-License-Identifier: GPL-3.0-or-later
// The way that sampling took: what the denoiser made of the latent at each step, and how far two ways are
// apart.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct Trajectory {
    std::vector<double> sigmas; ///< noise level of each step, falling
    std::vector<float> outputs; ///< of all steps, one after the other; equally long

    std::size_t steps() const { return sigmas.size(); }
    std::span<const float> step(std::size_t index) const;
    void add(double sigma, std::span<const float> output);
};

struct StepDifference {
    double sigma = 0;
    double cosine = 1; ///< similarity of the denoiser's outputs as vectors; 1: the same direction
    double relativeError = 0; ///< ‖test − reference‖ / ‖reference‖
};

/// One entry a step; empty where the two have different steps or sizes.
std::vector<StepDifference> compareTrajectories(const Trajectory& reference, const Trajectory& test);

/// Relative error from which two trajectories count as parted: beyond it, outputs differ by more than a tenth
/// of their length.
inline constexpr double kPartingError = 0.1;
/// The first step (from 1) whose relative error is above kPartingError; empty where the two stay together.
std::optional<std::size_t> partingStep(std::span<const StepDifference> steps);

/// As bytes for the cache, and back; empty where they are damaged.
std::string packTrajectory(const Trajectory& trajectory);
std::optional<Trajectory> unpackTrajectory(std::string_view bytes);

} // namespace mantissa
