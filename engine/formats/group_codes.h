// SPDX-License-Identifier: GPL-3.0-or-later
// 4-bit integers with a 16-bit scale for each group of columns, the scales stored by column group first
// ([K/group, M]): what awq_w4a16, int4 and SVDQuant's INT4 residual share (spec/quant-formats 3.15, 3.16).
#pragma once

#include "engine/formats/code_grid.h"
#include "engine/formats/format_support.h"

namespace mantissa::formats {

struct GroupSpec {
    MatrixShape shape;
    std::int64_t group = 64; ///< even; divides the columns
    /// Codes 0…15 that mean code − 8, and a tensor of offsets ("weight_zeros") after the scales. Else the
    /// codes are signed and there is no such tensor.
    bool asymmetric = false;
    bool searchScale = false; ///< least squared error instead of the largest magnitude or the range
};

/// Tensor 0 holds the codes (even column in the low nibble), 1 the scales, 2 the offsets. Scales and offsets
/// are bfloat16, and codes are rounded with the stored ones:
///   symmetric   scale = amax / 7, code = clamp(RNE(w / scale), −7, 7)
///   asymmetric  scale = (max − min) / 15, offset = 8·scale + min, code = clamp(RNE((w − offset) / scale),
///   −8, 7)
std::unique_ptr<LayerEncoder> makeGroupEncoder(const GroupSpec& spec);

/// `stored`: scales and offsets of other tools may be float16 or float32.
std::unique_ptr<LayerDecoder> makeGroupDecoder(
    const GroupSpec& spec, std::span<const StoredTensor> stored, StoredReader reader);

/// The stored tensors: I8 [M, K/2], BF16 [K/group, M] and, with offsets, once more.
std::vector<StoredTensor> groupLayout(const GroupSpec& spec);
/// Its writer gives tensors 0 to 2.
CodeGrid groupGrid(const GroupSpec& spec);
/// The contract of groupLayout() with any of kSmallFloats.
Status checkGroupTensors(const GroupSpec& spec, std::span<const StoredTensor> stored);

} // namespace mantissa::formats
