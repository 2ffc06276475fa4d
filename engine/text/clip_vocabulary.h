// SPDX-License-Identifier: GPL-3.0-or-later
// The merges and ids of CLIP's byte-pair encoding: the one vocabulary that all CLIP text encoders were
// trained with, as OpenAI published it, or as a diffusers folder has it.
#pragma once

#include "engine/text/tokenizer.h"

#include <array>
#include <filesystem>
#include <unordered_map>

namespace mantissa {

struct ClipVocabulary {
    struct Merge {
        std::int32_t rank = 0; ///< the lowest is merged first
        TokenId id = 0; ///< what the pair becomes
    };
    /// Ids of the 256 bytes inside a word, and of the same as its last letter.
    std::array<TokenId, 256> bytes{}, lastBytes{};
    std::unordered_map<std::uint64_t, Merge> merges; ///< by key(left, right)
    TokenId begin = 0, end = 0;
    std::size_t size = 0; ///< ids are below this

    static std::uint64_t key(TokenId left, TokenId right)
    {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32
            | static_cast<std::uint32_t>(right);
    }
};

/// `text`: the unpacked bpe_simple_vocab_16e6.txt. InvalidInput if it is something else.
Result<ClipVocabulary> parseClipVocabulary(std::string_view text);
/// A diffusers or transformers tokenizer folder: `vocab.json` and `merges.txt`.
Result<ClipVocabulary> readClipVocabulary(const std::filesystem::path& folder);
/// The vocabulary that is part of this build. Unsupported, with a hint, where the set-up did not fetch it.
Result<ClipVocabulary> shippedClipVocabulary();

} // namespace mantissa
