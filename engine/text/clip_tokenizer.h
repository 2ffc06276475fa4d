// SPDX-License-Identifier: GPL-3.0-or-later
// CLIP's tokenizer as transformers has it (and so ComfyUI): NFC, white space as one blank, lower case by
// character, then byte-pair encoding of runs of letters, single numerals and runs of anything else.
#pragma once

#include "engine/text/clip_vocabulary.h"

#include <memory>

namespace mantissa {

class ClipTokenizer final : public Tokenizer {
public:
    explicit ClipTokenizer(ClipVocabulary vocabulary)
        : m_vocabulary(std::move(vocabulary))
    { }
    /// With the vocabulary of this build, which all programs of the process share.
    static Result<std::shared_ptr<const ClipTokenizer>> shipped();
    /// With the vocabulary of a diffusers folder's `tokenizer` folder.
    static Result<std::shared_ptr<const ClipTokenizer>> fromFolder(const std::filesystem::path& folder);

    Result<std::vector<TokenId>> encode(std::string_view text) const override;
    std::size_t vocabularySize() const override { return m_vocabulary.size; }
    TokenId beginId() const { return m_vocabulary.begin; }
    TokenId endId() const { return m_vocabulary.end; }

private:
    void appendPiece(std::string_view piece, std::vector<TokenId>& ids) const;

    ClipVocabulary m_vocabulary;
};

} // namespace mantissa
