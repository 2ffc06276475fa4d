// SPDX-License-Identifier: GPL-3.0-or-later
// What some networks see beside noise and text: masks, pictures to fill, restore or animate.
#pragma once

#include "engine/torch/generation.h"
#include "engine/torch/models/network.h"

#include <functional>
#include <string_view>

namespace mantissa {

/// What the channels behind the noise are.
enum class ExtraKind {
    None,
    Inpaint, ///< U-Nets: the mask at the latent's size, then the latent of the picture without what is masked
    Fill, ///< FLUX.1 Fill: that latent, then the mask's pixels below each place of the latent
    Control, ///< FLUX.1 Depth and Canny: the latent of a map
    FirstFrame, ///< WAN: a mask of four channels, one for each frame of a latent frame, then a video's latent
    Restoration, ///< SeedVR2: the latent of the picture, then ones where it is known
};

/// By the family's id and the number of channels; `downscale`: pixels for each row of the latent. Raises
/// Unsupported, in a sentence, for channels that are not known.
ExtraKind extraKindOf(std::string_view family, const LatentForm& form, int downscale);

/// Usage, in a sentence, where pictures of the request are missing, do not belong together or are of no use.
Status checkPictures(const GenerationRequest& request, ExtraKind kind, const LatentForm& form);

/// Whether the request's `start` is what sampling starts from, and no input of the network.
inline bool startsFromPicture(const GenerationRequest& request, ExtraKind kind)
{
    return !request.start.empty() && kind == ExtraKind::None;
}

/// Makes a latent as the network sees it of pixels [1, 3, H, W] or [1, 3, T, H, W] in -1..1.
using EncodePixels = std::function<at::Tensor(const at::Tensor& pixels)>;

/// The channels for a resolved request, float32 [1, C', …]; undefined for None. `noise`: shape of the noise.
at::Tensor extraChannels(ExtraKind kind, const GenerationRequest& request, at::IntArrayRef noise,
    int downscale, const EncodePixels& encode);

} // namespace mantissa
