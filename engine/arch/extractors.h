// SPDX-License-Identifier: GPL-3.0-or-later
// Hyper-parameters that an expression cannot say: they come from walking over blocks. An architecture file
// names the extractor that it uses ("extractor": "unet").
#pragma once

#include "engine/arch/expression.h"

namespace mantissa::arch {

struct Extracted {
    Hyperparameters values;
    std::vector<Sentence> evidence; ///< sentences
};

/// U-Nets with residual blocks and spatial transformers, LDM or diffusers keys (spec/architectures 4
/// and 6.1): model_channels, in_channels, out_channels, num_res_blocks, channel_mult, transformer_depth (one
/// a residual block of the input side), transformer_depth_middle (-1: residual blocks only, -2: no middle
/// block), transformer_depth_output (from the last output block to the first), context_dim, adm_in_channels,
/// use_linear_in_transformer.
Extracted extractUnet(const KeyView& view);

/// KL autoencoders, LDM or diffusers keys: z_channels, ch, channel_mult, levels, num_res_blocks (of the
/// encoder), embed_dim (0 without quant_conv).
Extracted extractAutoencoder(const KeyView& view);

/// Empty if there is no extractor of this name.
std::optional<Extracted> runExtractor(std::string_view name, const KeyView& view);

} // namespace mantissa::arch
