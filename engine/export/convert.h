// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of container, convention or dtype that quantize nothing again.
#pragma once

#include "engine/export/assembly.h"
#include "engine/model/model.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mantissa {

struct ConvertOptions {
    std::optional<DType> floatDtype; ///< cast float tensors without scales, 8-bit ones too (F32, F16 or BF16)
    std::optional<DType> dequantize; ///< decode quantized layers and plain 8-bit floats (F32, F16 or BF16)
    bool keepConvention = false; ///< leave older scaled_fp8 names as they are
    std::string component; ///< only this role, its prefix removed; empty: everything
};

/// Lays the output out; reads settings and scalars only. `notes` gets a sentence for each thing that was
/// changed.
Result<Assembly> assembleConversion(
    const std::shared_ptr<const Model>& model, const ConvertOptions& options, std::vector<Sentence>& notes);

/// An encoder that stores plain numbers of a float dtype; for decoded layers.
std::shared_ptr<LayerEncoder> plainEncoder(MatrixShape shape, DType dtype);

} // namespace mantissa
