// SPDX-License-Identifier: GPL-3.0-or-later
// int8_blockwise: 8-bit integers, one float32 scale per square tile, and an input scale of 1
// (spec/quant-formats 3.8). Needs a custom node.
#include "engine/formats/tiled_scales.h"

namespace mantissa::formats {

const StorageFormat& int8BlockwiseFormat()
{
    static const TiledFormat kFormat(
        {
            .id = "int8_blockwise",
            .name = "INT8 per tile",
            .badge = "IB",
            .summary = "8-bit integers with one scale per square tile: no stock loader reads it.",
            .loader = LoaderSupport::CustomNode,
            .loaderNote = "needs a custom node (ComfyUI-QuantOps); stock ComfyUI refuses the file",
            .bitsPerWeight = 8,
            .computeCapability = 75,
            .scalings = {},
            .blockSizes = {128, 64, 32, 16},
            .rotates = false,
            .embeddings = false,
        },
        CodeKind::Int8);
    return kFormat;
}

} // namespace mantissa::formats
