// SPDX-License-Identifier: GPL-3.0-or-later
// The common machinery of the formats that are "codes times a scale": one scale a tensor, a row or a square
// tile, codes of 8 or 4 bits, perhaps in a rotated basis. Each format says which rule makes its scales;
// encoding, decoding and the statistics are done here, block by block.
#pragma once

#include "engine/formats/format_support.h"

namespace mantissa::formats {

enum class CodeKind { E4M3, E5M2, Int8, Int4 };
enum class ScaleGrid { Tensor, Row, Tile };

/// How a scale follows from the largest magnitude. Names of the sections are those of spec/quant-formats.
enum class ScaleRule {
    Fp8Multiply, ///< 3.1, 3.3, 3.4: s = max / max(amax, 1e-12), stored 1 / s
    Fp8Kitchen, ///< 3.1, 3.2: stored amax / max, multiplier 1 / stored, both in the dtype of the input
    Int8TensorMultiply, ///< 3.5: stored max(amax, 1e-12) / 127, multiplier 1 / stored
    Int8RowMultiply, ///< 3.6: r = 127 / max(amax, 1e-12), stored 1 / r
    Int8Divide, ///< 3.5 to 3.7 ("primary", ck): stored max(amax / 127, 1e-30), codes from -128
    Int8TileDivide, ///< 3.8: stored max(amax / 127, 1e-8), codes from -127
    Int4Divide, ///< 3.13: stored max(amax, 1e-10) / 7
};

struct ScaledSpec {
    MatrixShape shape;
    CodeKind code = CodeKind::E4M3;
    ScaleGrid grid = ScaleGrid::Tensor;
    ScaleRule rule = ScaleRule::Fp8Multiply;
    std::int64_t tile = 1; ///< side of a tile
    std::size_t rotation = 0; ///< group of ConvRot; 0: none
    kernels::Precision precision = kernels::Precision::F32;
    /// Fp8Kitchen: where the multiplier overflows in the input's dtype (any float16 layer with E5M2), compute
    /// in float32 instead of saturating every code.
    bool widenOnOverflow = false;
    bool onesIfAllZero = false; ///< an all-zero layer gets the scale 1 and codes 0 (3.1, 3.3, 3.5, 3.6)
    bool searchScale = false; ///< least squared error instead of the largest magnitude (integers only)
    /// A stored tensor after the scale that holds this constant (int8_blockwise's input_scale).
    std::optional<float> constantTensor;
};

std::unique_ptr<LayerEncoder> makeScaledEncoder(const ScaledSpec& spec);

struct ScaledStorage {
    MatrixShape shape;
    CodeKind code = CodeKind::E4M3;
    ScaleGrid grid = ScaleGrid::Tensor;
    std::int64_t tile = 1;
    std::size_t rotation = 0;
};

/// Decodes dst = code · scale in float32, then undoes the rotation. Tensor 0 holds the codes, tensor 1 the
/// scales.
std::unique_ptr<LayerDecoder> makeScaledDecoder(const ScaledStorage& storage, StoredReader reader);

/// ConvRot takes groups that are powers of 4 up to the kernels' limit.
bool isRotationGroup(std::int64_t group);

} // namespace mantissa::formats
