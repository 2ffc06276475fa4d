// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reference/reference.h"

namespace mantissa::kernels {

const KernelSet& referenceKernels() noexcept
{
    static constexpr KernelSet kSet{
        .name = "reference",
        .floatFromF16 = reference::floatFromF16,
        .floatFromBF16 = reference::floatFromBF16,
        .floatFromF64 = reference::floatFromF64,
        .f16FromFloat = reference::f16FromFloat,
        .bf16FromFloat = reference::bf16FromFloat,
        .roundTo = reference::roundTo,
        .absmax = reference::absmax,
        .groupAbsmax = reference::groupAbsmax,
        .countNonFinite = reference::countNonFinite,
        .sumSquares = reference::sumSquares,
        .sumSquaredError = reference::sumSquaredError,
        .encodeE4M3 = reference::encodeE4M3Run,
        .encodeE5M2 = reference::encodeE5M2Run,
        .decodeE4M3 = reference::decodeE4M3Run,
        .decodeE5M2 = reference::decodeE5M2Run,
        .encodeInt8Multiply = reference::encodeInt8Multiply,
        .encodeInt8Divide = reference::encodeInt8Divide,
        .decodeInt8 = reference::decodeInt8,
        .encodeInt4Divide = reference::encodeInt4Divide,
        .decodeInt4 = reference::decodeInt4,
        .roundingErrors = reference::roundingErrors,
        .rotate = reference::rotate,
        .nvfp4Row = reference::nvfp4Row,
        .nvfp4SearchRow = reference::nvfp4SearchRow,
        .decodeNvfp4Row = reference::decodeNvfp4Row,
        .mxfp8Row = reference::mxfp8Row,
        .decodeMxfp8Row = reference::decodeMxfp8Row,
        .roundToGrid = reference::roundToGrid,
        .addGridErrors = reference::addGridErrors,
        .addScaled = reference::addScaled,
    };
    return kSet;
}

} // namespace mantissa::kernels
