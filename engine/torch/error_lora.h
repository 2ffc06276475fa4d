// SPDX-License-Identifier: GPL-3.0-or-later
// Extracts what quantization lost as a LoRA: any loader that takes LoRAs can add it. No torch header here.
#pragma once

#include "engine/base/error.h"
#include "engine/formats/storage_format.h"

#include <span>
#include <vector>

namespace mantissa {

/// W − Ŵ ≈ up · down; bfloat16 values.
struct ErrorLora {
    std::vector<float> up; ///< M × r
    std::vector<float> down; ///< r × N
};

/// The best LoRA of this rank for the layer's output (LQER, arXiv 2402.02446, with the closed form of
/// spec/algorithms 1.10), or for the weight where `hessian` (N × N: E[x xᵀ]) is empty. `quantized`:
/// row-major, in the original basis. The rank is cut to the matrix's. Usage for a rank below 1; Internal for
/// sizes that do not fit; InvalidInput for a Hessian that is none.
Result<ErrorLora> extractErrorLora(MatrixShape shape, std::span<const float> weights,
    std::span<const float> quantized, std::span<const float> hessian, int rank);

} // namespace mantissa
