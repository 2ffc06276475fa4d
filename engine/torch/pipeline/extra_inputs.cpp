// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/prelude.h"

#include "engine/torch/pipeline/extra_inputs.h"

#include "engine/torch/failure.h"
#include "engine/torch/pipeline/latents.h"

namespace mantissa {

namespace {

/// Frames of a latent frame: a mask of image to video has a channel for each.
constexpr std::int64_t kWanMaskChannels = 4;

/// 1 where the picture is made anew: float32 [1, 1, H, W].
at::Tensor maskOf(const GenerationRequest& request)
{
    return (toTensor(request.mask).mean(1, true) > 0).to(at::kFloat);
}

/// The picture, grey where it is made anew.
at::Tensor keptPixels(const GenerationRequest& request)
{
    return toTensor(request.start) * (1 - maskOf(request));
}

bool isMasked(ExtraKind kind)
{
    return kind == ExtraKind::Inpaint || kind == ExtraKind::Fill;
}

} // namespace

ExtraKind extraKindOf(std::string_view family, const LatentForm& form, int downscale)
{
    const std::int64_t pixels = std::int64_t{downscale} * downscale;
    if (form.extra == 0)
        return ExtraKind::None;
    if (family == "flux1" && form.extra == form.channels + pixels)
        return ExtraKind::Fill;
    if (family == "flux1" && form.extra == form.channels)
        return ExtraKind::Control;
    if (family == "wan" && form.extra == form.channels + kWanMaskChannels)
        return ExtraKind::FirstFrame;
    if (family.starts_with("seedvr2") && form.extra == form.channels + 1)
        return ExtraKind::Restoration;
    if (!form.video && family != "flux1" && form.extra == form.channels + 1)
        return ExtraKind::Inpaint;
    throw Failure(Error{ErrorCode::Unsupported,
        sentence("this {} network takes {} channels beside the noise, which cannot be made yet", family,
            form.extra),
        {}, "it can be inspected and converted all the same"});
}

Status checkPictures(const GenerationRequest& request, ExtraKind kind, const LatentForm& form)
{
    if (isMasked(kind) && (request.start.empty() || request.mask.empty()))
        return tl::unexpected(Error{ErrorCode::Usage, "this network fills a part of a picture", {},
            "name the picture with --image, and with --mask one that is white where it is made anew"});
    if (!isMasked(kind) && !request.mask.empty())
        return tl::unexpected(Error{ErrorCode::Usage, "this network takes no mask", {},
            "masks are for inpainting networks: U-Nets of 9 input channels and FLUX.1 Fill"});
    if (!request.mask.empty()
        && (request.mask.width != request.start.width || request.mask.height != request.start.height))
        return fail(ErrorCode::Usage, "the mask has {}x{} pixels, and the picture {}x{}", request.mask.width,
            request.mask.height, request.start.width, request.start.height);
    if ((kind == ExtraKind::FirstFrame || kind == ExtraKind::Restoration) && request.start.empty())
        return tl::unexpected(Error{ErrorCode::Usage,
            kind == ExtraKind::FirstFrame ? "this network makes a video of a picture"
                                          : "this network restores a picture",
            {}, "name the picture with --image"});
    if (form.video && kind == ExtraKind::None && !request.start.empty())
        return fail(ErrorCode::Usage, "this network makes videos of text, and takes no picture");
    if (kind == ExtraKind::Control && request.references.size() != 1)
        return tl::unexpected(Error{ErrorCode::Usage, "this network follows a map, of depth or edges", {},
            "name one with --reference"});
    if (kind != ExtraKind::Control && !form.references && !request.references.empty())
        return tl::unexpected(Error{ErrorCode::Usage, "this network takes no reference pictures", {},
            "FLUX.1 Kontext, Qwen-Image-Edit and FLUX.2 do"});
    return {};
}

at::Tensor extraChannels(ExtraKind kind, const GenerationRequest& request, at::IntArrayRef noise,
    int downscale, const EncodePixels& encode)
{
    const std::int64_t rows = noise[noise.size() - 2], columns = noise[noise.size() - 1];
    switch (kind) {
    case ExtraKind::None:
        break;
    case ExtraKind::Inpaint: {
        const at::Tensor kept = encode(keptPixels(request));
        return at::cat({at::upsample_nearest2d(maskOf(request), {rows, columns}).to(kept.device()), kept}, 1);
    }
    case ExtraKind::Fill: {
        const at::Tensor kept = encode(keptPixels(request));
        return at::cat({kept, at::pixel_unshuffle(maskOf(request), downscale).to(kept.device())}, 1);
    }
    case ExtraKind::Control:
        return encode(toTensor(request.references.front()));
    case ExtraKind::FirstFrame: {
        // The frames that are not known are grey.
        const at::Tensor first = toTensor(request.start).unsqueeze(2);
        const at::Tensor latent
            = encode(at::constant_pad_nd(first, {0, 0, 0, 0, 0, std::int64_t{request.frames} - 1}));
        const at::Tensor mask = at::zeros({1, kWanMaskChannels, noise[2], rows, columns}, latent.options());
        mask.select(2, 0).fill_(1);
        return at::cat({mask, latent}, 1);
    }
    case ExtraKind::Restoration: {
        const at::Tensor latent = encode(toTensor(request.start));
        return at::cat({latent, at::ones_like(latent.slice(1, 0, 1))}, 1);
    }
    }
    return {};
}

} // namespace mantissa
