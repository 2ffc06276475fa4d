// SPDX-License-Identifier: GPL-3.0-or-later
// Factors per input channel that move range between weights and activations: x' = x / t, W' = W·diag(t).
// SmoothQuant (arXiv 2211.10438) for quantized activations, AWQ (arXiv 2306.00978) for weights alone.
#pragma once

#include "engine/formats/activation_grid.h"
#include "engine/torch/quantize/tiles.h"

namespace mantissa::quantize {

struct SmoothingChoice {
    at::Tensor factors; ///< t [N]
    double alpha = 0; ///< the exponent that won
    double error = 0; ///< its output error, in the criterion of the search
};

/// t = absMax^α / max|W_j|^(1−α), normalized to a geometric mean of 1 and kept in [1e-3, 1e3], α of 0, 0.1 …
/// 1 by the error of the output of plainly rounded weights (a sample of the rows) and rounded activations on
/// the tokens [T, N]. The format must not rotate.
SmoothingChoice smoothQuant(const at::Tensor& weight, const at::Tensor& absMax, const at::Tensor& tokens,
    const CodeGrid& grid, ActivationGrid activations);

/// t = meanAbs^α / √(max·min), α of 0, 0.1 … 1 by Σ e·H·eᵀ of plainly rounded weights, on a sample of the
/// rows.
SmoothingChoice awq(
    const at::Tensor& weight, const at::Tensor& meanAbs, const at::Tensor& hessian, const CodeGrid& grid);

} // namespace mantissa::quantize
