// SPDX-License-Identifier: GPL-3.0-or-later
// What the runtimes do to a layer's input before they multiply: the one place that imitates it. Needed to
// measure outputs as users get them and to balance weights against activations (SmoothQuant).
#pragma once

#include "engine/formats/storage_format.h"

namespace mantissa {

enum class ActivationGrid {
    None, ///< inputs stay in 16 bit: weight-only formats
    Fp8Tensor, ///< E4M3, one scale for the whole input: largest magnitude / 448
    Mxfp8, ///< E4M3 with a power of two for every 32 channels
    Nvfp4, ///< E2M1 in blocks of 16, input scale = largest magnitude / 2688
    Int8Row, ///< -127 to 127, one scale for each token
    Int4Row, ///< -7 to 7, one scale for each token
    Int4Group64, ///< -7 to 7, one scale for 64 channels of a token
};

/// What ComfyUI and comfy-kitchen multiply with for a layer of this format and these params (spec/algorithms
/// 1.14). Formats that are not in the registry: asym_w4a8_int8, svdquant_w4a4.
ActivationGrid activationGridOf(std::string_view formatId, const FormatParams& params);

/// What a stored `input_scale` is multiplied with to give the largest magnitude that a runtime keeps: 448 for
/// float8 (E4M3), 2688 for nvfp4 (448 for the block scales times 6). 0 where runtimes read no input_scale
/// (spec/quant-formats 2).
double inputScaleRange(std::string_view formatId, const FormatParams& params);

/// Rounds tokens (row-major, `channels` each) in place. Rotation and smoothing come before, by the caller.
/// `inputScale`: the stored one of Fp8Tensor and Nvfp4, what is above its range is cut; 0: none is stored.
void roundActivations(
    ActivationGrid grid, std::span<float> tokens, std::int64_t channels, float inputScale = 0);

} // namespace mantissa
