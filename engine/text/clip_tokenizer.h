// SPDX-License-Identifier: GPL-3.0-or-later
// CLIP's byte-pair encoding: from text to token ids, as transformers (and so ComfyUI) gives them.
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mantissa {

/// Immutable; share it between threads freely.
class ClipTokenizer {
public:
    static constexpr std::int64_t kBegin = 49406, kEnd = 49407;
    /// Positions of every CLIP text encoder, begin and end of text included.
    static constexpr std::size_t kLength = 77;

    ~ClipTokenizer();
    /// The vocabulary that the set-up fetched; loaded once. Unsupported, with a hint, where it is missing.
    static Result<std::shared_ptr<const ClipTokenizer>> shipped();
    /// From bpe_simple_vocab_16e6.txt.gz (plain or gzip) or a `merges.txt` of a diffusers folder: a line of header, then
    /// merges. InvalidInput where it is neither.
    static Result<std::shared_ptr<const ClipTokenizer>> open(const std::filesystem::path& merges);

    /// Ids of a text, without begin and end of text. Text that is not UTF-8 is read as if each stray byte were U+FFFD.
    std::vector<std::int64_t> encode(std::string_view text) const;
    /// The same, word by word: pieces that chunks of a long prompt should not be cut within.
    std::vector<std::vector<std::int64_t>> encodeWords(std::string_view text) const;

private:
    struct Data;
    explicit ClipTokenizer(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace mantissa
