// SPDX-License-Identifier: GPL-3.0-or-later
// What the rest of engine/torch asks of a network, whatever its family. A family is a file in this folder and
// a line in registry.cpp.
#pragma once

#include "engine/torch/nn/network_context.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mantissa {

/// One call of a denoising network. Which of these a family reads, and their shapes, is said at the family.
struct DenoiserInput {
    at::Tensor x; ///< noisy latent, [B, C, H, W] or [B, C, T, H, W]
    at::Tensor timestep; ///< [B], in the units of the family (docs of each file: index, sigma, 1000·sigma)
    at::Tensor context; ///< text, [B, N, width]
    at::Tensor y; ///< pooled vector, [B, width]; may be undefined
    at::Tensor guidance; ///< [B]; may be undefined
    /// Latents of pictures to look at, each [B, C, h, w] of its own size; for LatentForm::references.
    std::vector<at::Tensor> references = {};
};

/// What a family's x is made of.
struct LatentForm {
    std::int64_t channels = 0; ///< of the noise, and of the prediction where no variance is learned
    std::int64_t extra = 0; ///< channels of pictures and masks, which follow the noise in x
    bool video = false; ///< x has frames: [B, C, T, H, W]
    bool references = false; ///< DenoiserInput::references are looked at
};

/// Thread rule: one thread at a time. All calls may raise Failure (engine/torch/failure.h).
class DenoisingNetwork {
public:
    virtual ~DenoisingNetwork() = default;
    /// The raw prediction, of the shape of x (eps, v or velocity: the architecture says which).
    virtual at::Tensor forward(const DenoiserInput& input) = 0;
    virtual LatentForm latentForm() const = 0;
};

class Autoencoder {
public:
    virtual ~Autoencoder() = default;
    /// Pictures [B, 3, H, W] (or video [B, 3, T, H, W]) in -1..1 → mean and log variance of the latent,
    /// stacked along the channels, without latent scale or shift. Raises Unsupported where the file has no
    /// encoder.
    virtual at::Tensor moments(const at::Tensor& image) = 0;
    virtual at::Tensor decode(const at::Tensor& latent) = 0;
    virtual std::int64_t latentChannels() const = 0;
    /// Pixels for each row of the latent.
    virtual int downscale() const { return 8; }
    /// Frames for each latent frame after the first, which stands for one; 1: a VAE of pictures.
    virtual int frameStep() const { return 1; }
    /// The latent as networks see it, where that is by statistics of its channels and not by one scale and
    /// shift (GenerationProfile); and back.
    virtual at::Tensor normalized(const at::Tensor& latent) const { return latent; }
    virtual at::Tensor denormalized(const at::Tensor& latent) const { return latent; }
};

struct EncodedText {
    at::Tensor last; ///< [B, N, width], after the final norm where the family has one
    at::Tensor penultimate; ///< the hidden state before the last block, not normalised; undefined where no
                            ///< model uses it
    at::Tensor pooled; ///< [B, width] of `last` at the end-of-text token; undefined where there is none
    at::Tensor projected; ///< pooled times the text projection; undefined where there is none
};

class TextEncoder {
public:
    virtual ~TextEncoder() = default;
    /// ids: int64 [B, N]. Raises Usage for more tokens than the encoder has positions.
    virtual EncodedText encode(const at::Tensor& ids) = 0;
    /// The encoder's last norm over any hidden state (SD 2 takes the penultimate one, normalised). Raises
    /// Unsupported where the family has none.
    virtual at::Tensor finalNorm(const at::Tensor& hidden) = 0;
};

/// Networks by kind; a component of a checkpoint becomes exactly one of them.
struct Network {
    std::shared_ptr<NetworkContext> context;
    std::unique_ptr<DenoisingNetwork> denoiser;
    std::unique_ptr<Autoencoder> autoencoder;
    std::unique_ptr<TextEncoder> textEncoder;
    /// Set by families whose inputs have another form (SeedVR2's token lists): named tensors in, the output
    /// out. The others leave it empty.
    std::function<at::Tensor(const std::map<std::string, at::Tensor>&)> run;
};

/// Makes the network of a component; `scope` is its root, without the file's prefix; `id` its architecture
/// id.
using NetworkFactory = Network (*)(const Scope& scope, std::string_view id);

/// Null for a family that cannot run; `id` is a component's architecture id ("sdxl", "vae.kl4", "clip_l").
NetworkFactory findNetworkFactory(std::string_view id);

/// Opens one component of a model to run it. Reads headers; weights are read when they are used. Unsupported,
/// with a sentence, where the family cannot run.
Network openNetwork(
    const std::shared_ptr<const Model>& model, std::size_t component, WeightOptions options = {});

} // namespace mantissa
