// SPDX-License-Identifier: GPL-3.0-or-later
// From a prompt to what a text encoder is called with: rows of ids, each with its weight.
#pragma once

#include "engine/text/tokenizer.h"

#include <optional>
#include <string_view>
#include <vector>

namespace mantissa {

/// How an encoder wants its tokens.
struct ChunkRules {
    std::optional<TokenId> begin; ///< first of each chunk
    std::optional<TokenId> end; ///< after the last token of each chunk
    TokenId padding = 0;
    std::size_t length
        = 77; ///< tokens of a chunk, begin and end included; longer prompts give several chunks
    bool padToLength = true;
    std::size_t minimumLength = 0; ///< pads to this much, where padToLength is off
    bool weights = true; ///< off: the prompt syntax is plain text
};

/// CLIP: 75 tokens between begin and end. CLIP-L pads with its end token, OpenCLIP-G and -H with 0.
ChunkRules clipChunks(TokenId begin, TokenId end, TokenId padding);
/// T5 and UMT5: one chunk however long, end token 1, padding 0 up to `minimumLength` (256 for FLUX.1, 77 for
/// SD3, 512 for WAN, as ComfyUI sets it).
ChunkRules t5Chunks(std::size_t minimumLength);

struct TokenChunk {
    std::vector<TokenId> ids;
    std::vector<float> weights; ///< as many as ids; begin, end and padding weigh 1
    std::size_t tokens = 0; ///< ids before the padding
};

/// At least one chunk. A weighted group of fewer than 8 tokens is kept in one chunk; longer ones are cut, as
/// ComfyUI does.
Result<std::vector<TokenChunk>> tokenizePrompt(
    const Tokenizer& tokenizer, std::string_view prompt, const ChunkRules& rules);

} // namespace mantissa
