// SPDX-License-Identifier: GPL-3.0-or-later
// Reading layers that are quantized already, through the decoders of the formats.
#pragma once

#include "engine/base/error.h"
#include "engine/formats/storage_format.h"
#include "engine/model/model.h"

#include <memory>
#include <span>
#include <vector>

namespace mantissa {

/// The weight as a matrix: the first dimension, and all others as one.
MatrixShape storedMatrix(const Layer& layer);

/// The params of a layer that is stored in `format`, from its settings and from which tensors it has.
Result<FormatParams> storedParams(const Model& model, const Layer& layer, const StorageFormat& format);

/// Opens the decoder of a stored layer; the model must outlive it. Checks the format's contract:
/// shapes, dtypes and required side tensors. Unsupported where we have no decoder for the layer's format.
Result<std::unique_ptr<LayerDecoder>> openStoredLayer(const Model& model, const Layer& layer);

/// Unsupported where the source has tensors that only its container can hold (GGUF), for tools that copy what
/// they do not change.
Status refuseContainerEncodings(const TensorSource& source);

/// How many rows of so many columns to decode at once: about 4 MiB of float32, whole tiles of every format.
std::int64_t rowsAtOnce(std::int64_t cols) noexcept;

/// Float rows of a layer, stored in whatever form: the original basis, float32.
Status readLayerRows(const Model& model, const Layer& layer, const LayerDecoder* decoder,
    std::int64_t firstRow, std::int64_t rowCount, std::span<float> dst);

/// All rows of a layer that is a matrix, stored in whatever form: row-major.
Result<std::vector<float>> readWholeLayer(const Model& model, const Layer& layer);

} // namespace mantissa
