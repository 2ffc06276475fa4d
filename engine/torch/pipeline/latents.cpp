// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/pipeline/latents.h"

#include "engine/torch/nn/functions.h"

#include <algorithm>
#include <cstring>

namespace mantissa {

namespace {

/// Places of tiles along one side: each `tile` long, overlapping by at least kTileOverlap, the last one at
/// the end.
std::vector<std::int64_t> tileStarts(std::int64_t length, std::int64_t tile)
{
    std::vector<std::int64_t> starts{0};
    while (starts.back() + tile < length)
        starts.push_back(std::min(starts.back() + tile - kTileOverlap, length - tile));
    return starts;
}

/// How much a tile counts at each of its rows: rising over the overlap from either inner edge.
at::Tensor ramp(std::int64_t pixels, std::int64_t overlap, bool first, bool last)
{
    const at::Tensor position = at::arange(pixels, at::kFloat);
    at::Tensor weight = at::ones({pixels}, at::kFloat);
    if (!first)
        weight = at::minimum(weight, (position + 1) / double(overlap));
    if (!last)
        weight = at::minimum(weight, (double(pixels) - position) / double(overlap));
    return weight;
}

at::Tensor decodeTiled(Autoencoder& autoencoder, const at::Tensor& latent, std::int64_t side)
{
    const std::int64_t factor = autoencoder.downscale();
    const std::int64_t rows = latent.size(-2), columns = latent.size(-1);
    at::Tensor sum;
    const at::Tensor weights = at::zeros({rows * factor, columns * factor}, at::kFloat);
    for (const std::int64_t top : tileStarts(rows, side)) {
        for (const std::int64_t left : tileStarts(columns, side)) {
            const std::int64_t height = std::min(side, rows - top), width = std::min(side, columns - left);
            const at::Tensor tile
                = autoencoder.decode(latent.slice(-2, top, top + height).slice(-1, left, left + width))
                      .to(at::kCPU, at::kFloat);
            if (!sum.defined()) {
                std::vector<std::int64_t> shape = tile.sizes().vec();
                shape[shape.size() - 2] = rows * factor;
                shape[shape.size() - 1] = columns * factor;
                sum = at::zeros(shape, at::kFloat);
            }
            const at::Tensor weight
                = ramp(height * factor, kTileOverlap * factor, top == 0, top + height == rows).unsqueeze(1)
                * ramp(width * factor, kTileOverlap * factor, left == 0, left + width == columns)
                      .unsqueeze(0);
            const auto place = [&](const at::Tensor& whole) {
                return whole.slice(-2, top * factor, (top + height) * factor)
                    .slice(-1, left * factor, (left + width) * factor);
            };
            place(sum).add_(tile * weight);
            place(weights).add_(weight);
        }
    }
    return sum / weights;
}

} // namespace

at::Tensor toNetwork(const at::Tensor& latent, const GenerationProfile& profile)
{
    return (latent - profile.latentShift) * profile.latentScale;
}

at::Tensor fromNetwork(const at::Tensor& latent, const GenerationProfile& profile)
{
    return latent / profile.latentScale + profile.latentShift;
}

std::vector<Picture> decodePictures(Autoencoder& autoencoder, const at::Tensor& latent)
{
    const std::int64_t side = latent.dim() == 5 && latent.size(2) > 1 ? kVideoTile : kTile;
    const bool small = latent.size(-2) <= side && latent.size(-1) <= side;
    at::Tensor decoded = small ? autoencoder.decode(latent).to(at::kCPU, at::kFloat)
                               : decodeTiled(autoencoder, latent, side);
    if (decoded.dim() == 5)
        decoded = nn::toFrames(decoded);
    // As ComfyUI rounds: clamp, times 255, cut.
    const at::Tensor bytes
        = ((decoded + 1) / 2).clamp(0, 1).mul(255).to(at::kByte).permute({0, 2, 3, 1}).contiguous();
    std::vector<Picture> pictures;
    for (std::int64_t i = 0; i < bytes.size(0); ++i) {
        Picture picture;
        picture.height = static_cast<int>(bytes.size(1));
        picture.width = static_cast<int>(bytes.size(2));
        const auto* begin = bytes[i].const_data_ptr<std::uint8_t>();
        picture.rgb.assign(begin, begin + bytes[i].numel());
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

at::Tensor toTensor(const Picture& picture)
{
    const at::Tensor bytes = at::empty({picture.height, picture.width, 3}, at::kByte);
    std::memcpy(bytes.data_ptr(), picture.rgb.data(), picture.rgb.size());
    return bytes.to(at::kFloat).div(127.5).sub(1).permute({2, 0, 1}).unsqueeze(0).contiguous();
}

} // namespace mantissa
