// SPDX-License-Identifier: GPL-3.0-or-later
// A whole stored layer in memory, for what needs all of it at once: methods that choose between two results,
// and measurements of what was really stored.
#pragma once

#include "engine/formats/storage_format.h"

namespace mantissa {

/// The bytes of a format's layout(), in order.
using StoredBytes = std::vector<std::vector<std::byte>>;

/// All zeros.
StoredBytes emptyStored(const StorageFormat& format, MatrixShape shape, const FormatParams& params);
/// Copies pieces to their places.
void takePieces(const EncodedPieces& pieces, StoredBytes& bytes);
/// Runs the format's own encoder over row-major weights.
StoredBytes encodeWhole(
    const StorageFormat& format, const EncodeRequest& request, std::span<const float> weights);
/// The bytes must outlive the decoder.
Result<std::unique_ptr<LayerDecoder>> decoderOf(
    const StorageFormat& format, MatrixShape shape, const FormatParams& params, const StoredBytes& bytes);
/// Row-major values in the original basis.
Result<std::vector<float>> decodeWhole(
    const StorageFormat& format, MatrixShape shape, const FormatParams& params, const StoredBytes& bytes);

} // namespace mantissa
