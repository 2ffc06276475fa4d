// SPDX-License-Identifier: GPL-3.0-or-later
// float8_e4m3fn_blockwise: E4M3 codes and one float32 scale per square tile (spec/quant-formats 3.4). Needs a
// custom node.
#include "engine/formats/tiled_scales.h"

namespace mantissa::formats {

const StorageFormat& float8BlockwiseFormat()
{
    static const TiledFormat kFormat(
        {
            .id = "float8_e4m3fn_blockwise",
            .name = "FP8 E4M3 per tile",
            .badge = "FB",
            .summary = "FP8 with one scale per square tile: no stock loader reads it.",
            .loader = LoaderSupport::CustomNode,
            .loaderNote = "needs a custom node (ComfyUI-QuantOps); stock ComfyUI refuses the file",
            .bitsPerWeight = 8,
            .computeCapability = 89,
            .scalings = {},
            .blockSizes = {128, 64, 32, 16},
            .rotates = false,
            .embeddings = false,
        },
        CodeKind::E4M3);
    return kFormat;
}

} // namespace mantissa::formats
