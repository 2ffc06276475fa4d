// SPDX-License-Identifier: GPL-3.0-or-later
// Text encoders with their tokenizers: a prompt in ComfyUI's syntax becomes hidden states, with the weights
// of its words applied as ComfyUI does.
#pragma once

#include "engine/torch/models/network.h"

#include "engine/text/clip_tokenizer.h"
#include "engine/text/sentencepiece_tokenizer.h"
#include "engine/text/token_chunks.h"

#include <memory>
#include <string>

namespace mantissa {

/// What CLIP makes of a prompt: the chunks' hidden states one after the other, and the pooled state of the
/// first.
struct ClipContext {
    at::Tensor hidden; ///< [1, chunks·77, width]
    at::Tensor pooled, projected; ///< [1, width]; `projected` is undefined without a text_projection
};

enum class Hidden { Last, Penultimate, PenultimateNormed };

class ClipTower {
public:
    /// OpenCLIP's towers pad with id 0, OpenAI's with the end of text.
    ClipTower(Network& network, std::shared_ptr<const ClipTokenizer> tokenizer, bool openClip);
    ClipContext encode(const std::string& prompt, Hidden which) const;

private:
    TextEncoder& m_encoder;
    std::shared_ptr<const ClipTokenizer> m_tokenizer;
    ChunkRules m_rules;
    at::Device m_device;
};

/// How a family was trained to see T5's prompts. Pads are attended to, as in ComfyUI.
struct T5Padding {
    std::size_t minimumLength = 1; ///< tokens, pads included
    bool emptyEnds = true; ///< the empty prompt that weights move away from has an end token
};

class T5Tower {
public:
    T5Tower(Network& network, std::shared_ptr<const SentencePieceTokenizer> tokenizer, T5Padding padding);
    /// [1, N, width].
    at::Tensor encode(const std::string& prompt) const;

private:
    TextEncoder& m_encoder;
    std::shared_ptr<const SentencePieceTokenizer> m_tokenizer;
    ChunkRules m_rules;
    bool m_emptyEnds;
    at::Device m_device;
};

} // namespace mantissa
