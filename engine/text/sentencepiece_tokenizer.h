// SPDX-License-Identifier: GPL-3.0-or-later
// T5's and UMT5's tokenizer: a SentencePiece model, always the user's own (no model ships with the program).
#pragma once

#include "engine/text/tokenizer.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace mantissa {

class TensorSource;

class SentencePieceTokenizer final : public Tokenizer {
public:
    /// `model`: the bytes of a `spiece.model`. InvalidInput if they are not one.
    static Result<std::shared_ptr<const SentencePieceTokenizer>> fromBytes(std::string_view model);
    /// A `spiece.model` (or `tokenizer.model`), or the folder that has one.
    static Result<std::shared_ptr<const SentencePieceTokenizer>> fromPath(const std::filesystem::path& path);
    /// The U8 tensor `spiece_model` that ComfyUI's packaged text encoders carry, under any prefix.
    /// Unsupported, with a hint, if the file has none.
    static Result<std::shared_ptr<const SentencePieceTokenizer>> fromCheckpoint(const TensorSource& source);
    ~SentencePieceTokenizer() override;

    Result<std::vector<TokenId>> encode(std::string_view text) const override;
    std::size_t vocabularySize() const override;
    /// Ids that the model names; empty where it has none.
    std::optional<TokenId> beginId() const, endId() const, padId() const;

private:
    struct Impl;
    explicit SentencePieceTokenizer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace mantissa
