// SPDX-License-Identifier: GPL-3.0-or-later
// The error that a format would make on a layer, without writing anything.
#pragma once

#include "engine/base/job.h"
#include "engine/export/cast.h"
#include "engine/formats/storage_format.h"
#include "engine/model/model.h"
#include "engine/plan/plan.h"

namespace mantissa {

/// Decodes the rows whose pieces an encoder has just produced. `pieces` holds the block, `scalars` what
/// finish() gave.
Status decodeFreshRows(const StorageFormat& format, MatrixShape shape, const FormatParams& params,
    const EncodedPieces& pieces, const EncodedPieces& scalars, std::int64_t firstRow, std::int64_t rowCount,
    std::span<float> dst);

/// Encodes and decodes one layer in row blocks, in the memory of one block. The choice must not keep the
/// layer; its params as StorageFormat::resolve() gave them.
Result<ErrorSums> encodingError(
    const Model& model, const Layer& layer, const Choice& choice, Recipe recipe, const JobContext& job);

} // namespace mantissa
