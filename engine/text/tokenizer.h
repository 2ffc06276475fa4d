// SPDX-License-Identifier: GPL-3.0-or-later
// What every tokenizer is: text in, ids of a vocabulary out.
#pragma once

#include "engine/base/error.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mantissa {

using TokenId = std::int32_t;

/// Longer texts are refused. Far above any prompt; keeps work and memory bounded.
inline constexpr std::size_t kMaximumPromptBytes = std::size_t{1} << 20;

/// Thread rule: const members may be called from several threads at once.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;
    Tokenizer() = default;
    Tokenizer(const Tokenizer&) = delete;
    Tokenizer& operator=(const Tokenizer&) = delete;

    /// Ids without begin and end tokens. Usage if the text is not UTF-8 or longer than kMaximumPromptBytes.
    virtual Result<std::vector<TokenId>> encode(std::string_view text) const = 0;
    /// Ids are below this.
    virtual std::size_t vocabularySize() const = 0;
};

} // namespace mantissa
