// SPDX-License-Identifier: GPL-3.0-or-later
// The error of a layer's output, from its weights before and after and from what is known of its inputs.
#pragma once

#include "engine/calibration/statistics_file.h"
#include "engine/sensitivity/sensitivity.h"

#include <span>
#include <vector>

namespace mantissa {

/// Inputs of one layer in the form that products need. Immutable; any number of threads.
class LayerInputs {
public:
    /// Reads one input's held-out tokens, or its matrix where that is the smaller of the two. Evidence is
    /// None where the file has neither.
    static Result<LayerInputs> read(const StatisticsFile& statistics, std::string_view layer);
    /// From a symmetric matrix channels × channels, or from tokens × channels values.
    static LayerInputs fromMoments(std::vector<float> moments, std::size_t channels);
    static LayerInputs fromTokens(std::span<const float> tokens, std::size_t channels);

    InputEvidence evidence() const { return m_evidence; }
    std::size_t channels() const { return m_channels; }
    /// For each row w (channels values): w H wᵀ, or ‖X w‖²; summed over the rows. One scale for all calls.
    double energy(std::span<const float> rows) const;

private:
    InputEvidence m_evidence = InputEvidence::None;
    std::size_t m_channels = 0, m_width = 0;
    std::vector<float> m_columns; ///< channels × width: H, or X transposed
};

} // namespace mantissa
