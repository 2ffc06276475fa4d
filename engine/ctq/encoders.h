// SPDX-License-Identifier: GPL-3.0-or-later
// Encoders with convert-to-quant's arithmetic.
#pragma once

#include "engine/ctq/layer_choice.h"

#include <memory>

namespace mantissa::ctq {

/// For a layer that is quantized (`choice.format` is set). `source` is the dtype that the weight is stored
/// in.
std::unique_ptr<LayerEncoder> makeEncoder(const LayerChoice& choice, MatrixShape shape, DType source);

/// Passes everything on, and adds each piece of stored tensor `from` once more as stored tensor `to`.
std::unique_ptr<LayerEncoder> copyingEncoder(
    std::unique_ptr<LayerEncoder> encoder, std::size_t from, std::size_t to);

} // namespace mantissa::ctq
