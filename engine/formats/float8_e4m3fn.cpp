// SPDX-License-Identifier: GPL-3.0-or-later
// float8_e4m3fn: E4M3 codes and one float32 scale (spec/quant-formats 3.1).
#include "engine/formats/fp8_per_tensor.h"

namespace mantissa::formats {

const StorageFormat& float8E4M3Format()
{
    static const Fp8PerTensor kFormat(
        {
            .id = "float8_e4m3fn",
            .name = "FP8 E4M3",
            .badge = "F8",
            .summary
            = "8-bit floats with 3 mantissa bits and one scale per layer: half the size, runs everywhere.",
            .loader = LoaderSupport::Stock,
            .loaderNote = "ComfyUI since January 2026",
            .bitsPerWeight = 8,
            .computeCapability = 89,
            .scalings = {},
            .blockSizes = {},
            .rotates = false,
            .embeddings = true,
        },
        CodeKind::E4M3, /*onlyKitchen=*/false);
    return kFormat;
}

} // namespace mantissa::formats
