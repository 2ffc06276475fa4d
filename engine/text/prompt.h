// SPDX-License-Identifier: GPL-3.0-or-later
// Prompts as ComfyUI reads them: (word:1.2) weighs, (word) weighs by 1.1, \( and \) are parentheses; long prompts are cut
// into chunks that the text encoder takes one by one.
#pragma once

#include "engine/text/clip_tokenizer.h"

#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

struct WeightedText {
    std::string text;
    double weight = 1;

    bool operator==(const WeightedText&) const = default;
};
/// Splits a prompt at its parentheses.
std::vector<WeightedText> parseWeights(std::string_view prompt);

/// One sequence for the text encoder: begin, up to 75 tokens, end, padding.
struct TokenChunk {
    std::vector<std::int64_t> ids; ///< ClipTokenizer::kLength
    std::vector<float> weights; ///< one for each id; 1 for marks and padding
};
/// At least one chunk. `padding` fills the rest of a chunk after its end mark. Words of fewer than eight tokens are not
/// cut between chunks.
std::vector<TokenChunk> chunkPrompt(const ClipTokenizer& tokenizer, std::string_view prompt, std::int64_t padding);

} // namespace mantissa
