// SPDX-License-Identifier: GPL-3.0-or-later
// The error of a quantized layer's output as a runtime computes it, tile by tile of its rows.
#pragma once

#include "engine/formats/activation_grid.h"
#include "engine/torch/quantize/low_rank_branch.h"
#include "engine/torch/quantize/scale_choice.h"

namespace mantissa::quantize {

/// What a runtime does beside the product with the stored weight.
struct RuntimeSide {
    at::Tensor factors; ///< t [N]: inputs are divided by it; undefined: none
    std::size_t rotation = 0;
    ActivationGrid activations = ActivationGrid::None;
    Branch branch; ///< on the divided inputs
};

/// The operands of the product, tokens [T, N].
struct RuntimeInputs {
    at::Tensor scaled; ///< divided by the factors
    at::Tensor rounded; ///< these, rotated and rounded to the activation grid
};
RuntimeInputs inputsOf(const at::Tensor& tokens, const RuntimeSide& side);

/// Adds up ‖ΔY‖² and ‖Y‖² over the tiles of a layer.
class OutputMeter {
public:
    OutputMeter(const at::Tensor& tokens, RuntimeSide side);

    /// `source` [N, R]: the model's weights; `values` [N, R]: what stands for them, in the grid's basis;
    /// `bias` [R] or undefined.
    void add(
        const RowRange& rows, const at::Tensor& source, const at::Tensor& values, const at::Tensor& bias);
    /// ‖ΔY‖² / ‖Y‖².
    double relativeError() const;

private:
    at::Tensor m_tokens, m_branchInputs;
    RuntimeSide m_side;
    RuntimeInputs m_inputs;
    double m_signal = 0, m_noise = 0;
};

} // namespace mantissa::quantize
