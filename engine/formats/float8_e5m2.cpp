// SPDX-License-Identifier: GPL-3.0-or-later
// float8_e5m2: E5M2 codes and one float32 scale (spec/quant-formats 3.2). convert-to-quant never writes it,
// so comfy-kitchen's formula is the format's: arithmetic in the dtype of the input. One exception: from
// float16 weights below 0.875 the multiplier overflows float16, and comfy-kitchen writes nothing but ±57344
// (the golden cases odd_f16 and wide_f16 of ck_e5m2). Arithmetic::Kitchen reproduces that; otherwise such a
// layer is computed in float32.
#include "engine/formats/fp8_per_tensor.h"

namespace mantissa::formats {

const StorageFormat& float8E5M2Format()
{
    static const Fp8PerTensor kFormat(
        {
            .id = "float8_e5m2",
            .name = "FP8 E5M2",
            .badge = "E5",
            .summary
            = "8-bit floats with 2 mantissa bits and a wide range: coarser than E4M3, for special cases.",
            .loader = LoaderSupport::Stock,
            .loaderNote = "ComfyUI since January 2026",
            .bitsPerWeight = 8,
            .computeCapability = 89,
            .scalings = {},
            .blockSizes = {},
            .rotates = false,
            .embeddings = true,
        },
        CodeKind::E5M2, /*onlyKitchen=*/true);
    return kFormat;
}

} // namespace mantissa::formats
