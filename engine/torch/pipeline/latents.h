// SPDX-License-Identifier: GPL-3.0-or-later
// Between pictures and what the denoising network sees.
#pragma once

#include "engine/torch/generation.h"
#include "engine/torch/models/network.h"

#include "engine/arch/generation_profile.h"

namespace mantissa {

/// (z − shift) · scale, and back.
at::Tensor toNetwork(const at::Tensor& latent, const GenerationProfile& profile);
at::Tensor fromNetwork(const at::Tensor& latent, const GenerationProfile& profile);

/// [B, C, H, W] or [B, C, T, H, W] → pictures, frame by frame. Latents with more rows or columns than kTile
/// (of several frames: kVideoTile) are decoded in overlapping tiles whose seams are blended, so that memory
/// does not grow with the picture.
std::vector<Picture> decodePictures(Autoencoder& autoencoder, const at::Tensor& latent);
inline constexpr std::int64_t kTile = 128; ///< latent rows: 1024 pixels at 8×
inline constexpr std::int64_t kVideoTile = 32; ///< smaller, because all frames are decoded at once
inline constexpr std::int64_t kTileOverlap = 16;

/// float32 [1, 3, H, W] in -1..1.
at::Tensor toTensor(const Picture& picture);

} // namespace mantissa
